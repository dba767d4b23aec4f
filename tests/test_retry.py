"""When to try again: the table, the limits, the budget, and `retrying` on functions."""

from __future__ import annotations

import dataclasses
import inspect
import math
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hamilton_sdk import retry
from hamilton_sdk.errors import (
    CertificateRejected,
    ConfigurationError,
    ConnectionFailed,
    Outcome,
    TimedOut,
)
from hamilton_sdk.retry import (
    Attempt,
    Decision,
    Hooks,
    Reason,
    RetryBudget,
    RetryPolicy,
    Safety,
    decide,
    outcome_of,
    retrying,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_REPEATABLE = (Outcome.NOT_SENT, Outcome.REFUSED, Outcome.UNKNOWN)

seconds = st.floats(0, 1e6)
policies = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 80),
    base=st.floats(0, 100),
    base_not_sent=st.floats(0, 100),
    cap=st.floats(0, 1000),
    deadline=st.none() | st.floats(min_value=0, exclude_min=True, max_value=1e6),
    longest_retry_after=st.floats(0, 1e4),
)
chances = st.floats(0, 1, exclude_max=True)
waits = st.none() | st.floats(0, 2e4)


def after(
    outcome: Outcome = Outcome.REFUSED,
    safety: Safety = Safety.SAFE,
    *,
    attempt: int = 1,
    policy: RetryPolicy | None = None,
    elapsed: float = 0.0,
    retry_after: float | None = None,
    random: float = 0.5,
) -> Decision:
    return decide(policy or RetryPolicy(), attempt, outcome, safety, elapsed, retry_after, random)


class TestTable:
    @pytest.mark.parametrize(
        ("outcome", "safety", "reason"),
        [
            (Outcome.NOT_SENT, Safety.SAFE, Reason.RETRY),
            (Outcome.NOT_SENT, Safety.IDEMPOTENT, Reason.RETRY),
            (Outcome.NOT_SENT, Safety.UNSAFE, Reason.RETRY),
            (Outcome.REFUSED, Safety.SAFE, Reason.RETRY),
            (Outcome.REFUSED, Safety.IDEMPOTENT, Reason.RETRY),
            (Outcome.REFUSED, Safety.UNSAFE, Reason.RETRY),
            (Outcome.UNKNOWN, Safety.SAFE, Reason.RETRY),
            (Outcome.UNKNOWN, Safety.IDEMPOTENT, Reason.RETRY),
            (Outcome.UNKNOWN, Safety.UNSAFE, Reason.MAY_HAVE_HAPPENED),
            (Outcome.FINAL, Safety.SAFE, Reason.FINAL),
            (Outcome.FINAL, Safety.IDEMPOTENT, Reason.FINAL),
            (Outcome.FINAL, Safety.UNSAFE, Reason.FINAL),
            (Outcome.DONE, Safety.SAFE, Reason.DONE),
            (Outcome.DONE, Safety.IDEMPOTENT, Reason.DONE),
            (Outcome.DONE, Safety.UNSAFE, Reason.DONE),
        ],
    )
    def test_what_follows_an_outcome(self, outcome: Outcome, safety: Safety, reason: Reason) -> None:
        decision = after(outcome, safety)
        assert decision.reason is reason
        assert (decision.delay is not None) == (reason is Reason.RETRY)

    def test_the_table_in_the_docstring_is_the_one_that_holds(self) -> None:
        assert retry.__doc__ is not None
        lines = [line.split("  ") for line in retry.__doc__.splitlines()]
        rows = [[cell.strip() for cell in line if cell.strip()] for line in lines]
        table = {row[0]: row[1:] for row in rows if len(row) == 4 and row[1] in {"retry", "stop"}}
        assert table.keys() == {"not sent", "refused", "unknown", "final"}
        for words, cells in table.items():
            outcome = Outcome(words.replace(" ", "_"))
            decisions = [after(outcome, safety) for safety in Safety]
            assert ["stop" if each.delay is None else "retry" for each in decisions] == cells


