"""Requests that come in through a web framework, whole and raw: the bytes as sent, every header, under a cap.

Each framework has a module of its own here, which alone imports it.
"""

from hamilton_sdk.serving.incoming.received import LARGEST_BODY, Incoming

__all__ = ["LARGEST_BODY", "Incoming"]
