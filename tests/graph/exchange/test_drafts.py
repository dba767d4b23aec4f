"""A reservation becomes an event, and an event is compared with one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph import Attendee, Recurrence
from hamilton_sdk.graph.exchange.drafts import Draft
from hamilton_sdk.graph.exchange.finding import reader
from hamilton_sdk.graph.exchange.settings import REFERENCE_PROPERTY
from hamilton_sdk.model import TimeWindow
from tests.graph.exchange.world import AT, HOUR, PERSON, ROOM, World, reservation, tenant, window

PARIS = ZoneInfo("Europe/Paris")
DAILY = Recurrence(pattern="daily", count=3)


def draft(mode="organizer", **changed):
    return Draft(tenant(mode=mode), reservation(**changed))


def test_a_new_event_carries_mark_and_key_and_what_people_see():
    made = draft(body="Bring cake", sensitivity="private").new(0)
    assert made["subject"] == "Budget"
    assert made["body"] == {"contentType": "text", "content": "Bring cake"}
    assert made["sensitivity"] == "private"
    assert made["singleValueExtendedProperties"] == [{"id": REFERENCE_PROPERTY, "value": "r-1"}]
    assert made["transactionId"] == draft().transaction_id(0)
    assert made["location"]["locationEmailAddress"] == ROOM
    assert made["isAllDay"] is False


def test_the_key_follows_from_reference_mailbox_and_generation_alone():
    assert draft(subject="Other").transaction_id(0) == draft().transaction_id(0)
    others = [draft(reference="r-2"), draft(room="able@contoso.example")]
    keys = {each.transaction_id(0) for each in (draft(), *others)} | {draft().transaction_id(1)}
    assert len(keys) == 4


def test_times_are_those_of_its_zone():
    made = draft(timezone="Europe/Paris").changed()
    assert made["start"] == {"dateTime": "2026-12-07T10:00:00.0000000", "timeZone": "Romance Standard Time"}
    assert draft().changed()["start"]["timeZone"] == "UTC"


def test_an_hour_that_comes_twice_is_told_in_utc():
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    made = draft(timezone="Europe/Paris", window=TimeWindow(twice, twice + timedelta(hours=4))).changed()
    assert made["start"] == {"dateTime": "2026-10-25T00:30:00.0000000", "timeZone": "UTC"}
    assert made["end"] == {"dateTime": "2026-10-25T04:30:00.0000000", "timeZone": "UTC"}


def test_whole_days_are_midnights():
    days = TimeWindow(datetime(2026, 12, 7, tzinfo=PARIS), datetime(2026, 12, 9, tzinfo=PARIS))
    made = draft(timezone="Europe/Paris", window=days, all_day=True).changed()
    zone = "Romance Standard Time"
    assert made["start"] == {"dateTime": "2026-12-07T00:00:00.0000000", "timeZone": zone}
    assert made["end"] == {"dateTime": "2026-12-09T00:00:00.0000000", "timeZone": zone}
    assert made["isAllDay"] is True


def test_where_the_room_organises_the_person_is_invited():
    people = draft(organizer=PERSON, attendees=["bob@contoso.example", ROOM.upper()]).attendees
    assert people == (Attendee(PERSON), Attendee("bob@contoso.example"))
    assert draft(organizer=PERSON, attendees=[PERSON.upper()]).attendees == (Attendee(PERSON.upper()),)


def test_where_a_person_organises_the_room_is_invited_as_a_resource():
    made = draft("attendee", organizer=PERSON, attendees=[Attendee("bob@contoso.example", "Bob", "optional")])
    assert made.changed()["attendees"] == [
        {"type": "optional", "emailAddress": {"address": "bob@contoso.example", "name": "Bob"}},
        {"type": "resource", "emailAddress": {"address": ROOM}},
    ]


def test_it_repeats_in_its_zone():
    made = draft(timezone="Europe/Paris", recurrence=DAILY).changed()
    assert made["recurrence"]["range"] == {
        "type": "numbered",
        "startDate": "2026-12-07",
        "recurrenceTimeZone": "Romance Standard Time",
        "numberOfOccurrences": 3,
    }


def test_repeats_keep_to_the_clock_across_its_change():
    before = datetime(2026, 10, 24, 9, tzinfo=PARIS)
    made = draft(timezone="Europe/Paris", window=TimeWindow(before, before + HOUR), recurrence=DAILY)
    assert [each.start.astimezone(PARIS).hour for each in made.windows()] == [9, 9, 9]
    assert made.windows()[1].start - made.windows()[0].start == timedelta(hours=25)


def test_a_single_one_needs_the_room_once():
    assert draft().windows() == (window(),)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"subject": "x" * 256}, "255"),
        ({"body": "x" * 1001}, "1000"),
        ({"recurrence": Recurrence(pattern="weekly", days=("friday",))}, "does not lie"),
        (
            {
                "timezone": "Europe/Paris",
                "recurrence": DAILY,
                "window": TimeWindow(
                    datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
                ),
            },
            "comes twice",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(changed, said):
    with pytest.raises(Invalid, match=said) as caught:
        draft(**changed).check()
    assert "xxx" not in str(caught.value)


def test_a_person_who_organises_must_be_named():
    with pytest.raises(Invalid, match="organizer"):
        draft("attendee").check()
    draft("attendee", organizer=PERSON).check()


def test_whole_days_may_repeat_across_any_night():
    days = TimeWindow(datetime(2026, 10, 25, tzinfo=PARIS), datetime(2026, 10, 26, tzinfo=PARIS))
    draft(timezone="Europe/Paris", window=days, all_day=True, recurrence=DAILY).check()


WANTED = {
    "organizer": PERSON,
    "attendees": ["bob@contoso.example"],
    "body": "One\r\nTwo ",
    "timezone": "Europe/Paris",
}


@pytest.mark.parametrize("mode", ["organizer", "attendee"])
@pytest.mark.parametrize("recurrence", [None, DAILY])
def test_what_was_written_stands(mode, recurrence):
    made = draft(mode, **WANTED, recurrence=recurrence)
    event, booking = stored(made)
    assert made.stands(event, booking)


def stored(made):
    mailbox = made.tenant.mailbox(made.reservation)
    world = World()
    event = world.put(mailbox, **world._stored(made.new(0), mailbox))
    return event, reader(made.tenant, mailbox)(event)


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "Other"},
        {"window": window(AT + HOUR)},
        {"body": "Three"},
        {"attendees": []},
        {"sensitivity": "private"},
        {"recurrence": Recurrence(pattern="daily", count=4)},
        {"recurrence": None},
    ],
)
def test_any_other_value_is_a_change(changed):
    event, booking = stored(draft(**{**WANTED, "recurrence": DAILY}))
    assert not draft(**{**WANTED, "recurrence": DAILY, **changed}).stands(event, booking)


def test_another_room_is_a_change_where_a_person_organises():
    event, booking = stored(draft("attendee", **WANTED))
    assert not draft("attendee", **WANTED, room="able@contoso.example").stands(event, booking)
