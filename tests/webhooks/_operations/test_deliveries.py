"""Deliveries are found, replayed, skipped, counted and purged."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError, Conflict, NotFound
from hamilton_sdk.shell import Pager
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.models import Attempt, Counters
from tests.webhooks.boxes import URL, Happened, connection_to, listed, open_outbox, set_state


class TestDeliveries:
    def test_they_are_found_by_endpoint_event_and_state(self, outbox: Any) -> None:
        one, two = outbox.add_endpoint(URL), outbox.add_endpoint(URL)
        for name in "ab":
            outbox.publish(Happened(name))
        first = min(listed(outbox.deliveries()), key=lambda each: each.id)
        set_state(outbox, first.id, "dead")
        assert len(listed(outbox.deliveries(endpoint=one.id))) == 2
        assert {each.endpoint_id for each in listed(outbox.deliveries(event="a"))} == {one.id, two.id}
        assert [each.id for each in listed(outbox.deliveries(state="dead"))] == [first.id]
        assert [each.id for each in listed(outbox.dead_letters())] == [first.id]
        other = two.id if first.endpoint_id == one.id else one.id
        assert listed(outbox.dead_letters(endpoint=other)) == []
        assert len(listed(outbox.deliveries(endpoint=other, event="b", state="pending"))) == 1

    def test_a_finished_one_is_not_due(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        set_state(outbox, 1, "delivered")
        (found,) = listed(outbox.deliveries())
        assert (found.state, found.next_at) == ("delivered", None)

    def test_attempts_come_in_order(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        assert outbox.attempts(1) == ()
        mark = "?" if outbox.store.dialect == "sqlite" else "%s"
        with closing(connection_to(outbox)) as connection:
            for row in (
                (1, 1, 1_000_000, 500, 12.5, None, b"oops"),
                (1, 0, 1_500_000, None, 0.0, "no key", None),
                (1, 2, 2_000_000, None, 30000.0, "timeout", None),
            ):
                connection.execute(
                    f"INSERT INTO {outbox.store.tables.attempt.name}"
                    " (delivery_id, number, at, status, duration_ms, error, response)"
                    f" VALUES ({', '.join([mark] * 7)})",
                    row,
                )
            connection.commit()
        first, second, third = outbox.attempts(1)
        assert isinstance(first, Attempt)
        assert (first.number, first.status, first.response, first.error) == (1, 500, b"oops", None)
        assert first.duration == timedelta(milliseconds=12.5)
        assert (second.error, second.counts) == ("no key", False)
        assert (third.status, third.response, third.error) == (None, None, "timeout")
        assert (third.at - first.at) == timedelta(seconds=1)
        assert (third.number, first.counts, third.counts) == (3, True, True)

    @pytest.mark.parametrize("call", ["attempts", "skip"])
    def test_a_delivery_that_is_none_is_told(self, outbox: Any, call: str) -> None:
        with pytest.raises(NotFound, match="no delivery 99"):
            getattr(outbox, call)(99)


def test_a_long_list_comes_in_pages_and_can_be_resumed(sqlite_address: str) -> None:
    with open_outbox(sqlite_address, is_async=False) as outbox:
        outbox.add_endpoint(URL)
        for number in range(250):
            outbox.publish(Happened(f"{number:03}"))
        pager = outbox.deliveries()
        assert isinstance(pager, Pager)
        sizes = [len(page.items) for page in pager.pages()]
        assert sizes == [100, 100, 50]
        reading = iter(outbox.deliveries())
        first = [next(reading).event_id for _ in range(100)]
        pages = outbox.deliveries().pages()
        token = next(pages).next
        rest = [each.event_id for each in outbox.deliveries(token=token)]
        assert first + rest == [f"{number:03}" for number in reversed(range(250))]


class TestReplaying:
    @pytest.fixture
    def three(self, outbox: Any) -> Any:
        """Deliveries 1, 2 and 3, published a second apart: delivered, dead, pending."""
        outbox.add_endpoint(URL)
        for number, state in ((1, "delivered"), (2, "dead"), (3, "pending")):
            outbox.publish(Happened(f"{number}"))
            set_state(outbox, number, state, attempts=7)
            outbox.clock.advance(1)
        return outbox

    def pending(self, outbox: Any) -> set[int]:
        """Which begin anew."""
        return {
            each.id for each in listed(outbox.deliveries()) if (each.state, each.attempts) == ("pending", 0)
        }

    @pytest.mark.parametrize(
        ("criteria", "replayed"),
        [
            ({"delivery": 1}, {1}),
            ({"delivery": 2}, {2}),
            ({"delivery": 3}, {3}),
            ({"event": "2"}, {2}),
            ({"only": "dead", "event": "1"}, set()),
            ({"since": 1}, {2, 3}),
            ({"until": 1}, {1}),
            ({"since": 1, "until": 2}, {2}),
            ({"since": 0, "only": "dead"}, {2}),
            ({"delivery": 1, "event": "2"}, set()),
        ],
    )
    def test_what_fits_all_that_is_given_is_due_now(
        self, three: Any, criteria: Any, replayed: set[int]
    ) -> None:
        start = three.clock.now() - timedelta(seconds=3)
        moments = {
            name: start + timedelta(seconds=criteria[name]) for name in ("since", "until") if name in criteria
        }
        assert three.replay(**{**criteria, **moments}) == len(replayed)
        assert self.pending(three) == replayed
        due = {each.next_at for each in listed(three.deliveries()) if each.id in replayed}
        assert due <= {three.clock.now()}

    def test_a_whole_endpoint_is_replayed(self, three: Any) -> None:
        (endpoint,) = three.endpoints()
        assert three.replay(endpoint=endpoint.id) == 3
        assert three.replay(endpoint="ep_none") == 0

    def test_what_is_on_its_way_is_left_alone(self, three: Any) -> None:
        now = micros(three.clock.now())
        set_state(three, 3, "pending", lease_until=now + 1, lease_by="worker")
        assert three.replay(delivery=3) == 0
        three.clock.advance(1)
        assert three.replay(delivery=3) == 1

    def test_something_must_be_given(self, outbox: Any) -> None:
        for criteria in ({}, {"only": "dead"}):
            with pytest.raises(ConfigurationError, match="what to replay"):
                outbox.replay(**criteria)

    def test_a_naive_time_and_an_unknown_state_are_refused(self, outbox: Any) -> None:
        with pytest.raises(ConfigurationError, match="no time zone"):
            outbox.replay(since=datetime(2026, 1, 1))
        with pytest.raises(ConfigurationError, match="only must be one of"):
            outbox.replay(event="a", only="failed")
        with pytest.raises(ConfigurationError, match="state must be one of"):
            outbox.deliveries(state="failed")


class TestSkipping:
    @pytest.mark.parametrize("state", ["pending", "dead", "skipped"])
    def test_what_is_not_done_is_left_out(self, outbox: Any, state: str) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        set_state(outbox, 1, state)
        assert outbox.skip(1).state == "skipped"
        assert outbox.counters().skipped == 1

    def test_what_is_done_is_done(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        set_state(outbox, 1, "delivered")
        with pytest.raises(Conflict, match="is done"):
            outbox.skip(1)

    def test_what_is_on_its_way_cannot_be_called_back(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        set_state(outbox, 1, "pending", lease_until=micros(outbox.clock.now()) + 1)
        with pytest.raises(Conflict, match="on its way"):
            outbox.skip(1)
        outbox.clock.advance(1)
        assert outbox.skip(1).state == "skipped"


class TestPurging:
    def events(self, outbox: Any) -> set[str]:
        with closing(connection_to(outbox)) as connection:
            rows = connection.execute(f"SELECT id FROM {outbox.store.tables.event.name}").fetchall()
        return {row[0] for row in rows}

    def test_only_what_is_old_and_finished_goes(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        for number, state in enumerate(("delivered", "skipped", "dead", "pending"), 1):
            outbox.publish(Happened(state))
            set_state(outbox, number, state)
        outbox.clock.advance(86_400)
        outbox.publish(Happened("new"))
        set_state(outbox, 5, "delivered")
        assert outbox.purge(timedelta(days=2)) == 0
        assert outbox.purge(timedelta(hours=23)) == 2
        assert self.events(outbox) == {"dead", "pending", "new"}
        assert len(listed(outbox.deliveries())) == 3
        assert outbox.purge(timedelta(hours=23), dead_letters=True) == 1
        assert self.events(outbox) == {"pending", "new"}

    def test_attempts_go_along(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        set_state(outbox, 1, "delivered")
        with closing(connection_to(outbox)) as connection:
            attempt = outbox.store.tables.attempt.name
            connection.execute(
                f"INSERT INTO {attempt} (delivery_id, number, at, duration_ms) VALUES (1, 1, 0, 1.0)"
            )
            connection.commit()
            outbox.clock.advance(100)
            assert outbox.purge(timedelta(seconds=1)) == 1
            assert connection.execute(f"SELECT count(*) FROM {attempt}").fetchone() == (0,)

    def test_an_event_nobody_wanted_goes_too(self, outbox: Any) -> None:
        outbox.publish(Happened("a"))
        outbox.clock.advance(100)
        assert outbox.purge(timedelta(seconds=1)) == 1

    @pytest.mark.parametrize("older_than", [timedelta(0), timedelta(days=-1)])
    def test_such_an_age_makes_no_sense(self, outbox: Any, older_than: timedelta) -> None:
        with pytest.raises(ConfigurationError, match="older_than"):
            outbox.purge(older_than)


def test_a_large_purge_goes_in_steps(outbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hamilton_sdk.webhooks import _desk, async_outbox
    from hamilton_sdk.webhooks import outbox as sync_outbox

    for module in (_desk, async_outbox, sync_outbox):
        monkeypatch.setattr(module, "PURGED_AT_ONCE", 2)
    for number in range(5):
        outbox.publish(Happened(f"{number}"))
    outbox.clock.advance(100)
    assert outbox.purge(timedelta(seconds=1)) == 5


class TestCounting:
    def test_each_state_is_counted(self, outbox: Any) -> None:
        made, other = outbox.add_endpoint(URL), outbox.add_endpoint(URL, events=["never.sent"])
        start = outbox.clock.now()
        for number, state in enumerate(("delivered", "skipped", "dead", "pending", "pending"), 1):
            outbox.publish(Happened(f"{number}"))
            set_state(outbox, number, state)
            outbox.clock.advance(1)
        set_state(outbox, 5, "pending", lease_until=micros(outbox.clock.now()) + 5)
        expected = Counters(
            pending=2, leased=1, delivered=1, dead=1, skipped=1, oldest_pending=start + timedelta(seconds=3)
        )
        assert outbox.counters() == outbox.counters(made.id) == expected
        nothing = Counters(pending=0, leased=0, delivered=0, dead=0, skipped=0, oldest_pending=None)
        assert outbox.counters(other.id) == nothing
