"""UIDs of contactless cards: reading them, their byte order, and what readers make of them.

A UID is 4, 7 or 10 bytes. Where nothing else is said, it is given in the order in which the card sends it
(ISO 14443), which phones and desk readers show; many door readers show it last byte first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from hamilton_sdk.acs.credentials.digits import LONGEST, check_range, decimal_value
from hamilton_sdk.acs.credentials.wiegand import H10301, H10306, wiegand_from_raw
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.acs.credentials.wiegand import WiegandNumber

__all__ = [
    "ByteOrder",
    "is_random_uid",
    "reverse_uid",
    "uid_bytes",
    "uid_from_decimal",
    "uid_hexadecimal",
    "uid_to_decimal",
    "uid_to_wiegand26",
    "uid_to_wiegand34",
]

ByteOrder = Literal["forward", "reversed"]
"""How a reader writes the bytes of a UID: as the card sends them, or last byte first."""

_UID_SIZES: Final = (4, 7, 10)
_ORDERS: Final[Mapping[str, Literal["big", "little"]]] = {"forward": "big", "reversed": "little"}
_RANDOM_FIRST_BYTE: Final = 0x08  # of a four-byte UID that the card draws anew each time (ISO/IEC 14443-3)


def uid_bytes(uid: str) -> bytes:
    """The bytes of a UID, in the order they are written.

    Args:
        uid: Hexadecimal, 4, 7 or 10 bytes; between all bytes nothing, a space, a colon or a hyphen.

    Raises:
        Invalid: Another length, other characters, or mixed separators.

    Example:
        >>> uid_bytes("1E A6 86 71").hex()
        '1ea68671'
    """
    found = re.fullmatch(r"[0-9A-Fa-f]{2}([ :-]?)[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2})*", uid)
    value = bytes.fromhex(uid.replace(found[1], "")) if found else b""
    if len(value) not in _UID_SIZES:
        message = "the UID is not 4, 7 or 10 bytes of hexadecimal digits"
        raise Invalid(message, hint="write two digits a byte, without 0x, such as 04:5A:57:69:71:3E:80")
    return value


def is_random_uid(uid: str) -> bool:
    """Whether a card draws this UID anew for each reading (DESFire set so), and it thus names no card.

    Args:
        uid: As the card sends it (ISO 14443 order).

    Raises:
        Invalid: Not a UID.
    """
    value = uid_bytes(uid)
    return len(value) == _UID_SIZES[0] and value[0] == _RANDOM_FIRST_BYTE


def _lasting(uid: str) -> bytes:
    if is_random_uid(uid):
        message = "the UID is random (four bytes, the first 08): the card shows another one each time"
        raise Invalid(message, hint="use a number stored in the card, or printed on it, as badge number")
    return uid_bytes(uid)


def _order(byte_order: str) -> Literal["big", "little"]:
    if byte_order not in _ORDERS:
        message = "byte_order is neither 'forward' nor 'reversed'"
        raise Invalid(message, hint="'forward' is as the card sends them, 'reversed' last byte first")
    return _ORDERS[byte_order]


def reverse_uid(uid: str) -> str:
    """The same UID with its bytes in the other order, as hexadecimal digits of the same width.

    Raises:
        Invalid: Not a UID.

    Example:
        >>> reverse_uid("1EA68671")
        '7186A61E'
    """
    return uid_bytes(uid)[::-1].hex().upper()


def uid_hexadecimal(uid: str, *, byte_order: ByteOrder) -> str:
    """A UID as upper-case hexadecimal digits without separators, leading zeros kept.

    Args:
        uid: As the card sends it (ISO 14443 order).
        byte_order: The order the access-control system expects.

    Raises:
        Invalid: Not a UID, or a random one.
    """
    value = _lasting(uid)
    return (value if _order(byte_order) == "big" else value[::-1]).hex().upper()


def uid_to_decimal(uid: str, *, byte_order: ByteOrder, digits: int = 1) -> str:
    """A UID as the decimal number that readers print.

    Args:
        uid: As the card sends it (ISO 14443 order).
        byte_order: The order in which the reader takes the bytes; the wrong one makes another card's number.
        digits: Shorter numbers are filled up with zeros on the left; four bytes need ten digits at most.

    Raises:
        Invalid: Not a UID, or a random one.

    Example:
        >>> uid_to_decimal("1EA68671", byte_order="reversed")
        '1904649758'
    """
    check_range("digits", digits, 1, LONGEST)
    return f"{int.from_bytes(_lasting(uid), _order(byte_order)):0{digits}d}"


def uid_from_decimal(number: str, *, byte_order: ByteOrder, size: int) -> str:
    """The UID, as the card sends it, behind the decimal number that a reader printed.

    Args:
        number: Decimal digits.
        byte_order: The order in which the reader takes the bytes.
        size: Bytes of the UID: 4, 7 or 10; the number alone does not tell, since leading zeros are gone.

    Raises:
        Invalid: No decimal number, too large for so many bytes, or a random UID.

    Example:
        >>> uid_from_decimal("1904649758", byte_order="reversed", size=4)
        '1EA68671'
    """
    if size not in _UID_SIZES:
        message = "size of a UID is not 4, 7 or 10 bytes"
        raise Invalid(message, hint="most cards have 4 or 7; a UID read in hexadecimal shows it")
    value = decimal_value(number)
    if value >= 256**size:
        message = f"the number does not fit a UID of {size} bytes"
        raise Invalid(message, hint="check the number, or take the size that the card's UID really has")
    return _lasting(value.to_bytes(size, _order(byte_order)).hex()).hex().upper()


def uid_to_wiegand26(uid: str) -> WiegandNumber:
    """What a 26-bit reader makes of a four-byte UID: it reverses the bytes and keeps the lower three.

    One byte is lost, so 256 UIDs share each number: prefer 34 bit or more where the reader can be set to it.

    Args:
        uid: As the card sends it (ISO 14443 order).

    Raises:
        Invalid: Not a UID, not of four bytes, or a random one.

    Example:
        >>> uid_to_wiegand26("AA3F9B1A").hexadecimal
        '9B3FAA'
    """
    return wiegand_from_raw(H10301, _reversed_four(uid) % 2**24)


def uid_to_wiegand34(uid: str, *, keep_top_byte: bool = True) -> WiegandNumber:
    """What a 34-bit reader makes of a four-byte UID: it reverses the bytes.

    Args:
        uid: As the card sends it (ISO 14443 order).
        keep_top_byte: False for the readers that put zeros in place of the top byte.

    Raises:
        Invalid: Not a UID, not of four bytes, or a random one.

    Example:
        >>> uid_to_wiegand34("1EA68671").hexadecimal
        '7186A61E'
    """
    value = _reversed_four(uid)
    return wiegand_from_raw(H10306, value if keep_top_byte else value % 2**24)


def _reversed_four(uid: str) -> int:
    value = _lasting(uid)
    if len(value) != _UID_SIZES[0]:
        message = f"a UID of {len(value)} bytes has no known place in a Wiegand frame"
        raise Invalid(message, hint="only four bytes do: readers shorten longer UIDs each in its own way")
    return int.from_bytes(value, "little")
