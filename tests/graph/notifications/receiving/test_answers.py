"""What Graph is answered, and what a handler may return."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import NotReachable, RequestRefused, StoreError
from hamilton_sdk.graph.notifications.models import Change, Received
from hamilton_sdk.graph.notifications.receiving.answers import (
    FAILURES,
    check_handled,
    check_method,
    failed,
    hand_over,
    hand_over_async,
)
from tests.graph.notifications.receiving.receivers import AsyncKeeper, Keeper, async_receiver, receiver

CHANGE = Received(changes=(Change(watch_id="1", kind="created"),), marks=(("1",),))
HANDSHAKE = Received(validation=b"token")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RequestRefused("too large", status=413), 413),
        (NotReachable("Entra ID cannot be reached", hint="look at the network"), 503),
        (StoreError("the database is locked"), 503),
    ],
)
def test_a_failure_is_answered_by_the_table_and_logged(caplog, error, status):
    assert isinstance(error, FAILURES)
    answer = failed(error)
    assert (answer.status, answer.body, dict(answer.headers)) == (status, b"", {})
    (record,) = caplog.records
    assert record.hamilton == {"status": status, "error": type(error).__name__}
    assert error.message in record.getMessage()
    assert (error.hint or "") in record.getMessage()


@pytest.mark.parametrize("method", ["GET", "PUT", "post", "", None])
def test_only_post_passes_and_another_method_is_told_so(method):
    check_method("POST")
    with pytest.raises(RequestRefused) as caught:
        check_method(method)
    answer = failed(caught.value)
    assert (answer.status, dict(answer.headers)) == (405, {"allow": "POST"})


@pytest.mark.parametrize("returned", [False, 0, "", 202, Received()])
def test_what_might_be_meant_as_a_failure_is_a_mistake(returned):
    check_handled(None)
    with pytest.raises(TypeError, match=type(returned).__name__):
        check_handled(returned)


def test_what_was_received_is_handed_over_and_then_done():
    gate, keeper = receiver(), Keeper()
    assert hand_over(gate, keeper, CHANGE).status == 202
    assert keeper.got == [CHANGE]
    assert ("1",) in gate._recent


async def test_async_too():
    gate, keeper = async_receiver(), AsyncKeeper()
    assert (await hand_over_async(gate, keeper, CHANGE)).status == 202
    assert keeper.got == [CHANGE]
    assert ("1",) in gate._recent


async def test_a_handshake_is_handed_to_nobody():
    keeper, waiting = Keeper(), AsyncKeeper()
    assert hand_over(receiver(), keeper, HANDSHAKE).body == b"token"
    assert (await hand_over_async(async_receiver(), waiting, HANDSHAKE)).body == b"token"
    assert keeper.got == waiting.got == []


@pytest.mark.parametrize("does", [OSError("full"), False])
async def test_where_the_handler_fails_it_is_not_done(does):
    gate, waiting = receiver(), async_receiver()
    with pytest.raises((OSError, TypeError)):
        hand_over(gate, Keeper(does), CHANGE)
    with pytest.raises((OSError, TypeError)):
        await hand_over_async(waiting, AsyncKeeper(does), CHANGE)
    assert ("1",) not in gate._recent
    assert ("1",) not in waiting._recent


async def test_a_blocking_handler_in_async_code_is_a_mistake():
    with pytest.raises(TypeError, match="must be async"):
        await hand_over_async(async_receiver(), Keeper(), CHANGE)
