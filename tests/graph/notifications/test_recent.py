"""What was taken is remembered for a while, and not without end."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.graph.notifications.recent import Recent
from tests.graph.notifications.posted import NOW


def test_it_is_remembered_for_its_span():
    recent = Recent(10, timedelta(hours=4))
    recent.add([("a",)], NOW)
    assert ("a",) in recent
    assert ("b",) not in recent
    recent.add([("b",)], NOW + timedelta(hours=4))
    assert ("a",) not in recent
    assert ("b",) in recent


def test_the_oldest_goes_first_and_what_comes_again_is_new():
    recent = Recent(2, timedelta(hours=4))
    recent.add([("a",), ("b",)], NOW)
    recent.add([("a",)], NOW)
    recent.add([("c",)], NOW)
    assert [(each,) in recent for each in "abc"] == [True, False, True]


def test_no_span_remembers_nothing():
    recent = Recent(10, timedelta())
    recent.add([("a",)], NOW)
    assert ("a",) not in recent
