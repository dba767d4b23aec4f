"""Paths and methods mean operations; names have no case, keys have."""

from __future__ import annotations

import pytest

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.testing.simulators.graph.routes import route
from hamilton_sdk.testing.simulators.graph.wire import read_call
from tests.testing.simulators.graph.client import BASE, NOW


@pytest.mark.parametrize(
    ("method", "path", "name", "key"),
    [
        ("GET", "users/a/events", "events.list", ""),
        ("POST", "users/a/calendar/events", "events.create", ""),
        ("POST", "Users/a/Calendars/c/Events", "events.create", ""),
        ("GET", "users('a')/events('K=')", "events.get", "K="),
        ("PATCH", "users/a/events/K%2F%3D", "events.update", "K/="),
        ("DELETE", "users/a/events/K", "events.delete", "K"),
        ("GET", "users/a/events/K/instances", "events.instances", "K"),
        ("POST", "users/a/events/K/microsoft.graph.tentativelyAccept", "events.tentativelyAccept", "K"),
        ("POST", "users/a/events/K/cancel", "events.cancel", "K"),
        ("POST", "users/a/events/K/permanentDelete", "events.permanentDelete", "K"),
        ("GET", "users/a/calendarView", "calendarView", ""),
        ("GET", "users/a/calendar/calendarView/delta", "delta", ""),
        ("GET", "users/a/calendarView/microsoft.graph.delta()", "delta", ""),
        ("POST", "users/a/calendar/getSchedule", "getSchedule", ""),
        ("POST", "users/a/translateExchangeIds", "translateExchangeIds", ""),
        ("GET", "users/a/mailboxSettings/timeZone", "mailboxSettings", ""),
        ("GET", "users/a", "users.get", ""),
        ("GET", "users/a/calendar", "calendar.get", ""),
        ("GET", "users/a/calendars", "calendars.list", ""),
        ("POST", "$batch", "batch", ""),
        ("GET", "places/microsoft.graph.room", "places", ""),
        ("GET", "subscriptions", "subscriptions.list", ""),
        ("POST", "subscriptions", "subscriptions.create", ""),
        ("GET", "subscriptions/S", "subscriptions.get", "S"),
        ("PATCH", "subscriptions/S", "subscriptions.update", "S"),
        ("DELETE", "subscriptions/S", "subscriptions.delete", "S"),
        ("POST", "subscriptions/S/reauthorize", "subscriptions.reauthorize", "S"),
        ("PUT", "subscriptions/S", "unknown", "subscriptions"),
        ("GET", "me/events", "me", ""),
        ("PUT", "users/a/events/K", "unknown", "events"),
        ("GET", "users/a/messages", "unknown", "messages"),
        ("POST", "users/a", "unknown", "users"),
        ("GET", "groups", "unknown", "groups"),
        ("GET", "", "unknown", ""),
    ],
)
def test_each_path_is_an_operation(method, path, name, key):
    request = Request(method=method, url=f"{BASE}/v1.0/{path}", operation="?", safety=Safety.SAFE)
    found = route(read_call(request, NOW))

    assert (found.name, found.key) == (name, key)
