"""What both dispatchers are made of."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Query, Request, Response, Safety
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.transport.guarded import AsyncGuardedTransport, GuardedTransport
from hamilton_sdk.webhooks._dispatching import (
    ONCE,
    AsyncDoor,
    Door,
    Settings,
    asked,
    open_async_door,
    open_door,
    warn_unclosed,
)
from hamilton_sdk.webhooks._operations.keys import CheckKey
from hamilton_sdk.webhooks._sealing import Seal
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.breaker import BreakerPolicy
from hamilton_sdk.webhooks.delivering import DeliveryRequest, Verdict
from hamilton_sdk.webhooks.hooks import DeliveryHooks
from tests.webhooks.claimed import claimed
from tests.webhooks.receivers import InProcess

_CLOCK = SettableClock()


def _settings(transport=None, concurrency=20, hooks=None, breaker=None, lease=None, clock=_CLOCK):
    return Settings(transport, concurrency, hooks, breaker, lease, clock)


def _request(*networks):
    return DeliveryRequest(
        method="POST",
        url="https://customer.example/hooks",
        operation="deliver",
        safety=Safety.IDEMPOTENT,
        networks=networks,
    )


def test_the_usual_settings():
    usual = _settings()
    assert isinstance(usual.transport, Http)
    assert (usual.places, usual.longest, usual.lease) == (20, timedelta(seconds=30), timedelta(seconds=90))
    assert (usual.hooks, usual.breaker, usual.clock) == (DeliveryHooks(), BreakerPolicy(), _CLOCK)


def test_settings_of_ones_own():
    hooks, breaker, receivers = DeliveryHooks(on_dead_letter=print), BreakerPolicy(failures=1), InProcess()
    own = _settings(receivers, 5, hooks, breaker, timedelta(minutes=9))
    assert own.transport is receivers
    assert (own.places, own.hooks, own.breaker, own.lease) == (5, hooks, breaker, timedelta(minutes=9))


def test_there_are_connections_for_all_places():
    assert _settings(Http(connections=3), 50).transport.connections == 50
    assert _settings(Http(connections=70), 50).transport.connections == 70


def test_a_lease_outlasts_every_delivery():
    http = Http(timeouts=Timeouts(total=12))
    assert _settings(http).lease == timedelta(seconds=72)
    with pytest.raises(ConfigurationError, match=r"lease is 0:00:12, and a delivery may take 0:00:12"):
        _settings(http, lease=timedelta(seconds=12))
    with pytest.raises(ConfigurationError, match="lease is 0:00:16"):
        _settings(http, lease=timedelta(seconds=16))
    assert _settings(http, lease=timedelta(seconds=17)).lease == timedelta(seconds=17)
    with pytest.raises(TypeError, match="lease must be timedelta, not int"):
        _settings(http, lease=60)


@pytest.mark.parametrize("concurrency", [0, -1, 1001])
def test_places_are_limited(concurrency):
    with pytest.raises(ConfigurationError, match=f"concurrency is {concurrency}"):
        _settings(concurrency=concurrency)


@pytest.mark.parametrize("concurrency", ["5", 5.0, True, None])
def test_places_are_a_whole_number(concurrency):
    with pytest.raises(TypeError, match="concurrency must be int"):
        _settings(concurrency=concurrency)


@pytest.mark.parametrize("given", [object(), "https://proxy.example", Http])
def test_only_settings_and_simulators_are_taken(given):
    with pytest.raises(ConfigurationError, match="transport= of a dispatcher is of type") as caught:
        _settings(given)
    assert "only the SDK's own transport" in str(caught.value.hint)


def test_each_worker_has_a_name_of_its_own():
    settings = _settings()
    names = {settings.course(lambda: None, CheckKey(Seal(None)))._worker for _ in range(50)}
    assert len(names) == 50


def test_an_attempt_is_a_flow_with_the_transports_time_limit():
    flow = _settings(Http(timeouts=Timeouts(total=7))).flow(claimed(), lambda of, at: {})
    assert next(flow) is not None
    flow.close()


def test_a_defect_of_our_own_is_logged_and_makes_a_result(caplog):
    settings = _settings()
    result = settings.failed(claimed(7), ValueError("a defect"))
    assert (result.verdict, result.error) == (Verdict.PREVENTED, "ValueError")
    assert result.at == settings.now() == micros(_CLOCK.now())
    assert "delivery 7 failed in the sender" in caplog.text
    assert "ValueError: a defect" in caplog.text


def test_a_delivery_is_sent_once_and_as_long_as_its_transport_allows():
    assert (ONCE.attempts, ONCE.deadline) == (1, None)


def test_a_flow_of_one_query():
    query = Query("operation")
    flow = asked(query)
    assert next(flow) is query
    with pytest.raises(StopIteration) as end:
        flow.send("answer")
    assert end.value.value == "answer"


class _Guarded:
    def __init__(self):
        self.sent, self.closed = [], False

    def send(self, request, timeout, networks):
        self.sent.append((request, timeout, networks))
        return Response(204)

    def close(self):
        self.closed = True


class _AsyncGuarded(_Guarded):
    async def send(self, request, timeout, networks):
        return super().send(request, timeout, networks)

    async def close(self):
        super().close()


_PLAIN = Request(method="GET", url="https://x.example", operation="look", safety=Safety.SAFE)
_EXPECTED = [
    (_request("10.0.0.0/8"), 3.0, (ip_network("10.0.0.0/8"),)),
    (_request(), 3.0, ()),
    (_PLAIN, None, ()),
]


def test_the_door_hands_the_allowed_networks_on():
    guarded = _Guarded()
    door = Door(guarded)
    for request, seconds, _ in _EXPECTED:
        assert door.send(request, seconds).status == 204
    assert guarded.sent == _EXPECTED
    door.close()
    assert guarded.closed


async def test_so_does_the_async_one():
    guarded = _AsyncGuarded()
    door = AsyncDoor(guarded)
    for request, seconds, _ in _EXPECTED:
        assert (await door.send(request, seconds)).status == 204
    assert guarded.sent == _EXPECTED
    await door.close()
    assert guarded.closed


def test_settings_open_the_guarded_transport():
    door = open_door(Http(), _CLOCK)
    assert isinstance(door, Door)
    assert isinstance(door._guarded, GuardedTransport)
    door.close()


async def test_settings_open_the_guarded_transport_in_async_code():
    door = open_async_door(Http(), _CLOCK)
    assert isinstance(door, AsyncDoor)
    assert isinstance(door._guarded, AsyncGuardedTransport)
    await door.close()


def test_a_simulator_is_asked_directly():
    receivers = InProcess(lambda request: 202)
    door = open_door(receivers, _CLOCK)
    assert door.send(_request(), None).status == 202
    assert len(receivers.requests) == 1
    door.close()


async def test_a_simulator_is_asked_directly_in_async_code():
    receivers = InProcess(lambda request: 202)
    door = open_async_door(receivers, _CLOCK)
    assert (await door.send(_request(), None)).status == 202
    await door.close()


def test_what_was_thrown_away_open_is_warned_of():
    with pytest.warns(ResourceWarning, match="unclosed Http: use `with`, or call close"):
        warn_unclosed(Http())
