"""Microsoft's own package works against the simulator, as it is.

It is large: ``pip install --group thirdparty`` brings it; without it this file is passed over.
"""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from hamilton_sdk.serving.asgi import asgi
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import PERSON, ROOM

HOW = "Microsoft's package is large: pip install --group thirdparty"
pytest.importorskip("msgraph", reason=HOW)

# What the generated code of the package warns of is not ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
async def graph(monkeypatch):
    from kiota_abstractions.authentication import AuthenticationProvider
    from msgraph import GraphRequestAdapter, GraphServiceClient
    from msgraph_core import GraphClientFactory

    simulator = GraphSimulator()
    token = simulator.entra.issue(datetime.now(UTC))

    class Static(AuthenticationProvider):
        async def authenticate_request(self, request, additional_authentication_context=None):
            request.headers.add("Authorization", f"Bearer {token}")

    transport = httpx.ASGITransport(app=asgi(simulator))
    async with httpx.AsyncClient(transport=transport, base_url="https://graph.microsoft.com/v1.0") as plain:
        client = GraphClientFactory.create_with_default_middleware(client=plain)
        yield GraphServiceClient(request_adapter=GraphRequestAdapter(Static(), client=client))


def _event(begin: int, end: int, **members):
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.models.event import Event

    def at(hour: int):
        return DateTimeTimeZone(date_time=f"2026-01-05T{hour:02}:00:00", time_zone="Romance Standard Time")

    return Event(subject="Review", start=at(begin), end=at(end), **members)


def _room():
    from msgraph.generated.models.attendee import Attendee
    from msgraph.generated.models.attendee_type import AttendeeType
    from msgraph.generated.models.email_address import EmailAddress

    return Attendee(type=AttendeeType.Resource, email_address=EmailAddress(address=ROOM, name="Ampere"))


async def test_msgraph_sdk_books_a_room_and_reads_its_answer(graph):
    from msgraph.generated.models.response_type import ResponseType

    events = graph.users.by_user_id(PERSON).events
    made = await events.post(_event(9, 10, attendees=[_room()], transaction_id="t-1"))
    again = await events.post(_event(9, 10, attendees=[_room()], transaction_id="t-1"))
    read = await events.by_event_id(made.id).get()

    assert again.id == made.id
    assert read.attendees[0].status.response is ResponseType.Accepted
    assert read.start.date_time == "2026-01-05T08:00:00.0000000"

    read.subject = "Other"
    changed = await events.by_event_id(made.id).patch(type(read)(subject="Other"))
    assert changed.subject == "Other"
    await events.by_event_id(made.id).delete()
    assert (await events.get()).value == []


async def test_msgraph_sdk_reads_views_delta_schedules_and_places(graph):
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
        GetSchedulePostRequestBody,
    )
    from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import (
        CalendarViewRequestBuilder,
    )
    from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder

    room = graph.users.by_user_id(ROOM)
    for hour in range(8, 20):
        await room.events.post(_event(hour, hour + 1))
    window = {"start_date_time": "2026-01-05T00:00:00Z", "end_date_time": "2026-01-06T00:00:00Z"}
    query = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(**window)
    first = await room.calendar_view.get(request_configuration=RequestConfiguration(query_parameters=query))
    rest = await room.calendar_view.with_url(first.odata_next_link).get()
    assert (len(first.value), len(rest.value), rest.odata_next_link) == (10, 2, None)

    asked = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(**window)
    page = await room.calendar_view.delta.get(
        request_configuration=RequestConfiguration(query_parameters=asked)
    )
    told = []
    while page.odata_delta_link is None:
        page = await room.calendar_view.delta.with_url(page.odata_next_link).get()
        told.extend(page.value)
    assert len(told) == 12

    body = GetSchedulePostRequestBody(
        schedules=[ROOM, "nobody@contoso.example"],
        start_time=DateTimeTimeZone(date_time="2026-01-05T00:00:00", time_zone="UTC"),
        end_time=DateTimeTimeZone(date_time="2026-01-06T00:00:00", time_zone="UTC"),
        availability_view_interval=60,
    )
    found = (await room.calendar.get_schedule.post(body)).value
    assert found[0].availability_view == "000000022222222222200000"
    assert found[1].error.response_code == "5009"
    assert (await graph.places.graph_room.get()).value[0].display_name == "Ampere"


async def test_msgraph_sdk_sees_errors_as_graphs(graph):
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    with pytest.raises(ODataError) as caught:
        await graph.users.by_user_id("nobody@contoso.example").events.get()

    assert (caught.value.response_status_code, caught.value.error.code) == (404, "ErrorInvalidUser")
