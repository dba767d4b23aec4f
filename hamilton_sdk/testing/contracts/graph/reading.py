"""The contract of reading: rooms, occupancy, what stands, what the room answered."""

from __future__ import annotations

from hamilton_sdk.errors import ConnectorError, Invalid, NotFound
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.graph.base import Base

__all__ = ["Reading"]


class Reading(Base):
    """Promises of methods that only read."""

    def test_check_names_the_product(self) -> None:
        """The first call of an integrator."""
        with self.open() as calendar:
            assert calendar.check().product

    def test_all_rooms_are_listed(self) -> None:
        """Each once, with a name to show; a later pager goes on from a page's token."""
        with self.open() as calendar:
            listed = list(calendar.rooms())
            addresses = [each.address.lower() for each in listed]
            assert {self.room.lower(), self.other_room.lower()} <= set(addresses)
            assert len(addresses) == len(set(addresses))
            assert all(each.name for each in listed)
            first = next(calendar.rooms().pages())
            rest = [] if first.next is None else list(calendar.rooms(first.next))
            assert [*first.items, *rest] == listed

    def test_all_lists_of_rooms_are_listed(self) -> None:
        """Most often buildings."""
        wanted = self.optional(self.room_list, "there is no list of rooms here")
        with self.open() as calendar:
            listed = list(calendar.room_lists())
            assert wanted.lower() in [each.address.lower() for each in listed]
            assert all(each.name for each in listed)

    def test_occupancy_is_told_in_the_order_asked(self) -> None:
        """Also for more rooms than a service takes at once."""
        rooms = [self.room, self.other_room] * 15
        with self.open() as calendar:
            reservation = self.reservation()
            calendar.book(reservation)
            told = calendar.occupancy(rooms, self.at(8, 4))
            assert [each.room.lower() for each in told] == [each.lower() for each in rooms]
            windows = [[meeting.window for meeting in each.meetings] for each in told]
            assert windows == [[reservation.window], []] * 15
            assert [each.free(self.at(9.5)) for each in told] == [False, True] * 15
            assert all(each.free(self.at(10)) for each in told)

    def test_occupancy_of_no_room_is_an_error_of_that_one_alone(self) -> None:
        """And it is not free: nobody can tell."""
        with self.open() as calendar:
            known, unknown = calendar.occupancy([self.room, self.nowhere], self.at(9))
            assert known.error is None
            assert unknown.error
            assert not unknown.free(self.at(9))

    def test_occupancy_of_no_rooms_is_nothing(self) -> None:
        """An empty question is answered."""
        with self.open() as calendar:
            assert calendar.occupancy([], self.at(9)) == ()

    def test_occupancy_tells_of_people_too(self) -> None:
        """Whole meetings, even where they reach beyond the window; those that touch it are not told."""
        self.meet(self.room, self.at(8, 2))
        self.meet(self.room, self.at(12))
        with self.open() as calendar:
            (told,) = calendar.occupancy([self.room], self.at(9, 3))
            assert [each.window for each in told.meetings] == [self.at(8, 2)]
            assert [each.reference for each in told.meetings] == [None]

    def test_bookings_tells_of_ours_and_of_peoples(self) -> None:
        """By their times; what lies outside of the window is left out."""
        self.meet(self.room, self.at(11))
        with self.open() as calendar:
            for hour in (9, 13, 15):
                calendar.book(self.reservation(window=self.at(hour)))
            window = TimeWindow(self.at(10).start, self.at(15).start)
            found = list(calendar.bookings(self.room, window))
            assert sorted(each.window.start for each in found) == [self.at(11).start, self.at(13).start]
            assert {each.mailbox.lower() for each in found} == {self.room.lower()}
            assert {each.state for each in found} == {"confirmed"}

    def test_bookings_of_ours_carry_their_reference_where_the_room_organises(self) -> None:
        """Elsewhere the room's copy does not know it."""
        with self.open() as calendar:
            self.only(calendar, "organizer")
            booking = calendar.book(self.reservation())
            self.meet(self.room, self.at(11))
            found = list(calendar.bookings(self.room, self.week()))
            assert [each.reference for each in found] == [booking.reference, None]
            assert found[0].id == booking.id

    def test_bookings_come_in_pages_and_can_be_resumed(self) -> None:
        """The pages together are the list; a later pager goes on from a page's token."""
        with self.open() as calendar:
            for number in range(self.more_than_a_page):
                calendar.book(self.reservation(window=self.at(9, days=number)))
            pages = list(calendar.bookings(self.room, self.week()).pages())
            assert len(pages) > 1
            everything = [each for page in pages for each in page.items]
            assert len(everything) == self.more_than_a_page
            assert everything == list(calendar.bookings(self.room, self.week()))
            rest = list(calendar.bookings(self.room, self.week(), pages[0].next))
            assert [*pages[0].items, *rest] == everything

    def test_a_token_of_nobodys_is_refused(self) -> None:
        """A wrong token must not look like an empty list."""
        with self.open() as calendar:
            self.refusal(Invalid, lambda: list(calendar.bookings(self.room, self.week(), "no token")))
            self.refusal(Invalid, lambda: list(calendar.rooms("no token")))

    def test_bookings_of_no_room_are_refused(self) -> None:
        """Nor does a wrong address look like an empty calendar."""
        with self.open() as calendar:
            self.refusal(ConnectorError, lambda: list(calendar.bookings(self.nowhere, self.week())))

    def test_find_of_nothing_is_none(self) -> None:
        """Also in a mailbox with other bookings."""
        with self.open() as calendar:
            calendar.book(self.reservation())
            assert calendar.find(self.reference(), mailbox=self.mailbox(calendar)) is None

    def test_a_reference_is_found_exactly(self) -> None:
        """Neither its beginning, nor a longer one, nor another case is the same reservation."""
        reference = f"{self.reference()}-Ab"
        with self.open() as calendar:
            calendar.book(self.reservation(reference))
            for other in (reference[:-1], f"{reference}0", reference.swapcase()):
                assert calendar.find(other, mailbox=self.mailbox(calendar)) is None
            self.found(calendar, reference)

    def test_a_reference_may_hold_any_printable_character(self) -> None:
        """Accents, quotes, markup and wildcards are text like any other."""
        reference = f"{self.reference()} é&<'\">%_*/?#+"
        with self.open() as calendar:
            reservation = self.reservation(reference)
            self.assert_stands(calendar, calendar.book(reservation), reservation)
            self.found(calendar, reference)
            cancelled = calendar.cancel(reference, mailbox=self.mailbox(calendar))
            assert cancelled.state == "cancelled"

    def test_an_address_is_the_same_in_any_case(self) -> None:
        """As mail servers have it."""
        with self.open() as calendar:
            reservation = self.reservation()
            booking = calendar.book(reservation)
            mailbox = self.mailbox(calendar).upper()
            again = calendar.find(reservation.reference, mailbox=mailbox)
            assert again is not None
            assert again.id == booking.id
            assert len(list(calendar.bookings(self.room.upper(), self.week()))) == 1

    def test_the_rooms_answer_is_told(self) -> None:
        """Where the room organises there is nothing to answer."""
        with self.open() as calendar:
            reservation = self.reservation()
            calendar.book(reservation)
            answer = calendar.response(reservation.reference, mailbox=self.mailbox(calendar))
            organises = calendar.capabilities.mode == "organizer"
            assert answer == ("organizer" if organises else "accepted")
            self.refusal(NotFound, calendar.response, self.reference(), mailbox=self.mailbox(calendar))
