"""What stands in a QR code: the number in the form that a site's readers expect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from hamilton_sdk.acs.credentials.digits import LONGEST, decimal_value
from hamilton_sdk.errors import ConfigurationError, Invalid

__all__ = ["QrPayload"]

_TOKEN: Final = f"[!-~]{{1,{LONGEST}}}"
_ASCII_HINT: Final = "keep to ASCII: readers differ in how they read anything else"
# For each form: its base, how Python writes a number in it, and what such a text looks like.
_FORMS: Final = {
    "plain": (0, "", _TOKEN),
    "fixed": (10, "d", "0*[1-9][0-9]*"),
    "hexadecimal": (16, "X", "0*[1-9A-F][0-9A-F]*"),
}


@dataclass(frozen=True)
class QrPayload:
    """What a site's QR readers expect in the picture: a setting of the site.

    Args:
        form: ``"plain"`` for the number exactly as it is; ``"fixed"`` for decimal digits, filled up with
            zeros on the left; ``"hexadecimal"`` for upper-case hexadecimal digits, filled up likewise.
        digits: How many, for ``"fixed"`` and ``"hexadecimal"``, the prefix not counted; 0 for ``"plain"``.
        prefix: What stands before the number, for example a site code.

    Raises:
        ConfigurationError: An unknown form, digits missing or out of place, or a prefix that is not ASCII.

    Example:
        >>> QrPayload("fixed", digits=10, prefix="17").encode("48213377")
        '170048213377'
        >>> QrPayload("fixed", digits=10, prefix="17").decode("170048213377")
        '48213377'
    """

    form: Literal["plain", "fixed", "hexadecimal"] = "plain"
    digits: int = 0
    prefix: str = ""

    def __post_init__(self) -> None:
        if self.form not in _FORMS:
            message = "QrPayload.form is unknown"
            raise ConfigurationError(message, hint=f"use one of {', '.join(_FORMS)}")
        lowest, highest = (0, 0) if self.form == "plain" else (1, LONGEST)
        if not lowest <= self.digits <= highest:
            message = f"QrPayload.digits is not from {lowest} to {highest}, as a {self.form} payload needs it"
            raise ConfigurationError(message, hint="give the width that the site's readers expect")
        if self.prefix and not re.fullmatch(_TOKEN, self.prefix):
            message = f"QrPayload.prefix is not {LONGEST} ASCII characters at most, without spaces"
            raise ConfigurationError(message, hint=_ASCII_HINT)

    def encode(self, number: str) -> str:
        """The text to put into the picture.

        Args:
            number: Exactly as the access-control system knows it; decimal digits unless the form is plain.

        Raises:
            Invalid: The form cannot hold it, or could not give back the zeros it begins with.
        """
        if self.form == "plain":
            if not re.fullmatch(_TOKEN, number):
                message = f"the number is not 1 to {LONGEST} ASCII characters without spaces"
                raise Invalid(message, hint=_ASCII_HINT)
            return self.prefix + number
        body = f"{decimal_value(number):0{self.digits}{_FORMS[self.form][1]}}"
        if number.startswith("0"):
            message = f"the number begins with 0, which looks like filling in a {self.form} payload"
            raise Invalid(message, hint="use the form plain for numbers with leading zeros")
        if len(body) > self.digits:
            message = (
                f"the number takes {len(body)} digits, this site's {self.form} payload has {self.digits}"
            )
            raise Invalid(message, hint="draw shorter numbers, or correct the digits in the site's settings")
        return self.prefix + body

    def decode(self, payload: str) -> str:
        """The number in a text that was read from a picture; ``decode(encode(number))`` is the number.

        Args:
            payload: As a scanner gives it.

        Raises:
            Invalid: It is not in this form.
        """
        base, _, pattern = _FORMS[self.form]
        body = payload.removeprefix(self.prefix)
        fits = payload.startswith(self.prefix) and (self.form == "plain" or len(body) == self.digits)
        if not fits or not re.fullmatch(pattern, body):
            message = f"the payload is not a {self.form} one with the prefix and width of this site"
            raise Invalid(message, hint="it is another site's code, or the settings are not the readers' own")
        return str(int(body, base)) if base else body
