"""Dispatchers deliver what was published, in threads and in tasks alike, from both databases."""

from __future__ import annotations

import inspect
import socket
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hamilton_sdk.errors import ConfigurationError, ConnectionFailed, NameNotResolved
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks import (
    AsyncDispatcher,
    BreakerPolicy,
    DeliveryHooks,
    Dispatcher,
    Outbox,
    Webhook,
)
from tests.webhooks.boxes import KEY, URL, Happened, listed, open_outbox
from tests.webhooks.dispatchers import open_dispatcher, running, wait_until
from tests.webhooks.receivers import InProcess

_HOUR = 3600
_HERE = "127.0.0.1"


def _published(outbox, *names, **more):
    for name in names:
        outbox.publish(Happened(name, **more))


class TestDelivering:
    def test_every_event_reaches_its_endpoint_signed_and_whole(self, outbox, receiver):
        outbox = _real(outbox)
        receiver.endpoint(outbox)
        _published(outbox, *[f"e{number}" for number in range(30)])
        with open_dispatcher(outbox, transport=receiver.http()) as dispatcher:
            assert dispatcher.deliver_due() == 30
        assert receiver.ids() == {f"e{number}" for number in range(30)}
        assert set(receiver.got.values()) == {1}
        assert receiver.refused == []
        assert outbox.counters().delivered == 30

    def test_nothing_due_is_no_work(self, outbox):
        with open_dispatcher(outbox, transport=InProcess()) as dispatcher:
            assert dispatcher.deliver_due() == 0

    def test_a_body_goes_out_byte_for_byte(self, outbox):
        outbox.add_endpoint(URL)
        body = b'{"a":\t1, "b": "\xc3\xa9"}\n'
        outbox.publish(Happened("e", body=body))
        receivers = InProcess()
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            dispatcher.deliver_due()
        assert [request.body for request in receivers.requests] == [body]

    def test_a_failure_is_tried_again_with_the_same_id_and_another_time(self, outbox):
        endpoint = outbox.add_endpoint(URL)
        outbox.publish(Happened("e"))
        receivers = InProcess(lambda request: 500 if len(receivers.requests) < 3 else 200)
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            for seconds, tried in ((0, 1), (4, 0), (2, 1), (290, 0), (50, 1)):
                outbox.clock.advance(seconds)
                assert dispatcher.deliver_due() == tried
        assert receivers.ids == ["e"] * 3
        hook = Webhook(endpoint.secret, clock=outbox.clock)
        stamps = {request.headers["webhook-timestamp"] for request in receivers.requests}
        assert len(stamps) == 3
        last = receivers.requests[-1]
        assert hook.verify(last.body, last.headers).id == "e"
        (found,) = listed(outbox.deliveries())
        assert (found.state, found.attempts) == ("delivered", 3)
        assert [each.status for each in outbox.attempts(found.id)] == [500, 500, 200]

    def test_at_the_end_of_the_schedule_somebody_is_told_and_may_replay(self, outbox):
        outbox.add_endpoint(URL, schedule=[0, 1])
        outbox.publish(Happened("e"))
        heard, receivers = [], InProcess(lambda request: ConnectionFailed("refused"))
        hooks = DeliveryHooks(on_dead_letter=heard.append)
        with open_dispatcher(outbox, transport=receivers, hooks=hooks) as dispatcher:
            for _ in range(3):
                dispatcher.deliver_due()
                outbox.clock.advance(5)
            assert [(each.event_type, each.event_id, each.attempts) for each in heard] == [
                ("visit.created", "e", 2)
            ]
            assert "ConnectionFailed" in heard[0].error
            receivers.answer = lambda request: 200
            assert outbox.replay(event="e") == 1
            assert dispatcher.deliver_due() == 1
        assert outbox.counters().delivered == 1

    def test_an_endpoint_that_is_gone_is_disabled_aloud_and_keeps_its_events(self, outbox):
        endpoint = outbox.add_endpoint(URL)
        _published(outbox, "e1")
        heard, receivers = [], InProcess(lambda request: 410)
        hooks = DeliveryHooks(on_endpoint_disabled=heard.append)
        with open_dispatcher(outbox, transport=receivers, hooks=hooks) as dispatcher:
            dispatcher.deliver_due()
            assert [(each.endpoint_id, each.event_type, each.event_id) for each in heard] == [
                (endpoint.id, "visit.created", "e1")
            ]
            _published(outbox, "e2")
            outbox.clock.advance(_HOUR)
            assert dispatcher.deliver_due() == 0
            receivers.answer = lambda request: 200
            outbox.resume(endpoint.id)
            assert dispatcher.deliver_due() == 2
        assert outbox.counters().delivered == 2

    def test_a_paused_endpoint_gets_everything_later(self, outbox):
        endpoint = outbox.add_endpoint(URL)
        outbox.pause(endpoint.id)
        _published(outbox, "e1", "e2")
        receivers = InProcess()
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            assert dispatcher.deliver_due() == 0
            outbox.resume(endpoint.id)
            assert dispatcher.deliver_due() == 2
        assert sorted(receivers.ids) == ["e1", "e2"]

    def test_a_dead_letter_holds_its_object_back_and_no_other(self, outbox):
        outbox.add_endpoint(URL, ordered=True, schedule=[0])
        for name, of, sequence in (("a1", "a", 1), ("a2", "a", 2), ("b1", "b", 1)):
            outbox.publish(Happened(name, object=of, sequence=sequence))
        receivers = InProcess(lambda request: 500 if request.headers["webhook-id"] == "a1" else 200)
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            assert dispatcher.deliver_due() == 2
            assert sorted(receivers.ids) == ["a1", "b1"]
            (dead,) = listed(outbox.dead_letters())
            outbox.skip(dead.id)
            assert dispatcher.deliver_due() == 1
        assert receivers.ids[-1] == "a2"

    def test_in_order_the_next_follows_at_once(self, outbox):
        outbox.add_endpoint(URL, ordered=True)
        for number in (3, 1, 4, 2):
            outbox.publish(Happened(f"e{number}", object="visit:1", sequence=number))
        receivers = InProcess()
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            assert dispatcher.deliver_due() == 4
        assert receivers.ids == ["e1", "e2", "e3", "e4"]

    def test_a_failing_endpoint_gets_a_rest_that_counts_as_no_attempt(self, outbox):
        outbox.add_endpoint(URL)
        _published(outbox, *[f"e{number}" for number in range(20)])
        receivers = InProcess(lambda request: 500)
        policy = BreakerPolicy(failures=3, open_for=timedelta(seconds=600))
        with open_dispatcher(outbox, transport=receivers, breaker=policy, concurrency=1) as dispatcher:
            tried = dispatcher.deliver_due()
            assert 3 <= tried <= 4
            outbox.clock.advance(599)
            assert dispatcher.deliver_due() == 0
            outbox.clock.advance(1)
            receivers.answer = lambda request: 200
            assert dispatcher.deliver_due() == 20
        assert outbox.counters().delivered == 20
        assert max(each.attempts for each in listed(outbox.deliveries())) == 2

    def test_a_name_that_leads_nowhere_costs_no_attempt(self, outbox):
        outbox.add_endpoint(URL)
        _published(outbox, "e")
        receivers = InProcess(lambda request: NameNotResolved("no such host"))
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            for _ in range(5):
                dispatcher.deliver_due()
                outbox.clock.advance(_HOUR)
        (found,) = listed(outbox.deliveries())
        assert (found.state, found.attempts) == ("pending", 0)
        attempts = outbox.attempts(found.id)
        assert [each.error for each in attempts] == ["NameNotResolved: no such host"] * 5
        assert [(each.number, each.counts) for each in attempts] == [(n, False) for n in (1, 2, 3, 4, 5)]

    def test_a_name_that_has_come_to_lead_into_ones_own_network_is_not_reached(
        self, outbox, receiver, monkeypatch
    ):
        lookup, port = socket.getaddrinfo, receiver.url.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **also: lookup(_HERE, *more, **also))
        outbox = _real(outbox)
        outbox.add_endpoint(f"https://customer.example:{port}/hooks")
        _published(outbox, "e")
        with open_dispatcher(outbox, transport=receiver.http()) as dispatcher:
            assert dispatcher.deliver_due() == 1
        assert not receiver.got
        assert not receiver.refused
        (found,) = listed(outbox.deliveries())
        (attempt,) = outbox.attempts(found.id)
        assert found.attempts == 0
        assert attempt.error.startswith("AddressRefused: ")

    def test_a_defect_of_our_own_costs_one_delivery_a_minute_and_the_others_nothing(self, outbox, caplog):
        outbox.add_endpoint(URL)
        _published(outbox, "bad", "good")
        receivers = InProcess(
            lambda request: ValueError("a defect") if request.headers["webhook-id"] == "bad" else 200
        )
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            assert dispatcher.deliver_due() == 2
            assert outbox.counters().delivered == 1
            assert "failed in the sender" in caplog.text
            outbox.clock.advance(70)
            receivers.answer = lambda request: 200
            assert dispatcher.deliver_due() == 1
        assert outbox.counters().delivered == 2


