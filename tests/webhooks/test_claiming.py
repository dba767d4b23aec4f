"""A claim keeps every limit, shares its room out evenly, and never gives a delivery twice."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements import claiming as statements
from hamilton_sdk.store.statements import deliveries as reading
from hamilton_sdk.webhooks._claiming import Claim, Claims, Room, allowance
from hamilton_sdk.webhooks.schedule import SCHEDULE
from tests.store.statements.rows import add_delivery, add_endpoint, perform
from tests.webhooks.claimed import AT, SECOND


@pytest.fixture
def store(address):
    with Store(address) as opened:
        yield opened


def _filled(store, count, endpoint="one", **more):
    for number in range(count):
        perform(store, add_delivery(f"{endpoint}-{number}", endpoint_id=endpoint, next_at=number, **more))


def _claim(store, room=40, worker="w", now=AT, held=None, lease=60 * SECOND):
    claim = Claim(worker=worker, now=now, lease_until=now + lease, room=Room(room, held or {}))
    return store.perform(claim)


def _events(claims):
    return [each.event_id for each in claims.deliveries]


class TestAllowance:
    @pytest.mark.parametrize(
        ("held", "free", "more"),
        [
            (0, 20, 16),
            (16, 4, 0),
            (0, 4, 3),
            (8, 4, 1),
            (0, 1, 1),
            (1, 1, 0),
            (0, 0, 0),
            (15, 5, 1),
            (9, 2, 0),
        ],
    )
    def test_how_many_more_one_endpoint_may_have(self, held, free, more):
        assert allowance(held, free) == more

    @given(st.integers(0, 300), st.integers(0, 300))
    def test_it_holds_four_times_what_it_leaves_free_at_most_or_its_first_place(self, held, free):
        more = allowance(held, free)
        assert 0 <= more <= free
        if more:
            assert held + more <= 4 * (free - more) or (held, more) == (0, 1)


class TestWhatIsClaimed:
    def test_all_that_a_worker_needs(self, store):
        perform(
            store,
            add_endpoint(
                "one",
                secrets=b"sealed",
                headers="also",
                private_networks='["10.0.0.0/8"]',
                schedule="[0.0, 7.5]",
            ),
        )
        perform(store, add_delivery("e", type="visit.created", body=b"\x00body", attempts=3))
        (found,) = _claim(store).deliveries
        assert (found.event_id, found.event_type, found.body, found.attempts) == (
            "e",
            "visit.created",
            b"\x00body",
            3,
        )
        assert found.lease_until == AT + 60 * SECOND
        target = found.target
        assert (target.id, target.url) == ("one", "https://customer.example/hooks")
        assert (target.secrets, target.headers, target.networks) == (b"sealed", "also", ("10.0.0.0/8",))
        assert target.schedule == (0.0, 7.5)

    def test_the_usual_schedule_where_an_endpoint_has_none(self, store):
        perform(store, add_endpoint("one"))
        _filled(store, 1)
        assert _claim(store).deliveries[0].target.schedule is SCHEDULE

    def test_nothing_where_nothing_is_due(self, store):
        perform(store, add_endpoint("one"))
        assert _claim(store) == Claims((), contended=False)

    def test_nothing_twice_until_the_lease_has_ended(self, store):
        perform(store, add_endpoint("one"))
        _filled(store, 3)
        assert _events(_claim(store)) == ["one-0", "one-1", "one-2"]
        assert _events(_claim(store, worker="other")) == []
        assert _events(_claim(store, worker="other", now=AT + 60 * SECOND - 1)) == []
        assert _events(_claim(store, worker="other", now=AT + 60 * SECOND)) == ["one-0", "one-1", "one-2"]

    def test_what_waited_longest_comes_first(self, store):
        perform(store, add_endpoint("one"))
        _filled(store, 30)
        assert _events(_claim(store, room=4)) == ["one-0", "one-1", "one-2"]


class TestLimits:
    def test_no_more_than_the_limit_is_under_way_in_all_workers(self, store):
        perform(store, add_endpoint("one", in_flight_limit=5))
        _filled(store, 30)
        assert len(_events(_claim(store, room=4))) == 3
        assert len(_events(_claim(store, worker="other"))) == 2
        assert _events(_claim(store, worker="third")) == []

    def test_a_rate_allows_a_burst_of_one_second(self, store):
        perform(store, add_endpoint("one", rate=4.0, in_flight_limit=100))
        _filled(store, 30)
        assert len(_events(_claim(store))) == 4
        assert _events(_claim(store)) == []
        assert len(_events(_claim(store, now=AT + SECOND // 2))) == 2
        assert len(_events(_claim(store, now=AT + 100 * SECOND))) == 4

    def test_a_rate_below_one_a_second_lets_one_through_at_a_time(self, store):
        perform(store, add_endpoint("one", rate=0.1, in_flight_limit=100))
        _filled(store, 30)
        assert len(_events(_claim(store))) == 1
        assert _events(_claim(store, now=AT + 10 * SECOND - 1)) == []
        assert len(_events(_claim(store, now=AT + 10 * SECOND))) == 1

    def test_a_clock_that_goes_back_pays_nothing_out(self, store):
        perform(store, add_endpoint("one", rate=4.0, in_flight_limit=100))
        _filled(store, 30)
        assert len(_events(_claim(store))) == 4
        assert _events(_claim(store, now=AT - 100 * SECOND)) == []

    def test_an_open_breaker_lets_one_through_once_its_time_is_over(self, store):
        perform(store, add_endpoint("one", breaker="open", failures=10, breaker_until=AT))
        _filled(store, 30)
        assert _events(_claim(store, now=AT - 1)) == []
        assert len(_events(_claim(store))) == 1
        assert _events(_claim(store)) == []

    @pytest.mark.parametrize("state", ["paused", "disabled"])
    def test_nothing_is_claimed_for_an_endpoint_that_is_not_active_and_nothing_is_lost(self, store, state):
        perform(store, add_endpoint("one", state=state))
        _filled(store, 3)
        assert _events(_claim(store)) == []

    def test_in_order_one_at_a_time_of_each_object(self, store):
        perform(store, add_endpoint("one", ordered=1))
        for name, of, sequence in (("b", "x", 2), ("a", "x", 1), ("c", "y", 1)):
            perform(store, add_delivery(name, object=of, sequence=sequence))
        assert sorted(_events(_claim(store))) == ["a", "c"]
        assert _events(_claim(store)) == []


class TestSharing:
    def test_room_is_shared_out_evenly(self, store):
        for endpoint in ("one", "two", "three"):
            perform(store, add_endpoint(endpoint, in_flight_limit=100))
            _filled(store, 20, endpoint)
        found = Counter(each.target.id for each in _claim(store, room=12).deliveries)
        assert sorted(found.values()) == [3, 4, 4]

    def test_what_one_leaves_is_for_the_others(self, store):
        for endpoint, count in (("one", 1), ("two", 20)):
            perform(store, add_endpoint(endpoint, in_flight_limit=100))
            _filled(store, count, endpoint)
        found = Counter(each.target.id for each in _claim(store, room=12).deliveries)
        assert found["one"] == 1
        assert found["two"] > 6

    def test_an_endpoint_with_few_to_give_does_not_hide_those_behind_it(self, store):
        """More endpoints are due than there is room for: those that waited longest come first."""
        for number in range(6):
            perform(store, add_endpoint(f"ep{number}"))
            perform(store, add_delivery(f"e{number}", endpoint_id=f"ep{number}", next_at=number))
        assert _events(_claim(store, room=4)) == ["e0", "e1", "e2", "e3"]
        assert _events(_claim(store, room=4)) == ["e4", "e5"]

    def test_an_endpoint_that_has_its_share_does_not_hide_those_behind_it(self, store):
        for endpoint in ("slow", "quick"):
            perform(store, add_endpoint(endpoint, in_flight_limit=100))
        _filled(store, 20, "slow")
        perform(store, add_delivery("q", endpoint_id="quick", next_at=10**9))
        found = _claim(store, room=1, held={"slow": 16})
        assert _events(found) == ["q"]

    def test_an_endpoint_at_its_limit_does_not_hide_those_behind_it(self, store):
        perform(store, add_endpoint("full", in_flight_limit=1))
        _filled(store, 5, "full")
        perform(store, add_endpoint("quick"))
        perform(store, add_delivery("q", endpoint_id="quick", next_at=10**9))
        assert len(_claim(store, room=1).deliveries) == 1
        assert _events(_claim(store, room=1)) == ["q"]


class TestAtTheSameTime:
    def test_workers_get_different_deliveries(self, store):
        for endpoint in ("one", "two", "three"):
            perform(store, add_endpoint(endpoint, in_flight_limit=100))
            _filled(store, 40, endpoint)
        found, barrier = [], threading.Barrier(4)

        def work(worker):
            barrier.wait()
            for _ in range(12):
                found.extend(_claim(store, room=9, worker=worker).deliveries)

        threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({each.id for each in found}) == len(found)
        assert len(found) > 40

    def test_what_others_are_claiming_from_is_looked_at_again(self, postgresql_address):
        with Store(postgresql_address) as store:
            perform(store, add_endpoint("one"))
            _filled(store, 3)
            found = []

            def meanwhile(execute):
                execute(statements.lock_due_endpoints, {"now": AT, "most": 1})
                thread = threading.Thread(target=lambda: found.append(_claim(store)))
                thread.start()
                thread.join()

            perform(store, meanwhile)
            assert found == [Claims((), contended=True)]
            assert len(_events(_claim(store))) == 3

    def test_a_delivery_that_somebody_looks_after_is_left_out(self, postgresql_address):
        """A claim waits for nobody."""
        with Store(postgresql_address) as store:
            perform(store, add_endpoint("one"))
            _filled(store, 1)
            number = _claim(store).deliveries[0].id
            found, later = [], AT + 60 * SECOND

            def meanwhile(execute):
                execute(reading.lock_delivery, {"id": number})
                thread = threading.Thread(target=lambda: found.append(_claim(store, now=later)))
                thread.start()
                thread.join()

            perform(store, meanwhile)
            assert found == [Claims()]
            assert len(_events(_claim(store, now=later))) == 1

    def test_a_limit_holds_while_another_worker_claims(self, postgresql_address):
        """What was leased between the look and the lock counts as well."""
        with Store(postgresql_address) as store:
            perform(store, add_endpoint("one", in_flight_limit=5))
            _filled(store, 30)
            found, barrier = [], threading.Barrier(6)

            def work(worker):
                barrier.wait()
                for _ in range(5):
                    found.extend(_claim(store, room=3, worker=worker).deliveries)

            threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(found) == 5
