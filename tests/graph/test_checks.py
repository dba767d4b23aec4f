"""Arguments are checked before an adapter is asked, and no error repeats one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.checks import check_arguments, checked_rooms, checked_wait
from hamilton_sdk.model import TimeWindow

WINDOW = TimeWindow(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reservation": "x"}, "reservation must be Reservation, not str"),
        ({"window": None}, "window must be TimeWindow, not NoneType"),
        ({"reference": None}, "reference must be str, not NoneType"),
        ({"version": 5}, "version must be str or None, not int"),
        ({"duration": 5}, "duration must be timedelta or None, not int"),
        ({"certificate_id": b"x"}, "certificate_id must be str or None, not bytes"),
    ],
)
def test_a_wrong_type_is_told_by_name(given, words):
    with pytest.raises(TypeError) as caught:
        check_arguments("book", **given)
    assert str(caught.value) == f"book: {words}"


def test_what_fits_passes():
    check_arguments("watch", room="r@example.com", duration=timedelta(1), secret=None, window=WINDOW)


def test_changes_alone_may_go_without_a_window():
    check_arguments("changes", window=None, cursor=None)
    check_arguments("changes", window=WINDOW)
    with pytest.raises(TypeError, match=r"^changes: window must be TimeWindow or None, not str$"):
        check_arguments("changes", window="today")


def test_no_value_is_repeated():
    with pytest.raises(TypeError) as caught:
        check_arguments("find", reference=["zoe@example.com"])
    assert "zoe" not in str(caught.value)


def test_rooms_come_from_any_iterable():
    assert checked_rooms("occupancy", (each for each in ["a@x.org", "b@x.org"])) == ("a@x.org", "b@x.org")
    assert checked_rooms("occupancy", []) == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [("a@x.org", "not str"), (5, "not int"), (["a@x.org", 5], "and holds int")],
)
def test_rooms_that_are_none_are_refused(given, words):
    with pytest.raises(TypeError, match=f"occupancy: rooms must be an iterable of str, {words}"):
        checked_rooms("occupancy", given)


@pytest.mark.parametrize(
    ("given", "seconds"), [(timedelta(seconds=30), 30), (30, 30), (0.5, 0.5), (timedelta(), 0)]
)
def test_a_wait_is_a_timedelta_or_seconds(given, seconds):
    assert checked_wait("book", given) == timedelta(seconds=seconds)


@pytest.mark.parametrize("given", [None, "30", True])
def test_a_wait_of_another_type_is_refused(given):
    with pytest.raises(TypeError, match=r"^book: wait must be timedelta or seconds, not "):
        checked_wait("book", given)


@pytest.mark.parametrize("given", [-1, timedelta(-1), float("nan"), float("inf"), 1e300])
def test_a_wait_that_is_no_span_is_refused_with_a_hint(given):
    with pytest.raises(Invalid, match="wait is negative") as caught:
        checked_wait("book", given)
    assert caught.value.hint
