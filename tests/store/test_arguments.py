"""An argument of a wrong type is told by its name, never by its value."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.arguments import check_number, check_text, check_type


@pytest.mark.parametrize(
    ("value", "expected"), [("x", (str,)), (None, (str, type(None))), (3, (int, float)), (True, (bool,))]
)
def test_one_of_the_types_passes(value: object, expected: tuple[type, ...]) -> None:
    check_type("name", value, *expected)
    with pytest.raises(TypeError):
        check_type("name", object(), *expected)


def test_what_is_wrong_is_told_without_the_value() -> None:
    with pytest.raises(TypeError) as caught:
        check_type("secret", b"s3cret", str, type(None))
    assert str(caught.value) == "secret must be str or None, not bytes"


def test_a_truth_is_no_number() -> None:
    with pytest.raises(TypeError, match="number must be int, not bool"):
        check_type("number", True, int)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfff"])
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="site holds a character that a database cannot keep"):
        check_text("site", text)
    check_text("site", "Zoé 🚪")
    check_text("site", None, type(None))
    with pytest.raises(TypeError, match="site must be str, not int"):
        check_text("site", 5)


@pytest.mark.parametrize("number", [2**63, -(2**63), 2**70])
def test_a_number_of_more_than_64_bits_is_refused(number: int) -> None:
    with pytest.raises(ConfigurationError, match="delivery is no number of 64 bits"):
        check_number("delivery", number)
    check_number("delivery", 2**63 - 1)
    check_number("delivery", None, type(None))
    with pytest.raises(TypeError, match="delivery must be int, not bool"):
        check_number("delivery", True)
