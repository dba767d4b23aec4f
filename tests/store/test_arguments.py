"""An argument of a wrong type is told by its name, never by its value."""

from __future__ import annotations

import pytest

from hamilton_sdk.store.arguments import check_type


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
