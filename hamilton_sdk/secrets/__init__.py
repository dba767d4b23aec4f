"""Where secrets come from, and how they are kept encrypted."""

from __future__ import annotations

from hamilton_sdk.secrets.box import SecretBox
from hamilton_sdk.secrets.sources import EnvironmentSecret, FileSecret, SecretSource, StaticSecret

__all__ = ["EnvironmentSecret", "FileSecret", "SecretBox", "SecretSource", "StaticSecret"]