class TestBackOff:
    @pytest.mark.parametrize(
        ("outcome", "ceilings"),
        [
            (Outcome.NOT_SENT, [0.05, 0.1, 0.2, 0.4]),
            (Outcome.REFUSED, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]),
            (Outcome.UNKNOWN, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]),
        ],
    )
    def test_it_doubles_from_its_base_up_to_the_cap(self, outcome: Outcome, ceilings: list[float]) -> None:
        policy = RetryPolicy(attempts=100)
        for number, ceiling in enumerate(ceilings, start=1):
            assert after(outcome, attempt=number, policy=policy, random=0.5).delay == ceiling / 2

    def test_full_jitter_begins_at_nothing(self) -> None:
        assert after(random=0.0) == Decision(0.0, Reason.RETRY)

    def test_the_cap_comes_before_the_jitter(self) -> None:
        """Capped after it, most clients of a tired peer would wait exactly the cap and come back together."""
        policy = RetryPolicy(attempts=100, deadline=None)
        assert after(attempt=90, policy=policy, random=0.25).delay == 5.0
        assert after(attempt=90, policy=policy, random=0.75).delay == 15.0

    def test_any_number_of_attempts_can_be_reckoned_with(self) -> None:
        policy = RetryPolicy(attempts=10**6, deadline=None)
        assert after(attempt=10**5, policy=policy, random=0.5).delay == 10.0

    @given(policies, st.integers(1, 100), st.sampled_from(_REPEATABLE), chances)
    def test_without_a_wish_of_the_peer_no_wait_is_longer_than_the_cap(
        self, policy: RetryPolicy, attempt: int, outcome: Outcome, random: float
    ) -> None:
        delay = after(outcome, attempt=attempt, policy=policy, random=random).delay
        assert delay is None or 0 <= delay <= policy.cap


class TestRetryAfter:
    def test_jitter_comes_on_top_of_what_the_peer_asked(self) -> None:
        assert after(retry_after=7.0, random=0.0).delay == 7.0
        assert after(retry_after=7.0, random=0.5).delay == 7.25

    def test_jitter_spreads_late_attempts_as_widely_as_the_first(self) -> None:
        for attempt in (1, 2, 3):
            delays = {after(attempt=attempt, retry_after=7.0, random=random).delay for random in (0.25, 0.5)}
            assert delays == {7.125, 7.25}

    def test_the_jitter_is_no_wider_than_the_back_off(self) -> None:
        assert after(Outcome.NOT_SENT, retry_after=7.0, random=0.5).delay == 7.025

    def test_a_minute_is_waited_and_more_is_given_up_at_once(self) -> None:
        policy = RetryPolicy(deadline=None)
        assert after(policy=policy, retry_after=60.0, random=0.0) == Decision(60.0, Reason.RETRY)
        for wait in (60.001, 1e9, math.inf, math.nan):
            assert after(policy=policy, retry_after=wait) == Decision(None, Reason.RETRY_AFTER_TOO_LONG)

    def test_a_wait_that_makes_no_sense_is_none(self) -> None:
        assert after(retry_after=-5.0, random=0.0).delay == 0.0

    @given(policies, st.integers(1, 100), st.sampled_from(_REPEATABLE), st.floats(0, 2e4), seconds, chances)
    def test_no_attempt_comes_earlier_than_asked(
        self,
        policy: RetryPolicy,
        attempt: int,
        outcome: Outcome,
        retry_after: float,
        elapsed: float,
        random: float,
    ) -> None:
        decision = after(
            outcome, attempt=attempt, policy=policy, elapsed=elapsed, retry_after=retry_after, random=random
        )
        assert decision.delay is None or decision.delay >= retry_after


class TestLimits:
    @given(
        policies,
        st.integers(1, 100),
        st.sampled_from(Outcome),
        st.sampled_from(Safety),
        seconds,
        waits,
        chances,
    )
    def test_a_wait_never_lasts_past_the_deadline(
        self,
        policy: RetryPolicy,
        attempt: int,
        outcome: Outcome,
        safety: Safety,
        elapsed: float,
        retry_after: float | None,
        random: float,
    ) -> None:
        decision = decide(policy, attempt, outcome, safety, elapsed, retry_after, random)
        if decision.delay is not None and policy.deadline is not None:
            assert elapsed + decision.delay < policy.deadline

    @given(policies, st.integers(1, 100), seconds, waits, chances)
    @example(RetryPolicy(), 4, 0.0, None, 0.5)
    @example(RetryPolicy(), 1, 0.0, 100.0, 0.5)
    def test_what_may_have_happened_and_must_not_happen_twice_is_never_repeated(
        self, policy: RetryPolicy, attempt: int, elapsed: float, retry_after: float | None, random: float
    ) -> None:
        """And the reason says so, whatever else would have stopped it."""
        decision = decide(policy, attempt, Outcome.UNKNOWN, Safety.UNSAFE, elapsed, retry_after, random)
        assert decision == Decision(None, Reason.MAY_HAVE_HAPPENED)

    def test_four_attempts_and_no_more(self) -> None:
        assert [after(attempt=number).reason for number in (1, 2, 3, 4, 5)] == [
            *[Reason.RETRY] * 3,
            *[Reason.ATTEMPTS_USED] * 2,
        ]

    def test_the_deadline_is_checked_before_sleeping(self) -> None:
        """At random 0.5 the first back-off is a quarter of a second: at 59.75 s it ends with the deadline."""
        assert after(elapsed=59.7).delay == 0.25
        assert after(elapsed=59.75) == Decision(None, Reason.DEADLINE)
        assert after(elapsed=59.8) == Decision(None, Reason.DEADLINE)

    def test_a_wish_that_outlasts_the_deadline_is_given_up_at_once(self) -> None:
        assert after(elapsed=40.0, retry_after=30.0) == Decision(None, Reason.DEADLINE)

    def test_no_deadline_is_no_limit(self) -> None:
        policy = RetryPolicy(deadline=None)
        assert after(elapsed=1e9, policy=policy).reason is Reason.RETRY

    def test_used_up_attempts_are_named_before_a_long_wish(self) -> None:
        assert after(attempt=4, retry_after=100.0).reason is Reason.ATTEMPTS_USED


