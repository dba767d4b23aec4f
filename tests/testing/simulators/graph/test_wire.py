"""Requests are taken apart as they came, and what they prefer is heard."""

from __future__ import annotations

import pytest

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.wire import Preferences, Reply, read_call
from tests.testing.simulators.graph.client import BASE, NOW, ROOM, Client


def _call(url: str = f"{BASE}/v1.0/a", **headers: str):
    return read_call(Request(method="get", url=url, operation="?", safety=Safety.SAFE, headers=headers), NOW)


@pytest.mark.parametrize(
    ("header", "prefer"),
    [
        ("", Preferences()),
        ('IdType="ImmutableId"', Preferences(immutable=True)),
        ('odata.maxpagesize=5, idtype="immutableid"', Preferences(immutable=True, page_size=5)),
        ('outlook.timezone="UTC", odata.maxpagesize=0', Preferences(zone="UTC")),
        ('outlook.body-content-type="text"', Preferences(text=True)),
    ],
)
def test_preferences_are_joined_with_commas(header, prefer):
    assert _call(Prefer=header).prefer == prefer


def test_paths_and_options_are_decoded():
    call = _call(f"{BASE}/v1.0/users/a%40b/events/x%2Fy%3D?%24Top=3&$filter=a%20b")

    assert call.path == ("users", "a@b", "events", "x/y=")
    assert call.query == {"$top": "3", "$filter": "a b"}
    assert (call.method, call.base, call.number("$top", 10, 100)) == ("GET", BASE, 3)
    with pytest.raises(Refused):
        call.number("$filter", 10, 100)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"'])
def test_a_body_that_is_no_object_cannot_be_read(body):
    reply = Client(GraphSimulator()).ask("POST", f"users/{ROOM}/events", body)

    assert (reply.status, reply.code) == (400, "UnableToDeserializePostBody")


def test_a_body_needs_its_content_type():
    reply = Client(GraphSimulator()).ask("POST", f"users/{ROOM}/events", b"{}", content_type="text/plain")

    assert reply.code == "UnableToDeserializePostBody"


def test_an_unknown_zone_that_is_preferred_is_refused():
    reply = Client(GraphSimulator()).get(f"users/{ROOM}/events", prefer='outlook.timezone="Nowhere"')

    assert (reply.status, reply.code) == (400, "TimeZoneNotSupportedException")


def test_answers_have_a_body_only_where_there_is_a_document():
    assert Reply(204).response().body == b""
    assert Reply(200, {"a": 1}, {"x": "y"}).response().headers["x"] == "y"
