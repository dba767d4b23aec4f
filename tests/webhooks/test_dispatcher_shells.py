"""What is a dispatcher's own in threads, and what in tasks: opening, closing, other threads, forks, loops."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from contextlib import closing

import pytest

from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.webhooks import (
    AsyncDispatcher,
    AsyncOutbox,
    Dispatcher,
    Outbox,
)
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.receivers import InProcess

_HOUR = 3600
_HERE = "127.0.0.1"


def _published(outbox, *names, **more):
    for name in names:
        outbox.publish(Happened(name, **more))


class TestSync:
    def test_with_opens_and_closes(self, sqlite_address):
        with Outbox.open(sqlite_address, key=KEY) as outbox:
            with Dispatcher(outbox, transport=InProcess()) as dispatcher:
                assert dispatcher.deliver_due() == 0
            with pytest.raises(ConfigurationError, match="closed"):
                dispatcher.deliver_due()

    def test_one_thrown_away_open_is_warned_of(self, sqlite_address):
        with Outbox.open(sqlite_address, key=KEY) as outbox:
            dispatcher = Dispatcher(outbox, transport=InProcess())
            dispatcher.deliver_due()
            gear = dispatcher._gear
            with pytest.warns(ResourceWarning, match="unclosed Dispatcher"):
                del dispatcher
                gc.collect()
            gear.close()

    def test_it_may_be_used_from_many_threads(self, sqlite_address):
        with Outbox.open(sqlite_address, key=KEY, synchronous="NORMAL") as outbox:
            outbox.add_endpoint(URL)
            _published(outbox, *[f"e{number}" for number in range(60)])
            receivers, tried = InProcess(), []
            with Dispatcher(outbox, transport=receivers) as dispatcher:
                threads = [
                    threading.Thread(target=lambda: tried.append(dispatcher.deliver_due())) for _ in range(4)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            assert sum(tried) == 60
            assert len(set(receivers.ids)) == len(receivers.ids) == 60

    def test_closing_from_another_thread_waits_for_what_is_under_way(self, sqlite_address, receiver):
        began, go_on = threading.Event(), threading.Event()

        def answer(path, message):
            began.set()
            go_on.wait(20)
            return 200

        with Outbox.open(sqlite_address, key=KEY) as outbox:
            receiver.endpoint(outbox)
            receiver.answer = answer
            _published(outbox, "e")
            dispatcher = Dispatcher(outbox, transport=receiver.http())
            worker = threading.Thread(target=dispatcher.run)
            worker.start()
            assert began.wait(20)
            closer = threading.Thread(target=dispatcher.close)
            closer.start()
            go_on.set()
            closer.join()
            assert outbox.counters().delivered == 1
            worker.join()

    def test_after_a_fork_the_child_has_its_own(self, sqlite_address):
        with Outbox.open(sqlite_address, key=KEY) as outbox:
            outbox.add_endpoint(URL)
            with Dispatcher(outbox, transport=InProcess()) as dispatcher:
                dispatcher.deliver_due()
                _published(outbox, "e")
                process = multiprocessing.get_context("fork").Process(target=dispatcher.deliver_due)
                process.start()
                process.join(30)
                assert process.exitcode == 0
                assert outbox.counters().delivered == 1
                assert dispatcher.deliver_due() == 0

    def test_a_store_that_is_away_is_an_error_of_deliver_due(self, sqlite_address):
        class Away:
            dialect = "sqlite"

            def perform(self, operation):
                raise StoreError("away")

        with Outbox.open(sqlite_address, key=KEY) as outbox:
            store, outbox.store = outbox.store, Away()
            with closing(store), Dispatcher(outbox, transport=InProcess()) as dispatcher:
                with pytest.raises(StoreError, match="away"):
                    dispatcher.deliver_due()
            outbox.store = store


class TestAsync:
    async def test_async_with_opens_and_closes(self, sqlite_address):
        async with AsyncOutbox.open(sqlite_address, key=KEY) as outbox:
            async with AsyncDispatcher(outbox, transport=InProcess()) as dispatcher:
                assert await dispatcher.deliver_due() == 0
            with pytest.raises(ConfigurationError, match="closed"):
                await dispatcher.deliver_due()

    async def test_one_thrown_away_open_is_warned_of(self, sqlite_address):
        async with AsyncOutbox.open(sqlite_address, key=KEY) as outbox:
            dispatcher = AsyncDispatcher(outbox, transport=InProcess())
            await dispatcher.deliver_due()
            with pytest.warns(ResourceWarning, match="unclosed AsyncDispatcher"):
                del dispatcher
                gc.collect()

    async def test_closing_waits_for_what_is_under_way(self, sqlite_address, receiver):
        import asyncio

        async with AsyncOutbox.open(sqlite_address, key=KEY) as outbox:
            endpoint = await outbox.add_endpoint(f"{receiver.url}/hooks", private_networks=["127.0.0.0/8"])
            receiver.secrets["/hooks"] = endpoint.secret
            go_on = threading.Event()
            receiver.answer = lambda path, message: 200 if go_on.wait(20) else 500
            await outbox.publish(Happened("e"))
            dispatcher = AsyncDispatcher(outbox, transport=receiver.http())
            running_ = asyncio.ensure_future(dispatcher.run())
            while (await outbox.counters()).leased == 0:
                await asyncio.sleep(0.01)
            closing_ = asyncio.ensure_future(dispatcher.close())
            await asyncio.sleep(0.05)
            assert not closing_.done()
            go_on.set()
            await closing_
            await running_
            assert (await outbox.counters()).delivered == 1

    async def test_cancelling_gives_back_what_is_under_way(self, sqlite_address, receiver):
        import asyncio

        async with AsyncOutbox.open(sqlite_address, key=KEY) as outbox:
            endpoint = await outbox.add_endpoint(f"{receiver.url}/hooks", private_networks=["127.0.0.0/8"])
            receiver.secrets["/hooks"] = endpoint.secret
            go_on = threading.Event()
            receiver.answer = lambda path, message: 200 if go_on.wait(20) else 500
            for number in range(5):
                await outbox.publish(Happened(f"e{number}"))
            async with AsyncDispatcher(outbox, transport=receiver.http(), concurrency=2) as dispatcher:
                task = asyncio.ensure_future(dispatcher.run())
                while (await outbox.counters()).leased == 0:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.05)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                counted = await outbox.counters()
                assert (counted.leased, counted.pending) == (0, 5)
            go_on.set()