class TestPolicy:
    def test_the_promised_limits(self) -> None:
        assert RetryPolicy() == RetryPolicy(
            attempts=4,
            base=0.5,
            base_not_sent=0.05,
            cap=20.0,
            deadline=60.0,
            longest_retry_after=60.0,
            budget_ratio=0.2,
            budget_per_second=1.0,
            budget_start=10.0,
        )

    def test_never_is_one_attempt(self) -> None:
        assert after(policy=RetryPolicy.never()) == Decision(None, Reason.ATTEMPTS_USED)

    def test_another_deadline_makes_another_policy(self) -> None:
        policy = RetryPolicy(attempts=7)
        assert policy.with_deadline(5.0) == RetryPolicy(attempts=7, deadline=5.0)
        assert policy.with_deadline(None).deadline is None
        assert policy.deadline == 60.0

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            RetryPolicy().attempts = 5  # type: ignore[misc]  # what is tested

    @pytest.mark.parametrize("value", [0, -1, math.nan])
    def test_attempts_count_the_first_try(self, value: int) -> None:
        with pytest.raises(ConfigurationError) as caught:
            RetryPolicy(attempts=value)
        assert str(caught.value) == f"RetryPolicy.attempts is {value}"
        assert caught.value.hint == "attempts counts the first try: give 1 for no retries"

    @pytest.mark.parametrize(
        "name",
        [
            "base",
            "base_not_sent",
            "cap",
            "longest_retry_after",
            "budget_ratio",
            "budget_per_second",
            "budget_start",
        ],
    )
    def test_no_number_is_negative_or_infinite(self, name: str) -> None:
        for value in (-0.1, math.inf, -math.inf, math.nan):
            with pytest.raises(ConfigurationError) as caught:
                RetryPolicy(**{name: value})
            assert str(caught.value) == f"RetryPolicy.{name} is {value}"
            assert caught.value.hint == f"{name} is a number, not negative and not infinite"
        assert getattr(RetryPolicy(**{name: 0.0}), name) == 0.0

    @pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
    def test_a_deadline_lies_ahead(self, value: float) -> None:
        with pytest.raises(ConfigurationError) as caught:
            RetryPolicy(deadline=value)
        assert str(caught.value) == f"RetryPolicy.deadline is {value}"
        assert caught.value.hint == "deadline is in seconds, above zero; None for no limit"

    def test_a_deadline_may_be_short_or_infinite(self) -> None:
        assert RetryPolicy(deadline=0.5).deadline == 0.5
        assert RetryPolicy(deadline=math.inf).deadline == math.inf


