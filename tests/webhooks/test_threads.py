"""A dispatcher's threads do what a course asks for, and end with it."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import StoreError
from hamilton_sdk.webhooks import DeliveryHooks, Dispatcher, Outbox
from hamilton_sdk.webhooks._dispatching import Settings
from hamilton_sdk.webhooks._threads import Crew, Gear
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.receivers import InProcess


@contextmanager
def _geared(address, receivers, concurrency=4, hooks=None):
    clock = SettableClock()
    with Outbox.open(address, key=KEY, clock=clock, synchronous="NORMAL") as outbox:
        gear = Gear(outbox, Settings(receivers, concurrency, hooks, None, None, clock))
        try:
            yield outbox, gear
        finally:
            gear.close()


def _published(outbox, count, **more):
    outbox.add_endpoint(URL, **more)
    for number in range(count):
        outbox.publish(Happened(f"e{number}"))


def test_several_are_delivered_at_the_same_time(sqlite_address):
    together = threading.Barrier(3, timeout=20)
    receivers = InProcess(lambda request: 200 if together.wait() is not None else 500)
    with _geared(sqlite_address, receivers) as (outbox, gear):
        _published(outbox, 3)
        crew = Crew(gear)
        crew.work(until_stopped=False)
        assert outbox.counters().delivered == 3
        assert crew.course.attempts == 3


def test_no_more_than_there_are_places_for(sqlite_address):
    now, most, lock = set(), [], threading.Lock()

    def answer(request):
        with lock:
            now.add(request.headers["webhook-id"])
            most.append(len(now))
        threading.Event().wait(0.005)
        with lock:
            now.discard(request.headers["webhook-id"])
        return 200

    with _geared(sqlite_address, InProcess(answer)) as (outbox, gear):
        _published(outbox, 30, in_flight_limit=100)
        Crew(gear).work(until_stopped=False)
        assert outbox.counters().delivered == 30
    assert max(most) <= 4


def test_ctrl_c_finishes_what_is_under_way_and_gives_the_rest_back(sqlite_address):
    """Threads cannot be broken off; nothing of theirs is lost, and no lease stays."""

    def interrupt(_):
        raise KeyboardInterrupt

    hooks = DeliveryHooks(on_dead_letter=interrupt)
    receivers = InProcess(lambda request: 500 if request.headers["webhook-id"] == "e0" else 200)
    with _geared(sqlite_address, receivers, 2, hooks) as (outbox, gear):
        _published(outbox, 12, schedule=[0])
        with pytest.raises(KeyboardInterrupt):
            Crew(gear).work(until_stopped=True)
        counted = outbox.counters()
        assert (counted.dead, counted.leased) == (1, 0)
        assert counted.delivered == len(receivers.requests) - 1
        assert counted.pending == 12 - len(receivers.requests)


def test_a_store_that_goes_away_is_an_error_once_what_runs_has_ended(sqlite_address):
    receivers = InProcess()
    with _geared(sqlite_address, receivers) as (outbox, gear):
        _published(outbox, 2)
        perform, calls = outbox.store.perform, []

        def away(operation):
            calls.append(operation)
            if len(calls) > 2:  # the key is looked at, deliveries are claimed
                raise StoreError("away")
            return perform(operation)

        outbox.store.perform = away
        with pytest.raises(StoreError, match="away"):
            Crew(gear).work(until_stopped=False)
        outbox.store.perform = perform
        assert len(receivers.requests) == 2
        assert outbox.counters().leased == 2  # until the lease has ended: then they come again


def test_many_wake_ups_are_one(sqlite_address):
    with _geared(sqlite_address, InProcess()) as (_, gear):
        crew = Crew(gear)
        for _ in range(5):
            crew.course.look()
        assert crew._wait(5) is True
        assert crew._wait(0.001) is False


def test_where_no_thread_starts_any_more_everything_is_given_back(sqlite_address):
    """Once the main thread has returned, a pool takes no more work."""
    receivers = InProcess()
    with _geared(sqlite_address, receivers) as (outbox, gear):
        _published(outbox, 5)
        submit, begun = gear.pool.submit, []

        def refuse(*arguments):
            begun.append(arguments)
            if len(begun) > 2:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            return submit(*arguments)

        gear.pool.submit = refuse
        with pytest.raises(RuntimeError, match="interpreter shutdown"):
            Crew(gear).work(until_stopped=True)
        counted = outbox.counters()
        assert (counted.delivered + counted.pending, counted.leased) == (5, 0)
        assert 2 <= counted.delivered == len(receivers.requests)


def test_closing_from_a_hook_is_refused_aloud_and_blocks_nobody(sqlite_address, caplog):
    with Outbox.open(sqlite_address, key=KEY) as outbox:
        outbox.add_endpoint(URL, schedule=[0])
        outbox.publish(Happened("e"))
        hooks = DeliveryHooks(on_dead_letter=lambda _: dispatcher.close())
        dispatcher = Dispatcher(outbox, transport=InProcess(lambda _: 500), hooks=hooks)
        assert dispatcher.deliver_due() == 1
        dispatcher.close()
    assert "close() was called from a delivery hook" in caplog.text


def test_a_defect_of_our_own_costs_its_delivery_a_minute_and_the_others_nothing(sqlite_address):
    receivers = InProcess(
        lambda request: ValueError("a defect") if request.headers["webhook-id"] == "e0" else 200
    )
    with _geared(sqlite_address, receivers) as (outbox, gear):
        _published(outbox, 3)
        crew = Crew(gear)
        crew.work(until_stopped=False)
        counted = outbox.counters()
        assert (crew.course.attempts, counted.delivered, counted.pending) == (3, 2, 1)
