"""The journey against a system in memory: what is done, what is told, what is seen at the doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from hamilton_sdk.acs import AccessControl, AccessOrder, FakeAccessControl, Holder
from hamilton_sdk.cli.journey import Journey
from hamilton_sdk.cli.plan import Action, Step
from hamilton_sdk.cli.record import Event, Mishap, Notice
from hamilton_sdk.cli.visits import Visit
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectorError, TimedOut
from hamilton_sdk.model import TimeWindow
from tests.cli.guests import EIGHT, HOUR, Memory, Script, Tidings, visit


class _Rig:
    """A journey over a fake, and everything around it that a test looks at."""

    def __init__(self, **options: object) -> None:
        self.fake = FakeAccessControl(**options)
        self.clock = SettableClock(EIGHT - HOUR)
        self.building = Memory(self.fake)
        self.trouble = Script()
        self.events: list[Event] = []
        self.acs = AccessControl(self.fake, clock=self.clock)
        self.news = Tidings()
        self.journey = Journey(
            self.acs,
            clock=self.clock,
            building=self.building,
            trouble=self.trouble,
            news=self.news,
            tell=self.events.append,
        )

    def fail(self, operation: str, times: int = 1, **how: bool) -> None:
        for _ in range(times):
            self.fake.fail_next(TimedOut("no answer"), operation, **how)

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


@pytest.fixture
def rig() -> Iterator[_Rig]:
    made = _Rig()
    with made.acs:
        yield made


def _arrive(one: Visit, minutes: float = 5, *, twice: bool = False) -> Step:
    return Step(one.order.window.start + timedelta(minutes=minutes), Action.ARRIVE, one, twice)


def _leave(one: Visit) -> Step:
    return Step(one.order.window.end - timedelta(minutes=5), Action.LEAVE, one)


def _overstay(one: Visit) -> list[Step]:
    end = one.order.window.end
    return [Step(end, Action.OVERSTAY, one), Step(end + timedelta(minutes=15), Action.SWEEP, one)]


class TestAVisit:
    def test_goes_from_pre_registration_to_check_out_and_is_forgotten(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        assert [grant.state for grant in rig.fake.grants_now()] == ["reserved"]
        rig.journey.play([_arrive(one), _leave(one)])
        rig.journey.close()
        stay = rig.journey.stays["V-2"]
        assert stay.admitted_at == one.order.window.start + timedelta(minutes=5)
        assert stay.left_at == one.order.window.end - timedelta(minutes=5)
        assert (stay.opened_before, stay.opened_inside, stay.opened_after) == (False, True, False)
        assert (stay.holders, stay.same_grant, stay.refused) == (1, None, None)
        assert rig.kinds == ["reserved", "ready", "admitted", "left", "closed", "purged"]
        assert rig.fake.grants_now() == ()
        assert rig.journey.ending.remaining == 0

    def test_is_told_of_at_the_time_of_the_building(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.journey.play([_arrive(one)])
        assert [event.at for event in rig.events] == [EIGHT - HOUR] * 2 + [EIGHT + timedelta(minutes=5)]

    def test_asked_for_twice_is_one_grant(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.journey.play([_arrive(one, twice=True)])
        assert rig.journey.stays["V-2"].same_grant is True
        assert rig.journey.stays["V-2"].holders == 1
        assert rig.events[-1].presses == 2

    def test_without_a_credential_opens_nothing(self, rig: _Rig) -> None:
        one = visit(2, badge=None)
        rig.journey.reserve([one])
        rig.journey.play([_arrive(one)])
        assert rig.journey.stays["V-2"].opened_inside is False

    def test_beyond_its_window_is_found_and_expired(self, rig: _Rig) -> None:
        late, other = visit(2), visit(3, hours=9)
        rig.journey.reserve([late, other])
        rig.journey.play([_arrive(late), _arrive(other), *_overstay(late), _leave(other)])
        stay = rig.journey.stays["V-2"]
        assert stay.overstayed_at == late.order.window.end
        assert stay.expired_at == late.order.window.end + timedelta(minutes=15)
        assert stay.opened_after is False
        assert rig.kinds[-4:] == ["overstayed", "swept", "expired", "left"]
        assert rig.events[-3].count == 1
        assert rig.journey.ending.other_drifts == []
        assert rig.fake.credentials_out() == ()

    def test_that_the_system_refuses_is_not_played(self) -> None:
        rig = _Rig(hosts=["H-1"])
        good, bad = visit(2, host="H-1"), visit(3, host="H-2")
        with rig.acs:
            rig.journey.reserve([good, bad])
            rig.journey.play([_arrive(good), _arrive(bad)])
        assert rig.journey.stays["V-2"].refused is None
        assert "host" in str(rig.journey.stays["V-3"].refused)
        assert rig.kinds == ["reserved", "reserved", "ready", "admitted"]
        assert [event.count for event in rig.events] == [0, 0, 1, 0]
        assert rig.events[1].presses == 1
        assert rig.journey.ending.given_up == 0

    def test_whose_start_the_system_keeps_later_is_tried_from_then_on(self, rig: _Rig) -> None:
        """An hour that the clocks repeat cannot be a start in local time; nobody is let in early for it."""
        one = visit(2)
        later = one.order.model_copy(update={"window": TimeWindow(EIGHT + HOUR / 2, one.order.window.end)})
        rig.journey.reserve([one])
        activate = rig.acs.activate
        rig.acs.activate = lambda _: activate(later)
        rig.journey.play([_arrive(one)])
        assert rig.clock.now() < EIGHT + HOUR / 2
        assert rig.journey.stays["V-2"].opened_inside is True


class TestTrouble:
    def test_is_stirred_before_each_step_and_told_with_it(self, rig: _Rig) -> None:
        stirred: list[Action | None] = []
        one = visit(2)

        def stir(action: Action | None) -> None:
            stirred.append(action)
            rig.trouble.mishaps.append(Mishap("x", str(action)))

        rig.trouble.before = stir
        rig.journey.reserve([one])
        rig.journey.play([_arrive(one), *_overstay(one)])
        assert stirred == [None, Action.ARRIVE, Action.OVERSTAY, Action.SWEEP, Action.LEAVE]
        assert [len(event.mishaps) for event in rig.events] == [1, 0, 1, 1, 1, 1]

    def test_that_passes_is_healed_by_asking_again(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.fail("activate", 2, after_work=True)
        rig.fail("revoke", 1)
        rig.journey.play([_arrive(one), _leave(one)])
        stay = rig.journey.stays["V-2"]
        assert stay.admitted_at == EIGHT + timedelta(minutes=5, seconds=10)
        assert stay.left_at is not None
        assert stay.holders == 1
        assert [event.presses for event in rig.events] == [1, 0, 3, 2]
        assert not [event for event in rig.events if event.error]
        assert rig.journey.ending.given_up == 0
        rig.fake.assert_all_failed()

    @pytest.mark.parametrize("operation", ["reserve", "activate", "revoke", "reconcile", "purge"])
    def test_that_stays_is_given_up_and_counted_and_the_rest_goes_on(self, rig: _Rig, operation: str) -> None:
        one, two = visit(2), visit(3)
        steps = [_arrive(one), _arrive(two), _leave(two), *_overstay(one)]
        rig.fail(operation, 5)
        rig.journey.reserve([one, two])
        rig.journey.play(steps)
        rig.journey.close()
        assert rig.journey.ending.given_up == 1
        (failed,) = [event for event in rig.events if event.error]
        assert failed.presses == 5
        assert isinstance(failed.error, TimedOut)
        rig.fake.assert_all_failed()

    def test_at_expiry_is_no_expiry(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.fail("revoke", 5)
        rig.journey.play([_arrive(one), *_overstay(one)])
        assert rig.journey.stays["V-2"].expired_at is None
        assert rig.events[-1].was_given_up

    def test_at_admission_leaves_nobody_admitted(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.fail("activate", 5)
        rig.journey.play([_arrive(one, twice=True)])
        stay = rig.journey.stays["V-2"]
        assert (stay.admitted_at, stay.opened_inside, stay.same_grant) == (None, False, None)

    def test_in_the_second_asking_is_seen(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        activate = rig.acs.activate
        calls: list[AccessOrder] = []

        def once(order: AccessOrder) -> object:
            calls.append(order)
            if len(calls) > 1:
                message = "no answer"
                raise TimedOut(message)
            return activate(order)

        rig.acs.activate = once
        rig.journey.play([_arrive(one, twice=True)])
        assert rig.journey.stays["V-2"].same_grant is False

    def test_that_takes_time_does_not_turn_the_clock_back(self, rig: _Rig) -> None:
        one, two = visit(2), visit(3)
        rig.journey.reserve([one, two])
        rig.fail("activate", 5)
        rig.journey.play([_arrive(one), _arrive(two)])
        assert rig.journey.stays["V-3"].admitted_at == EIGHT + timedelta(minutes=5, seconds=25)


class TestWhatIsSeen:
    """A system that breaks its promises is found out."""

    @staticmethod
    def _played(rig: _Rig, sabotage: Callable[[Action | None], None]) -> Journey:
        one, two = visit(2), visit(3)
        rig.journey.reserve([one, two])
        rig.trouble.before = sabotage
        rig.journey.play([_arrive(one), _arrive(two), _leave(one), *_overstay(two)])
        rig.journey.close()
        return rig.journey

    def test_a_credential_that_opens_before_arrival(self, rig: _Rig) -> None:
        rig.building.stuck = {"21000002"}
        assert self._played(rig, lambda _: None).stays["V-2"].opened_before is True

    def test_a_credential_that_opens_after_check_out_and_at_the_end(self, rig: _Rig) -> None:
        def stick(action: Action | None) -> None:
            rig.building.stuck = {"21000002"} if action is Action.LEAVE else rig.building.stuck

        journey = self._played(rig, stick)
        assert journey.stays["V-2"].opened_after is True
        assert journey.ending.open_credentials == 1
        assert next(event.count for event in rig.events if event.kind == "closed") == 1

    def test_a_credential_that_only_its_window_closes(self, rig: _Rig) -> None:
        """At the end it opens nothing any more, but would if the clocks were turned back."""
        opens = rig.building.opens
        rig.building.opens = lambda credential, at: (
            opens(credential, at)
            or (
                credential.number == "21000002"
                and at < EIGHT + 2 * HOUR
                and rig.clock.now() > EIGHT + 9 * HOUR
            )
        )
        rig.journey.reserve([visit(2), visit(3)])
        rig.journey.play([])
        rig.clock.advance(10 * 3600)
        rig.journey.close()
        assert rig.building.open_credentials(rig.clock.now()) == 0
        assert rig.journey.ending.open_credentials == 1

    def test_a_credential_that_opens_after_the_window(self, rig: _Rig) -> None:
        def stick(action: Action | None) -> None:
            rig.building.stuck = {"21000003"} if action is Action.OVERSTAY else set()

        stay = self._played(rig, stick).stays["V-3"]
        assert stay.opened_after is True
        assert stay.expired_at is not None

    def test_somebody_whom_nobody_expects(self, rig: _Rig) -> None:
        def smuggle(action: Action | None) -> None:
            if action is Action.SWEEP:
                order = AccessOrder(
                    Holder("V-666", "Nobody"), ["Visitors"], TimeWindow(EIGHT, EIGHT + 24 * HOUR)
                )
                rig.acs.activate(order)

        assert self._played(rig, smuggle).ending.other_drifts == ["V-666: unexpected"]

    def test_somebody_inside_whose_access_is_gone(self, rig: _Rig) -> None:
        one, two = visit(2, hours=9), visit(3)
        rig.journey.reserve([one, two])
        rig.journey.play([_arrive(one), _arrive(two)])
        rig.acs.revoke("V-2")
        rig.journey.play(_overstay(two))
        assert rig.journey.ending.other_drifts == ["V-2: missing"]

    def test_who_is_expected_later_is_no_difference(self, rig: _Rig) -> None:
        one, two = visit(2), visit(3, start=1.9)
        rig.journey.reserve([one, two])
        rig.journey.play([_arrive(one), *_overstay(one)])
        assert rig.journey.ending.other_drifts == []

    def test_somebody_who_is_not_forgotten(self, rig: _Rig) -> None:
        rig.acs.purge = lambda _: ()
        journey = self._played(rig, lambda _: None)
        assert journey.ending.remaining == 2
        assert rig.events[-1].count == 0


def test_other_errors_than_the_sdk_s_are_not_swallowed(rig: _Rig) -> None:
    rig.fake.fail_next(RuntimeError("a bug"), "reserve")
    with pytest.raises(RuntimeError, match="a bug"):
        rig.journey.reserve([visit(2)])
    assert not issubclass(RuntimeError, ConnectorError)


class TestWhatIsPublished:
    def test_is_what_happened_when_it_happened(self, rig: _Rig) -> None:
        late, other = visit(2), visit(3, hours=9)
        rig.journey.reserve([late, other])
        rig.journey.play([_arrive(late), _arrive(other), *_overstay(late), _leave(other)])
        quarter = timedelta(minutes=15)
        assert rig.news.published == [
            ("visit.created", "V-2", EIGHT - HOUR),
            ("visit.created", "V-3", EIGHT - HOUR),
            ("visit.checked_in", "V-2", EIGHT + timedelta(minutes=5)),
            ("visit.checked_in", "V-3", EIGHT + timedelta(minutes=5)),
            ("visit.checked_out", "V-2", late.order.window.end + quarter),
            ("visit.checked_out", "V-3", other.order.window.end - timedelta(minutes=5)),
        ]

    def test_is_delivered_once_all_are_pre_registered_and_then_step_by_step(self, rig: _Rig) -> None:
        one, other = visit(2), visit(3)
        rig.journey.reserve([one, other])
        rig.journey.play([_arrive(one)])
        assert [event.notices for event in rig.events] == [
            (),
            (),
            (Notice("visit.created", "V-2"), Notice("visit.created", "V-3")),
            (Notice("visit.checked_in", "V-2"),),
        ]
        assert rig.journey.notices == [notice for event in rig.events for notice in event.notices]

    def test_is_nothing_that_did_not_happen(self, rig: _Rig) -> None:
        one = visit(2)
        rig.fail("reserve", times=9)
        rig.journey.reserve([one])
        assert rig.news.published == []

    def test_is_no_arrival_that_was_given_up(self, rig: _Rig) -> None:
        one = visit(2)
        rig.journey.reserve([one])
        rig.fail("activate", times=99)
        rig.journey.play([_arrive(one)])
        assert [kind for kind, _, _ in rig.news.published] == ["visit.created"]