class TestBudget:
    def test_it_starts_full(self) -> None:
        """Started empty, a lone failing call would get a single attempt."""
        budget = RetryBudget(RetryPolicy())
        assert [budget.take(0.0) for _ in range(11)] == [*[True] * 10, False]

    def test_five_calls_earn_one_retry(self) -> None:
        budget = emptied()
        for _ in range(4):
            budget.record_call(0.0)
        assert not budget.take(0.0)
        budget.record_call(0.0)
        assert budget.take(0.0)
        assert not budget.take(0.0)

    def test_a_second_earns_one_retry(self) -> None:
        budget = emptied()
        assert not budget.take(0.9375)
        assert budget.take(1.0)
        assert [budget.take(3.0) for _ in range(3)] == [True, True, False]

    def test_time_passes_between_calls_too(self) -> None:
        budget = emptied()
        budget.record_call(4.0)
        assert [budget.take(4.0) for _ in range(5)] == [*[True] * 4, False]

    def test_no_more_is_saved_up_than_it_starts_with(self) -> None:
        budget = RetryBudget(RetryPolicy())
        for _ in range(500):
            budget.record_call(1000.0)
        assert [budget.take(1e6) for _ in range(11)] == [*[True] * 10, False]

    def test_time_before_its_first_use_earns_nothing(self) -> None:
        """Monotonic time begins anywhere; from nought it might be days."""
        budget = RetryBudget(RetryPolicy(budget_start=2.0))
        assert [budget.take(1e6) for _ in range(3)] == [True, True, False]

    def test_threads_that_come_out_of_order_are_not_paid_twice(self) -> None:
        budget = emptied()
        budget.record_call(2.0)
        assert [budget.take(2.0) for _ in range(3)] == [True, True, False]
        assert not budget.take(0.0)
        assert not budget.take(2.0)

    def test_share_and_trickle_are_settings(self) -> None:
        policy = RetryPolicy(budget_start=4.0, budget_ratio=0.5, budget_per_second=2.0)
        budget = RetryBudget(policy)
        assert [budget.take(0.0) for _ in range(5)] == [*[True] * 4, False]
        budget.record_call(0.0)
        budget.record_call(0.0)
        assert [budget.take(0.0) for _ in range(2)] == [True, False]
        assert [budget.take(0.5) for _ in range(2)] == [True, False]

    @given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 4)), max_size=40))
    def test_a_dead_peer_gets_no_more_than_its_share(self, calls: list[tuple[float, int]]) -> None:
        """However calls fall, the retries are never more than 10, a fifth of the calls, and one a second."""
        budget, now, taken = RetryBudget(RetryPolicy()), 0.0, 0
        for made, (pause, wanted) in enumerate(calls, start=1):
            now += pause
            budget.record_call(now)
            taken += sum(budget.take(now) for _ in range(wanted))
            assert taken <= 10 + 0.2 * made + now + 1e-6

    def test_under_load_a_dead_peer_gets_a_fifth_more(self) -> None:
        """A thousand calls in ten seconds, each of which would be tried four times."""
        budget = RetryBudget(RetryPolicy())
        taken = 0
        for number in range(1000):
            now = number / 100
            budget.record_call(now)
            taken += sum(budget.take(now) for _ in range(3))
        assert 200 <= taken <= 220


def emptied() -> RetryBudget:
    budget = RetryBudget(RetryPolicy())
    while budget.take(0.0):
        pass
    return budget


class TestHooks:
    def test_none_is_set_by_default_and_any_may_be(self) -> None:
        attempt = Attempt(
            connector="acs.aeos",
            operation="findToken",
            host="peer.example:8443",
            number=1,
            outcome=Outcome.DONE,
            reason=Reason.DONE,
            delay=None,
            status=200,
            duration=0.1,
            request_id="r1",
        )
        heard: list[Attempt] = []
        hooks = Hooks(on_give_up=heard.append)
        hooks.on_attempt(attempt)
        assert heard == []
        hooks.on_give_up(attempt)
        assert heard == [attempt]


class TestOutcomeOf:
    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (ConnectionFailed("x"), Outcome.NOT_SENT),
            (CertificateRejected("x"), Outcome.FINAL),
            (TimedOut("x"), Outcome.UNKNOWN),
            (TimedOut("x", outcome=Outcome.NOT_SENT), Outcome.NOT_SENT),
            (ConnectionRefusedError(), Outcome.NOT_SENT),
            (ConnectionResetError(), Outcome.UNKNOWN),
            (TimeoutError(), Outcome.UNKNOWN),
            (socket.gaierror(), Outcome.UNKNOWN),
            (OSError(), Outcome.UNKNOWN),
            (ValueError(), Outcome.FINAL),
            (ConfigurationError("x"), Outcome.FINAL),
        ],
    )
    def test_what_an_exception_says_about_the_effect(self, error: Exception, outcome: Outcome) -> None:
        assert outcome_of(error) is outcome


class TestRetrying:
    def test_it_needs_no_parentheses(self) -> None:
        refused = [ConnectionRefusedError()]

        @retrying
        def ask(word: str, *, twice: bool = False) -> object:
            """Ask the peer."""
            if refused:
                raise refused.pop()
            return word, twice

        assert ask("x", twice=True) == ("x", True)
        assert (ask.__name__, ask.__doc__) == ("ask", "Ask the peer.")
        assert list(inspect.signature(ask).parameters) == ["word", "twice"]
        assert not inspect.iscoroutinefunction(ask)

    def test_a_generator_is_refused_since_calling_it_does_nothing_yet(self) -> None:
        def numbers() -> Iterator[int]:
            yield 1

        async def later() -> AsyncIterator[int]:
            yield 1

        for function in (numbers, later):
            with pytest.raises(ConfigurationError) as caught:
                retrying(function)
            assert str(caught.value) == f"retrying cannot repeat {function.__qualname__}: it is a generator"
            assert caught.value.hint == "decorate the function that reads it to its end"

    def test_a_coroutine_function_stays_one(self) -> None:
        @retrying(safety=Safety.SAFE)
        async def ask() -> None:
            """Ask the peer."""

        assert inspect.iscoroutinefunction(ask)
        assert (ask.__name__, ask.__doc__) == ("ask", "Ask the peer.")
