"""An event is made once, however the answer comes, and taken back where it must not stay."""

from __future__ import annotations

import json

import pytest

from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    Interrupted,
    NotFound,
    NotReachable,
    ServerFailed,
    TimedOut,
)
from hamilton_sdk.graph.exchange import making
from hamilton_sdk.graph.exchange.drafts import Draft
from hamilton_sdk.graph.exchange.finding import by_reference
from tests.graph.exchange.world import ROOM, World, answer, event, fault, marked, reservation, tenant

TENANT = tenant()
DRAFT = Draft(TENANT, reservation())
LOST = TimedOut("no answer")


def make(world, draft=DRAFT):
    return world.run(making.make(draft))


def done_but(failure):
    """Let the work be done, and the answer be lost."""

    def script(asked):
        world = script.world
        world.serve(asked)
        if isinstance(failure, TimedOut):
            raise failure
        return failure

    return script


def world_with(**scripted):
    world = World(scripted=scripted)
    for each in (step for steps in scripted.values() for step in steps if callable(step)):
        each.world = world
    return world


def test_it_is_made_with_its_key():
    world = World()
    found, ours = make(world)
    assert ours
    assert found.booking.reference == "r-1"
    assert list(world.events[ROOM]) == [found.booking.id]
    request = world.of("createEvent")[0].request
    assert request.safety.value == "idempotent"


@pytest.mark.parametrize("failure", [LOST, fault(504, "UnknownError"), fault(503, "ServiceUnavailable")])
def test_an_answer_that_was_lost_is_healed_by_looking(failure):
    world = world_with(createEvent=[done_but(failure)])
    found, ours = make(world)
    assert ours
    assert len(world.events[ROOM]) == 1
    assert found.booking.id in world.events[ROOM]


def test_what_was_proven_absent_is_sent_once_more():
    world = world_with(createEvent=[LOST])
    make(world)
    assert world.names()[:3] == ["createEvent", "findEvent", "createEvent"]
    assert len(world.events[ROOM]) == 1


def test_what_stays_unknown_is_taken_back():
    world = world_with(createEvent=[LOST, done_but(fault(504, "X"))], findEvent=[None, fault(500, "X"), None])
    with pytest.raises(ServerFailed):
        make(world)
    assert world.events[ROOM] == {}
    assert world.names(undo=True) == ["findEvent", "deleteEvent"]


def test_that_it_could_not_be_taken_back_is_noted():
    world = world_with(createEvent=[LOST], findEvent=[fault(500, "X"), fault(403, "ErrorAccessDenied")])
    with pytest.raises(TimedOut) as caught:
        make(world)
    assert any("to take it back" in each for each in caught.value.__notes__)


def test_an_interrupted_create_is_undone_and_the_interruption_passes():
    stop = Interrupted("stop")
    world = World()

    def interrupt(asked):
        world.serve(asked)
        raise stop

    world.scripted["createEvent"] = [interrupt]
    with pytest.raises(Interrupted):
        make(world)
    assert world.events[ROOM] == {}


def test_a_second_interruption_while_undoing_passes_too():
    world = world_with(createEvent=[Interrupted("stop")], findEvent=[Interrupted("again")])
    with pytest.raises(Interrupted, match="again"):
        make(world)


def test_what_was_not_sent_is_not_looked_for():
    world = world_with(createEvent=[NotReachable("down")])
    with pytest.raises(NotReachable):
        make(world)
    assert world.names() == ["createEvent"]


def duplicate(status, **more):
    error = {"code": "ErrorDuplicateTransactionId", "message": "used", **more}
    return answer({"error": error}, status)


@pytest.mark.parametrize(
    "said", [duplicate(400), duplicate(409), duplicate(409, **{"@event.existingEventId": "E1="})]
)
def test_a_key_that_another_event_has_leads_to_that_event(said):
    world = world_with(createEvent=[said])
    other = world.put(**marked("r-1"), subject="Other")
    found, ours = make(world)
    assert (found.booking.id, ours) == (other["id"], False)


@pytest.mark.parametrize("said", [duplicate(400), duplicate(409)])
def test_a_key_whose_event_is_gone_is_replaced_by_the_next_generations(said):
    world = world_with(createEvent=[said])
    _, ours = make(world)
    keys = [each.body["transactionId"] for each in world.of("createEvent")]
    assert ours
    assert keys == [DRAFT.transaction_id(0), DRAFT.transaction_id(1)]


def test_the_same_event_again_though_it_is_gone_is_not_taken_for_a_new_one():
    world = World()
    first, _ = make(world)
    world.events[ROOM].clear()
    second, ours = make(world)
    assert ours
    assert second.booking.id != first.booking.id
    assert list(world.events[ROOM]) == [second.booking.id]


@pytest.mark.parametrize(
    "scripted",
    [
        {"createEvent": [answer(event(isCancelled=True), 201)]},
        {"getEvent": [answer(event(isCancelled=True))]},
    ],
)
def test_an_event_that_was_called_off_is_not_taken_for_a_new_one(scripted):
    world = world_with(**{name: list(steps) for name, steps in scripted.items()})
    _, ours = make(world)
    assert ours
    assert len(world.of("createEvent")) == 2


def test_it_ends_where_nothing_is_ever_made():
    world = world_with(createEvent=[duplicate(400)] * 200)
    with pytest.raises(BadResponse, match="another reference") as caught:
        make(world)
    assert caught.value.hint
    assert len(world.of("createEvent")) == 100


def test_any_other_conflict_is_told():
    with pytest.raises(Conflict) as caught:
        make(world_with(createEvent=[fault(409, "ErrorIrresolvableConflict")]))
    assert caught.value.code == "ErrorIrresolvableConflict"


def test_two_processes_make_one():
    world = World()
    first, _ = make(world)
    second, _ = make(world)
    assert first.booking.id == second.booking.id
    assert len(world.events[ROOM]) == 1
    bodies = [json.dumps(each.body) for each in world.of("createEvent")]
    assert bodies[0] == bodies[1]


def test_withdrawing_deletes_as_compensation_and_tells_where_it_could_not():
    world = World()
    made, _ = make(world)
    error = TimedOut("x")
    world.run(making.withdraw(TENANT, made, ROOM, error))
    assert world.events[ROOM] == {}
    assert world.names(undo=True) == ["deleteEvent"]
    world.scripted["deleteEvent"] = [fault(403, "ErrorAccessDenied"), Interrupted("stop")]
    world.run(making.withdraw(TENANT, made, ROOM, error))
    assert any("still stands" in each for each in error.__notes__)
    with pytest.raises(Interrupted):
        world.run(making.withdraw(TENANT, made, ROOM, error))


def test_removing_what_is_gone_is_success_and_a_mailbox_that_is_gone_is_not():
    world = World()
    world.put(**marked("r-1"))
    found = world.run(by_reference(TENANT, "r-1", ROOM))
    for _ in range(2):
        world.run(making.remove(TENANT, found, ROOM, version="k"))
    assert world.of("deleteEvent")[0].request.headers["if-match"] == 'W/"k"'
    with pytest.raises(NotFound):
        world.run(making.remove(TENANT, found, "nobody@contoso.example"))
