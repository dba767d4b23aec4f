"""A dispatcher's tasks do what a course asks for, and end with it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import StoreError
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks import AsyncOutbox, DeliveryHooks
from hamilton_sdk.webhooks._dispatching import Settings
from hamilton_sdk.webhooks._tasks import AsyncCrew, AsyncGear
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.receivers import InProcess


class _Slow:
    """A transport whose answers wait until the test lets them go."""

    def __init__(self):
        self.now = self.most = 0
        self.go_on = asyncio.Event()
        self.began = asyncio.Event()

    async def send(self, request, timeout):
        self.now += 1
        self.most = max(self.most, self.now)
        self.began.set()
        try:
            await self.go_on.wait()
        finally:
            self.now -= 1
        return Response(200)


@asynccontextmanager
async def _geared(address, receivers, concurrency=4, hooks=None):
    clock = SettableClock()
    async with AsyncOutbox.open(address, key=KEY, clock=clock, synchronous="NORMAL") as outbox:
        gear = AsyncGear(outbox, Settings(receivers, concurrency, hooks, None, None, clock))
        try:
            yield outbox, gear
        finally:
            await gear.close()


async def _published(outbox, count, **more):
    await outbox.add_endpoint(URL, **more)
    for number in range(count):
        await outbox.publish(Happened(f"e{number}"))


async def test_as_many_at_the_same_time_as_there_are_places_for(sqlite_address):
    async with _geared(sqlite_address, InProcess(), 10) as (outbox, gear):
        await _published(outbox, 30, in_flight_limit=100)
        slow = gear.runner._transport = _Slow()
        crew = AsyncCrew(gear)
        work = asyncio.ensure_future(crew.work(until_stopped=False))
        await slow.began.wait()
        while slow.now < 8:
            await asyncio.sleep(0)
        slow.go_on.set()
        await work
        assert slow.most == 8  # four fifths, for one endpoint
        assert (await outbox.counters()).delivered == crew.course.attempts == 30


async def test_what_breaks_it_off_gives_back_what_is_under_way(sqlite_address):
    def interrupt(_):
        raise KeyboardInterrupt

    hooks = DeliveryHooks(on_dead_letter=interrupt)
    receivers = InProcess(lambda request: 500 if request.headers["webhook-id"] == "e0" else 200)
    async with _geared(sqlite_address, receivers, 2, hooks) as (outbox, gear):
        await _published(outbox, 12, schedule=[0])
        with pytest.raises(KeyboardInterrupt):
            await AsyncCrew(gear).work(until_stopped=True)
        counted = await outbox.counters()
        assert (counted.dead, counted.leased) == (1, 0)
        assert counted.delivered + counted.pending == 11


async def test_cancelling_twice_still_gives_everything_back(sqlite_address):
    async with _geared(sqlite_address, InProcess()) as (outbox, gear):
        await _published(outbox, 3)
        slow = gear.runner._transport = _Slow()
        work = asyncio.ensure_future(AsyncCrew(gear).work(until_stopped=True))
        await slow.began.wait()
        work.cancel()
        await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        counted = await outbox.counters()
        assert (counted.pending, counted.leased) == (3, 0)


async def test_a_store_that_goes_away_is_an_error(sqlite_address):
    async with _geared(sqlite_address, InProcess()) as (outbox, gear):
        await _published(outbox, 2)
        perform, calls = outbox.store.perform, []

        async def away(operation):
            calls.append(operation)
            if len(calls) > 2:  # the key is looked at, deliveries are claimed
                raise StoreError("away")
            return await perform(operation)

        outbox.store.perform = away
        with pytest.raises(StoreError, match="away"):
            await AsyncCrew(gear).work(until_stopped=False)
        outbox.store.perform = perform
        assert (await outbox.counters()).leased == 2


async def test_it_may_be_stopped_from_another_thread(sqlite_address):
    async with _geared(sqlite_address, InProcess()) as (_, gear):
        crew = AsyncCrew(gear)
        work = asyncio.ensure_future(crew.work(until_stopped=True))
        await asyncio.sleep(0.05)
        thread = threading.Thread(target=crew.course.stop)
        thread.start()
        await work
        thread.join()


def test_waking_one_whose_loop_is_gone_is_no_error(sqlite_address):
    async def make():
        async with _geared(sqlite_address, InProcess()) as (_, gear):
            return AsyncCrew(gear)

    crew = asyncio.run(make())
    crew.course.stop()
    crew.course.look()


async def test_a_defect_of_our_own_costs_its_delivery_a_minute_and_the_others_nothing(sqlite_address):
    receivers = InProcess(
        lambda request: ValueError("a defect") if request.headers["webhook-id"] == "e0" else 200
    )
    async with _geared(sqlite_address, receivers) as (outbox, gear):
        await _published(outbox, 3)
        crew = AsyncCrew(gear)
        await crew.work(until_stopped=False)
        counted = await outbox.counters()
        assert (crew.course.attempts, counted.delivered, counted.pending) == (3, 2, 1)
