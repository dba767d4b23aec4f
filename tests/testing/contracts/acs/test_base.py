"""The hooks of the contract, and the checks its tests are written with."""

from __future__ import annotations

from datetime import timedelta
from unittest import SkipTest

import pytest

from hamilton_sdk.acs.connector import AccessControl
from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.contracts.acs.base import Base
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl
from tests.testing.contracts.acs.faithful import FakeRun

BADGE = Credential("badge", "48213377")


@pytest.fixture
def run() -> FakeRun:
    case = FakeRun()
    case.setup_method()
    return case


class TestHooks:
    def test_an_adapter_must_be_given(self) -> None:
        case = Base()
        case.setup_method()
        with pytest.raises(NotImplementedError):
            case.open()

    def test_what_is_not_overridden_is_skipped(self) -> None:
        case = Base()
        with pytest.raises(SkipTest, match="foreign holder"):
            case.add_foreign_holder(BADGE)
        with pytest.raises(SkipTest, match="exchange 3 cannot be cut off here, before the work"):
            case.broken(3, after_work=False)
        with pytest.raises(SkipTest, match="after the work"):
            case.broken(3, after_work=True)
        assert case.opens(BADGE) is None
        assert case.transport() is None

    def test_numbers_and_references_are_never_the_same(self, run: FakeRun) -> None:
        other = FakeRun()
        other.setup_method()
        numbers = [case.badge_number() for case in (run, other) for _ in range(3)]
        numbers += [run.qr_number(), other.qr_number()]
        references = [case.reference() for case in (run, other) for _ in range(3)]
        assert len(set(numbers)) == 8
        assert len(set(references)) == 6

    def test_no_number_is_the_beginning_of_another(self, run: FakeRun) -> None:
        numbers = [run.badge_number() for _ in range(20)]
        assert len({len(number) for number in numbers}) == 1

    def test_both_connectors_open_with_what_is_given(self, run: FakeRun) -> None:
        policy = RetryPolicy.never()
        assert isinstance(run.open(retry=policy), AccessControl)
        asynchronous = type("AsyncRun", (FakeRun,), {"asynchronous": True})()
        asynchronous.setup_method()
        assert isinstance(asynchronous.open(retry=policy), BlockingAccessControl)

    def test_an_optional_value_is_given_or_the_test_is_skipped(self, run: FakeRun) -> None:
        assert run.optional("Lost", "no reasons") == "Lost"
        for nothing in (None, "", (), False):
            with pytest.raises(SkipTest, match="no reasons"):
                run.optional(nothing, "no reasons")


class TestTime:
    def test_passes_where_it_can_be_set(self, run: FakeRun) -> None:
        before = run.now()
        run.pass_time(hours=2, minutes=1)
        assert run.now() - before == timedelta(hours=2, minutes=1)

    def test_is_to_the_second_and_aware(self, run: FakeRun) -> None:
        run.clock = SettableClock(run.now() + timedelta(microseconds=5))
        assert run.now().microsecond == 0
        run.clock = None
        assert run.now().microsecond == 0
        assert run.now().utcoffset() == timedelta(0)

    def test_skips_the_test_where_it_cannot(self, run: FakeRun) -> None:
        run.clock = None
        with pytest.raises(SkipTest, match="time cannot be set"):
            run.pass_time(hours=1)


class TestOrders:
    def test_are_good_and_carry_the_host(self, run: FakeRun) -> None:
        run.host = "4711"
        order = run.order(credential=BADGE)
        assert order.holder.host == "4711"
        assert order.profiles == ("Visitors",)
        assert order.window == run.window(hours=9)

    def test_are_changed_in_one_thing_at_a_time(self, run: FakeRun) -> None:
        order = run.order(credential=BADGE)
        other = run.changed(order, window=run.window(hours=1))
        assert (other.holder, other.profiles, other.credential) == (order.holder, order.profiles, BADGE)
        assert other.window == run.window(hours=1)
        assert run.changed(order, profiles=("Contractors",)).profiles == ("Contractors",)
        assert run.changed(order, credential=Credential("qr", "7")).credential == Credential("qr", "7")


