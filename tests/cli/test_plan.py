"""Who arrives, leaves and overstays, and when."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.cli.plan import Action, Step, opening_time, plan
from hamilton_sdk.cli.visits import Visit
from tests.cli.guests import EIGHT, HOUR, visit

_DAY = st.lists(
    st.tuples(st.floats(0, 30), st.floats(0.001, 20), st.sampled_from(["", "", "7", "8"])),
    min_size=1,
    max_size=8,
)


def _visits(day: list[tuple[float, float, str]]) -> list[Visit]:
    """Visits whose badge, where it is shared, goes from one to the next."""
    made: list[Visit] = []
    for line, (start, hours, badge) in enumerate(day, 2):
        made.append(visit(line, start=start, hours=hours, badge=badge))
        window = made[-1].order.window
        if badge and any(_number(one) == badge and one.order.window.overlaps(window) for one in made[:-1]):
            made.pop()
    return made


def _number(one: Visit) -> str:
    assert one.order.credential is not None
    return one.order.credential.number


def _by_reference(steps: tuple[Step, ...]) -> dict[str, list[Step]]:
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for step in steps:
        found[step.visit.order.reference].append(step)
    return found


def test_the_play_begins_half_an_hour_before_the_first_window_whatever_today_is() -> None:
    assert opening_time([visit(2, start=5), visit(3, start=1)]) == EIGHT + HOUR / 2


@given(_DAY, st.integers())
def test_everybody_arrives_within_the_window_and_all_but_one_leave_in_time(
    day: list[tuple[float, float, str]], seed: int
) -> None:
    visits = _visits(day)
    steps = plan(visits, Random(seed))
    overstayers = 0
    for one in visits:
        window = one.order.window
        first, *rest = _by_reference(steps)[one.order.reference]
        assert first.action is Action.ARRIVE
        assert first.at in window
        if len(rest) == 1:
            assert rest[0].action is Action.LEAVE
            assert first.at < rest[0].at < window.end
        else:
            overstayers += 1
            assert [step.action for step in rest] == [Action.OVERSTAY, Action.SWEEP]
            assert rest[0].at == window.end
            assert rest[1].at == window.end + timedelta(minutes=15)
    assert overstayers == 1


@given(_DAY, st.integers())
def test_steps_come_in_order_and_nobody_waits_for_a_badge(
    day: list[tuple[float, float, str]], seed: int
) -> None:
    holder_of: dict[str, str] = {}
    steps = plan(_visits(day), Random(seed))
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    for step in steps:
        number = _number(step.visit)
        if step.action is Action.ARRIVE:
            assert number not in holder_of
            holder_of[number] = step.visit.order.reference
        elif step.action in (Action.LEAVE, Action.SWEEP):
            del holder_of[number]
    assert holder_of == {}


def test_the_same_seed_is_the_same_play_and_another_seed_is_another() -> None:
    visits = [visit(line, start=line) for line in range(2, 9)]
    assert plan(visits, Random(1)) == plan(visits, Random(1))
    assert plan(visits, Random(1)) != plan(visits, Random(2))


def test_some_are_asked_for_twice_and_some_are_not() -> None:
    steps = plan([visit(line) for line in range(2, 40)], Random(1))
    assert {step.twice for step in steps if step.action is Action.ARRIVE} == {True, False}


def test_where_all_badges_are_shared_whose_window_ends_last_overstays() -> None:
    visits = [visit(2, start=4, badge="7"), visit(3, start=0, badge="7")]
    overstays = [step for step in plan(visits, Random(1)) if step.action is Action.OVERSTAY]
    assert [step.visit for step in overstays] == [visits[0]]


def test_a_visit_without_a_credential_may_overstay_too() -> None:
    steps = plan([visit(2, badge=None)], Random(1))
    assert [step.action for step in steps] == [Action.ARRIVE, Action.OVERSTAY, Action.SWEEP]


def test_arrivals_fall_on_whole_minutes_where_the_window_allows() -> None:
    whole, odd = visit(2, hours=8), visit(3, start=0.005, hours=0.01)
    arrivals = {
        step.visit.line: step.at for step in plan([whole, odd], Random(3)) if step.action is Action.ARRIVE
    }
    assert arrivals[2].second == 0
    assert arrivals[3] in odd.order.window
