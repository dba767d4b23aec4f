"""What came of deliveries is written down once, and what follows from it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements import deliveries as reading
from hamilton_sdk.store.statements import endpoints as endpoint_statements
from hamilton_sdk.webhooks._claiming import Claim, Claims, Room
from hamilton_sdk.webhooks._settling import Settle, Settled, Turn
from hamilton_sdk.webhooks.breaker import BreakerPolicy
from hamilton_sdk.webhooks.delivering import Verdict
from hamilton_sdk.webhooks.hooks import DeadLetter, DisabledEndpoint
from tests.store.statements.rows import add_delivery, add_endpoint, perform
from tests.webhooks.claimed import AT, SECOND, result, target

_POLICY = BreakerPolicy(failures=3, disable_after=timedelta(days=5))
_DAY = 86_400 * SECOND


@pytest.fixture
def store(address):
    with Store(address) as opened:
        perform(opened, add_endpoint("one", in_flight_limit=100))
        yield opened


def _claimed(store, *names, worker="w", now=AT, **more):
    for name in names:
        perform(store, add_delivery(name, next_at=AT, **more))
    claim = Claim(worker=worker, now=now, lease_until=now + 60 * SECOND, room=Room(40))
    return sorted(store.perform(claim).deliveries, key=lambda each: each.event_id)


def _settle(store, *results, worker="w", now=AT + SECOND, chance=0.0, policy=_POLICY):
    return store.perform(
        Settle(worker=worker, now=now, results=results, chances=(chance,) * len(results), policy=policy)
    )


def _deliveries(store):
    which = reading.select_deliveries(endpoint=False, event=False, state=None)
    rows = perform(store, lambda execute: execute(which, {"before": 2**62, "limit": 100}))
    return {row[1]: dict(zip(reading.COLUMNS, row, strict=True)) for row in rows}


def _attempts(store, of):
    return perform(store, lambda execute: execute(reading.select_attempts, {"delivery": of.id}))


def _endpoint(store, name="one"):
    (row,) = perform(store, lambda execute: execute(endpoint_statements.lock_endpoint, {"id": name}))
    return dict(zip(endpoint_statements.ENDPOINT, row, strict=True))


class TestDeliveries:
    def test_what_was_delivered_is_done(self, store):
        (of,) = _claimed(store, "a", attempts=2)
        taken = result(of, status=204, response=b"thanks")
        assert _settle(store, taken) == Settled()
        found = _deliveries(store)["a"]
        assert (found["state"], found["attempts"], found["lease_until"]) == ("delivered", 3, None)
        ((number, at, status, duration, error, response),) = _attempts(store, of)
        assert (number, at, status, duration, error) == (3, AT, 204, 1000.0, None)
        assert bytes(response) == b"thanks"

    @pytest.mark.parametrize(
        ("verdict", "attempts", "seconds"),
        [
            (Verdict.FAILED, 0, 5),
            (Verdict.FAILED, 1, 300),
            (Verdict.FAILED, 8, 86_400),
            (Verdict.THROTTLED, 0, 60),
            (Verdict.THROTTLED, 1, 300),
            (Verdict.GONE, 0, 5),
        ],
    )
    def test_a_failure_waits_as_the_schedule_says(self, store, verdict, attempts, seconds):
        (of,) = _claimed(store, "a", attempts=attempts)
        assert _settle(store, result(of, verdict)).dead == ()
        found = _deliveries(store)["a"]
        assert (found["state"], found["attempts"]) == ("pending", attempts + 1)
        assert found["next_at"] == AT + SECOND + seconds * SECOND
        assert found["lease_until"] is None

    def test_chance_adds_a_little(self, store):
        (of,) = _claimed(store, "a")
        _settle(store, result(of, Verdict.FAILED), chance=0.5)
        assert _deliveries(store)["a"]["next_at"] == AT + SECOND + 5_250_000

    def test_retry_after_is_honoured(self, store):
        (of,) = _claimed(store, "a")
        _settle(store, result(of, Verdict.THROTTLED, retry_after=600.0))
        assert _deliveries(store)["a"]["next_at"] == AT + SECOND + 600 * SECOND

    def test_an_overloaded_receiver_waits_as_its_own_schedule_allows(self, store):
        own = target(id="one", schedule=(0.0, 1.0, 4.0))
        for name, asked, seconds in (("a", None, 4), ("b", 30.0, 30)):
            (of,) = _claimed(store, name)
            of = replace(of, target=own)
            _settle(store, result(of, Verdict.THROTTLED, retry_after=asked))
            assert _deliveries(store)[name]["next_at"] == AT + SECOND + seconds * SECOND

    @pytest.mark.parametrize(("verdict", "seconds"), [(Verdict.PREVENTED, 60), (Verdict.UNREACHED, 300)])
    def test_what_reached_nobody_costs_no_attempt(self, store, verdict, seconds):
        (of,) = _claimed(store, "a", attempts=9)
        assert _settle(store, result(of, verdict, error="ProxyFailed: it refused")).dead == ()
        found = _deliveries(store)["a"]
        assert (found["state"], found["attempts"]) == ("pending", 9)
        assert found["next_at"] == AT + SECOND + seconds * SECOND
        assert [(row[0], row[4]) for row in _attempts(store, of)] == [(0, "ProxyFailed: it refused")]

    def test_what_is_given_back_is_as_before(self, store):
        (of,) = _claimed(store, "a", attempts=1)
        assert _settle(store, result(of, Verdict.RELEASED)) == Settled()
        found = _deliveries(store)["a"]
        assert (found["state"], found["attempts"], found["next_at"]) == ("pending", 1, AT)
        assert found["lease_until"] is None
        assert _attempts(store, of) == []
        assert _endpoint(store)["failures"] == 0

    def test_at_the_end_of_its_schedule_it_is_a_dead_letter(self, store):
        (of,) = _claimed(store, "a", attempts=9)
        settled = _settle(store, result(of, Verdict.FAILED, status=500, error="said no"))
        assert settled.dead == (
            DeadLetter(
                event_type="visit.created",
                event_id="a",
                endpoint_id="one",
                delivery_id=of.id,
                attempts=10,
                status=500,
                error="said no",
            ),
        )
        found = _deliveries(store)["a"]
        assert (found["state"], found["attempts"]) == ("dead", 10)

    def test_a_schedule_of_the_endpoints_own_counts(self, store):
        (of,) = _claimed(store, "a")
        short = replace(of, target=replace(of.target, schedule=(0.0, 7.0)))
        _settle(store, result(short, Verdict.FAILED))
        assert _deliveries(store)["a"]["next_at"] == AT + 8 * SECOND
        last = replace(short, attempts=1)
        (again,) = _claimed(store, now=AT + 10 * SECOND)
        last = replace(last, lease_until=again.lease_until)
        assert len(_settle(store, result(last, Verdict.FAILED)).dead) == 1

    def test_many_at_once_each_get_their_own(self, store):
        a, b, c, d = _claimed(store, "a", "b", "c", "d")
        _settle(
            store,
            result(a),
            result(b, Verdict.FAILED),
            result(replace(c, attempts=9), Verdict.FAILED),
            result(d, Verdict.RELEASED),
        )
        states = {name: row["state"] for name, row in _deliveries(store).items()}
        assert states == {"a": "delivered", "b": "pending", "c": "dead", "d": "pending"}
        assert [len(_attempts(store, each)) for each in (a, b, c, d)] == [1, 1, 1, 0]


class TestLostLeases:
    @pytest.mark.parametrize("verdict", list(Verdict))
    def test_a_result_that_comes_too_late_changes_nothing(self, store, verdict):
        (of,) = _claimed(store, "a", attempts=9)
        (taken,) = _claimed(store, worker="other", now=AT + 60 * SECOND)
        before, endpoint = _deliveries(store), _endpoint(store)
        assert _settle(store, result(of, verdict, error="late")) == Settled()
        assert _deliveries(store) == before
        assert {**_endpoint(store), "updated_at": 0} == {**endpoint, "updated_at": 0}
        assert _settle(store, result(taken), worker="other") == Settled()
        assert _deliveries(store)["a"]["state"] == "delivered"

    def test_but_it_is_recorded(self, store):
        (of,) = _claimed(store, "a")
        _claimed(store, worker="other", now=AT + 60 * SECOND)
        _settle(store, result(of, status=200))
        ((number, _, status, _, error, _),) = _attempts(store, of)
        assert (number, status) == (1, 200)
        assert "lease had ended" in error

    def test_the_same_worker_may_have_taken_it_over_itself(self, store):
        (of,) = _claimed(store, "a")
        (again,) = _claimed(store, now=AT + 60 * SECOND)
        _settle(store, result(of, Verdict.FAILED))
        assert _deliveries(store)["a"]["lease_until"] == again.lease_until

    def test_what_was_skipped_meanwhile_stays_so(self, store):
        (of,) = _claimed(store, "a")
        given_ = {"id_": of.id, "now": AT}
        perform(store, lambda execute: execute(reading.skip_delivery, given_))
        _settle(store, result(of, Verdict.FAILED))
        assert _deliveries(store)["a"]["state"] == "skipped"


class TestEndpoints:
    def test_failures_in_a_row_open_the_breaker(self, store):
        several = _claimed(store, "a", "b", "c")
        _settle(store, *[result(each, Verdict.FAILED) for each in several[:2]])
        found = _endpoint(store)
        assert (found["breaker"], found["failures"], found["failing_since"]) == ("closed", 2, AT + SECOND)
        _settle(store, result(several[2], Verdict.THROTTLED))
        found = _endpoint(store)
        assert (found["breaker"], found["failures"]) == ("open", 3)
        assert found["breaker_until"] == AT + 31 * SECOND

    def test_a_success_closes_it(self, store):
        several = _claimed(store, "a", "b", "c", "d")
        _settle(store, *[result(each, Verdict.FAILED) for each in several[:3]])
        _settle(store, result(several[3]))
        found = _endpoint(store)
        assert (found["breaker"], found["failures"]) == ("closed", 0)
        assert (found["failing_since"], found["breaker_until"]) == (None, None)

    def test_what_ended_first_counts_first(self, store):
        several = _claimed(store, "a", "b", "c")
        verdicts = (Verdict.FAILED, Verdict.DELIVERED, Verdict.FAILED)
        _settle(store, *[result(each, verdict) for each, verdict in zip(several, verdicts, strict=True)])
        assert _endpoint(store)["failures"] == 1

    def test_one_endpoint_is_not_blamed_for_another(self, store):
        perform(store, add_endpoint("two"))
        perform(store, add_delivery("b", endpoint_id="two", next_at=AT))
        a, b = _claimed(store, "a")
        _settle(store, result(a, Verdict.FAILED), result(b))
        assert (_endpoint(store)["failures"], _endpoint(store, "two")["failures"]) == (1, 0)

    def test_failures_of_our_own_open_it_and_are_not_held_against_it(self, store):
        several = _claimed(store, "a", "b", "c")
        _settle(store, *[result(each, Verdict.PREVENTED) for each in several])
        found = _endpoint(store)
        assert (found["breaker"], found["failures"], found["failing_since"]) == ("open", 3, None)

    def test_410_disables_at_once(self, store):
        a, b = _claimed(store, "a", "b")
        settled = _settle(store, result(a, Verdict.GONE, status=410), result(b, Verdict.GONE, status=410))
        (disabled,) = settled.disabled
        assert disabled == DisabledEndpoint(
            endpoint_id="one",
            reason="it answered 410: it wants no more",
            event_type="visit.created",
            event_id="a",
        )
        found = _endpoint(store)
        assert (found["state"], found["reason"]) == ("disabled", disabled.reason)
        assert _deliveries(store)["a"]["state"] == "pending"

    def test_it_is_said_once(self, store):
        a, b = _claimed(store, "a", "b")
        assert len(_settle(store, result(a, Verdict.GONE)).disabled) == 1
        assert _settle(store, result(b, Verdict.GONE)).disabled == ()

    def test_five_days_of_nothing_but_failures_disable(self, store):
        a, b, c, d = _claimed(store, "a", "b", "c", "d")
        _settle(store, *[result(each, Verdict.FAILED) for each in (a, b)])
        late = {"at": AT + 5 * _DAY, "ended_at": AT + 5 * _DAY + SECOND}
        settled = _settle(store, result(c, Verdict.UNREACHED, **late), now=AT + 5 * _DAY)
        assert [each.reason for each in settled.disabled] == ["nothing but failures for 120 hours"]
        assert _endpoint(store)["state"] == "disabled"
        assert _settle(store, result(d, Verdict.FAILED, **late)).disabled == ()

    def test_our_own_failures_disable_nothing_however_long_they_last(self, store):
        a, b, c = _claimed(store, "a", "b", "c")
        _settle(store, *[result(each, Verdict.FAILED) for each in (a, b)])
        late = {"at": AT + 9 * _DAY, "ended_at": AT + 9 * _DAY}
        assert _settle(store, result(c, Verdict.PREVENTED, **late)).disabled == ()
        assert _endpoint(store)["state"] == "active"

    def test_an_endpoint_that_was_removed_meanwhile_is_no_trouble(self, store):
        (of,) = _claimed(store, "a")
        perform(store, lambda execute: execute(endpoint_statements.delete_endpoint, {"id_": "one"}))
        assert _settle(store, result(of, Verdict.GONE)).disabled == ()


class TestTurns:
    def test_places_that_get_free_count_at_once(self, store):
        perform(store, add_endpoint("two", in_flight_limit=1))
        for name in "xy":
            perform(store, add_delivery(name, endpoint_id="two", next_at=AT))
        (first,) = _claimed(store)
        settle = Settle(worker="w", now=AT, results=(result(first),), chances=(0.0,), policy=_POLICY)
        claim = Claim(worker="w", now=AT, lease_until=AT + 60 * SECOND, room=Room(40))
        turned = store.perform(Turn(settle, claim))
        assert turned.settled == Settled()
        assert [each.event_id for each in turned.claims.deliveries] == ["y"]

    def test_either_half_may_be_left_out(self, store):
        (of,) = _claimed(store, "a")
        settle = Settle(worker="w", now=AT, results=(result(of),), chances=(0.0,), policy=_POLICY)
        assert store.perform(Turn(settle, None)).claims == Claims()
        assert _deliveries(store)["a"]["state"] == "delivered"
        assert store.perform(Turn(None, None)).settled == Settled()
