"""Every promise of room calendars, kept by each adapter there is, sync and async, in both modes."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from hamilton_sdk.flow import Response
from hamilton_sdk.graph.exchange import Graph
from hamilton_sdk.graph.exchange.credentials import ClientSecret
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.contracts import CalendarContract
from hamilton_sdk.testing.contracts.graph.base import Broken
from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from tests.testing.contracts.graph.faithful import FakeRun
from tests.testing.contracts.lines import BreakingLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.flow import Request
    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.graph.models import Booking, RoomResponse
    from hamilton_sdk.model import TimeWindow


class TestFakeOrganizing(FakeRun, CalendarContract):
    pass


class TestFakeOrganizingAsync(TestFakeOrganizing):
    asynchronous = True


class TestFakeAttending(TestFakeOrganizing):
    mode: Mode = "attendee"


class TestFakeAttendingAsync(TestFakeAttending):
    asynchronous = True


class TestFakeAttendingSlowly(TestFakeAttending):
    def setup_method(self) -> None:
        super().setup_method()
        self.fake.answer_after(timedelta(seconds=7))


class GraphContract(CalendarContract):
    """Exchange Online over the simulator, in process."""

    mode: Mode = "organizer"
    room_list = "rooms@contoso.example"
    notify_url = "https://hamilton.example.com/graph"
    remembers_cancelled = False
    answer_delay = timedelta()

    def setup_method(self) -> None:
        super().setup_method()
        self.simulator = GraphSimulator(
            rooms=["annex@example.com", self.room, self.other_room],
            people=[self.person, "person@example.com"],
            post=self.handshaken,
            answer_delay=self.answer_delay,
            switches=self.switches(),
        )

    def switches(self) -> Switches:
        """What nobody outside Microsoft knows for certain."""
        return Switches()

    def handshaken(self, request: Request) -> Response:
        """What a receiver of notifications answers to the validation of its address."""
        (token,) = parse_qs(urlsplit(request.url).query)["validationToken"]
        return Response(200, {"content-type": "text/plain"}, token.encode())

    def adapter(self) -> Graph:
        return Graph(
            self.simulator.entra.tenant_id,
            self.simulator.entra.client_id,
            ClientSecret(self.simulator.entra.client_secret),
            mode=self.mode,
            page_size=2,
        )

    def transport(self) -> GraphSimulator:
        return self.simulator

    def meet(self, room: str, window: TimeWindow) -> None:
        outlook = self.simulator.outlook
        outlook.book("person@example.com", window.start, window.end, attendees=[room])
        outlook.accept(room, outlook.events(room)[-1]["id"])

    def move(self, booking: Booking, window: TimeWindow) -> None:
        self.simulator.outlook.move(booking.mailbox, booking.id, window.start, window.end)

    def remove(self, booking: Booking) -> None:
        self.simulator.outlook.delete(booking.mailbox, booking.id)

    def silence(self) -> None:
        for room in (self.room, self.other_room):
            self.simulator._tenant.mailbox(room).attendant = "off"

    def answer(self, booking: Booking, response: RoomResponse) -> None:
        outlook = self.simulator.outlook
        (copy,) = [each for each in outlook.events(booking.room) if each["iCalUId"] == booking.ical_uid]
        calls = {"accepted": outlook.accept, "declined": outlook.decline}
        calls[response](booking.room, copy["id"])

    def forget_cursors(self) -> None:
        for room in (self.room, self.other_room):
            self.simulator.delta.expire(room)

    @contextmanager
    def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
        line = BreakingLine(self.simulator, step, after_work=after_work)
        with self.open(transport=line, retry=RetryPolicy.never()) as calendar:
            yield Broken(calendar, line.was_cut)


class TestGraphOrganizing(GraphContract):
    pass


class TestGraphOrganizingAsync(GraphContract):
    asynchronous = True


class TestGraphAttending(GraphContract):
    mode: Mode = "attendee"


class TestGraphAttendingAsync(TestGraphAttending):
    asynchronous = True


class GraphUnlike(GraphContract):
    """A service that differs where nobody outside Microsoft knows what the real one does."""

    answer_delay = timedelta(seconds=7)

    def switches(self) -> Switches:
        return Switches(
            honours_if_match=True,
            duplicate_status=400,
            duplicate_names_event=True,
            forgets_deleted_transactions=True,
            empty_pages=3,
            gone_code="resyncRequired",
            gone_has_location=True,
            places_page=1,
            most_schedules=20,
            handshakes_at_renewal=True,
        )


class TestGraphUnlikeOrganizing(GraphUnlike):
    pass


class TestGraphUnlikeAttending(GraphUnlike):
    mode: Mode = "attendee"
