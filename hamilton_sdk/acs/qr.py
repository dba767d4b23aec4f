"""QR codes as pictures, for an e-mail, a badge or a screen. Needs the extra ``qr``.

A picture opens a door: keep it as secret as the number in it, and out of logs.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final, Literal

from hamilton_sdk.errors import ConfigurationError, Invalid

if TYPE_CHECKING:
    import segno

__all__ = ["ErrorLevel", "qr_png", "qr_svg"]

ErrorLevel = Literal["l", "m", "q", "h"]
"""How much of the picture may be dirty or damaged: about 7, 15, 25 or 30 percent."""

_LEVELS: Final = ("l", "m", "q", "h")
_LARGEST: Final = 100  # modules or pixels; a typing error beyond it would make a picture of gigabytes


def qr_png(payload: str, *, scale: int = 8, border: int = 4, error: ErrorLevel = "m") -> bytes:
    """A QR code as PNG, black on white.

    Args:
        payload: What the readers expect, for example from `hamilton_sdk.acs.credentials.QrPayload.encode`.
        scale: Pixels per module, from 1 to 100.
        border: Modules of white around it, from 0 to 100; readers want 4, so give less only on white paper.
        error: The least error correction; a higher level is taken where the picture does not grow by it.

    Returns:
        The file's content.

    Raises:
        Invalid: The payload is empty, too long, or not ASCII; a setting is out of its limits.
        ConfigurationError: The extra ``qr`` is not installed.
    """
    return _picture(payload, "png", scale, border, error)


def qr_svg(payload: str, *, scale: int = 8, border: int = 4, error: ErrorLevel = "m") -> bytes:
    """A QR code as SVG in UTF-8, black on white; arguments and errors are those of `qr_png`."""
    return _picture(payload, "svg", scale, border, error)


def _picture(payload: str, kind: Literal["png", "svg"], scale: int, border: int, error: ErrorLevel) -> bytes:
    for name, value, lowest in (("scale", scale, 1), ("border", border, 0)):
        if type(value) is not int or not lowest <= value <= _LARGEST:
            message = f"{name} of the QR code is not a whole number from {lowest} to {_LARGEST}"
            raise Invalid(message, hint="scale 8 and border 4 suit screens and paper")
    out = io.BytesIO()
    # Without `light` an SVG is transparent: on a dark page nobody could read it.
    _symbol(payload, error).save(out, kind=kind, scale=scale, border=border, dark="#000", light="#fff")
    return out.getvalue()


def _symbol(payload: str, error: ErrorLevel) -> segno.QRCode:
    try:
        import segno
    except ImportError:
        message = "rendering a QR code needs the package segno, which is not installed"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[qr]'") from None
    if error not in _LEVELS:
        message = "error of the QR code is unknown"
        raise Invalid(message, hint=f"use one of {', '.join(_LEVELS)}")
    if not re.fullmatch("[ -~]+", payload):
        message = "the payload is empty or holds something else than ASCII characters"
        raise Invalid(message, hint="keep to ASCII: readers differ in how they read anything else")
    try:
        # `make` would choose a Micro QR code for a short number, which many door readers cannot read.
        return segno.make_qr(payload, error=error)
    except segno.DataOverflowError:
        message = f"{len(payload)} characters are too many for a QR code of error correction {error!r}"
        raise Invalid(message, hint="shorten the payload, or lower the error correction") from None
