"""The fake as tests of applications use it; what it promises as an adapter is in test_contract.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import AccessOrder, AccessProfile, Credential, CredentialType, Holder
from hamilton_sdk.errors import ConfigurationError, Conflict, Invalid, NotFound, ServerFailed, TimedOut
from hamilton_sdk.flow import Now
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from hamilton_sdk.flow import Flow

T = TypeVar("T")

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = TimeWindow(NOW, NOW + 9 * HOUR)
BADGE = Credential("badge", "48213377")


def run(flow: Flow[T], now: datetime = NOW) -> T:
    """Drive a flow that asks for nothing but the time."""
    effect = next(flow)
    try:
        while True:
            assert isinstance(effect, Now), f"the fake yields {effect!r}"
            effect = flow.send(now)
    except StopIteration as stop:
        result: T = stop.value
        return result


def order(
    reference: str = "visit-1", *, credential: Credential | None = BADGE, window: TimeWindow = WINDOW
) -> AccessOrder:
    return AccessOrder(Holder(reference, "Quatremère"), ["Visitors"], window, credential)


@pytest.fixture
def fake() -> FakeAccessControl:
    return FakeAccessControl()


class TestSettings:
    def test_knows_visitors_and_badges_from_the_start(self, fake: FakeAccessControl) -> None:
        assert [each.name for each in run(fake.profiles())] == ["Visitors"]
        assert [each.name for each in run(fake.credential_types())] == ["Badge"]
        assert run(fake.check()).product == "FakeAccessControl"

    def test_takes_profiles_and_types_by_name_or_whole_and_lists_them_by_name(self) -> None:
        lab = AccessProfile(id="7", name="Laboratory", revocation="deferred")
        card = CredentialType(id="61", name="A card", encoding="hexadecimal")
        fake = FakeAccessControl(profiles=["Visitors", lab], credential_types=["Badge", card])
        assert run(fake.profiles())[0] == lab
        assert run(fake.credential_types())[0] == card
        assert len({each.id for each in run(fake.profiles())}) == 2

    def test_the_first_type_given_is_the_default_wherever_its_name_sorts(self) -> None:
        hexadecimal = CredentialType(id="61", name="Z", encoding="hexadecimal")
        decimal = CredentialType(id="60", name="A", encoding="decimal")
        fake = FakeAccessControl(credential_types=[hexadecimal, decimal])
        assert run(fake.activate(order(credential=Credential("uid", "9B3FAA")))).state == "active"

    @pytest.mark.parametrize("wrong", [{"profiles": ()}, {"credential_types": ()}, {"page_size": 0}])
    def test_refuses_a_site_with_which_nothing_can_be_done(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ConfigurationError, match="FakeAccessControl needs"):
            FakeAccessControl(**wrong)  # type: ignore[arg-type]  # a table of wrong values

    def test_says_what_it_can_do(self) -> None:
        capabilities = FakeAccessControl(needs_host=True, page_size=7).capabilities
        assert (capabilities.needs_host, capabilities.page_cap, capabilities.atomic_create) == (True, 7, True)
        assert FakeAccessControl().capabilities.needs_host is False

    def test_passes_hosts_and_reasons_on(self) -> None:
        fake = FakeAccessControl(hosts=["4711"], needs_host=True, reasons=["Lost"])
        with pytest.raises(Invalid, match="host is missing"):
            run(fake.reserve(order()))
        holder = Holder("visit-1", "Quatremère", host="4711")
        run(fake.reserve(AccessOrder(holder, ["Visitors"], WINDOW)))
        with pytest.raises(Invalid, match="unknown reason"):
            run(fake.suspend("visit-1", "Found"))

    def test_shows_its_profiles_alone(self) -> None:
        fake = FakeAccessControl(profiles=["Visitors", "Lab"])
        run(fake.activate(order()))
        assert repr(fake) == "FakeAccessControl(profiles=('Visitors', 'Lab'))"


class TestCalls:
    def test_a_visit_from_reservation_to_purge(self, fake: FakeAccessControl) -> None:
        """Each method reaches the site with its own arguments."""
        assert run(fake.reserve(order())).state == "reserved"
        assert run(fake.activate(order())).state == "active"
        longer = TimeWindow(NOW, NOW + 12 * HOUR)
        assert run(fake.extend("visit-1", longer)).window == longer
        assert run(fake.suspend("visit-1")).state == "suspended"
        assert run(fake.resume("visit-1")).state == "active"
        found = run(fake.find("visit-1"))
        assert found is not None
        assert run(fake.find_by_credential(BADGE)) == found
        assert run(fake.grants_page()).items == (found,)
        assert run(fake.reconcile([order(window=longer)])) == ()
        assert run(fake.revoke("visit-1")).state == "ended"
        assert run(fake.find_by_credential(BADGE)) is None
        assert run(fake.purge(NOW + 2 * HOUR), NOW + 3 * HOUR) == ("visit-1",)
        assert run(fake.find("visit-1")) is None

    def test_nothing_happens_before_a_flow_is_run(self, fake: FakeAccessControl) -> None:
        flow = fake.activate(order())
        assert fake.grants_now() == ()
        run(flow)
        assert len(fake.grants_now()) == 1

    def test_pages_have_the_size_asked_for(self) -> None:
        fake = FakeAccessControl(page_size=2)
        for name in "abc":
            run(fake.reserve(order(name)))
        page = run(fake.grants_page())
        assert [each.reference for each in page.items] == ["a", "b"]
        assert [each.reference for each in run(fake.grants_page(page.next)).items] == ["c"]

    def test_reconcile_reads_ids_as_names(self, fake: FakeAccessControl) -> None:
        (profile,), (kind,) = run(fake.profiles()), run(fake.credential_types())
        run(fake.activate(order(credential=Credential("badge", "48213377", "Badge"))))
        by_id = AccessOrder(
            Holder("visit-1", "Quatremère"), [profile.id], WINDOW, Credential("badge", "48213377", kind.id)
        )
        assert run(fake.reconcile([by_id])) == ()

    def test_a_wrong_reason_keeps_no_access_alive(self) -> None:
        fake = FakeAccessControl(reasons=["Lost"])
        run(fake.activate(order()))
        assert run(fake.revoke("visit-1", "Found")).state == "ended"

    def test_errors_say_where_they_come_from(self, fake: FakeAccessControl) -> None:
        with pytest.raises(NotFound) as caught:
            run(fake.revoke("visit-1"))
        assert (caught.value.connector, caught.value.operation) == ("acs.fake", "revoke")

    def test_threads_never_share_a_badge(self, fake: FakeAccessControl) -> None:
        """Many calls at once for one badge: one gets it, each other one is refused."""

        def attempt(number: int) -> bool:
            try:
                run(fake.activate(order(f"visit-{number}")))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(attempt, range(64)))
        assert got.count(True) == 1
        assert fake.credentials_out() == (BADGE,)
        assert len(fake.grants_now()) == 1


class TestLooking:
    def test_grants_are_seen_at_the_time_of_the_last_call_or_at_any_other(
        self, fake: FakeAccessControl
    ) -> None:
        run(fake.activate(order("b")))
        run(fake.reserve(order("a", credential=None)))
        assert [(each.reference, each.state) for each in fake.grants_now()] == [
            ("a", "reserved"),
            ("b", "active"),
        ]
        assert [each.state for each in fake.grants_now(WINDOW.end)] == ["ended", "ended"]
        run(fake.check(), WINDOW.end)
        assert [each.state for each in fake.grants_now()] == ["ended", "ended"]

    def test_credentials_out_are_those_in_hands_whether_they_open_or_not(
        self, fake: FakeAccessControl
    ) -> None:
        other = Credential("badge", "48213378")
        run(fake.activate(order("b")))
        run(fake.activate(order("a", credential=other)))
        run(fake.activate(order("c", credential=None)))
        run(fake.suspend("a"))
        fake.give_to_others(Credential("badge", "1"))
        assert fake.credentials_out() == (other, BADGE)
        run(fake.revoke("b"))
        assert fake.credentials_out() == (other,)

    def test_opens_says_whether_a_door_would_open(self, fake: FakeAccessControl) -> None:
        assert fake.opens(BADGE) is False
        coming = TimeWindow(NOW + HOUR, NOW + 2 * HOUR)
        run(fake.activate(order(window=coming)))
        moments = [NOW, coming.start, coming.end - timedelta(seconds=1), coming.end]
        assert [fake.opens(BADGE, moment) for moment in moments] == [False, True, True, False]
        assert fake.opens(BADGE) is False
        run(fake.check(), coming.start)
        assert fake.opens(BADGE) is True
        run(fake.suspend("visit-1"), coming.start)
        assert fake.opens(BADGE) is False

    def test_what_others_hold_is_out_of_reach(self, fake: FakeAccessControl) -> None:
        fake.give_to_others(BADGE)
        assert run(fake.find_by_credential(BADGE)) is None
        assert fake.opens(BADGE) is False
        with pytest.raises(Conflict):
            run(fake.activate(order()))
        with pytest.raises(Conflict):
            fake.give_to_others(BADGE)


class TestFailing:
    def test_the_next_call_fails_and_does_nothing(self, fake: FakeAccessControl) -> None:
        fake.fail_next(ServerFailed("out of order"))
        with pytest.raises(ServerFailed, match="out of order"):
            run(fake.activate(order()))
        assert fake.grants_now() == ()
        assert run(fake.activate(order())).state == "active"

    def test_a_lost_answer_leaves_the_work_done(self, fake: FakeAccessControl) -> None:
        fake.fail_next(TimedOut("no answer"), after_work=True)
        with pytest.raises(TimedOut):
            run(fake.activate(order()))
        assert [each.state for each in fake.grants_now()] == ["active"]

    def test_a_call_that_is_refused_anyway_says_why(self, fake: FakeAccessControl) -> None:
        fake.fail_next(TimedOut("no answer"), after_work=True)
        with pytest.raises(NotFound):
            run(fake.revoke("visit-1"))

    def test_only_the_method_named_fails(self, fake: FakeAccessControl) -> None:
        fake.fail_next(ServerFailed("out of order"), "revoke")
        run(fake.activate(order()))
        with pytest.raises(AssertionError, match="failures that never happened: revoke"):
            fake.assert_all_failed()
        with pytest.raises(ServerFailed):
            run(fake.revoke("visit-1"))
        fake.assert_all_failed()
        assert run(fake.revoke("visit-1")).state == "ended"

    def test_several_are_used_up_in_order(self, fake: FakeAccessControl) -> None:
        fake.fail_next(ServerFailed("first"))
        fake.fail_next(ServerFailed("second"))
        for message in ("first", "second"):
            with pytest.raises(ServerFailed, match=message):
                run(fake.check())
        assert run(fake.check()).version == "1"

    def test_a_failure_never_reached_is_a_failure_of_the_test(self, fake: FakeAccessControl) -> None:
        fake.fail_next(ServerFailed("out of order"))
        with pytest.raises(AssertionError, match="any call"):
            fake.assert_all_failed()
