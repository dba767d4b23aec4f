"""UIDs: bytes and byte order, decimal numbers, what readers send, and UIDs that name no card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.credentials.uid import (
    is_random_uid,
    reverse_uid,
    uid_bytes,
    uid_from_decimal,
    uid_hexadecimal,
    uid_to_decimal,
    uid_to_wiegand26,
    uid_to_wiegand34,
)
from hamilton_sdk.acs.credentials.wiegand import H10301, H10306
from hamilton_sdk.errors import Invalid
from tests.acs.credentials.refusal import refusal

RANDOM = "08A1B2C3"
RANDOM_REFUSED = (
    "the UID is random (four bytes, the first 08): the card shows another one each time",
    "use a number stored in the card, or printed on it, as badge number",
)
UIDS = st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
LASTING = UIDS.filter(lambda value: not (len(value) == 4 and value[0] == 8))
ORDERS = st.sampled_from(["forward", "reversed"])
EVERY_CHECKED_CONVERSION = [
    lambda uid: uid_hexadecimal(uid, byte_order="forward"),
    lambda uid: uid_hexadecimal(uid, byte_order="reversed"),
    lambda uid: uid_to_decimal(uid, byte_order="forward"),
    lambda uid: uid_to_decimal(uid, byte_order="reversed"),
    uid_to_wiegand26,
    uid_to_wiegand34,
]

# Reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1EA68671", b"\x1e\xa6\x86\x71"),
        ("1ea68671", b"\x1e\xa6\x86\x71"),
        ("1E A6 86 71", b"\x1e\xa6\x86\x71"),
        ("1e:a6:86:71", b"\x1e\xa6\x86\x71"),
        ("1E-A6-86-71", b"\x1e\xa6\x86\x71"),
        ("00000000", bytes(4)),
        ("045A5769713E80", bytes.fromhex("045A5769713E80")),
        ("04:5A:57:69:71:3E:80", bytes.fromhex("045A5769713E80")),
        ("00112233445566778899", bytes.fromhex("00112233445566778899")),
    ],
)
def test_a_uid_is_read_as_people_write_it(text, expected) -> None:
    assert uid_bytes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1E",
        "1EA686",  # three bytes
        "1EA68671AA",  # five
        "1EA68671AABB",  # six
        "1EA68671AABBCCDD",  # eight
        "1EA68671AABBCCDDEE",  # nine
        "1EA68671AABBCCDDEEFF00",  # eleven
        "1EA6867",  # half a byte too few
        "0x1EA68671",
        "1EA6867G",
        "G1EA6867",
        "1E A6:86 71",
        "1E A68671",
        "1EA6 8671",
        "1E  A6  86  71",
        "1E.A6.86.71",
        " 1EA68671",
        "1EA68671 ",
        "1E A6 86 71 ",
        "1EA68671\n",
        "\N{FULLWIDTH DIGIT ONE}EA68671",
    ],
)
def test_anything_else_is_refused(text) -> None:
    expected = (
        "the UID is not 4, 7 or 10 bytes of hexadecimal digits",
        "write two digits a byte, without 0x, such as 04:5A:57:69:71:3E:80",
    )
    for call in (uid_bytes, reverse_uid, is_random_uid, *EVERY_CHECKED_CONVERSION):
        assert refusal(Invalid, lambda call=call: call(text)) == expected


@given(UIDS, st.sampled_from(["", " ", ":", "-"]))
def test_separators_and_case_do_not_matter(value, separator) -> None:
    text = separator.join(f"{byte:02x}" for byte in value)
    assert uid_bytes(text) == uid_bytes(text.upper()) == value


# Byte order


@given(UIDS)
def test_reversing_twice_gives_the_uid_in_the_same_width(value) -> None:
    text = value.hex().upper()
    assert len(reverse_uid(text)) == len(text)
    assert uid_bytes(reverse_uid(text)) == bytes(reversed(value))
    assert reverse_uid(reverse_uid(text)) == text


def test_reversing_takes_either_order_and_so_a_first_byte_08() -> None:
    assert reverse_uid("08A1B2C3") == "C3B2A108"


def test_hexadecimal_text_is_upper_case_without_separators_in_the_order_asked() -> None:
    assert uid_hexadecimal("00:a6:86:71", byte_order="forward") == "00A68671"
    assert uid_hexadecimal("71:86:a6:00", byte_order="reversed") == "00A68671"


@given(LASTING)
def test_hexadecimal_text_in_the_other_order_is_the_reversed_uid(value) -> None:
    text = value.hex().upper()
    assert uid_hexadecimal(text, byte_order="forward") == text
    assert uid_hexadecimal(text, byte_order="reversed") == reverse_uid(text)


@pytest.mark.parametrize("byte_order", ["", "big", "Forward", None])
def test_a_byte_order_is_named_and_never_guessed(byte_order) -> None:
    expected = (
        "byte_order is neither 'forward' nor 'reversed'",
        "'forward' is as the card sends them, 'reversed' last byte first",
    )
    for call in (
        lambda: uid_hexadecimal("1EA68671", byte_order=byte_order),
        lambda: uid_to_decimal("1EA68671", byte_order=byte_order),
        lambda: uid_from_decimal("514229873", byte_order=byte_order, size=4),
    ):
        assert refusal(Invalid, call) == expected


# Random UIDs


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        ("08A1B2C3", True),
        ("08:00:00:00", True),
        ("07A1B2C3", False),
        ("09A1B2C3", False),
        ("80A1B2C3", False),
        ("A1B2C308", False),
        ("08A1B2C3D4E5F6", False),
        ("08A1B2C3D4E5F6071829", False),
    ],
)
def test_a_random_uid_has_four_bytes_the_first_08(uid, expected) -> None:
    """ISO/IEC 14443-3 keeps the first byte 08 for UIDs drawn by the card."""
    assert is_random_uid(uid) is expected


@pytest.mark.parametrize("call", EVERY_CHECKED_CONVERSION)
def test_a_random_uid_is_no_badge_number(call) -> None:
    assert refusal(Invalid, lambda: call(RANDOM)) == RANDOM_REFUSED


def test_a_random_uid_is_recognised_behind_a_decimal_number_too() -> None:
    forward, reverse = int(RANDOM, 16), int(reverse_uid(RANDOM), 16)
    assert (
        refusal(Invalid, lambda: uid_from_decimal(str(forward), byte_order="forward", size=4))
        == RANDOM_REFUSED
    )
    assert (
        refusal(Invalid, lambda: uid_from_decimal(str(reverse), byte_order="reversed", size=4))
        == RANDOM_REFUSED
    )


# Decimal numbers


def test_a_decimal_number_is_as_short_as_readers_print_it_unless_digits_are_asked() -> None:
    assert uid_to_decimal("00000000", byte_order="forward") == "0"
    assert uid_to_decimal("0000012C", byte_order="forward") == "300"
    assert uid_to_decimal("0000012C", byte_order="forward", digits=10) == "0000000300"
    assert uid_to_decimal("0000012C", byte_order="forward", digits=2) == "300"
    assert len(uid_to_decimal("0000012C", byte_order="forward", digits=64)) == 64


@pytest.mark.parametrize("digits", [0, 65, -10, "10"])
def test_digits_have_limits(digits) -> None:
    assert refusal(Invalid, lambda: uid_to_decimal("0000012C", byte_order="forward", digits=digits)) == (
        "digits is not a whole number from 1 to 64",
        "give digits as an int within these limits",
    )


@given(LASTING, ORDERS, st.integers(1, 30))
def test_the_uid_comes_back_from_its_decimal_number(value, byte_order, digits) -> None:
    """Above 2 ** 53 too, where a JSON number would have been rounded, and with its leading zeros."""
    text = value.hex().upper()
    number = uid_to_decimal(text, byte_order=byte_order, digits=digits)
    assert len(number) >= digits
    assert uid_from_decimal(number, byte_order=byte_order, size=len(value)) == text


@pytest.mark.parametrize("size", [4, 7, 10])
def test_the_largest_decimal_number_of_a_size_fits_and_the_next_does_not(size) -> None:
    largest = 256**size - 1
    assert uid_from_decimal(str(largest), byte_order="forward", size=size) == "FF" * size
    assert refusal(Invalid, lambda: uid_from_decimal(str(largest + 1), byte_order="forward", size=size)) == (
        f"the number does not fit a UID of {size} bytes",
        "check the number, or take the size that the card's UID really has",
    )


@pytest.mark.parametrize("size", [0, 3, 5, 8, 11, -4])
def test_a_uid_has_one_of_three_sizes(size) -> None:
    assert refusal(Invalid, lambda: uid_from_decimal("514229873", byte_order="forward", size=size)) == (
        "size of a UID is not 4, 7 or 10 bytes",
        "most cards have 4 or 7; a UID read in hexadecimal shows it",
    )


@pytest.mark.parametrize("number", ["", "1E", " 5", "5_0", "-1"])
def test_a_decimal_number_has_digits_only(number) -> None:
    said = refusal(Invalid, lambda: uid_from_decimal(number, byte_order="forward", size=4))
    assert said[0] == "the number is not 1 to 64 decimal digits"


# Wiegand frames


@given(LASTING.filter(lambda value: len(value) == 4))
def test_readers_take_the_last_byte_first(value) -> None:
    text = value.hex()
    short, long = uid_to_wiegand26(text), uid_to_wiegand34(text)
    assert short.card_format is H10301
    assert short.hexadecimal == reverse_uid(text)[2:]
    assert long.card_format is H10306
    assert long.hexadecimal == reverse_uid(text)


def test_a_26_bit_reader_splits_the_lower_three_bytes_into_facility_code_and_card_number() -> None:
    number = uid_to_wiegand26("AA3F9B1A")
    assert (number.facility_code, number.card_number) == (0x9B, 0x3FAA)


def test_some_34_bit_readers_put_zeros_in_place_of_the_top_byte() -> None:
    assert uid_to_wiegand34("AA3F9B1A", keep_top_byte=False).hexadecimal == "009B3FAA"
    assert uid_to_wiegand34("FFFFFFFF", keep_top_byte=False).hexadecimal == "00FFFFFF"
    assert uid_to_wiegand34("AA3F9B1A", keep_top_byte=True).hexadecimal == "1A9B3FAA"


@pytest.mark.parametrize(("uid", "size"), [("045A5769713E80", 7), ("00112233445566778899", 10)])
def test_a_longer_uid_has_no_known_place_in_a_frame(uid, size) -> None:
    expected = (
        f"a UID of {size} bytes has no known place in a Wiegand frame",
        "only four bytes do: readers shorten longer UIDs each in its own way",
    )
    assert refusal(Invalid, lambda: uid_to_wiegand26(uid)) == expected
    assert refusal(Invalid, lambda: uid_to_wiegand34(uid)) == expected
