"""What both runners share: operations, tokens, interruption."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectorError, Interrupted, Invalid, PartialFailure, TimedOut
from hamilton_sdk.flow import Token
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner.core import Core, End, Operation, TokenCache, first_failure
from tests.runner.rig import Plain


def operation(**more: object) -> Operation:
    return Operation(name="operate", policy=RetryPolicy(), started=100.0, request_id="r", **more)


def test_a_part_stops_with_the_whole_but_not_the_whole_with_a_part():
    whole = operation()
    part = whole.child()
    other = whole.child()
    part.stopped = True
    assert (part.stopping(), other.stopping(), whole.stopping()) == (True, False, False)
    whole.stopped = True
    assert other.stopping()


def test_the_time_to_undo_begins_with_the_first_undo_and_does_not_begin_anew():
    current = operation()
    assert current.remaining(150.0, undo=False) == 10.0
    assert current.remaining(170.0, undo=True) == 10.0
    assert current.remaining(176.0, undo=True) == 4.0
    assert current.remaining(190.0, undo=True) == -10.0


def test_an_operation_that_is_ending_is_not_checked_again():
    core = Core(Plain(), SettableClock(), None)
    current = Operation(name="operate", policy=RetryPolicy(deadline=1.0), started=-5.0, request_id="r")
    with pytest.raises(End) as caught:
        core.check_end(current, -4.0)
    assert isinstance(caught.value.cause, TimedOut)
    current.end(0.0)
    core.check_end(current, -4.0)


def test_a_token_is_fresh_until_two_minutes_before_its_end():
    clock = SettableClock()
    cache = TokenCache()
    assert cache.fresh(clock) is None
    cache.token = Token("t", clock.now() + timedelta(seconds=121))
    assert cache.fresh(clock) is cache.token
    clock.advance(1.0)
    assert cache.fresh(clock) is None
    cache.token = Token("eternal")
    assert cache.fresh(clock) is cache.token


def test_the_failure_that_began_it_is_raised_before_the_interruptions_it_caused():
    first_failure([None, None])
    with pytest.raises(TimedOut):
        first_failure([None, Interrupted("i"), TimedOut("t")])
    with pytest.raises(Interrupted, match="first"):
        first_failure([Interrupted("first"), Interrupted("second")])


def test_an_interruption_tells_which_call_it_was():
    error = Core(Plain(), SettableClock(), None).interrupted(operation())
    assert (error.connector, error.operation, error.request_id) == ("acs.test", "operate", "r")
    assert str(error) == "acs.test: operate was interrupted"


def test_the_original_passes_on_unless_a_deadline_left_something_half_done():
    core = Core(Plain(), SettableClock(), None)
    deadline, ctrl_c = TimedOut("late"), KeyboardInterrupt()
    half = PartialFailure("half", left=("badge", "holder 7"))
    assert core.after_ending(deadline, None) is deadline
    assert core.after_ending(deadline, ConnectorError("no")) is deadline
    assert core.after_ending(ctrl_c, half) is ctrl_c
    assert ctrl_c.__notes__ == ["half; left: badge, holder 7"]
    assert core.after_ending(deadline, half) is half
    assert half.__cause__ is deadline
    core.after_ending(ctrl_c, PartialFailure("all undone"))
    assert ctrl_c.__notes__[1] == "all undone; left: nothing"


def test_a_deadline_is_over_at_its_very_end_and_not_before():
    core = Core(Plain(), SettableClock(), None)
    current = operation()
    core.check_end(current, 0.1)
    core.check_end(current, None)
    with pytest.raises(End, match="did not end within 60 s"):
        core.check_end(current, 0.0)


def test_a_part_that_is_told_to_stop_ends_at_its_next_step():
    core = Core(Plain(), SettableClock(), None)
    whole = operation()
    part = whole.child()
    core.check_end(part, None)
    whole.stopped = True
    with pytest.raises(End) as caught:
        core.check_end(part, None)
    assert isinstance(caught.value.cause, Interrupted)


def test_an_error_of_ours_is_told_where_it_comes_from_and_keeps_what_it_knows():
    core = Core(Plain(), SettableClock(), None)
    bare, known = Invalid("i"), Invalid("i", connector="acs.other", operation="read", request_id="q")
    core.name_in(bare, operation())
    core.name_in(known, operation())
    assert (bare.connector, bare.operation, bare.request_id) == ("acs.test", "operate", "r")
    assert (known.connector, known.operation, known.request_id) == ("acs.other", "read", "q")


def test_ids_are_128_bits_in_hexadecimal_whatever_the_application_seeds():
    core = Core(Plain(), SettableClock(), None)
    random.seed(1)
    first = core.operation("operate", RetryPolicy()).request_id
    random.seed(1)
    second = core.operation("operate", RetryPolicy()).request_id
    assert first != second
    assert re.fullmatch("[0-9a-f]{32}", first)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_draws_other_numbers_than_its_parent():
    """Else all workers of a pre-forking server would come back at the same moments, under the same ids."""
    code = (
        "import os, sys; from hamilton_sdk.runner.core import RANDOM; child = os.fork();"
        "print(f'{RANDOM.getrandbits(64)} ', end='', flush=True);"
        "child and os.waitpid(child, 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    parent, child = done.stdout.split()
    assert parent != child
