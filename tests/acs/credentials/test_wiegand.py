"""Wiegand formats: what fits, what the bits are, and that a reading error is noticed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.credentials.wiegand import (
    H10301,
    H10302,
    H10304,
    H10306,
    WiegandFormat,
    WiegandNumber,
    decode_wiegand,
    encode_wiegand,
    wiegand_format,
    wiegand_from_raw,
)
from hamilton_sdk.errors import ConfigurationError, Invalid
from tests.acs.credentials.refusal import refusal

FORMATS = [H10301, H10306, H10304, H10302]
WITH_FACILITY = [H10301, H10306, H10304]
HIGHEST_CARD = {"H10301": 65535, "H10306": 65535, "H10304": 524287, "H10302": 34359738367}
HIGHEST_FACILITY = {"H10301": 255, "H10306": 65535, "H10304": 65535}
BITS = {"H10301": 26, "H10306": 34, "H10304": 37, "H10302": 37}


def by_name(card_format: WiegandFormat) -> str:
    return card_format.name


every_format = pytest.mark.parametrize("card_format", FORMATS, ids=by_name)
formats_with_a_facility_code = pytest.mark.parametrize("card_format", WITH_FACILITY, ids=by_name)


@st.composite
def numbers(draw: st.DrawFn) -> WiegandNumber:
    card_format = draw(st.sampled_from(FORMATS))
    card_number = draw(st.integers(0, HIGHEST_CARD[card_format.name]))
    highest = HIGHEST_FACILITY.get(card_format.name)
    facility_code = None if highest is None else draw(st.integers(0, highest))
    return WiegandNumber(card_format, card_number=card_number, facility_code=facility_code)


def number_of(card_format: WiegandFormat, card_number: int = 1) -> WiegandNumber:
    facility_code = 1 if card_format.facility_bits else None
    return WiegandNumber(card_format, card_number=card_number, facility_code=facility_code)


# Formats


@every_format
def test_a_format_has_the_bits_of_its_name(card_format) -> None:
    assert card_format.total_bits == BITS[card_format.name]
    assert card_format.data_bits == BITS[card_format.name] - 2
    assert len(number_of(card_format).bits) == BITS[card_format.name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("H10301", H10301),
        ("h10306", H10306),
        ("H10304", H10304),
        ("H10302", H10302),
        ("Wiegand 26", H10301),
        ("wiegand_34", H10306),
        ("W26", H10301),
        ("W-34", H10306),
        ("26 bit", H10301),
        ("34 bits", H10306),
        ("26", H10301),
        ("Wiegand 26-bit", H10301),
    ],
)
def test_settings_may_name_a_format_as_people_do(name, expected) -> None:
    assert wiegand_format(name) is expected


@pytest.mark.parametrize("name", ["Wiegand 36", "wiegand36", "W36", "36", "36 bit"])
def test_36_bit_is_refused_as_ambiguous_with_the_candidates(name) -> None:
    assert refusal(Invalid, lambda: wiegand_format(name)) == (
        "36 bit is ambiguous: several Wiegand formats have 36 bits",
        (
            "ask the site which one its cards have: H10320 (eight BCD digits), S12906, Sie36 or C15001; "
            "none of them is supported"
        ),
    )


def test_37_bit_is_refused_as_ambiguous_with_the_candidates() -> None:
    assert refusal(Invalid, lambda: wiegand_format("Wiegand 37")) == (
        "37 bit is ambiguous: several Wiegand formats have 37 bits",
        "ask the site which one its cards have: H10304 (with a facility code) or H10302 (without)",
    )


@pytest.mark.parametrize("name", ["", "H10320", "Wiegand", "35", "26x", "bit26", "26 bit or so", "X26"])
def test_an_unknown_format_is_refused_with_the_known_ones(name) -> None:
    assert refusal(Invalid, lambda: wiegand_format(name)) == (
        "no Wiegand format of that name is known",
        "use one of H10301, H10306, H10304, H10302",
    )


@pytest.mark.parametrize(("facility_bits", "card_bits"), [(-1, 25), (24, 0), (24, -1)])
def test_a_format_of_a_sites_own_needs_sensible_sizes(facility_bits, card_bits) -> None:
    assert refusal(ConfigurationError, lambda: WiegandFormat("own", facility_bits, card_bits, 12)) == (
        "WiegandFormat needs facility_bits of 0 or more and card_bits of 1 or more",
        "take the sizes from the card maker's data sheet",
    )


@pytest.mark.parametrize(
    ("card_bits", "parity_span"), [(24, 11), (24, 25), (35, 17), (35, 36), (24, 0), (24, -12)]
)
def test_a_format_of_a_sites_own_covers_every_data_bit_with_parity(card_bits, parity_span) -> None:
    assert refusal(ConfigurationError, lambda: WiegandFormat("own", 0, card_bits, parity_span)) == (
        "WiegandFormat.parity_span has to cover every data bit, and no more bits than there are",
        f"use half of the {card_bits} data bits, rounded up",
    )


@pytest.mark.parametrize(
    ("facility_bits", "card_bits", "parity_span"),
    [(0, 24, 12), (0, 24, 24), (0, 35, 18), (0, 1, 1), (1, 1, 1)],
)
def test_a_format_of_a_sites_own_works_like_the_known_ones(facility_bits, card_bits, parity_span) -> None:
    own = WiegandFormat("own", facility_bits, card_bits, parity_span)
    highest = 2 ** (facility_bits + card_bits) - 1
    number = wiegand_from_raw(own, highest)
    assert number.raw == highest
    assert decode_wiegand(own, number.bits) == number


def test_formats_and_numbers_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        H10301.card_bits = 17  # type: ignore[misc]  # that it is refused is what is tested
    with pytest.raises(FrozenInstanceError):
        number_of(H10301).card_number = 2  # type: ignore[misc]  # likewise


# Limits


@every_format
def test_the_lowest_and_the_highest_card_number_fit(card_format) -> None:
    highest = HIGHEST_CARD[card_format.name]
    assert number_of(card_format, 0).card_number == 0
    assert number_of(card_format, highest).card_number == highest


@every_format
@pytest.mark.parametrize("beyond", [-1, 1])
def test_a_card_number_beyond_the_limits_is_refused_with_the_limits(card_format, beyond) -> None:
    highest = HIGHEST_CARD[card_format.name]
    wrong = -1 if beyond < 0 else highest + 1
    assert refusal(Invalid, lambda: number_of(card_format, wrong)) == (
        f"card_number of {card_format.name} is not a whole number from 0 to {highest}",
        f"give card_number of {card_format.name} as an int within these limits",
    )


@formats_with_a_facility_code
def test_the_lowest_and_the_highest_facility_code_fit(card_format) -> None:
    for facility_code in (0, HIGHEST_FACILITY[card_format.name]):
        number = WiegandNumber(card_format, card_number=7, facility_code=facility_code)
        assert (number.facility_code, number.raw) == (
            facility_code,
            facility_code * 2**card_format.card_bits + 7,
        )


@formats_with_a_facility_code
@pytest.mark.parametrize("beyond", [-1, 1])
def test_a_facility_code_beyond_the_limits_is_refused_with_the_limits(card_format, beyond) -> None:
    highest = HIGHEST_FACILITY[card_format.name]
    wrong = -1 if beyond < 0 else highest + 1
    assert refusal(Invalid, lambda: encode_wiegand(card_format, card_number=1, facility_code=wrong)) == (
        f"facility_code of {card_format.name} is not a whole number from 0 to {highest}",
        f"give facility_code of {card_format.name} as an int within these limits",
    )


@formats_with_a_facility_code
def test_a_missing_facility_code_is_no_zero(card_format) -> None:
    assert refusal(Invalid, lambda: encode_wiegand(card_format, card_number=1)) == (
        f"facility_code is missing: {card_format.name} has one",
        f"give one from 0 to {HIGHEST_FACILITY[card_format.name]}; a batch of cards shares it",
    )


@pytest.mark.parametrize("facility_code", [0, 1])
def test_a_facility_code_that_the_format_has_no_place_for_is_refused(facility_code) -> None:
    assert refusal(Invalid, lambda: encode_wiegand(H10302, card_number=1, facility_code=facility_code)) == (
        "facility_code is given, but H10302 has none",
        "leave it out, or name the format that has one instead of H10302",
    )


@pytest.mark.parametrize("wrong", ["15890", 15890.0, True, None])
def test_nothing_but_an_int_is_taken_for_a_number(wrong) -> None:
    """A text is never converted in silence: its leading zeros may mean something."""
    with pytest.raises(Invalid, match="card_number of H10301 is not a whole number from 0 to 65535"):
        WiegandNumber(H10301, card_number=wrong, facility_code=21)
    if wrong is not None:
        with pytest.raises(Invalid, match="facility_code of H10301 is not a whole number from 0 to 255"):
            WiegandNumber(H10301, card_number=21, facility_code=wrong)


def test_no_repr_and_no_error_shows_a_number() -> None:
    number = WiegandNumber(H10301, facility_code=209, card_number=57933)
    assert repr(number) == f"WiegandNumber(card_format={H10301!r})"
    for said in (
        refusal(Invalid, lambda: encode_wiegand(H10301, facility_code=209, card_number=987654)),
        refusal(Invalid, lambda: encode_wiegand(H10301, facility_code=987654, card_number=57933)),
        refusal(Invalid, lambda: wiegand_from_raw(H10301, 987654321)),
    ):
        assert "9876" not in "".join(map(str, said))


# Raw values


@given(numbers())
def test_the_raw_value_splits_into_the_same_number(number) -> None:
    assert wiegand_from_raw(number.card_format, number.raw) == number


@every_format
def test_the_highest_raw_value_has_every_bit_set(card_format) -> None:
    number = wiegand_from_raw(card_format, 2 ** (BITS[card_format.name] - 2) - 1)
    assert number.card_number == HIGHEST_CARD[card_format.name]
    assert number.facility_code == HIGHEST_FACILITY.get(card_format.name)


@every_format
def test_the_raw_value_zero_is_a_number(card_format) -> None:
    number = wiegand_from_raw(card_format, 0)
    assert number.card_number == 0
    assert number.facility_code == (0 if card_format.facility_bits else None)


@every_format
@pytest.mark.parametrize("beyond", [-1, 1])
def test_a_raw_value_beyond_the_limits_is_refused_with_the_limits(card_format, beyond) -> None:
    highest = 2 ** (BITS[card_format.name] - 2) - 1
    wrong = -1 if beyond < 0 else highest + 1
    assert refusal(Invalid, lambda: wiegand_from_raw(card_format, wrong)) == (
        f"raw value of {card_format.name} is not a whole number from 0 to {highest}",
        f"give raw value of {card_format.name} as an int within these limits",
    )


@pytest.mark.parametrize(
    ("card_format", "lowest", "highest"),
    [
        (H10301, "000000", "FFFFFF"),
        (H10306, "00000000", "FFFFFFFF"),
        (H10304, "000000000", "7FFFFFFFF"),
        (H10302, "000000000", "7FFFFFFFF"),
        (WiegandFormat("own", 1, 24, 13), "0000000", "1FFFFFF"),
    ],
)
def test_hexadecimal_digits_keep_their_width(card_format, lowest, highest) -> None:
    assert wiegand_from_raw(card_format, 0).hexadecimal == lowest
    assert wiegand_from_raw(card_format, 2**card_format.data_bits - 1).hexadecimal == highest


# Bits


@given(numbers())
def test_decoding_what_was_encoded_gives_the_number(number) -> None:
    card_format = number.card_format
    bits = encode_wiegand(card_format, card_number=number.card_number, facility_code=number.facility_code)
    assert bits == number.bits
    assert decode_wiegand(card_format, bits) == number


@given(numbers(), st.data())
def test_a_single_wrong_bit_is_always_noticed(number, data) -> None:
    place = data.draw(st.integers(0, number.card_format.total_bits - 1))
    bits = flipped(number.bits, place)
    with pytest.raises(Invalid, match=r"parity bit of H1030\d does not match"):
        decode_wiegand(number.card_format, bits)


def flipped(bits: str, place: int) -> str:
    return bits[:place] + ("0" if bits[place] == "1" else "1") + bits[place + 1 :]


@pytest.mark.parametrize(
    ("card_format", "place", "which"),
    [
        (H10301, 0, "leading even"),
        (H10301, 1, "leading even"),
        (H10301, 12, "leading even"),
        (H10301, 13, "trailing odd"),
        (H10301, 24, "trailing odd"),
        (H10301, 25, "trailing odd"),
        (H10306, 16, "leading even"),
        (H10306, 17, "trailing odd"),
        (H10304, 17, "leading even"),
        (H10304, 18, "leading even and the trailing odd"),
        (H10304, 19, "trailing odd"),
        (H10302, 18, "leading even and the trailing odd"),
    ],
)
def test_an_error_says_which_parity_bit_does_not_match(card_format, place, which) -> None:
    """In the 37-bit formats both parity bits cover the data bit in the middle."""
    bits = flipped(number_of(card_format).bits, place)
    assert refusal(Invalid, lambda: decode_wiegand(card_format, bits)) == (
        f"the {which} parity bit of {card_format.name} does not match",
        "read the card again; if it stays, the card has another format",
    )


@pytest.mark.parametrize(
    ("card_format", "count", "expected", "known"),
    [
        (H10301, 25, 26, "none"),
        (H10301, 27, 26, "none"),
        (H10301, 0, 26, "none"),
        (H10301, 34, 26, "H10306"),
        (H10306, 26, 34, "H10301"),
        (H10306, 36, 34, "none"),
        (H10306, 37, 34, "H10304 or H10302"),
        (H10302, 26, 37, "H10301"),
    ],
)
def test_a_wrong_count_of_bits_is_refused_with_the_formats_that_have_as_many(
    card_format, count, expected, known
) -> None:
    assert refusal(Invalid, lambda: decode_wiegand(card_format, "0" * count)) == (
        f"{count} bits are no {card_format.name}, which has {expected}",
        f"known formats of {count} bits: {known}",
    )


@pytest.mark.parametrize(
    "bits", ["1000101010011111000010010x", "1000 1010", "2", "10\n", "\N{ARABIC-INDIC DIGIT ONE}" * 26]
)
def test_anything_but_bits_is_refused(bits) -> None:
    assert refusal(Invalid, lambda: decode_wiegand(H10301, bits)) == (
        "bits hold something else than 0 and 1",
        "give the frame as a text of 0 and 1, without separators",
    )
