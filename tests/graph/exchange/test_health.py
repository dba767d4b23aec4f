"""What a check finds out, without writing anything."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Unauthorized
from hamilton_sdk.graph.exchange.health import check
from tests.graph.exchange.world import ROOM, World, answer, fault, tenant

ROOMS = answer({"value": [{"emailAddress": ROOM}]})


@pytest.mark.parametrize(
    ("rooms", "events", "said"),
    [
        (ROOMS, answer({"value": []}), "calendar can be read"),
        (ROOMS, fault(403, "ErrorAccessDenied"), "cannot be read (ErrorAccessDenied)"),
        (ROOMS, fault(404, "MailboxNotEnabledForRESTAPI"), "cannot be reached"),
        (answer({"value": []}), None, "no room is there yet"),
        (fault(403, "Authorization_RequestDenied"), None, "Place.Read.All is missing"),
    ],
)
def test_rights_that_are_missing_are_told(rooms, events, said):
    world = World(scripted={"listRooms": [rooms], "listEvents": [events]})
    health = world.run(check(tenant()))
    assert (health.product, health.version) == ("Microsoft Graph", "v1.0")
    assert said in " ".join(health.details)
    assert ROOM not in " ".join(health.details)
    assert {each.request.method for each in world.asked} == {"GET"}


def test_a_token_that_is_not_accepted_is_an_error():
    with pytest.raises(Unauthorized):
        World(scripted={"listRooms": [fault(401, "InvalidAuthenticationToken")]}).run(check(tenant()))
