"""The contract of calendars passes a faithful adapter, in whichever mode, and catches unfaithful ones."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.errors import Conflict, ConnectorError, Invalid, NotFound
from hamilton_sdk.flow import Page
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.interface import ChangePage
from hamilton_sdk.graph.models import Booking, Change, Occupancy
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts import CalendarContract
from hamilton_sdk.testing.contracts.graph.base import Base
from hamilton_sdk.testing.contracts.graph.changing import Changing
from hamilton_sdk.testing.contracts.graph.following import Following
from hamilton_sdk.testing.contracts.graph.reading import Reading
from hamilton_sdk.testing.contracts.graph.refusing import Refusing
from hamilton_sdk.testing.contracts.graph.repeating import Repeating
from hamilton_sdk.testing.contracts.graph.reserving import Reserving
from tests.testing.contracts.graph.faithful import AttendeeRun, FakeRun
from tests.testing.contracts.unfaithful import Lie, caught_by, instead, outcomes, twisted

HOUR = timedelta(hours=1)


class AsyncRun(FakeRun):
    asynchronous = True


class AsyncAttendeeRun(AttendeeRun):
    asynchronous = True


@pytest.mark.parametrize("run", [FakeRun, AsyncRun, AttendeeRun, AsyncAttendeeRun])
def test_a_faithful_adapter_passes(run):
    assert set(outcomes(CalendarContract, run).values()) <= {"passed", "skipped"}


def test_without_hooks_what_needs_them_is_skipped():
    class Bare(FakeRun):
        clock = None
        notify_url = room_list = longest_subject = None
        meet, move, remove = Base.meet, Base.move, Base.remove
        silence, answer = Base.silence, Base.answer
        forget_cursors, broken = Base.forget_cursors, Base.broken

        def setup_method(self):
            super().setup_method()
            self.clock = None

    found = outcomes(CalendarContract, Bare)
    assert set(found.values()) == {"passed", "skipped"}
    skipped = {name for name, outcome in found.items() if outcome == "skipped"}
    assert "test_a_persons_meeting_is_in_the_way" in skipped
    assert "test_a_watch_is_renewed_before_it_ends" in skipped
    assert "test_a_booking_is_what_was_reserved" not in skipped


def later(booking: Booking | None) -> Booking | None:
    if booking is None:
        return None
    window = TimeWindow(booking.window.start, booking.window.end + HOUR)
    return booking.model_copy(update={"window": window})


def saying(**fields: object) -> Any:
    """Change what a booking says."""
    return lambda booking: booking and booking.model_copy(update=fields)


def unchecked_book(fake, reservation, wait, *, now):
    """Book on top of whatever stands."""
    office = fake._office
    office.in_the_way = lambda *_: ()
    try:
        return office.book(reservation, now)[0].booking()
    finally:
        del office.in_the_way


def second_event(fake, reservation, wait, *, now):
    """Make a new event every time."""
    office = fake._office
    office._newest.pop((office.room(reservation.room).address.lower(), reservation.reference), None)
    return unchecked_book(fake, reservation, wait, now=now)


def leaving_it(fake, reservation, wait, *, now):
    """Say that the room is taken, and leave the event there."""
    taken = None
    try:
        return fake._office.book(reservation, now)[0].booking()
    except Conflict as error:
        taken = error
    unchecked_book(fake, reservation, wait, now=now)
    raise taken


def unversioned(method):
    def work(fake, *args, now, **kwargs):
        if method == "update":
            return fake._office.update(args[0], None, now).booking()
        return fake._office.cancel(args[0], kwargs["mailbox"], None, now).booking()

    return work


def forgetful_cancel(fake, reference, *, mailbox, now, **_):
    if fake._office.find(reference, mailbox) is None:
        raise NotFound("gone", hint="look")
    return fake._office.cancel(reference, mailbox, None, now).booking()


def cancel_in_words(fake, reference, *, mailbox, now, **_):
    booking = fake._office.standing(reference, mailbox).booking()
    return booking.model_copy(update={"state": "cancelled"})


def end_at(shift):
    def work(fake, reference, *, mailbox, now):
        return fake._office.end_early(reference, mailbox, now + shift)

    return work


def anywhere(fake, reference, *, mailbox, now):
    for (_, known), event in fake._office._newest.items():
        if known.lower().startswith(reference.lower()[:-1]) and not event.cancelled:
            return event.booking()
    return None


def only_ours(page: Page[Booking]) -> Page[Booking]:
    return Page(tuple(each for each in page.items if each.reference), page.next)


def first_only(page: Page[Any]) -> Page[Any]:
    return Page(page.items)


def any_token(fake, token=None, *, now):
    return Page(tuple(fake._office.rooms.values()))


def cut_to(told: tuple[Occupancy, ...]) -> tuple[Occupancy, ...]:
    """Meetings without their beginnings."""
    return tuple(
        each.model_copy(
            update={
                "meetings": tuple(
                    one.model_copy(update={"window": TimeWindow(one.window.start + HOUR / 2, one.window.end)})
                    for one in each.meetings
                )
            }
        )
        for each in told
    )


def without(kind: str) -> Any:
    def change(page: ChangePage) -> ChangePage:
        items = tuple(each for each in page.items if each.kind != kind)
        return ChangePage(items, page.next, page.cursor, page.restarted)

    return change


def stale_cursor(page: ChangePage) -> ChangePage:
    """The cursor never moves on."""
    return ChangePage((), page.next, page.cursor, page.restarted)


def silent_restart(page: ChangePage) -> ChangePage:
    return ChangePage(page.items, page.next, page.cursor)


def early_cursor(page: ChangePage) -> ChangePage:
    return ChangePage(page.items, page.next, page.cursor or "early", page.restarted)


def everything_gone(page: ChangePage) -> ChangePage:
    items = tuple(Change(kind="removed", id=each.id) for each in page.items)
    return ChangePage(items, page.next, page.cursor, page.restarted)


def masters_only(page: ChangePage) -> ChangePage:
    items = tuple(each for each in page.items if each.booking is None or each.booking.kind != "exception")
    return ChangePage(items, page.next, page.cursor, page.restarted)


def telling(fake, reservation, wait, *, now):
    try:
        return fake._office.book(reservation, now)[0].booking()
    except ConnectorError as error:
        raise type(error)(f"no {reservation.subject} for {reservation.organizer}", hint="look") from None


def hintless(fake, reservation, wait, *, now):
    try:
        return fake._office.book(reservation, now)[0].booking()
    except Invalid as error:
        raise Invalid(str(error)) from None


def logging_names(fake, reservation, wait, *, now):
    logging.getLogger("hamilton_sdk.graph").info("booking for %s", reservation.organizer)
    return fake._office.book(reservation, now)[0].booking()


def without_exceptions(page: Page[Booking]) -> Page[Booking]:
    kinds = {"occurrence": "single", "exception": "single"}
    items = tuple(each.model_copy(update={"kind": kinds.get(each.kind, each.kind)}) for each in page.items)
    return Page(items, page.next)


def first_alone(fake, reservation, wait, *, now):
    """Book only the first of a series."""
    single = reservation.model_copy(update={"recurrence": None})
    return fake._office.book(single, now)[0].booking()


LIES: dict[str, tuple[type[Base], Lie, str]] = {
    "another window is said": (Reserving, twisted("book", later), "a_booking_is_what_was_reserved"),
    "nothing is kept": (
        Reserving,
        twisted("find", lambda _: None),
        "a_booking_is_what_was_reserved",
    ),
    "no version is given": (Reserving, twisted("book", saying(version="")), "a_booking_is_what_was_reserved"),
    "the room itself is listed": (
        Reserving,
        twisted("book", lambda each: saying(attendees=({"email": each.room},))(each)),
        "a_booking_is_what_was_reserved",
    ),
    "a room is taken twice": (
        Reserving,
        instead("book", unchecked_book),
        "a_taken_room_is_a_conflict_that_names_the_meeting",
    ),
    "people are overridden": (
        Reserving,
        instead("book", unchecked_book),
        "a_persons_meeting_is_in_the_way",
    ),
    "a repeated call makes a second event": (
        Reserving,
        instead("book", second_event),
        "the_same_reservation_again_is_the_same_booking",
    ),
    "calls at the same time make several": (
        Reserving,
        instead("book", second_event),
        "the_same_reservation_at_the_same_time_is_one_booking",
    ),
    "a refused one stays": (
        Reserving,
        instead("book", leaving_it),
        "a_taken_room_is_a_conflict_that_names_the_meeting",
    ),
    "privacy is lost": (
        Reserving,
        twisted("book", saying(sensitivity="normal")),
        "what_is_private_is_marked",
    ),
    "days are no days": (Reserving, twisted("book", saying(all_day=None)), "whole_days_are_days"),
    "any version will do": (
        Changing,
        instead("update", unversioned("update")),
        "an_update_of_another_version_is_refused",
    ),
    "any version is cancelled": (
        Changing,
        instead("cancel", unversioned("cancel")),
        "cancelling_another_version_is_refused",
    ),
    "a person's move is overwritten": (
        Changing,
        instead("update", unversioned("update")),
        "what_a_person_moved_is_told",
    ),
    "an update makes what is not there": (
        Changing,
        instead(
            "update",
            lambda fake, reservation, _version=None, *, now: unchecked_book(fake, reservation, None, now=now),
        ),
        "an_update_of_nothing_is_not_found",
    ),
    "cancelling twice fails": (
        Changing,
        instead("cancel", forgetful_cancel),
        "cancelling_frees_the_room",
    ),
    "cancelling is only said": (
        Changing,
        instead("cancel", cancel_in_words),
        "cancelling_frees_the_room",
    ),
    "it ends a minute late": (
        Changing,
        instead("end_early", end_at(timedelta(minutes=1))),
        "ending_early_frees_the_room_from_now_on",
    ),
    "the end is only said": (
        Changing,
        instead(
            "end_early",
            lambda fake, reference, *, mailbox, now: fake._office.standing(reference, mailbox).booking(),
        ),
        "ending_before_it_began_cancels",
    ),
    "a reference is found by its beginning": (
        Reading,
        instead("find", anywhere),
        "a_reference_is_found_exactly",
    ),
    "only ours are listed": (
        Reading,
        twisted("bookings_page", only_ours),
        "bookings_tells_of_ours_and_of_peoples",
    ),
    "the list ends with the first page": (
        Reading,
        twisted("bookings_page", first_only),
        "bookings_come_in_pages_and_can_be_resumed",
    ),
    "rooms end with the first page": (Reading, twisted("rooms_page", first_only), "all_rooms_are_listed"),
    "any token will do": (Reading, instead("rooms_page", any_token), "a_token_of_nobodys_is_refused"),
    "meetings are cut": (Reading, twisted("occupancy", cut_to), "occupancy_tells_of_people_too"),
    "rooms come in another order": (
        Reading,
        twisted("occupancy", lambda told: tuple(reversed(told))),
        "occupancy_is_told_in_the_order_asked",
    ),
    "an unknown room is free": (
        Reading,
        twisted("occupancy", lambda told: tuple(each.model_copy(update={"error": None}) for each in told)),
        "occupancy_of_no_room_is_an_error_of_that_one_alone",
    ),
    "the room answered nothing": (Reading, twisted("response", lambda _: "none"), "the_rooms_answer_is_told"),
    "only the first is booked": (
        Repeating,
        instead("book", first_alone),
        "each_pattern_repeats_as_it_says",
    ),
    "occurrences are not marked": (
        Repeating,
        twisted("bookings_page", without_exceptions),
        "an_occurrence_says_whose_it_is",
    ),
    "a series is booked over others": (
        Repeating,
        instead("book", unchecked_book),
        "one_occurrence_in_the_way_is_enough",
    ),
    "removals are not told": (
        Following,
        twisted("changes_page", without("removed")),
        "what_the_application_does_is_told",
    ),
    "changes are not told": (
        Following,
        twisted("changes_page", without("changed")),
        "what_people_do_is_told",
    ),
    "nothing is ever told": (
        Following,
        twisted("changes_page", stale_cursor),
        "the_first_round_tells_all_that_stands",
    ),
    "all is gone": (
        Following,
        twisted("changes_page", everything_gone),
        "a_cursor_outlives_its_connector",
    ),
    "exceptions are not told": (
        Following,
        twisted("changes_page", masters_only),
        "series_are_told_by_their_occurrences",
    ),
    "a restart is not told": (
        Following,
        twisted("changes_page", silent_restart),
        "a_forgotten_cursor_begins_anew",
    ),
    "a cursor comes early": (
        Following,
        twisted("changes_page", early_cursor),
        "a_round_comes_in_pages",
    ),
    "a watch shows its secret": (
        Following,
        twisted(
            "watches_page",
            lambda page: Page(tuple(each.model_copy(update={"secret": "s"}) for each in page.items)),
        ),
        "a_watch_is_listed_until_it_is_ended",
    ),
    "a watch is not ended": (
        Following,
        instead("unwatch", lambda _fake, _watch, *, now: None),
        "a_watch_is_listed_until_it_is_ended",
    ),
    "an error shows a person": (Refusing, instead("book", telling), "a_person_is_no_room"),
    "an error has no hint": (Refusing, instead("book", hintless), "an_unknown_room_is_refused"),
    "the log shows a person": (Refusing, instead("book", logging_names), "nothing_shows_a_person"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_broken_promise_is_caught(name):
    part, lie, test = LIES[name]
    assert f"test_{test}" in caught_by(part, lie, FakeRun)


def test_an_impatient_adapter_is_caught():
    """It says declined where the room has not answered."""
    lie = twisted("book", saying(state="declined", response="declined"))
    caught = caught_by(Reserving, lie, AttendeeRun)
    assert "test_a_room_that_does_not_answer_in_time_leaves_it_pending" in caught


def test_what_fails_does_not_show_what_it_looks_for():
    """Test logs are logs."""
    run = type("Run", (FakeRun,), {"kind": instead("book", telling)(FakeCalendar)})
    found = outcomes(Refusing, run)["test_a_person_is_no_room"]
    assert found == "AssertionError: the Invalid shows a subject, a name or a person's address"


def test_loggers_are_left_as_they_were():
    logger = logging.getLogger("hamilton_sdk")
    before = (logger.level, list(logger.handlers))
    assert outcomes(Refusing, FakeRun)["test_nothing_shows_a_person"] == "passed"
    assert (logger.level, list(logger.handlers)) == before