class TestChecks:
    """Each lets pass what is right and fails, in words, on what is not."""

    def test_found(self, run: FakeRun) -> None:
        with run.open() as acs:
            order = run.admitted(acs)
            assert run.found(acs, order.reference).state == "active"
            with pytest.raises(AssertionError, match="is None"):
                run.found(acs, "visit-0")

    def test_found_under_another_reference(self, run: FakeRun) -> None:
        with run.open() as acs:
            other = run.admitted(acs)
            acs.__dict__["find"] = lambda _: acs.find_by_credential(other.credential or BADGE)
            with pytest.raises(AssertionError, match="gave the grant of"):
                run.found(acs, "visit-0")

    def test_listed_and_drifts_are_of_these_references_alone(self, run: FakeRun) -> None:
        with run.open() as acs:
            one, other = run.admitted(acs), run.admitted(acs)
            assert [each.reference for each in run.listed(acs, one.reference)] == [one.reference]
            assert run.drifts(acs, [], other.reference) == ["unexpected"]
            assert run.drifts(acs, [], "visit-0") == []

    def test_stands(self, run: FakeRun) -> None:
        with run.open() as acs:
            order = run.admitted(acs)
            grant = run.found(acs, order.reference)
            run.assert_stands(acs, grant, order)
            for fields, words in (
                ({"reference": "visit-0"}, "the grant is of 'visit-0'"),
                ({"state": "reserved"}, "the grant is reserved"),
                ({"profiles": ("Contractors",)}, "the profiles are"),
                ({"window": None}, "shows no window"),
                ({"window": run.window(hours=1)}, "8:00:00 off"),
                ({"credential": None}, "shows no credential"),
                ({"credential": run.badge()}, "shows another number"),
            ):
                with pytest.raises(AssertionError, match=words):
                    run.assert_stands(acs, grant.model_copy(update=fields), order)

    def test_stands_asks_the_system_itself_whether_the_door_opens(self, run: FakeRun) -> None:
        with run.open() as acs:
            order = run.admitted(acs)
            grant = run.found(acs, order.reference)
            run.__dict__["opens"] = lambda _: False
            with pytest.raises(AssertionError, match="at the wrong time"):
                run.assert_stands(acs, grant, order)
            run.__dict__["opens"] = lambda _: None
            run.assert_stands(acs, grant, order)

    def test_stands_without_a_credential_where_none_was_ordered(self, run: FakeRun) -> None:
        with run.open() as acs:
            order = run.order()
            run.assert_stands(acs, acs.activate(order), order)

    def test_stands_before_the_window_means_shut(self, run: FakeRun) -> None:
        start = run.now() + timedelta(hours=1)
        with run.open() as acs:
            order = run.admitted(acs, window=TimeWindow(start, start + timedelta(hours=1)))
            grant = run.found(acs, order.reference)
            run.assert_stands(acs, grant, order)
            run.__dict__["opens"] = lambda _: True
            with pytest.raises(AssertionError, match="at the wrong time"):
                run.assert_stands(acs, grant, order)

    def test_window_is_as_exact_as_the_system(self, run: FakeRun) -> None:
        with run.open() as acs:
            order = run.admitted(acs)
            grant = run.found(acs, order.reference)
            run.assert_window(acs, grant, order.window)
            late = TimeWindow(order.window.start, order.window.end + timedelta(microseconds=1))
            with pytest.raises(AssertionError, match="off"):
                run.assert_window(acs, grant, late)

    def test_holds_and_free(self, run: FakeRun) -> None:
        with run.open() as acs:
            order, other = run.admitted(acs), run.badge()
            badge = order.credential
            assert badge is not None
            run.assert_holds(acs, badge, order.reference)
            run.assert_free(acs, other)
            with pytest.raises(AssertionError, match="should be out"):
                run.assert_holds(acs, other, order.reference)
            with pytest.raises(AssertionError, match="is with"):
                run.assert_holds(acs, badge, "visit-0")
            with pytest.raises(AssertionError, match="still with"):
                run.assert_free(acs, badge)
            with pytest.raises(AssertionError, match="opens a door"):
                run.assert_shut(badge)
            acs.suspend(order.reference)
            run.assert_shut(badge)

    def test_refusal_gives_the_error(self, run: FakeRun) -> None:
        with run.open() as acs:
            error = run.refusal(NotFound, acs.revoke, "visit-0", reason="Lost")
            assert error.operation == "revoke"
            with pytest.raises(AssertionError, match="should raise NotFound"):
                run.refusal(NotFound, acs.find, "visit-0")
            with pytest.raises(NotFound):
                run.refusal(Conflict, acs.revoke, "visit-0")

    @pytest.mark.parametrize("error", [Invalid("no"), Invalid("no", hint="")])
    def test_refusal_wants_a_hint(self, run: FakeRun, error: Invalid) -> None:
        def refuse() -> None:
            raise error

        with pytest.raises(AssertionError, match="Invalid has no hint"):
            run.refusal(Invalid, refuse)

    def test_discreet_knows_all_that_was_given_out(self, run: FakeRun) -> None:
        order = run.order(credential=run.badge())
        code = run.qr()
        assert order.credential is not None
        run.assert_discreet(repr(order), "the order")
        for secret in (
            order.holder.family_name,
            order.holder.given_name,
            order.holder.email,
            order.holder.phone,
            order.credential.number,
            code.number,
        ):
            with pytest.raises(AssertionError, match=r"^the text shows a name") as caught:
                run.assert_discreet(f"... {secret} ...", "the text")
            assert str(secret) not in str(caught.value).splitlines()[0]


def test_a_fake_adapter_is_the_same_one_for_each_connector() -> None:
    """What a test does through one connector, it sees through the next."""
    case = FakeRun()
    case.setup_method()
    assert case.adapter() is case.adapter()
    assert isinstance(case.adapter(), FakeAccessControl)
