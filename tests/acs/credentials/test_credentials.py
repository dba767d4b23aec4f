"""The public face of credential numbers, checked against numbers of real cards."""

from __future__ import annotations

import pytest

from hamilton_sdk.acs import credentials
from hamilton_sdk.acs.credentials import H10301, H10302, H10304, H10306

# What a reader printed for a card that exists, and what follows from the public layout of a format.
REAL_CARD = "real card"
COMPUTED = "computed"


def test_every_public_name_is_there_and_sorted() -> None:
    names = credentials.__all__
    assert all(hasattr(credentials, name) for name in names)
    constants = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    functions = [name for name in names if name[0].islower()]
    assert names == sorted(constants) + sorted(classes) + sorted(functions)


@pytest.mark.parametrize(
    ("card_format", "facility_code", "card_number", "bits", "evidence"),
    [
        (H10301, 21, 15890, "10001010100111110000100100", REAL_CARD),
        (H10301, 209, 57933, "11101000111100010010011010", REAL_CARD),
        # The same card in the 34-bit frame of a reader that zeroes the top byte.
        (H10306, 209, 57933, "0000000001101000111100010010011011", REAL_CARD),
        (H10306, 1234, 56789, "1000001001101001011011101110101010", COMPUTED),
        (H10304, 1234, 123456, "1000001001101001000111100010010000001", COMPUTED),
        (H10302, None, 1234567890, "1000010010011001011000000010110100101", COMPUTED),
    ],
)
def test_wiegand_agrees_with_known_cards_both_ways(
    card_format, facility_code, card_number, bits, evidence
) -> None:
    sent = credentials.encode_wiegand(card_format, facility_code=facility_code, card_number=card_number)
    read = credentials.decode_wiegand(card_format, bits)
    assert (sent, read.facility_code, read.card_number) == (bits, facility_code, card_number), evidence


@pytest.mark.parametrize("card_format", [H10301, H10306])
def test_a_printed_raw_value_splits_as_on_the_real_card(card_format) -> None:
    """One real card: the 26-bit and the 34-bit reader both print 13754957."""
    number = credentials.wiegand_from_raw(card_format, 13754957)
    assert (number.facility_code, number.card_number, number.raw) == (209, 57933, 13754957)


def test_a_34_bit_reader_prints_the_reversed_uid() -> None:
    """Real card: a W34 reader printed 1904649758 for the card that a desk reader shows as 1E A6 86 71."""
    assert credentials.reverse_uid("1EA68671") == "7186A61E"
    assert credentials.uid_to_decimal("1EA68671", byte_order="reversed") == "1904649758"
    assert credentials.uid_to_decimal("1EA68671", byte_order="forward") == "514229873"
    assert credentials.uid_to_wiegand34("1EA68671").raw == 1904649758


def test_a_26_bit_reader_keeps_the_lower_three_bytes_of_the_reversed_uid() -> None:
    """Real card: AA3F9B1A came as 9B3FAA."""
    assert credentials.reverse_uid("AA3F9B1A") == "1A9B3FAA"
    assert credentials.uid_to_wiegand26("AA3F9B1A").hexadecimal == "9B3FAA"


def test_a_seven_byte_uid_keeps_its_leading_zero() -> None:
    """Seven-byte UIDs of NXP chips begin with 04; as Gallagher writes them: no 0x, no separators."""
    assert credentials.uid_bytes("045A5769713E80")[0] == 4
    assert credentials.uid_hexadecimal("045A5769713E80", byte_order="forward") == "045A5769713E80"


def test_eight_digits_make_a_space_of_90_million() -> None:
    assert credentials.guess_risk(live=500, tries=1800, digits=8) == 0.01
    assert len(credentials.random_number()) == 8


def test_a_drawn_number_comes_back_from_every_form_of_qr_code() -> None:
    number = credentials.random_number()
    for site in (
        credentials.QrPayload(),
        credentials.QrPayload("fixed", digits=10),
        credentials.QrPayload("hexadecimal", digits=8),
        credentials.QrPayload(prefix="17"),
    ):
        assert site.decode(site.encode(number)) == number
