"""Words of room calendars: checked when made, silent about people, and clear about what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph import Attendee, Booking, Meeting, Occupancy, Recurrence, Reservation, Watch
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=1))
PARIS = ZoneInfo("Europe/Paris")


def reservation(**changes):
    given = {"reference": "r-1", "room": "blue@example.com", "subject": "Budget", "window": WINDOW}
    return Reservation(**(given | changes))


class TestReservation:
    def test_attendees_may_be_addresses(self):
        made = reservation(attendees=["ada@example.com", Attendee("beamer@example.com", kind="resource")])
        assert made.attendees[0] == Attendee("ada@example.com", kind="required")
        assert made.attendees[1].kind == "resource"

    def test_what_people_wrote_is_not_shown(self):
        made = reservation(
            subject="Secret merger",
            body="with Durand",
            organizer="ada@example.com",
            attendees=[Attendee("bob@example.com", "Bob Durand")],
        )
        for personal in ("merger", "Durand", "ada@", "bob@", "Bob"):
            assert personal not in repr(made)

    @pytest.mark.parametrize(
        ("changes", "field", "hint"),
        [
            ({"reference": " "}, "reference", "needs it"),
            ({"reference": "r-1 "}, "reference", "trim"),
            ({"subject": ""}, "subject", "needs it"),
            ({"room": "Blue room"}, "room", "room@example.com"),
            ({"room": "blue room@example.com"}, "room", "room@example.com"),
            ({"room": "@example.com"}, "room", "room@example.com"),
            ({"organizer": "Ada"}, "organizer", "room@example.com"),
            ({"attendees": "ada@example.com"}, "attendees", "list or tuple"),
            ({"attendees": Attendee("ada@example.com")}, "attendees", "list or tuple"),
            ({"timezone": "Europe/Pariss"}, "timezone", "Romance Standard Time"),
            ({"all_day": True}, "Reservation", "midnight"),
        ],
    )
    def test_a_wrong_value_names_its_field_and_what_to_do(self, changes, field, hint):
        with pytest.raises(Invalid) as caught:
            reservation(**changes)
        assert field in str(caught.value)
        assert hint in caught.value.hint

    def test_a_refused_address_is_not_repeated(self):
        with pytest.raises(Invalid) as caught:
            reservation(organizer="Ada Durand")
        assert "Durand" not in str(caught.value)

    def test_attendees_that_are_no_collection_are_refused(self):
        with pytest.raises(Invalid):
            reservation(attendees=7)

    def test_five_hundred_are_invited_at_most_and_the_room_is_one_of_them(self):
        people = [f"guest{number}@example.com" for number in range(499)]
        assert len(reservation(attendees=people).attendees) == 499
        with pytest.raises(Invalid) as caught:
            reservation(attendees=[*people, "one.more@example.com"])
        assert "500" in str(caught.value)

    def test_whole_days_are_those_of_its_zone_also_when_the_clocks_change(self):
        day = TimeWindow(datetime(2026, 10, 25, tzinfo=PARIS), datetime(2026, 10, 26, tzinfo=PARIS))
        assert day.duration == timedelta(hours=25)
        assert reservation(window=day, all_day=True, timezone="Europe/Paris").all_day
        assert reservation(window=day, all_day=True, timezone="Romance Standard Time").all_day
        with pytest.raises(Invalid):
            reservation(window=day, all_day=True)  # not midnight in UTC


class TestRecurrence:
    @pytest.mark.parametrize(
        "given",
        [
            {"pattern": "daily", "interval": 2},
            {"pattern": "weekly", "days": ["monday", "friday"], "until": date(2027, 1, 1)},
            {"pattern": "absolute_monthly", "day_of_month": 31, "count": 3},
            {"pattern": "relative_monthly", "days": ["tuesday"], "index": "second"},
            {"pattern": "absolute_yearly", "day_of_month": 29, "month": 2},
            {"pattern": "relative_yearly", "days": ["sunday"], "month": 3, "index": "last"},
        ],
    )
    def test_each_pattern_has_what_it_needs(self, given):
        assert Recurrence(**given).pattern == given["pattern"]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"pattern": "weekly"}, "needs days"),
            ({"pattern": "daily", "days": ["monday"]}, "cannot use days"),
            ({"pattern": "absolute_monthly"}, "needs day_of_month"),
            ({"pattern": "absolute_yearly", "day_of_month": 1}, "needs month"),
            ({"pattern": "relative_monthly", "days": ["monday"]}, "needs index"),
            ({"pattern": "daily", "until": date(2027, 1, 1), "count": 2}, "until and count"),
            ({"pattern": "daily", "interval": 0}, "interval"),
            ({"pattern": "hourly"}, "pattern"),
        ],
    )
    def test_a_pattern_that_cannot_be_says_why(self, given, said):
        with pytest.raises(Invalid) as caught:
            Recurrence(**given)
        assert said in str(caught.value)
        assert caught.value.hint


class TestOccupancy:
    def meeting(self, status="busy"):
        return Meeting(window=WINDOW, status=status, subject="Salaries")

    @pytest.mark.parametrize("status", ["busy", "tentative", "out_of_office", "unknown"])
    def test_a_room_that_is_taken_is_not_free(self, status):
        taken = Occupancy(room="blue@example.com", meetings=(self.meeting(status),))
        assert not taken.free(WINDOW)
        assert taken.free(TimeWindow(WINDOW.end, WINDOW.end + timedelta(hours=1)))  # touching is no overlap

    @pytest.mark.parametrize("status", ["free", "working_elsewhere"])
    def test_what_takes_no_room_leaves_it_free(self, status):
        assert Occupancy(room="blue@example.com", meetings=(self.meeting(status),)).free(WINDOW)

    def test_a_room_that_could_not_be_told_of_is_not_free(self):
        assert not Occupancy(room="blue@example.com", error="5009").free(WINDOW)

    def test_what_a_meeting_is_about_is_not_shown(self):
        assert "Salaries" not in repr(Occupancy(room="blue@example.com", meetings=(self.meeting(),)))


def test_a_booking_shows_no_person():
    booking = Booking(
        reference="r-1",
        id="AAMk=",
        room="blue@example.com",
        state="confirmed",
        version="v1",
        window=WINDOW,
        subject="Salaries",
        organizer="ada@example.com",
        attendees=(Attendee("bob@example.com"),),
    )
    for personal in ("Salaries", "ada@", "bob@"):
        assert personal not in repr(booking)


def test_a_watch_does_not_show_its_secret():
    watch = Watch(
        id="s", room="blue@example.com", notify_url="https://a.example", expires_at=START, secret="hush"
    )
    assert "hush" not in repr(watch)
