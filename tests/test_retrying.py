"""`retrying`: the same rules for any function, and for coroutine functions."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectionFailed, NotFound, Outcome, RateLimited, TimedOut
from hamilton_sdk.retry import RetryPolicy, Safety, retrying


class Peer:
    """Fails with what it is given, one exception a call, and then answers with its arguments."""

    def __init__(self, *failures: BaseException) -> None:
        self.failures = list(failures)
        self.calls = 0

    def ask(self, *args: object, **kwargs: object) -> tuple[tuple[object, ...], dict[str, object]]:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return args, kwargs

    async def ask_later(self, *args: object, **kwargs: object) -> object:
        return self.ask(*args, **kwargs)


@pytest.fixture(params=["sync", "async"])
def outcome_with(request):
    """Calls a peer through `retrying` and gives its answer; sync or async."""

    async def call(peer: Peer, *args: object, **settings: object) -> object:
        if request.param == "sync":
            return retrying(**settings)(peer.ask)(*args)
        return await retrying(**settings)(peer.ask_later)(*args)

    return call


class TestRetrying:
    async def test_a_function_that_succeeds_is_called_once(self, outcome_with) -> None:
        clock, peer = SettableClock(), Peer()
        assert await outcome_with(peer, 1, "two", clock=clock) == ((1, "two"), {})
        assert (peer.calls, clock.slept) == (1, [])

    async def test_what_was_not_sent_is_sent_again(self, outcome_with) -> None:
        clock, peer = SettableClock(), Peer(ConnectionFailed("1"), ConnectionRefusedError())
        assert await outcome_with(peer, "x", clock=clock, safety=Safety.UNSAFE) == (("x",), {})
        assert peer.calls == 3
        assert len(clock.slept) == 2
        assert 0 <= clock.slept[0] < 0.05
        assert 0 <= clock.slept[1] < 0.1

    async def test_the_last_exception_is_raised_as_it_is(self, outcome_with) -> None:
        failures = [TimedOut(str(number)) for number in range(5)]
        clock, peer = SettableClock(), Peer(*failures)
        with pytest.raises(TimedOut) as caught:
            await outcome_with(peer, clock=clock)
        assert caught.value is failures[3]
        assert peer.calls == 4

    async def test_by_default_twice_is_taken_for_as_good_as_once(self, outcome_with) -> None:
        peer = Peer(TimeoutError())
        await outcome_with(peer, clock=SettableClock())
        assert peer.calls == 2

    async def test_what_may_have_happened_is_not_repeated_where_twice_is_two(self, outcome_with) -> None:
        peer = Peer(TimedOut("maybe"))
        with pytest.raises(TimedOut, match="maybe"):
            await outcome_with(peer, clock=SettableClock(), safety=Safety.UNSAFE)
        assert peer.calls == 1

    async def test_what_is_final_is_not_repeated(self, outcome_with) -> None:
        for error in (NotFound("no"), ValueError("no")):
            peer = Peer(error)
            with pytest.raises(type(error)):
                await outcome_with(peer, clock=SettableClock())
            assert peer.calls == 1

    async def test_ctrl_c_passes_at_once(self, outcome_with) -> None:
        peer = Peer(TimedOut("1"), KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            await outcome_with(peer, clock=SettableClock())
        assert peer.calls == 2

    async def test_the_caller_may_judge_exceptions(self, outcome_with) -> None:
        peer = Peer(KeyError("busy"), KeyError("busy"))
        await outcome_with(peer, clock=SettableClock(), outcome=lambda _: Outcome.REFUSED)
        assert peer.calls == 3

    async def test_the_policy_limits_it(self, outcome_with) -> None:
        peer = Peer(*[TimedOut("late")] * 9)
        with pytest.raises(TimedOut):
            await outcome_with(peer, clock=SettableClock(), policy=RetryPolicy(attempts=6))
        assert peer.calls == 6

    async def test_the_peer_is_not_asked_earlier_than_it_wants(self, outcome_with) -> None:
        clock, peer = SettableClock(), Peer(RateLimited("wait", retry_after=12.0))
        await outcome_with(peer, clock=clock)
        assert 12.0 <= clock.slept[0] < 12.5

    async def test_other_libraries_errors_may_wish_as_well(self, outcome_with) -> None:
        for wish, slept in [(12, 12.0), (0.25, 0.25), ("Fri, 27 Mar 2026 12:02:00 GMT", 0.0), (None, 0.0)]:
            error = OSError("busy")
            error.retry_after = wish
            clock, peer = SettableClock(), Peer(error)
            await outcome_with(peer, clock=clock)
            assert slept <= clock.slept[0] < slept + 0.5

    async def test_a_wish_for_more_than_a_minute_is_given_up_at_once(self, outcome_with) -> None:
        clock, peer = SettableClock(), Peer(RateLimited("wait", retry_after=61.0))
        with pytest.raises(RateLimited) as caught:
            await outcome_with(peer, clock=clock)
        assert (peer.calls, clock.slept, caught.value.retry_after) == (1, [], 61.0)

    async def test_the_deadline_counts_from_the_first_call(self, outcome_with) -> None:
        clock = SettableClock()
        peer = Peer(*[RateLimited("wait", retry_after=25.0)] * 9)
        clock.advance(1000.0)
        with pytest.raises(RateLimited):
            await outcome_with(peer, clock=clock, policy=RetryPolicy(attempts=9))
        assert peer.calls == 3
        assert sum(clock.slept) < 60

    async def test_the_machine_has_a_clock_of_its_own(self, outcome_with) -> None:
        peer = Peer(TimedOut("1"))
        await outcome_with(peer, policy=RetryPolicy(base=0.0))
        assert peer.calls == 2

    @given(st.lists(st.sampled_from([TimedOut, ConnectionFailed, NotFound]), min_size=1, max_size=6))
    def test_an_unsafe_call_is_repeated_only_after_what_was_not_sent(
        self, kinds: list[type[Exception]]
    ) -> None:
        peer = Peer(*[kind("x") for kind in kinds])
        sent = next((at for at, kind in enumerate(kinds) if kind is not ConnectionFailed), len(kinds)) + 1
        with contextlib.suppress(*kinds):
            retrying(safety=Safety.UNSAFE, clock=SettableClock())(peer.ask)()
        assert peer.calls == min(sent, 4)
