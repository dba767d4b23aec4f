"""`Graph` itself: what it is made with, what it says of itself, and that each method is there."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from datetime import timedelta

import pytest

from hamilton_sdk.errors import ConfigurationError, Invalid
from hamilton_sdk.graph import Booking, Graph
from hamilton_sdk.graph.exchange.credentials import ClientSecret
from hamilton_sdk.graph.interface import CalendarAdapter
from tests.graph.exchange.world import NOW, PERSON, ROOM, URL, World, answer, event, reservation, window

HOOK = "https://app.example/hooks"


def graph(**changed):
    return Graph("tenant-1", "client-1", ClientSecret("s3cr3t"), **changed)


def test_it_names_itself_and_shows_no_secret():
    adapter = graph()
    assert adapter.name == "graph.exchange"
    assert repr(adapter) == "Graph('tenant-1', 'client-1', mode='organizer')"
    assert "s3cr3t" not in repr(adapter.auth)


@pytest.mark.parametrize(("mode", "refuses"), [("organizer", False), ("attendee", True)])
def test_it_is_honest_about_what_each_mode_can_know(mode, refuses):
    known = graph(mode=mode).capabilities
    assert (known.mode, known.room_refuses, known.conditional_writes) == (mode, refuses, False)
    assert known.recurrence
    assert known.watch


def test_it_cannot_be_changed_nor_pickled_and_a_copy_is_itself():
    adapter = graph()
    with pytest.raises(AttributeError, match="immutable"):
        adapter.mode = "attendee"
    with pytest.raises(TypeError, match="credential"):
        pickle.dumps(adapter)
    assert copy.copy(adapter) is adapter
    assert copy.deepcopy(adapter) is adapter


def test_a_wrong_setting_is_refused():
    with pytest.raises(ConfigurationError, match="mode"):
        graph(mode="both")
    with pytest.raises(ConfigurationError, match="url"):
        graph(url="http://graph.example")


def test_the_token_is_asked_for_at_the_clouds_log_in():
    auth = graph(national_cloud="us_government").auth
    assert auth.login_url == "https://login.microsoftonline.us"
    assert auth.scope == "https://graph.microsoft.us/.default"
    assert (auth.tenant_id, auth.client_id) == ("tenant-1", "client-1")


@pytest.mark.parametrize("name", sorted(CalendarAdapter.__abstractmethods__ - {"name", "capabilities"}))
def test_each_method_has_the_interfaces_own_arguments(name):
    ours, promised = getattr(Graph, name), getattr(CalendarAdapter, name)
    assert inspect.signature(ours) == inspect.signature(promised)


def test_each_method_asks_graph():
    adapter, world = graph(), World()
    world.scripted = {
        "listRooms": [answer({"value": []})] * 2,
        "listRoomLists": [answer({"value": []})],
        "listSubscriptions": [answer({"value": []})],
        "calendarViewDelta": [answer({"value": [], "@odata.deltaLink": f"{URL}/v1.0/x"})],
        "deleteSubscription": [answer(None, 204)],
        "getSubscription": [answer({"id": "s"})],
        "renewSubscription": [answer({"expirationDateTime": "2026-12-02T00:00:00Z"})],
        "createSubscription": [answer({"id": "s", "expirationDateTime": "2026-12-02T00:00:00Z"}, 201)],
    }
    assert world.run(adapter.check()).product == "Microsoft Graph"
    assert world.run(adapter.rooms_page()).items == ()
    assert world.run(adapter.room_lists_page()).items == ()
    assert world.run(adapter.book(reservation(), timedelta())).state == "confirmed"
    assert world.run(adapter.update(reservation(subject="Other"))).subject == "Other"
    assert isinstance(world.run(adapter.find("r-1", mailbox=ROOM)), Booking)
    assert world.run(adapter.response("r-1", mailbox=ROOM)) == "organizer"
    assert len(world.run(adapter.bookings_page(ROOM, window())).items) == 1
    assert len(world.run(adapter.occupancy([ROOM], window()))) == 1
    assert world.run(adapter.changes_page(ROOM, window=window())).cursor
    assert world.run(adapter.end_early("r-1", mailbox=ROOM)).state == "cancelled"
    world.put(**event("B="), singleValueExtendedProperties=[])
    world.run(adapter.book(reservation("r-2", room="able@contoso.example"), timedelta()))
    assert world.run(adapter.cancel("r-2", mailbox="able@contoso.example")).state == "cancelled"
    assert world.run(adapter.watch(ROOM, HOOK)).id == "s"
    assert world.run(adapter.renew("s")).expires_at > NOW
    assert world.run(adapter.unwatch("s")) is None
    assert world.run(adapter.watches_page()).items == ()


def test_settings_reach_the_flows():
    with pytest.raises(Invalid, match="3 characters"):
        World().run(graph(longest_subject=3).book(reservation(), timedelta()))
    world = World()
    world.run(graph(verify_rooms=False, mailbox_concurrency=2).book(reservation(), timedelta()))
    assert world.asked[0].request.lane.width == 2
    people = World(room_answers="accepted")
    booking = people.run(graph(mode="attendee").book(reservation(organizer=PERSON), timedelta()))
    assert booking.mailbox == PERSON


def test_making_one_loads_neither_msal_nor_an_http_library():
    code = (
        "import sys; from hamilton_sdk.graph.exchange import Graph; "
        "from hamilton_sdk.graph.exchange.credentials import ClientSecret; "
        "Graph('t', 'c', ClientSecret('s')); "
        "print(*{'msal', 'httpx', 'asyncio', 'tenacity'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
