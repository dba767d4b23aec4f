"""An event as callers see it, at home and in the room's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hamilton_sdk.graph._events import Event, Moved, Values
from hamilton_sdk.graph.models import Attendee, Recurrence, Reservation
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = TimeWindow(START, START + HOUR)
ROOM, PERSON = "room@example.com", "p@example.com"
DAILY = Recurrence(pattern="daily", count=4)
FAR = START + timedelta(days=400)


def event(mailbox: str = PERSON, **values: object) -> Event:
    shown = Values("Budget", **{"window": WINDOW, **values})
    return Event(7, "r-1", mailbox, ROOM, shown, 3, START, "accepted", series_version=2)


def test_values_are_those_of_the_reservation():
    reservation = Reservation(
        "r-1", ROOM, "Budget", WINDOW, PERSON, ["g@example.com"], "Body", "Europe/Paris", DAILY, "private"
    )
    values = Values.of(reservation, invited=PERSON)
    assert values == Values(
        "Budget",
        WINDOW,
        (Attendee(PERSON), Attendee("g@example.com")),
        "Body",
        "Europe/Paris",
        DAILY,
        "private",
    )
    assert Values.of(reservation, invited=None).attendees == (Attendee("g@example.com"),)


def test_what_is_not_said_is_usual():
    values = Values.of(Reservation("r-1", ROOM, "Budget", WINDOW), invited=None)
    assert (values.timezone, values.sensitivity, values.all_day) == ("UTC", "normal", False)
    assert Values("x", WINDOW, timezone="tzone://Microsoft/Custom").zone() == ZoneInfo("UTC")


def test_a_zone_matters_to_what_repeats_alone():
    single, series = Values("x", WINDOW), Values("x", WINDOW, recurrence=DAILY)
    assert single.takes_as(Values("y", WINDOW, timezone="Europe/Paris"))
    assert not series.takes_as(Values("x", WINDOW, timezone="Europe/Paris", recurrence=DAILY))
    assert series.takes_as(Values("y", WINDOW, timezone="Z", recurrence=DAILY))
    assert not single.takes_as(series)


def test_a_single_one_has_one_span():
    assert [each.window for each in event().spans(FAR)] == [WINDOW]
    assert list(event().spans(START)) == []


def test_a_series_has_its_occurrences_and_exceptions():
    series = event(recurrence=DAILY)
    series.exceptions[date(2026, 3, 10)] = Moved(None, 5)
    moved = TimeWindow(START + timedelta(days=2, hours=3), START + timedelta(days=2, hours=4))
    series.exceptions[date(2026, 3, 11)] = Moved(moved, 6)
    found = [(each.kind, each.day.day, each.version) for each in series.spans(FAR)]
    assert found == [("occurrence", 9, 2), ("exception", 11, 6), ("occurrence", 12, 2)]


def test_an_exception_that_was_moved_earlier_is_not_overlooked():
    series = event(recurrence=DAILY)
    moved = TimeWindow(START + timedelta(days=1, hours=2), START + timedelta(days=1, hours=3))
    series.exceptions[date(2026, 3, 11)] = Moved(moved, 6)
    until = START + timedelta(days=1, hours=4)
    assert moved in [each.window for each in series.spans(until)]


def test_at_home_it_has_all_and_in_the_room_what_exchange_leaves():
    home, copy = event().booking(), event().booking(at_home=False)
    assert (home.reference, home.mailbox, home.subject) == ("r-1", PERSON, "Budget")
    assert (copy.reference, copy.mailbox, copy.subject) == (None, ROOM, PERSON)
    assert home.id != copy.id
    assert home.ical_uid == copy.ical_uid


def test_where_the_room_organises_both_are_the_same():
    own = event(ROOM.upper())
    assert own.booking().id == own.booking(at_home=False).id
    assert own.booking(at_home=False).reference == "r-1"


def test_an_occurrence_names_its_series():
    series = event(recurrence=DAILY)
    second = list(series.spans(FAR))[1]
    booking = series.booking(second)
    assert booking.series_id == series.id
    assert (booking.kind, booking.version, booking.recurrence) == ("occurrence", "v2", None)
    assert (series.booking().kind, series.booking().version) == ("series", "v3")


def test_whole_days_are_those_of_their_zone():
    paris = ZoneInfo("Europe/Paris")
    window = TimeWindow(datetime(2026, 3, 9, tzinfo=paris), datetime(2026, 3, 11, tzinfo=paris))
    booking = event(window=window, timezone="Europe/Paris", all_day=True).booking()
    assert booking.all_day == (date(2026, 3, 9), date(2026, 3, 11))


def test_a_private_meeting_hides_its_subject():
    (span,) = event().spans(FAR)
    assert event(sensitivity="private").meeting(span).subject is None
    assert event(ROOM).meeting(span).subject == "Budget"
    assert event(ROOM).meeting(span).reference == "r-1"
    assert event().meeting(span).reference is None


def test_the_state_is_what_the_room_answered():
    one = event()
    for response, state in (("none", "pending"), ("tentative", "tentative"), ("declined", "declined")):
        one.response = response
        assert one.booking().state == state
    assert not one.in_room
    one.response, one.cancelled = "accepted", True
    assert (one.booking().state, one.in_room) == ("cancelled", False)


def test_what_is_not_certain_is_tentative():
    one = event()
    (span,) = one.spans(FAR)
    assert one.meeting(span).status == "busy"
    one.response = "none"
    assert one.meeting(span).status == "tentative"
