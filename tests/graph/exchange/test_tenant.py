"""Where a reservation's event lives follows from who organises."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Invalid
from tests.graph.exchange.world import PERSON, ROOM, reservation, tenant


def test_where_the_room_organises_it_lives_in_the_room():
    assert tenant().rooms_organise
    assert tenant().mailbox(reservation(organizer=PERSON)) == ROOM


def test_where_a_person_organises_it_lives_with_that_person():
    people = tenant(mode="attendee")
    assert not people.rooms_organise
    assert people.mailbox(reservation(organizer=PERSON)) == PERSON
    with pytest.raises(Invalid, match="no organizer"):
        people.mailbox(reservation())


def test_undoing_is_the_same_tenant_whose_requests_are_compensation():
    assert tenant().undoing().wire.undo
    assert tenant().undoing().settings == tenant().settings
