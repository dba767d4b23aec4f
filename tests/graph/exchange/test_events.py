"""An event of Graph's becomes a booking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hamilton_sdk.graph import Attendee
from hamilton_sdk.graph.exchange import events
from hamilton_sdk.graph.exchange.nodes import Broken
from hamilton_sdk.graph.exchange.settings import REFERENCE_PROPERTY
from tests.graph.exchange.world import AT, HOUR, PERSON, ROOM, event, marked, utc, window

IN_ROOM = events.Reader(ROOM, REFERENCE_PROPERTY, room=ROOM)
AT_PERSON = events.Reader(PERSON, REFERENCE_PROPERTY, room=None)


def invited(address, kind="required", response="none", **more):
    return {"type": kind, "emailAddress": {"address": address, **more}, "status": {"response": response}}


def test_a_meeting_that_the_room_organises_is_confirmed():
    booking = IN_ROOM(event("AA=", **marked("r-1")))
    assert (booking.reference, booking.id, booking.mailbox, booking.room) == ("r-1", "AA=", ROOM, ROOM)
    assert (booking.state, booking.response) == ("confirmed", "organizer")
    assert booking.window == window()
    assert (booking.version, booking.ical_uid, booking.kind) == ("key-AA=", "uid-AA=", "single")
    assert booking.changed_at == datetime(2026, 11, 30, 8, 0, 1, 123456, tzinfo=UTC)
    assert booking.all_day is None
    assert booking.recurrence is None


@pytest.mark.parametrize(
    ("said", "response", "state"),
    [
        ("accepted", "accepted", "confirmed"),
        ("tentativelyAccepted", "tentative", "tentative"),
        ("declined", "declined", "declined"),
        ("notResponded", "none", "pending"),
        ("none", "none", "pending"),
        ("organizer", "organizer", "confirmed"),
        ("something new", "none", "pending"),
        (None, "none", "pending"),
    ],
)
def test_in_the_rooms_calendar_its_own_response_counts(said, response, state):
    told = event(isOrganizer=False, responseStatus={"response": said, "time": "0001-01-01T00:00:00Z"})
    booking = IN_ROOM(told)
    assert (booking.response, booking.state) == (response, state)


@pytest.mark.parametrize(
    ("said", "state"), [("accepted", "confirmed"), ("declined", "declined"), ("none", "pending")]
)
def test_at_the_organisers_the_rooms_answer_counts_and_the_room_is_no_attendee(said, state):
    people = [invited("bob@contoso.example", "optional"), invited(ROOM.upper(), "resource", said)]
    booking = AT_PERSON(event(attendees=people))
    assert booking.state == state
    assert booking.room == ROOM.upper()
    assert booking.attendees == (Attendee("bob@contoso.example", kind="optional"),)


def test_of_several_resources_the_place_is_the_room():
    beamer, room = invited("beamer@contoso.example", "resource"), invited(ROOM, "resource", "accepted")
    for place in ({"uniqueId": ROOM.upper()}, {"locationEmailAddress": ROOM}):
        assert AT_PERSON(event(attendees=[beamer, room], location=place)).room == ROOM
    assert AT_PERSON(event(attendees=[beamer, room], location=None)).room == "beamer@contoso.example"


def test_a_meeting_without_a_room_has_none():
    booking = AT_PERSON(event(attendees=None))
    assert (booking.room, booking.state) == ("", "pending")


def test_a_cancelled_meeting_says_so_whatever_was_answered():
    assert IN_ROOM(event(isCancelled=True)).state == "cancelled"


def test_whole_days_are_dates_and_not_converted():
    days = {
        "isAllDay": True,
        "originalStartTimeZone": "Romance Standard Time",
        "start": {"dateTime": "2026-12-07T00:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-09T00:00:00.0000000", "timeZone": "UTC"},
    }
    booking = IN_ROOM(event(**days))
    assert booking.all_day == (date(2026, 12, 7), date(2026, 12, 9))
    assert booking.window.start == datetime(2026, 12, 6, 23, tzinfo=UTC)
    assert booking.window.duration == timedelta(days=2)


def test_a_series_tells_how_it_repeats_and_an_occurrence_of_which_series_it_is():
    repeats = {"pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd"}}
    series = IN_ROOM(event(type="seriesMaster", recurrence=repeats))
    assert series.kind == "series"
    assert series.recurrence is not None
    occurrence = IN_ROOM(event(type="occurrence", seriesMasterId="M=", recurrence=repeats))
    assert (occurrence.kind, occurrence.series_id, occurrence.recurrence) == ("occurrence", "M=", None)
    assert IN_ROOM(event(type="exception")).kind == "exception"
    assert IN_ROOM(event(type=None)).kind == "single"


def test_the_version_is_the_change_key_or_the_inside_of_the_tag():
    assert events.version_of({"changeKey": "k=="}) == "k=="
    assert events.version_of({"@odata.etag": 'W/"k=="'}) == "k=="
    with pytest.raises(Broken):
        events.version_of({})


def test_an_event_without_id_or_times_breaks_the_contract():
    for missing in ("id", "start", "end"):
        with pytest.raises(Broken):
            IN_ROOM({**event(), missing: None})


def test_a_reference_is_the_one_of_our_own_property():
    other = {"id": "String {00000000-0000-0000-0000-000000000000} Name Other", "value": "x"}
    told = {"singleValueExtendedProperties": [other, *marked("r-1")["singleValueExtendedProperties"]]}
    assert events.reference_of(told, REFERENCE_PROPERTY) == "r-1"
    assert events.reference_of({"singleValueExtendedProperties": [other]}, REFERENCE_PROPERTY) is None
    assert IN_ROOM(event(), "known").reference == "known"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({"emailAddress": {"address": "no address", "name": "Bob"}}, None),
        ({"emailAddress": {"address": "b @x.example"}}, None),
        ({"emailAddress": {"name": "Bob"}}, None),
        ({"emailAddress": None}, None),
        ({"emailAddress": {"address": "b@x.example", "name": "B\tob"}}, Attendee("b@x.example")),
        ({"emailAddress": {"address": "b@x.example", "name": "Bob"}}, Attendee("b@x.example", "Bob")),
    ],
)
def test_an_attendee_that_is_none_hides_no_meeting(told, address):
    assert IN_ROOM(event(attendees=[told])).attendees == (() if address is None else (address,))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("private", "private"), ("confidential", "confidential"), ("odd", "normal"), (None, "normal")],
)
def test_sensitivity(said, meant):
    assert IN_ROOM(event(sensitivity=said)).sensitivity == meant


@pytest.mark.parametrize(
    ("members", "takes"),
    [
        ({}, True),
        ({"showAs": "tentative"}, True),
        ({"showAs": "oof"}, True),
        ({"showAs": None}, True),
        ({"showAs": "free"}, False),
        ({"showAs": "workingElsewhere"}, False),
        ({"isCancelled": True}, False),
        ({"responseStatus": {"response": "declined"}}, False),
    ],
)
def test_what_takes_a_room(members, takes):
    assert events.busy(event(**members)) is takes


def test_a_meeting_in_the_way():
    meeting = events.meeting(event("X=", sensitivity="private", showAs="oof"), REFERENCE_PROPERTY)
    assert (meeting.id, meeting.status, meeting.private, meeting.reference) == (
        "X=",
        "out_of_office",
        True,
        None,
    )
    assert meeting.window == window()


def test_a_meeting_of_no_length_is_still_one():
    assert IN_ROOM(event(start=utc(AT), end=utc(AT))).window.start == AT
    assert IN_ROOM(event(start=utc(AT), end=utc(AT))).window.end < AT + HOUR


def test_addresses_are_compared_without_case():
    assert events.same_address("A@x", "a@X")
    assert not events.same_address(None, "a@x")
    assert not events.same_address("a@x", None)


def test_an_answer_is_asked_to_bring_our_property_alone():
    told = events.expanding(REFERENCE_PROPERTY)
    assert told == f"singleValueExtendedProperties($filter=id eq '{REFERENCE_PROPERTY}')"
