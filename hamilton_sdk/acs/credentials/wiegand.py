"""Wiegand card formats: facility code, card number, and the bits that carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from hamilton_sdk.acs.credentials.digits import check_range
from hamilton_sdk.errors import ConfigurationError, Invalid

__all__ = [
    "H10301",
    "H10302",
    "H10304",
    "H10306",
    "WiegandFormat",
    "WiegandNumber",
    "decode_wiegand",
    "encode_wiegand",
    "wiegand_format",
    "wiegand_from_raw",
]


@dataclass(frozen=True)
class WiegandFormat:
    """How a card's number lies in its bits: even parity, facility code, card number, odd parity.

    Args:
        name: HID's name of the format, or the site's own.
        facility_bits: 0 where the format has no facility code.
        card_bits: At least 1.
        parity_span: How many data bits each parity bit covers: the even one the first, the odd one the last.

    Raises:
        ConfigurationError: Negative sizes, or data bits that no parity bit covers.
    """

    name: str
    facility_bits: int
    card_bits: int
    parity_span: int

    def __post_init__(self) -> None:
        if self.facility_bits < 0 or self.card_bits < 1:
            message = "WiegandFormat needs facility_bits of 0 or more and card_bits of 1 or more"
            raise ConfigurationError(message, hint="take the sizes from the card maker's data sheet")
        if not self.data_bits <= 2 * self.parity_span <= 2 * self.data_bits:
            message = "WiegandFormat.parity_span has to cover every data bit, and no more bits than there are"
            raise ConfigurationError(message, hint=f"use half of the {self.data_bits} data bits, rounded up")

    @property
    def data_bits(self) -> int:
        """Bits without the two parity bits."""
        return self.facility_bits + self.card_bits

    @property
    def total_bits(self) -> int:
        """Bits on the wire, parity bits included."""
        return self.data_bits + 2


# Layouts and parity as public sources give them; the first two are confirmed by numbers read from real cards.
H10301: Final = WiegandFormat("H10301", facility_bits=8, card_bits=16, parity_span=12)
"""26 bit. An open format: different cards with the same number exist."""
H10306: Final = WiegandFormat("H10306", facility_bits=16, card_bits=16, parity_span=16)
"""34 bit. Many readers put a four-byte UID in this frame; it has no facility code then."""
H10304: Final = WiegandFormat("H10304", facility_bits=16, card_bits=19, parity_span=18)
"""37 bit with a facility code; both parity bits cover the middle data bit."""
H10302: Final = WiegandFormat("H10302", facility_bits=0, card_bits=35, parity_span=18)
"""37 bit without a facility code; numbers are managed by HID."""

_FORMATS: Final = (H10301, H10306, H10304, H10302)
_BY_NAME: Final = {each.name: each for each in _FORMATS} | {"26": H10301, "34": H10306}
_AMBIGUOUS: Final = {
    "36": "H10320 (eight BCD digits), S12906, Sie36 or C15001; none of them is supported",
    "37": "H10304 (with a facility code) or H10302 (without)",
}


def wiegand_format(name: str) -> WiegandFormat:
    """The format that a site's settings name.

    Args:
        name: HID's name (``"H10301"``), or the bits where they say enough (``"Wiegand 26"``, ``"W34"``).

    Raises:
        Invalid: No known format, or a number of bits that several formats share (36, 37).

    Example:
        >>> wiegand_format("Wiegand 26").name
        'H10301'
    """
    plain = re.sub(r"[ _-]", "", name).upper()
    key = re.sub(r"^(?:WIEGAND|W)|BITS?$", "", plain)
    if key in _AMBIGUOUS:
        message = f"{key} bit is ambiguous: several Wiegand formats have {key} bits"
        raise Invalid(message, hint=f"ask the site which one its cards have: {_AMBIGUOUS[key]}")
    if key not in _BY_NAME:
        message = "no Wiegand format of that name is known"
        raise Invalid(message, hint=f"use one of {', '.join(each.name for each in _FORMATS)}")
    return _BY_NAME[key]


@dataclass(frozen=True)
class WiegandNumber:
    """A number as its card's format holds it; the repr leaves it out.

    Args:
        card_format: Where its bits lie.
        card_number: From 0 to what the format's bits can hold.
        facility_code: The same; None where the format has none.

    Raises:
        Invalid: Out of range, or a facility code too many or too few; names the limits.

    Example:
        >>> WiegandNumber(H10301, facility_code=21, card_number=15890).bits
        '10001010100111110000100100'
    """

    card_format: WiegandFormat
    card_number: int = field(repr=False, kw_only=True)
    facility_code: int | None = field(default=None, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        name, bits = self.card_format.name, self.card_format.facility_bits
        check_range(f"card_number of {name}", self.card_number, 0, 2**self.card_format.card_bits - 1)
        if self.facility_code is None:
            if bits:
                message = f"facility_code is missing: {name} has one"
                raise Invalid(message, hint=f"give one from 0 to {2**bits - 1}; a batch of cards shares it")
        elif not bits:
            message = f"facility_code is given, but {name} has none"
            raise Invalid(message, hint=f"leave it out, or name the format that has one instead of {name}")
        else:
            check_range(f"facility_code of {name}", self.facility_code, 0, 2**bits - 1)

    @property
    def raw(self) -> int:
        """The data bits as one whole number, as many readers print it."""
        return (self.facility_code or 0) << self.card_format.card_bits | self.card_number

    @property
    def hexadecimal(self) -> str:
        """The data bits as hexadecimal digits, zeros kept: six for 26 bit, eight for 34, nine for 37."""
        return f"{self.raw:0{(self.card_format.data_bits + 3) // 4}X}"

    @property
    def bits(self) -> str:
        """All bits as sent, parity included, most significant first."""
        data = f"{self.raw:0{self.card_format.data_bits}b}"
        span = self.card_format.parity_span
        even = data[:span].count("1") % 2
        odd = 1 - data[-span:].count("1") % 2
        return f"{even}{data}{odd}"


def encode_wiegand(card_format: WiegandFormat, *, card_number: int, facility_code: int | None = None) -> str:
    """The bits a card of this format sends.

    Args:
        card_format: For example `H10301`.
        card_number: As printed on the card.
        facility_code: The site's or the batch's; None where the format has none.

    Returns:
        ``"0"`` and ``"1"``, most significant first, parity bits included.

    Raises:
        Invalid: Out of range; names the limits.
    """
    return WiegandNumber(card_format, card_number=card_number, facility_code=facility_code).bits


def decode_wiegand(card_format: WiegandFormat, bits: str) -> WiegandNumber:
    """Read what a card of this format sent, and verify both parity bits.

    Args:
        card_format: For example `H10301`.
        bits: ``"0"`` and ``"1"``, most significant first, parity bits included.

    Raises:
        Invalid: Not bits, not as many as the format has, or wrong parity; says which parity bit.
    """
    if not re.fullmatch("[01]*", bits):
        message = "bits hold something else than 0 and 1"
        raise Invalid(message, hint="give the frame as a text of 0 and 1, without separators")
    if len(bits) != card_format.total_bits:
        message = f"{len(bits)} bits are no {card_format.name}, which has {card_format.total_bits}"
        fitting = [each.name for each in _FORMATS if each.total_bits == len(bits)]
        raise Invalid(message, hint=f"known formats of {len(bits)} bits: {' or '.join(fitting) or 'none'}")
    number = wiegand_from_raw(card_format, int(bits[1:-1], 2))
    places = ("leading even", 0), ("trailing odd", -1)
    wrong = [name for name, place in places if number.bits[place] != bits[place]]
    if wrong:
        message = f"the {' and the '.join(wrong)} parity bit of {card_format.name} does not match"
        raise Invalid(message, hint="read the card again; if it stays, the card has another format")
    return number


def wiegand_from_raw(card_format: WiegandFormat, raw: int) -> WiegandNumber:
    """Split the number that a reader prints (all data bits, no parity) into facility code and card number.

    Args:
        card_format: For example `H10301`.
        raw: From 0 to what the data bits can hold; `WiegandNumber.raw` is the way back.

    Raises:
        Invalid: Out of range.

    Example:
        >>> wiegand_from_raw(H10301, 13754957) == WiegandNumber(H10301, facility_code=209, card_number=57933)
        True
    """
    check_range(f"raw value of {card_format.name}", raw, 0, 2**card_format.data_bits - 1)
    facility_code, card_number = divmod(raw, 2**card_format.card_bits)
    return WiegandNumber(
        card_format,
        card_number=card_number,
        facility_code=facility_code if card_format.facility_bits else None,
    )
