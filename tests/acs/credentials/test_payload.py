"""QR payloads: what a site's readers expect, and nothing that could be read as another number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.credentials.payload import QrPayload
from hamilton_sdk.errors import ConfigurationError, Invalid
from tests.acs.credentials.refusal import refusal

ASCII = "".join(map(chr, range(0x21, 0x7F)))
PREFIXES = st.text(ASCII, max_size=8)
NUMBERS = st.integers(1, 10**20 - 1).map(str)
TOKENS = st.text(ASCII, min_size=1, max_size=64)

PLAIN = QrPayload()
FIXED = QrPayload("fixed", digits=10)
HEXADECIMAL = QrPayload("hexadecimal", digits=8)
WITH_SITE_CODE = QrPayload("fixed", digits=10, prefix="17")


# Writing


@pytest.mark.parametrize(
    ("site", "number", "payload"),
    [
        (PLAIN, "48213377", "48213377"),
        (PLAIN, "00482133", "00482133"),
        (PLAIN, "0", "0"),
        (PLAIN, "04:5A:57", "04:5A:57"),
        (QrPayload(prefix="V-"), "48213377", "V-48213377"),
        (FIXED, "48213377", "0048213377"),
        (FIXED, "1", "0000000001"),
        (FIXED, "9999999999", "9999999999"),
        (HEXADECIMAL, "48213377", "02DFAD81"),
        (HEXADECIMAL, "4294967295", "FFFFFFFF"),
        (HEXADECIMAL, "10", "0000000A"),
        (WITH_SITE_CODE, "48213377", "170048213377"),
        (QrPayload("hexadecimal", digits=8, prefix="0x"), "48213377", "0x02DFAD81"),
    ],
)
def test_a_number_is_written_as_the_site_expects_and_read_back(site, number, payload) -> None:
    assert site.encode(number) == payload
    assert site.decode(payload) == number


@given(PREFIXES, TOKENS)
def test_a_plain_token_comes_back_exactly(prefix, token) -> None:
    site = QrPayload(prefix=prefix)
    assert site.encode(token) == prefix + token
    assert site.decode(prefix + token) == token


@given(st.sampled_from(["fixed", "hexadecimal"]), st.integers(20, 64), PREFIXES, NUMBERS)
def test_a_filled_up_number_comes_back_exactly_and_always_has_the_same_width(
    form, digits, prefix, number
) -> None:
    site = QrPayload(form, digits=digits, prefix=prefix)
    payload = site.encode(number)
    assert len(payload) == len(prefix) + digits
    assert payload.startswith(prefix)
    assert site.decode(payload) == number


@pytest.mark.parametrize("site", [FIXED, HEXADECIMAL])
@pytest.mark.parametrize("number", ["0", "00", "048213377"])
def test_leading_zeros_are_refused_where_they_would_be_lost(site, number) -> None:
    assert refusal(Invalid, lambda: site.encode(number)) == (
        f"the number begins with 0, which looks like filling in a {site.form} payload",
        "use the form plain for numbers with leading zeros",
    )


@pytest.mark.parametrize(
    ("site", "number", "needed", "width"),
    [
        (FIXED, "10000000000", 11, 10),
        (HEXADECIMAL, "4294967296", 9, 8),
        (WITH_SITE_CODE, "10000000000", 11, 10),
    ],
)
def test_a_number_wider_than_the_site_expects_is_refused(site, number, needed, width) -> None:
    assert refusal(Invalid, lambda: site.encode(number)) == (
        f"the number takes {needed} digits, this site's {site.form} payload has {width}",
        "draw shorter numbers, or correct the digits in the site's settings",
    )


@pytest.mark.parametrize("site", [FIXED, HEXADECIMAL])
@pytest.mark.parametrize("number", ["", "1A", "-5", " 5", "5\n", "\N{ARABIC-INDIC DIGIT FIVE}"])
def test_a_filled_up_number_has_decimal_digits_only(site, number) -> None:
    assert refusal(Invalid, lambda: site.encode(number))[0] == "the number is not 1 to 64 decimal digits"


@pytest.mark.parametrize(
    "number", ["", "48 21", "48213377\n", "café", "\x7f", "\N{ARABIC-INDIC DIGIT FIVE}", "x" * 65]
)
def test_a_plain_token_has_ascii_characters_only(number) -> None:
    assert refusal(Invalid, lambda: PLAIN.encode(number)) == (
        "the number is not 1 to 64 ASCII characters without spaces",
        "keep to ASCII: readers differ in how they read anything else",
    )


def test_a_plain_token_may_have_64_characters() -> None:
    assert PLAIN.encode("x" * 64) == "x" * 64


# Reading


@pytest.mark.parametrize(
    ("site", "payload"),
    [
        (PLAIN, ""),
        (PLAIN, "48 21"),
        (PLAIN, "48213377\n"),
        (PLAIN, "x" * 65),
        (QrPayload(prefix="V-"), "48213377"),
        (QrPayload(prefix="V-"), "V-"),
        (QrPayload(prefix="V-"), "v-48213377"),
        (QrPayload(prefix="V-"), "48213377V-"),
        (FIXED, "48213377"),
        (FIXED, "00048213377"),
        (FIXED, "004821337A"),
        (FIXED, "0000000000"),
        (FIXED, "+048213377"),
        (FIXED, "٠٠٤٨٢١٣٣٧٧"),
        (WITH_SITE_CODE, "180048213377"),
        (WITH_SITE_CODE, "0048213377"),
        (WITH_SITE_CODE, "17048213377"),
        (HEXADECIMAL, "02dfad81"),
        (HEXADECIMAL, "2DFAD81"),
        (HEXADECIMAL, "002DFAD81"),
        (HEXADECIMAL, "02DFAD8G"),
        (HEXADECIMAL, "0x2DFAD8"),
        (HEXADECIMAL, "00000000"),
    ],
)
def test_a_payload_of_another_form_is_refused(site, payload) -> None:
    assert refusal(Invalid, lambda: site.decode(payload)) == (
        f"the payload is not a {site.form} one with the prefix and width of this site",
        "it is another site's code, or the settings are not the readers' own",
    )


@given(st.sampled_from([PLAIN, FIXED, HEXADECIMAL, WITH_SITE_CODE]), st.text(max_size=14))
def test_whatever_a_scanner_gives_is_read_as_one_number_or_refused(site, scanned) -> None:
    try:
        number = site.decode(scanned)
    except Invalid:
        return
    assert site.encode(number) == scanned


# Settings


@pytest.mark.parametrize("form", ["", "Plain", "decimal", "base36"])
def test_an_unknown_form_is_refused_with_the_known_ones(form) -> None:
    assert refusal(ConfigurationError, lambda: QrPayload(form)) == (
        "QrPayload.form is unknown",
        "use one of plain, fixed, hexadecimal",
    )


@pytest.mark.parametrize("digits", [1, -1, 8])
def test_a_plain_payload_has_no_width(digits) -> None:
    assert refusal(ConfigurationError, lambda: QrPayload(digits=digits)) == (
        "QrPayload.digits is not from 0 to 0, as a plain payload needs it",
        "give the width that the site's readers expect",
    )


@pytest.mark.parametrize("form", ["fixed", "hexadecimal"])
@pytest.mark.parametrize("digits", [0, -1, 65])
def test_a_filled_up_payload_needs_a_width(form, digits) -> None:
    assert refusal(ConfigurationError, lambda: QrPayload(form, digits=digits)) == (
        f"QrPayload.digits is not from 1 to 64, as a {form} payload needs it",
        "give the width that the site's readers expect",
    )


@pytest.mark.parametrize("form", ["fixed", "hexadecimal"])
def test_the_narrowest_and_the_widest_payload_work(form) -> None:
    assert QrPayload(form, digits=1).encode("9") == "9"
    assert QrPayload(form, digits=64).encode("9") == "9".rjust(64, "0")


@pytest.mark.parametrize("prefix", [" ", "a b", "é", "17\n", "x" * 65])
def test_a_prefix_is_ascii_without_spaces(prefix) -> None:
    assert refusal(ConfigurationError, lambda: QrPayload(prefix=prefix)) == (
        "QrPayload.prefix is not 64 ASCII characters at most, without spaces",
        "keep to ASCII: readers differ in how they read anything else",
    )


def test_a_prefix_may_have_64_characters() -> None:
    assert QrPayload(prefix="x" * 64).encode("1") == "x" * 64 + "1"
