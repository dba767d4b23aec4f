"""The sync and the async connector are twins, and promise what the interface promises."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import Conflict, Invalid, TimedOut
from hamilton_sdk.flow import Sleep
from hamilton_sdk.graph.async_connector import AsyncCalendar
from hamilton_sdk.graph.connector import Calendar
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.interface import CalendarAdapter
from hamilton_sdk.graph.models import Reservation
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.contracts.graph.blocking import BlockingCalendar

LISTS = {"rooms", "room_lists", "bookings", "watches"}
ISSUE = LISTS | {
    "capabilities",
    "check",
    "occupancy",
    "book",
    "update",
    "cancel",
    "end_early",
    "find",
    "response",
    "changes",
    "watch",
    "renew",
    "unwatch",
}
START = datetime(2026, 3, 9, 9, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=1))
ROOM = "room-1@example.com"
RESERVATION = Reservation("r-1", ROOM, "Meeting", WINDOW, organizer="p@example.com")


def members(kind: type) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


def test_both_have_every_method():
    assert set(members(Calendar)) == set(members(AsyncCalendar)) == ISSUE


@pytest.mark.parametrize("name", sorted(ISSUE - {"capabilities"}))
def test_the_twins_agree_in_all_but_the_awaiting(name):
    sync, twin = members(Calendar)[name], members(AsyncCalendar)[name]
    assert inspect.getdoc(sync) == inspect.getdoc(twin)
    ours, theirs = inspect.signature(sync), inspect.signature(twin)
    assert ours.parameters == theirs.parameters
    said = str(theirs.return_annotation)
    assert ours.return_annotation == said.replace("AsyncPager", "Pager").replace("AsyncChanges", "Changes")
    assert inspect.iscoroutinefunction(twin) is (name not in LISTS | {"changes"})


@pytest.mark.parametrize("name", sorted(ISSUE - {"capabilities"}))
def test_the_connector_takes_what_the_adapter_takes(name):
    paged = {**{each: f"{each}_page" for each in LISTS}, "changes": "changes_page"}
    ours = inspect.signature(members(Calendar)[name]).parameters
    adapters = inspect.signature(members(CalendarAdapter)[paged.get(name, name)]).parameters
    usual = {"wait": timedelta(seconds=30)}
    taken = {
        each.name: usual.get(each.name, each.default)
        for each in adapters.values()
        if (name, each.name) != ("changes", "token")
    }
    assert {each.name: each.default for each in ours.values()} == taken
    assert [(each.name, each.kind) for each in ours.values()] == [
        (each.name, each.kind) for each in adapters.values() if each.name in ours
    ]


def test_the_constructor_is_the_contract():
    for kind in (Calendar, AsyncCalendar):
        parameters = inspect.signature(kind).parameters
        assert list(parameters) == ["adapter", "transport", "retry", "clock", "hooks"]
        assert all(each.kind is each.KEYWORD_ONLY for each in list(parameters.values())[1:])


class Unasked(FakeCalendar):
    """An adapter that must not be asked for anything."""

    def __getattribute__(self, name: str) -> Any:
        assert name.removesuffix("_page") not in ISSUE, f"{name} was asked for"
        return super().__getattribute__(name)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def opened(request):
    """Makes a connector of the side under test, with the face of the sync one."""

    def make(adapter: CalendarAdapter, **options: Any) -> Any:
        if request.param:
            return BlockingCalendar(AsyncCalendar(adapter, **options))
        return Calendar(adapter, **options)

    return make


WRONG = [
    ("rooms", (5,), {}, "token must be str or None"),
    ("room_lists", (5,), {}, "token must be str or None"),
    ("occupancy", (ROOM, WINDOW), {}, "rooms must be an iterable of str"),
    ("occupancy", ([ROOM], "today"), {}, "window must be TimeWindow"),
    ("book", ("x",), {}, "reservation must be Reservation"),
    ("book", (RESERVATION, "30"), {}, "wait must be timedelta or seconds"),
    ("update", ("x",), {}, "reservation must be Reservation"),
    ("update", (RESERVATION, 5), {}, "version must be str or None"),
    ("cancel", (5,), {"mailbox": ROOM}, "reference must be str"),
    ("cancel", ("r",), {"mailbox": None}, "mailbox must be str"),
    ("cancel", ("r",), {"mailbox": ROOM, "version": 5}, "version must be str or None"),
    ("cancel", ("r",), {"mailbox": ROOM, "comment": 5}, "comment must be str or None"),
    ("end_early", (5,), {"mailbox": ROOM}, "reference must be str"),
    ("end_early", ("r",), {"mailbox": None}, "mailbox must be str"),
    ("find", (5,), {"mailbox": ROOM}, "reference must be str"),
    ("find", ("r",), {"mailbox": None}, "mailbox must be str"),
    ("bookings", (5, WINDOW), {}, "room must be str"),
    ("bookings", (ROOM, None), {}, "window must be TimeWindow"),
    ("bookings", (ROOM, WINDOW, 5), {}, "token must be str or None"),
    ("response", (5,), {"mailbox": ROOM}, "reference must be str"),
    ("response", ("r",), {"mailbox": None}, "mailbox must be str"),
    ("changes", (5,), {}, "room must be str"),
    ("changes", (ROOM,), {"window": "today"}, "window must be TimeWindow or None"),
    ("changes", (ROOM,), {"cursor": 5}, "cursor must be str or None"),
    ("watch", (5, "https://x.org"), {}, "room must be str"),
    ("watch", (ROOM, 5), {}, "notify_url must be str"),
    ("watch", (ROOM, "https://x.org"), {"lifecycle_url": 5}, "lifecycle_url must be str or None"),
    ("watch", (ROOM, "https://x.org"), {"duration": 5}, "duration must be timedelta or None"),
    ("watch", (ROOM, "https://x.org"), {"secret": 5}, "secret must be str or None"),
    ("watch", (ROOM, "https://x.org"), {"certificate": 5}, "certificate must be str or None"),
    ("watch", (ROOM, "https://x.org"), {"certificate_id": 5}, "certificate_id must be str or None"),
    ("renew", (5,), {}, "watch_id must be str"),
    ("renew", ("w", 5), {}, "duration must be timedelta or None"),
    ("unwatch", (5,), {}, "watch_id must be str"),
    ("watches", (5,), {}, "token must be str or None"),
]


@pytest.mark.parametrize(("method", "arguments", "keywords", "words"), WRONG)
def test_an_argument_of_a_wrong_type_is_told_before_the_adapter_is_asked(
    opened, method, arguments, keywords, words
):
    with opened(Unasked()) as calendar:
        with pytest.raises(TypeError) as caught:
            getattr(calendar, method)(*arguments, **keywords)
        assert str(caught.value).startswith(f"{method}: {words}")


def test_every_argument_of_every_method_is_checked():
    given = {(method, words.partition(" ")[0]) for method, _, _, words in WRONG}
    taken = {
        (method, name)
        for method in ISSUE - {"capabilities"}
        for name in inspect.signature(members(Calendar)[method]).parameters
        if name != "self"
    }
    assert taken == given


def test_a_wait_below_nothing_is_refused_before_the_adapter_is_asked(opened):
    with opened(Unasked()) as calendar, pytest.raises(Invalid, match="wait is negative"):
        calendar.book(RESERVATION, -1)


def test_the_deadline_of_a_booking_allows_for_the_wait(opened):
    """A room that takes its time is no reason to give up; what comes on top of the wait is."""
    fake = FakeCalendar(mode="attendee", answer_after=timedelta(minutes=10))
    clock = SettableClock(START)
    with opened(fake, clock=clock, retry=RetryPolicy(deadline=5)) as calendar:
        assert calendar.book(RESERVATION, wait=timedelta(minutes=20)).state == "confirmed"
    assert clock.now() == START + timedelta(minutes=10)


class Slow(FakeCalendar):
    """Takes longer for the calls themselves than it was told to wait."""

    def book(self, reservation, wait):
        yield Sleep(wait.total_seconds() + 6)
        raise AssertionError("the deadline did not hold")


def test_the_deadline_holds_for_all_but_the_wait(opened):
    with opened(Slow(), clock=SettableClock(START), retry=RetryPolicy(deadline=5)) as calendar:
        with pytest.raises(TimedOut):
            calendar.book(RESERVATION, wait=2)


def test_seconds_and_a_timedelta_are_the_same_wait(opened):
    for wait in (90, timedelta(seconds=90)):
        clock = SettableClock(START)
        with opened(FakeCalendar(mode="attendee", answer_after=None), clock=clock) as calendar:
            assert calendar.book(RESERVATION, wait=wait).state == "pending"
        assert clock.now() == START + timedelta(seconds=90)


def test_no_deadline_stays_no_deadline(opened):
    with opened(FakeCalendar(), retry=RetryPolicy(deadline=None)) as calendar:
        assert calendar.book(RESERVATION).state == "confirmed"


def test_a_day_in_the_life_of_a_room(opened):
    """Every method reaches the adapter with its own arguments."""
    fake = FakeCalendar(room_lists=["tower@example.com"])
    with opened(fake, clock=SettableClock(START - timedelta(hours=1))) as calendar:
        assert calendar.capabilities == fake.capabilities
        assert calendar.check().product == "FakeCalendar"
        assert next(iter(calendar.rooms())).address == ROOM
        assert [each.name for each in calendar.room_lists()] == ["tower"]
        booking = calendar.book(RESERVATION)
        longer = RESERVATION.model_copy(update={"window": TimeWindow(START, START + timedelta(hours=2))})
        changed = calendar.update(longer, booking.version)
        with pytest.raises(Conflict):
            calendar.update(RESERVATION, booking.version)
        assert calendar.find("r-1", mailbox=ROOM) == changed
        assert calendar.response("r-1", mailbox=ROOM) == "organizer"
        (taken,) = calendar.occupancy([ROOM], WINDOW)
        assert [each.window for each in taken.meetings] == [longer.window]
        assert list(calendar.bookings(ROOM, WINDOW)) == [changed]
        changes = calendar.changes(ROOM, window=WINDOW)
        assert [each.booking for each in changes] == [changed]
        with pytest.raises(Conflict):
            calendar.cancel("r-1", mailbox=ROOM, version=booking.version, comment="No.")
        assert calendar.end_early("r-1", mailbox=ROOM).state == "cancelled"
        assert [each.kind for each in calendar.changes(ROOM, cursor=changes.cursor)] == ["removed"]


def test_a_watch_from_its_beginning_to_its_end(opened):
    with opened(FakeCalendar(), clock=SettableClock(START)) as calendar:
        given = {"secret": "s", "certificate": "PEM", "certificate_id": "key-1"}
        url = "https://hamilton.example.com/graph"
        watch = calendar.watch(ROOM, url, lifecycle_url=url, duration=timedelta(hours=1), **given)
        assert (watch.secret, watch.rich) == ("s", True)
        assert watch.expires_at == START + timedelta(hours=1)
        assert calendar.renew(watch.id, timedelta(hours=2)).expires_at == START + timedelta(hours=2)
        assert [each.id for each in calendar.watches()] == [watch.id]
        calendar.unwatch(watch.id)
        assert list(calendar.watches()) == []


def test_the_deadline_of_a_change_allows_for_the_rooms_answer_too(opened):
    fake = FakeCalendar(mode="attendee", answer_after=timedelta(seconds=20))
    clock = SettableClock(START)
    with opened(fake, clock=clock, retry=RetryPolicy(deadline=5)) as calendar:
        calendar.book(RESERVATION)
        longer = RESERVATION.model_copy(update={"window": TimeWindow(START, START + timedelta(hours=2))})
        assert calendar.update(longer).state == "confirmed"
    assert clock.now() == START + timedelta(seconds=40)