def _real(outbox):
    """The same outbox with the machine's time: another library verifies, and has a clock of its own."""
    from hamilton_sdk.clock import SystemClock

    twin = getattr(outbox, "_twin", outbox)
    twin.clock = twin._desk.clock = SystemClock()
    return outbox


class TestRunning:
    def test_it_delivers_what_is_published_meanwhile_until_it_is_stopped(self, address, is_async, receiver):
        with (
            open_outbox(address, is_async=is_async, clock=None) as outbox,
            Outbox.open(address, key=KEY, synchronous="NORMAL") as publisher,
        ):
            receiver.endpoint(publisher)
            with (
                open_dispatcher(outbox, transport=receiver.http()) as dispatcher,
                running(dispatcher),
            ):
                for number in range(5):
                    publisher.publish(Happened(f"e{number}"))
                    wait_until(lambda number=number: f"e{number}" in receiver.ids())
                wait_until(lambda: publisher.counters().delivered == 5)
            assert receiver.refused == []

    def test_stopping_finishes_what_is_under_way_and_gives_the_rest_back(self, address, is_async, receiver):
        began, go_on = threading.Event(), threading.Event()

        def answer(path, message):
            began.set()
            go_on.wait(20)
            return 200

        with (
            open_outbox(address, is_async=is_async, clock=None) as outbox,
            Outbox.open(address, key=KEY) as publisher,
        ):
            receiver.endpoint(publisher)
            receiver.answer = answer
            _published(publisher, *[f"e{number}" for number in range(9)])
            with open_dispatcher(outbox, transport=receiver.http(), concurrency=2) as dispatcher:
                with running(dispatcher):
                    assert began.wait(20)
                    dispatcher.stop()
                    go_on.set()
                done = len(receiver.ids())
                counted = publisher.counters()
                assert 1 <= done <= 2
                assert (counted.delivered, counted.leased, counted.pending) == (done, 0, 9 - done)

    def test_a_job_that_must_end_leaves_the_rest_to_the_next(self, outbox):
        outbox.add_endpoint(URL, in_flight_limit=1)
        _published(outbox, "e1", "e2")
        receivers = InProcess(lambda request: outbox.clock.advance(60) or 200)
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            for name in ("e1", "e2"):
                assert dispatcher.deliver_due(at_most=timedelta(minutes=1)) == 1
                assert receivers.ids[-1] == name
        assert outbox.counters().delivered == 2

    def test_one_that_was_stopped_stays_so(self, outbox):
        outbox.add_endpoint(URL)
        _published(outbox, "e")
        receivers = InProcess()
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            dispatcher.stop()
            dispatcher.run()
            assert dispatcher.deliver_due() == 0
        assert receivers.requests == []

    def test_a_slow_endpoint_does_not_delay_another(self, address, is_async, receiver):
        go_on = threading.Event()

        def answer(path, message):
            if path == "/slow":
                go_on.wait(30)
            return 200

        with (
            open_outbox(address, is_async=is_async, clock=None) as outbox,
            Outbox.open(address, key=KEY) as publisher,
        ):
            receiver.answer = answer
            receiver.endpoint(publisher, "/slow", in_flight_limit=100)
            _published(publisher, *[f"s{number}" for number in range(30)])
            with open_dispatcher(outbox, transport=receiver.http(), concurrency=5) as dispatcher:
                with running(dispatcher):
                    wait_until(lambda: publisher.counters().leased >= 4)
                    receiver.endpoint(publisher, "/quick")
                    _published(publisher, "q1", "q2", "q3", type="reservation.created")
                    wait_until(lambda: {"q1", "q2", "q3"} <= receiver.ids("/quick"))
                    assert receiver.ids("/slow") == set()
                    go_on.set()


