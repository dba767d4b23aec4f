"""What happens to visits arrives at a receiver that verifies it, over real sockets, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from hamilton_sdk.cli.news import Accidents, Newsroom, newsroom
from hamilton_sdk.cli.record import Notice, Stay
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.testing.faults import FaultScript
from hamilton_sdk.webhooks import Dispatcher
from tests.cli.guests import EIGHT, HOUR, visit


@contextmanager
def _opened(
    *, seed: int = 1, visits: int = 3, faults: bool = False
) -> Iterator[tuple[Newsroom, SettableClock]]:
    clock = SettableClock(EIGHT)
    with newsroom(clock, Random(seed), visits=visits, faults=faults) as news:
        yield news, clock


class TestWithoutFaults:
    def test_what_is_published_arrives_at_once_and_in_order(self) -> None:
        stays = [Stay(visit(2, host="E-1")), Stay(visit(3))]
        with _opened() as (news, clock):
            assert news.url.startswith("https://127.0.0.1:")
            for stay in stays:
                news.publish("visit.created", stay, EIGHT)
            assert news.deliver() == (Notice("visit.created", "V-2"), Notice("visit.created", "V-3"))
            news.publish("visit.checked_in", stays[0], EIGHT)
            clock.advance(HOUR.total_seconds())
            news.publish("visit.checked_out", stays[0], EIGHT + HOUR)
            assert [notice.is_plain for notice in news.deliver()] == [True, True]
            assert news.arrived() == {
                "V-2": ["visit.created", "visit.checked_in", "visit.checked_out"],
                "V-3": ["visit.created"],
            }

    def test_of_nothing_nothing_is_told_and_no_time_passes(self) -> None:
        with _opened() as (news, clock):
            assert news.deliver() == ()
            assert news.arrived() == {}
            assert clock.now() == EIGHT

    def test_names_of_people_stay_at_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with _opened() as (news, _):
            news.publish("visit.created", Stay(visit(2, host="E-1")), EIGHT)
            news.deliver()
            (event,) = [arrival.event for arrival in news._arrivals]
        assert event is not None
        body = event.to_bytes().decode()
        assert "Lef" not in body
        assert '"host":{"id":"E-1"}' in body
        assert (event.sequence, event.object) == (1, "visit:V-2")


class TestFaults:
    @pytest.mark.parametrize("seed", range(4))
    def test_two_deliveries_fail_and_everything_arrives(self, seed: int) -> None:
        stays = [Stay(visit(number)) for number in (2, 3, 4)]
        with _opened(seed=seed, faults=True) as (news, _):
            notices: list[Notice] = []
            for kind in ("visit.created", "visit.checked_in"):
                for stay in stays:
                    news.publish(kind, stay, EIGHT)
                notices += news.deliver()
            arrived = news.arrived()
        lost, unheard = [notice for notice in notices if not notice.is_plain]
        assert (lost.type, lost.attempts, lost.verified) == ("visit.created", 2, 1)
        assert lost.faults in (("connection reset",), ("status 500",))
        assert (unheard.type, unheard.attempts, unheard.verified) == ("visit.checked_in", 2, 2)
        assert unheard.faults == ("connection reset (the work was done)",)
        assert set(map(tuple, arrived.values())) == {("visit.created", "visit.checked_in")}
        assert len(arrived) == 3

    def test_the_same_chance_is_the_same_faults(self) -> None:
        def befallen(seed: int) -> list[int]:
            script = FaultScript()
            accidents = Accidents(script, Random(seed), visits=9, enabled=True)
            for number in range(27):
                accidents.befall(str(number))
            return [number for number in range(27) if script.draw(str(number))]

        assert befallen(5) == befallen(5)
        assert len({tuple(befallen(seed)) for seed in range(9)}) > 1
        for seed in range(9):
            first, second = befallen(seed)
            assert first < 9 <= second < 18

    def test_none_happen_where_none_are_wanted(self) -> None:
        script = FaultScript()
        accidents = Accidents(script, Random(1), visits=1, enabled=False)
        for number in range(3):
            accidents.befall(str(number))
            assert script.draw(str(number)) is None
            assert accidents.of(str(number)) == ()


def test_a_dispatcher_that_does_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dispatcher, "deliver_due", lambda _: 0)
    with _opened() as (news, _):
        news.publish("visit.created", Stay(visit(2)), EIGHT)
        assert news.deliver() == (Notice("visit.created", "V-2", 0, 0),)
        assert news.arrived() == {}
