"""An argument of a wrong type is told by its name, never by its value."""

from __future__ import annotations

import pytest

from hamilton_sdk.arguments import check_arguments, check_type, checked_items


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


TYPES = {"room": (str,), "window": (int,), "changes.window": (int, type(None))}


class TestArguments:
    def test_what_fits_passes(self) -> None:
        check_arguments("book", {"room": "blue", "window": 1}, TYPES)

    def test_method_argument_and_type_are_named(self) -> None:
        with pytest.raises(TypeError) as caught:
            check_arguments("book", {"room": "blue", "window": "s3cret"}, TYPES)
        assert str(caught.value) == "book: window must be int, not str"

    def test_a_method_may_take_more_than_the_others(self) -> None:
        check_arguments("changes", {"window": None}, TYPES)
        with pytest.raises(TypeError, match="book: window must be int, not NoneType"):
            check_arguments("book", {"window": None}, TYPES)


class TestItems:
    @pytest.mark.parametrize("given", [["a", "b"], ("a", "b"), iter("ab"), {"a": 1, "b": 2}])
    def test_any_collection_is_read(self, given: object) -> None:
        assert checked_items("occupancy: rooms", given, str) == ("a", "b")

    def test_a_single_one_is_no_collection(self) -> None:
        """Its letters would come out."""
        with pytest.raises(TypeError) as caught:
            checked_items("occupancy: rooms", "blue", str)
        assert str(caught.value) == "occupancy: rooms must be an iterable of str, not str"

    def test_what_is_no_collection_is_said(self) -> None:
        with pytest.raises(TypeError, match="rooms must be an iterable of str, not int"):
            checked_items("occupancy: rooms", 5, str)

    def test_what_it_holds_is_said_and_not_shown(self) -> None:
        with pytest.raises(TypeError) as caught:
            checked_items("occupancy: rooms", ["a", b"s3cret"], str)
        assert str(caught.value) == "occupancy: rooms must be an iterable of str, and holds bytes"