class TestConstructing:
    @pytest.mark.parametrize("client", [httpx.Client, httpx.AsyncClient])
    def test_a_client_of_ones_own_is_refused(self, outbox, client):
        with pytest.raises(ConfigurationError, match="transport= of a dispatcher") as caught:
            with open_dispatcher(outbox, transport=client()):
                pass
        assert "Http" in caught.value.hint

    @pytest.mark.parametrize("concurrency", [0, 1001])
    def test_places_are_one_to_a_thousand(self, outbox, concurrency):
        with pytest.raises(ConfigurationError, match="concurrency is"):
            with open_dispatcher(outbox, concurrency=concurrency):
                pass

    def test_a_closed_one_is_of_no_more_use(self, outbox):
        with open_dispatcher(outbox, transport=InProcess()) as dispatcher:
            dispatcher.close()
            dispatcher.close()
            with pytest.raises(ConfigurationError, match="Dispatcher is closed"):
                dispatcher.deliver_due()

    def test_its_repr_shows_no_secret(self, outbox):
        with open_dispatcher(outbox, concurrency=3) as dispatcher:
            assert repr(dispatcher).endswith("Dispatcher(concurrency=3)")

    def test_an_outbox_without_a_key_cannot_deliver(self, address, is_async):
        with open_outbox(address, is_async=is_async, key=None) as outbox:
            with pytest.raises(ConfigurationError, match="no key"):
                with open_dispatcher(outbox, transport=InProcess()):
                    pass


