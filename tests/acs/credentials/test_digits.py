"""Digits: what counts as a number, random numbers, and how easily one is guessed."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.credentials.digits import check_range, decimal_value, guess_risk, random_number
from hamilton_sdk.errors import Invalid
from tests.acs.credentials.refusal import refusal

# Checks


@pytest.mark.parametrize("value", [3, 4, 7])
def test_limits_are_included(value) -> None:
    check_range("size", value, 3, 7)
    assert refusal(Invalid, lambda: check_range("size", value, 8, 9))[0].endswith("from 8 to 9")


@pytest.mark.parametrize("value", [2, 8, -5, 5.0, "5", True, None])
def test_anything_but_an_int_within_the_limits_is_refused(value) -> None:
    assert refusal(Invalid, lambda: check_range("size", value, 0 if value is True else 3, 7)) == (
        f"size is not a whole number from {0 if value is True else 3} to 7",
        "give size as an int within these limits",
    )


@pytest.mark.parametrize(
    ("number", "value"), [("0", 0), ("007", 7), ("48213377", 48213377), ("9" * 64, 10**64 - 1)]
)
def test_decimal_digits_have_their_value(number, value) -> None:
    assert decimal_value(number) == value


@pytest.mark.parametrize(
    "number", ["", " 7", "7 ", "+7", "-7", "1_000", "7\n", "1.0", "A7", "٤٨", "²", "1" * 65]
)
def test_what_int_would_forgive_is_refused(number) -> None:
    assert refusal(Invalid, lambda: decimal_value(number)) == (
        "the number is not 1 to 64 decimal digits",
        "give it as text of the digits 0 to 9, without spaces",
    )


# Random numbers


def test_a_random_number_has_eight_digits_unless_told() -> None:
    assert all(len(random_number()) == 8 for _ in range(100))


@given(st.integers(4, 64))
def test_a_random_number_has_as_many_digits_as_asked_and_no_leading_zero(digits) -> None:
    number = random_number(digits)
    assert len(number) == digits
    assert set(number) <= set("0123456789")
    assert number[0] != "0"


@pytest.mark.parametrize(
    ("drawn", "expected"), [(0, "10000000"), (38213377, "48213377"), (89_999_999, "99999999")]
)
def test_the_whole_space_of_90_million_is_drawn_from_a_cryptographic_source(
    monkeypatch, drawn, expected
) -> None:
    asked = []
    monkeypatch.setattr(secrets, "randbelow", lambda bound: asked.append(bound) or drawn)
    assert random_number() == expected
    assert asked == [90_000_000]


@pytest.mark.parametrize("digits", [3, 0, -1, 65, "8"])
def test_a_number_that_can_be_tried_out_or_that_no_system_takes_is_not_drawn(digits) -> None:
    expected = ("digits is not a whole number from 4 to 64", "give digits as an int within these limits")
    assert refusal(Invalid, lambda: random_number(digits)) == expected
    assert refusal(Invalid, lambda: guess_risk(1, 1, digits)) == expected


# Guessing


@pytest.mark.parametrize(
    ("live", "tries", "digits", "risk"),
    [
        (900, 1000, 8, 0.01),
        (1, 1, 8, 1 / 90_000_000),
        (0, 1000, 8, 0.0),
        (900, 0, 8, 0.0),
        (9, 10, 4, 0.01),
        (9000, 1, 4, 1.0),
        (9000, 2, 4, 1.0),
        (2, 9000, 4, 1.0),
        (90_000_000, 1, 8, 1.0),
        (1, 90_000_000, 8, 1.0),
    ],
)
def test_the_risk_is_live_numbers_times_tries_through_the_space(live, tries, digits, risk) -> None:
    assert guess_risk(live, tries, digits) == risk


def test_the_risk_is_that_of_eight_digits_unless_told() -> None:
    assert guess_risk(900, 1000) == 0.01


@given(st.integers(0, 9000), st.integers(0, 9000))
def test_a_risk_is_a_probability(live, tries) -> None:
    assert 0.0 <= guess_risk(live, tries, 4) <= 1.0


@pytest.mark.parametrize("wrong", [-1, 9001, 1.5])
def test_counts_outside_the_space_are_refused(wrong) -> None:
    for name, live, tries in (("live", wrong, 1), ("tries", 1, wrong)):
        assert refusal(Invalid, lambda live=live, tries=tries: guess_risk(live, tries, 4)) == (
            f"{name} is not a whole number from 0 to 9000",
            f"give {name} as an int within these limits",
        )
