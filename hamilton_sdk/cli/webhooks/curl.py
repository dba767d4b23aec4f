"""A signed message as a command for curl. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hamilton_sdk.cli.webhooks.given import STANDARD_INPUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["curl_command"]


def curl_command(url: str, headers: Mapping[str, str], file: Path | None) -> str:
    """The command, for a POSIX shell; it holds signatures, and no secret.

    Args:
        url: Where to post.
        headers: Of the signature.
        file: With the body; None for the standard input, which curl then needs again.
    """
    whole = {"content-type": "application/json", **headers}
    words = ["curl"]
    for name, value in whole.items():
        words += ["--header", f"{name}: {value}"]
    return shlex.join([*words, "--data-binary", f"@{file or STANDARD_INPUT}", url])