def _signature(of: Any) -> list[tuple[str, Any, Any]]:
    parameters = inspect.signature(of).parameters.values()
    return [(each.name, each.kind, each.default) for each in parameters]


def test_both_dispatchers_have_the_same_face():
    """The same names, arguments, defaults and docstrings; one of them with ``await``."""
    for name in ("__init__", "deliver_due", "run", "stop", "close"):
        one, other = getattr(Dispatcher, name), getattr(AsyncDispatcher, name)
        assert _signature(one) == _signature(other)
        assert inspect.getdoc(one) == inspect.getdoc(other)
        annotations = [
            {key: str(value).replace("Async", "") for key, value in each.__annotations__.items()}
            for each in (one, other)
        ]
        assert annotations[0] == annotations[1]
        assert inspect.iscoroutinefunction(other) == (name in {"deliver_due", "run", "close"})
    public = [
        {name for name in vars(kind) if not name.startswith("_")} for kind in (Dispatcher, AsyncDispatcher)
    ]
    assert public[0] == public[1]


def test_an_answer_may_carry_a_retry_after(outbox):
    outbox.add_endpoint(URL)
    _published(outbox, "e")
    receivers = InProcess(lambda request: Response(503, {"retry-after": "600"}))
    with open_dispatcher(outbox, transport=receivers) as dispatcher:
        dispatcher.deliver_due()
        outbox.clock.advance(599)
        assert dispatcher.deliver_due() == 0
        outbox.clock.advance(62)
        assert dispatcher.deliver_due() == 1
