"""Members that are missing, null or of another type than documented read as nothing."""

from __future__ import annotations

import pytest

from hamilton_sdk.graph.exchange.nodes import Broken, flag, node, nodes, text, texts, whole

ODD = [{}, {"a": None}, {"a": 1.5}, {"a": ["x", None, {}][1:2]}]


@pytest.mark.parametrize("parent", ODD)
def test_what_is_not_there_or_of_another_type_is_nothing(parent):
    assert text(parent, "a") is None
    assert whole(parent, "a") is None
    assert node(parent, "a") == {}
    assert nodes(parent, "a") == []
    assert texts(parent, "a") == ()
    assert not flag(parent, "a")


def test_what_is_there_is_read():
    assert text({"a": "x"}, "a") == "x"
    assert text({"a": ""}, "a") is None
    assert node({"a": {"b": 1}}, "a") == {"b": 1}
    assert nodes({"a": [{"b": 1}, "x", None]}, "a") == [{"b": 1}]
    assert texts({"a": ["x", 1, "y"]}, "a") == ("x", "y")
    assert flag({"a": True}, "a")
    assert not flag({"a": "true"}, "a")


@pytest.mark.parametrize(
    ("written", "number"), [("50", 50), (50, 50), ("-5", None), ("x", None), (True, None)]
)
def test_a_whole_number_may_be_written_as_text(written, number):
    assert whole({"a": written}, "a") == number


def test_what_breaks_the_contract_says_what_it_is_instead():
    error = Broken("an event without an id")
    assert (str(error), error.reason) == ("an event without an id", "an event without an id")
