"""What a worker keeps: opened by its first job, used by the next, closed at its end."""

from __future__ import annotations

import asyncio
import multiprocessing
from datetime import timedelta
from functools import partial

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox, Dispatcher, Outbox
from hamilton_sdk.webhooks.hosts._kept import AsyncKept, Kept, note_unheard
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.receivers import InProcess

_MINUTE = timedelta(minutes=1)


class Bench:
    """Both kinds over one database; counts how often an outbox is opened."""

    def __init__(self, address):
        self.address = address
        self.clock = SettableClock()
        self.receivers = InProcess()
        self.opened = []
        self.desk = self.outbox(Outbox)
        self.endpoint = self.desk.add_endpoint(URL, in_flight_limit=1)

    def outbox(self, kind, **settings):
        found = kind.open(
            self.address, **{"key": KEY, "clock": self.clock, "synchronous": "NORMAL", **settings}
        )
        self.opened.append(found)
        return found

    def kept(self, **settings):
        make = partial(Dispatcher, transport=self.receivers)
        return Kept(partial(self.outbox, Outbox, **settings), make, _MINUTE)

    def akept(self, **settings):
        make = partial(AsyncDispatcher, transport=self.receivers)
        return AsyncKept(partial(self.outbox, AsyncOutbox, **settings), make, _MINUTE)

    def publish(self, *names):
        for name in names:
            self.desk.publish(Happened(name))


@pytest.fixture
def bench(address):
    made = Bench(address)
    yield made
    made.desk.close()


class TestSync:
    def test_nothing_is_opened_before_the_first_job(self, bench):
        bench.kept().close()
        assert bench.opened == [bench.desk]

    def test_jobs_share_one_dispatcher_until_it_is_closed(self, bench):
        kept = bench.kept()
        for name in ("e1", "e2"):
            bench.publish(name)
            assert kept.deliver() is False
        assert len(bench.opened) == 2
        kept.close()
        with pytest.raises(ConfigurationError, match="closed"):
            bench.opened[1].counters()
        bench.publish("e3")
        kept.deliver()
        kept.close()
        assert len(bench.opened) == 3
        assert bench.receivers.ids == ["e1", "e2", "e3"]

    def test_a_job_whose_time_is_over_says_so_and_leaves_the_rest(self, bench):
        bench.receivers.answer = lambda request: bench.clock.advance(60) or 200
        bench.publish("e1", "e2")
        kept = bench.kept()
        assert kept.deliver() is True
        assert bench.receivers.ids == ["e1"]
        bench.receivers.answer = lambda request: 200
        assert kept.deliver() is False
        assert bench.receivers.ids == ["e1", "e2"]
        kept.close()

    def test_stopping_ends_jobs_until_it_is_opened_anew(self, bench):
        kept = bench.kept()
        kept.stop()
        kept.deliver()
        kept.stop()
        bench.publish("e")
        kept.deliver()
        assert bench.receivers.ids == []
        kept.close()
        kept.deliver()
        kept.close()
        assert bench.receivers.ids == ["e"]

    def test_what_cannot_open_leaves_nothing_open_and_is_tried_again(self, bench):
        kept = bench.kept(key=None)
        for opened in (2, 3):
            with pytest.raises(ConfigurationError, match="key"):
                kept.deliver()
            assert len(bench.opened) == opened
            with pytest.raises(ConfigurationError, match="closed"):
                bench.opened[-1].counters()

    def test_a_forked_process_goes_on_and_leaves_the_parents_alone(self, bench):
        kept = bench.kept()
        kept.deliver()
        bench.publish("e1")
        fork = multiprocessing.get_context("fork")
        results = fork.Queue()

        def child():
            kept.stop()
            kept.close()  # the parent's
            kept.deliver()
            kept.close()
            results.put(bench.receivers.ids)

        process = fork.Process(target=child)
        process.start()
        assert results.get(timeout=30) == ["e1"]
        process.join(30)
        assert process.exitcode == 0
        bench.publish("e2")
        kept.deliver()
        kept.close()
        assert bench.receivers.ids == ["e2"]

    def test_what_was_inherited_is_the_parents_to_close(self, bench):
        kept = bench.kept()
        kept.deliver()
        kept._process = -1
        kept.stop()
        kept.close()
        bench.publish("e")
        kept.deliver()
        kept.close()
        assert bench.receivers.ids == ["e"]


class TestAsync:
    def test_nothing_is_opened_before_the_first_job(self, bench):
        asyncio.run(bench.akept().close())
        assert bench.opened == [bench.desk]

    def test_jobs_share_one_dispatcher_which_closes_with_the_loop(self, bench):
        kept = bench.akept()

        async def jobs(*names):
            for name in names:
                bench.publish(name)
                assert await kept.deliver() is False
            await asyncio.gather(kept.deliver(), kept.deliver())

        asyncio.run(jobs("e1", "e2"))
        assert len(bench.opened) == 2
        _check_closed(bench.opened[1])
        asyncio.run(jobs("e3"))
        assert len(bench.opened) == 3
        _check_closed(bench.opened[2])
        assert bench.receivers.ids == ["e1", "e2", "e3"]

    def test_jobs_that_begin_together_open_once(self, bench):
        kept = bench.akept()

        async def jobs():
            await asyncio.gather(*(kept.deliver() for _ in range(5)))

        asyncio.run(jobs())
        assert len(bench.opened) == 2

    def test_it_may_be_closed_before_the_loop_and_opens_anew(self, bench):
        kept = bench.akept()

        async def jobs():
            for name in ("e1", "e2"):
                bench.publish(name)
                await kept.deliver()
                await kept.close()

        asyncio.run(jobs())
        assert len(bench.opened) == 3
        assert bench.receivers.ids == ["e1", "e2"]

    def test_a_job_whose_time_is_over_says_so_and_leaves_the_rest(self, bench):
        bench.receivers.answer = lambda request: bench.clock.advance(60) or 200
        bench.publish("e1", "e2")
        kept = bench.akept()

        async def jobs():
            assert await kept.deliver() is True
            assert bench.receivers.ids == ["e1"]
            bench.receivers.answer = lambda request: 200
            assert await kept.deliver() is False
            assert bench.receivers.ids == ["e1", "e2"]

        asyncio.run(jobs())

    def test_what_cannot_open_leaves_nothing_open_and_is_tried_again(self, bench):
        kept = bench.akept(key=None)

        async def jobs():
            for opened in (2, 3):
                with pytest.raises(ConfigurationError, match="key"):
                    await kept.deliver()
                assert len(bench.opened) == opened

        asyncio.run(jobs())
        _check_closed(bench.opened[1])
        _check_closed(bench.opened[2])


def _check_closed(outbox):
    async def use():
        with pytest.raises(ConfigurationError, match="closed"):
            await outbox.counters()

    asyncio.run(use())


@pytest.mark.parametrize("kind", [Kept, AsyncKept])
def test_a_job_has_some_time(kind):
    for wrong in (timedelta(0), timedelta(seconds=-1)):
        with pytest.raises(ConfigurationError, match="at_most"):
            kind(None, None, wrong)
    with pytest.raises(TypeError, match="at_most must be timedelta"):
        kind(None, None, 60)


def test_what_could_not_be_woken_is_named_and_not_quoted(caplog):
    note_unheard(ConnectionError("amqp://user:secret@broker"))
    assert [record.message for record in caplog.records] == [
        "no job was woken for a delivery, the periodic one comes: ConnectionError"
    ]
