"""One event may be published by several processes at once, and is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from hamilton_sdk.webhooks import Outbox
from tests.webhooks.boxes import KEY, URL, Happened


def test_published_at_the_same_moment_it_is_delivered_once(address: str) -> None:
    with Outbox.open(address, key=KEY, synchronous="NORMAL") as one, Outbox.open(address, key=KEY) as other:
        one.add_endpoint(URL)
        barrier = Barrier(8)

        def publish(outbox: Outbox) -> None:
            barrier.wait()
            for number in range(10):
                assert outbox.publish(Happened(f"{number}")) == f"{number}"

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(publish, [one, other] * 4))
        assert one.counters().pending == 10


def test_its_endpoints_are_those_of_the_moment_it_is_written(address: str) -> None:
    """One added later gets what is published later."""
    with Outbox.open(address, key=KEY) as outbox:
        outbox.publish(Happened("before"))
        outbox.add_endpoint(URL)
        outbox.publish(Happened("after"))
        assert [each.event_id for each in outbox.deliveries()] == ["after"]
