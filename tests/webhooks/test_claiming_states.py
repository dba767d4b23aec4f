"""Whatever publishers, workers, people and the clock do: limits hold, order holds, and nothing is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.webhooks import Outbox
from hamilton_sdk.webhooks._claiming import Claim, Room
from hamilton_sdk.webhooks._settling import Settle, Turn
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.breaker import BreakerPolicy
from hamilton_sdk.webhooks.delivering import Claimed, Result, Verdict
from tests.webhooks.boxes import KEY, URL, Happened

_SECOND = 1_000_000
_LEASE = 90 * _SECOND
_POLICY = BreakerPolicy(failures=3, disable_after=timedelta(days=5))
_WORKERS = ("w1", "w2", "w3")
_SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {"in_flight_limit": 3},
    "ordered": {"in_flight_limit": 3, "ordered": True},
    "slow": {"in_flight_limit": 100, "rate": 0.5},
}


class Claiming(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = SettableClock()
        path = Path(self._folder.name) / "hooks.db"
        self.outbox = Outbox.open(path, key=KEY, clock=self.clock, synchronous="NORMAL")
        self.endpoints = {
            self.outbox.add_endpoint(URL, **given).id: name for name, given in _SETTINGS.items()
        }
        self.published = 0
        self.sequences: Counter[str] = Counter()
        self.places: dict[str, tuple[str, int]] = {}
        self.held: dict[str, list[Claimed]] = {worker: [] for worker in _WORKERS}
        self.started: list[tuple[int, str]] = []

    def teardown(self) -> None:
        try:
            self._drain()
        finally:
            self.outbox.close()
            self._folder.cleanup()

    @property
    def now(self) -> int:
        return micros(self.clock.now())

    @rule(object_=st.sampled_from("xyz"), backwards=st.booleans())
    def publish(self, object_: str, backwards: bool) -> None:
        """Also out of order: what comes late with an earlier place is then the first."""
        self.published += 1
        self.sequences[object_] += 1
        sequence = self.sequences[object_] * (-1 if backwards else 1)
        event = Happened(f"e{self.published}", object=object_, sequence=sequence)
        self.places[event.id] = (object_, sequence)
        self.outbox.publish(event)

    @rule(worker=st.sampled_from(_WORKERS), free=st.integers(1, 12))
    def claim(self, worker: str, free: int) -> None:
        before = self._states()
        claim = Claim(worker=worker, now=self.now, lease_until=self.now + _LEASE, room=Room(free))
        found = self.outbox.store.perform(claim).deliveries
        assert len(found) <= free
        for each in found:
            self._check(each, before)
            self.started.append((self.now, each.target.id))
        self.held[worker] += found
        self._check_limits()
        self._check_rate()

    @rule(
        worker=st.sampled_from(_WORKERS),
        verdict=st.sampled_from(list(Verdict)),
        count=st.integers(1, 5),
        also=st.booleans(),
    )
    def settle(self, worker: str, verdict: Verdict, count: int, also: bool) -> None:
        """Alone, or together with the next claim."""
        some, self.held[worker] = self.held[worker][:count], self.held[worker][count:]
        done = tuple(Result(claimed=each, verdict=verdict, at=self.now, ended_at=self.now) for each in some)
        settle = Settle(worker=worker, now=self.now, results=done, chances=(0.5,) * len(done), policy=_POLICY)
        claim = Claim(worker=worker, now=self.now, lease_until=self.now + _LEASE, room=Room(3))
        turned = self.outbox.store.perform(Turn(settle, claim if also else None))
        self.started += [(self.now, each.target.id) for each in turned.claims.deliveries]
        self.held[worker] += turned.claims.deliveries
        self._check_limits()

    @rule(worker=st.sampled_from(_WORKERS))
    def kill(self, worker: str) -> None:
        self.held[worker] = []

    @rule(seconds=st.sampled_from([1, 7, 61, 91, 600, 7200, 90_000]))
    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(name=st.sampled_from(sorted(_SETTINGS)), pause=st.booleans())
    def pause_or_resume(self, name: str, pause: bool) -> None:
        (endpoint,) = [each for each, its in self.endpoints.items() if its == name]
        self.outbox.pause(endpoint) if pause else self.outbox.resume(endpoint)

    @rule(replay=st.booleans())
    def look_after_a_dead_letter(self, replay: bool) -> None:
        for dead in list(self.outbox.dead_letters())[:1]:
            if replay:
                self.outbox.replay(delivery=dead.id)
            else:
                self.outbox.skip(dead.id)

    @invariant()
    def nothing_is_lost(self) -> None:
        counted = self.outbox.counters()
        states = (counted.pending, counted.delivered, counted.dead, counted.skipped)
        assert sum(states) == self.published * len(self.endpoints)

    def _states(self) -> dict[tuple[str, str], Any]:
        return {(each.event_id, each.endpoint_id): each for each in self.outbox.deliveries()}

    def _check(self, claimed: Claimed, before: dict[tuple[str, str], Any]) -> None:
        endpoint = claimed.target.id
        found = before[claimed.event_id, endpoint]
        assert found.state == "pending"
        assert found.next_at <= self.clock.now()
        state = next(each.state for each in self.outbox.endpoints() if each.id == endpoint)
        assert state == "active"
        if self.endpoints[endpoint] == "ordered":
            object_, sequence = self.places[claimed.event_id]
            earlier = [
                each.state
                for (event, its), each in before.items()
                if its == endpoint and self.places[event][0] == object_ and self.places[event][1] < sequence
            ]
            assert set(earlier) <= {"delivered", "skipped"}

    def _check_limits(self) -> None:
        valid = Counter(
            each.target.id for held in self.held.values() for each in held if each.lease_until > self.now
        )
        for endpoint, name in self.endpoints.items():
            assert valid[endpoint] <= _SETTINGS[name]["in_flight_limit"]
        everything = [(each.id, each.lease_until) for held in self.held.values() for each in held]
        leased = [number for number, until in everything if until > self.now]
        assert len(set(leased)) == len(leased)

    def _check_rate(self) -> None:
        """In any span of time no more than its rate allows, and the burst of one."""
        for endpoint, name in self.endpoints.items():
            rate = _SETTINGS[name].get("rate")
            starts = [at for at, its in self.started if its == endpoint]
            for number, first in enumerate(starts if rate else []):
                for later, last in enumerate(starts[number:], start=1):
                    assert later <= 1 + rate * (last - first) / _SECOND + 1e-6

    def _drain(self) -> None:
        """In the end everything can be delivered."""
        self.clock.advance(200_000)
        for _ in range(4 * self.published * len(self.endpoints) + 4):
            for endpoint in self.endpoints:
                self.outbox.resume(endpoint)
            for dead in self.outbox.dead_letters():
                self.outbox.replay(delivery=dead.id)
            claim = Claim(worker="last", now=self.now, lease_until=self.now + _LEASE, room=Room(40))
            found = self.outbox.store.perform(claim).deliveries
            done = tuple(
                Result(claimed=each, verdict=Verdict.DELIVERED, at=self.now, ended_at=self.now)
                for each in found
            )
            settle = Settle(
                worker="last", now=self.now, results=done, chances=(0.0,) * len(done), policy=_POLICY
            )
            self.outbox.store.perform(settle)
            self.clock.advance(10)
            if not self.outbox.counters().pending:
                break
        left = self.outbox.counters()
        assert (left.pending, left.dead, left.leased) == (0, 0, 0)


Claiming.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestClaiming = Claiming.TestCase
