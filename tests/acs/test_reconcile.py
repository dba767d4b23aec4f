"""Comparing what should stand with what stands."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, Drift, Holder
from hamilton_sdk.acs.reconcile import compare
from hamilton_sdk.errors import Invalid
from hamilton_sdk.model import TimeWindow

NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
BADGE = Credential("badge", "48213377")
OTHER = Credential("badge", "48213378")

RUNS = TimeWindow(NOW - HOUR, NOW + HOUR)
COMES = TimeWindow(NOW + HOUR, NOW + 2 * HOUR)
OVER = TimeWindow(NOW - 2 * HOUR, NOW)


def order(
    window: TimeWindow = RUNS,
    *,
    credential: Credential | None = BADGE,
    profiles: tuple[str, ...] = ("Visitors",),
    reference: str = "visit-1",
) -> AccessOrder:
    return AccessOrder(Holder(reference, "Quatremère"), profiles, window, credential)


def grant(state: str = "active", window: TimeWindow | None = RUNS, **changes: object) -> AccessGrant:
    fields: dict[str, object] = {
        "reference": "visit-1",
        "holder_id": "7",
        "state": state,
        "profiles": ("Visitors",),
        "window": window,
        "credential": BADGE,
    }
    return AccessGrant.model_validate(fields | changes)


def kinds(expected: list[AccessOrder], *actual: AccessGrant, now: datetime = NOW) -> list[str]:
    return [drift.kind for drift in compare(expected, actual, now, SECOND)]


class TestWhileTheWindowRuns:
    def test_an_active_grant_as_ordered_is_no_difference(self) -> None:
        assert kinds([order()], grant()) == []

    def test_no_grant_is_missing(self) -> None:
        assert compare([order()], [], NOW, SECOND) == (
            Drift(kind="missing", reference="visit-1", expected=order(), actual=None),
        )

    def test_an_ended_grant_is_missing_and_nothing_else(self) -> None:
        ended = grant("ended", None, profiles=(), credential=None)
        assert compare([order()], [ended], NOW, SECOND) == (
            Drift(kind="missing", reference="visit-1", expected=order(), actual=ended),
        )
        assert kinds([order()], grant("ended", OVER)) == ["missing"]

    @pytest.mark.parametrize("state", ["reserved", "suspended"])
    def test_another_state_is_a_difference_of_state(self, state: str) -> None:
        credential = None if state == "reserved" else BADGE
        assert kinds([order()], grant(state, credential=credential)) == ["state"]

    def test_each_difference_is_named_beside_the_others(self) -> None:
        other = grant("suspended", COMES, profiles=("Staff",), credential=OTHER)
        assert kinds([order()], other) == ["credential", "profiles", "state", "window"]

    def test_its_first_instant_belongs_to_it(self) -> None:
        reserved = grant("reserved", credential=None)
        assert kinds([order()], reserved, now=RUNS.start) == ["state"]


class TestBeforeTheWindowBegins:
    @pytest.mark.parametrize("state", ["reserved", "active"])
    def test_a_reserved_grant_is_as_good_as_an_active_one(self, state: str) -> None:
        credential = None if state == "reserved" else BADGE
        assert kinds([order(COMES)], grant(state, COMES, credential=credential)) == []

    def test_the_rest_is_compared_as_ever(self) -> None:
        reserved = grant("reserved", RUNS, profiles=("Staff",), credential=None)
        assert kinds([order(COMES)], reserved) == ["profiles", "window"]
        assert kinds([order(COMES)], grant("suspended", COMES)) == ["state"]
        assert kinds([order(COMES)]) == ["missing"]

    def test_a_reserved_grant_with_a_credential_out_is_a_difference(self) -> None:
        """Even the ordered one: it is handed out with the access, not before."""
        assert kinds([order(COMES)], grant("reserved", COMES)) == ["credential"]


class TestAfterTheWindow:
    def test_the_end_does_not_belong_to_it(self) -> None:
        assert kinds([order(OVER)], grant(window=RUNS)) == ["unexpected"]
        assert kinds([order(OVER)], grant(window=OVER), now=NOW - SECOND) == []

    def test_an_active_grant_is_unexpected(self) -> None:
        active = grant(window=RUNS, credential=None)
        assert compare([order(OVER)], [active], NOW, SECOND) == (
            Drift(kind="unexpected", reference="visit-1", expected=order(OVER), actual=active),
        )

    @pytest.mark.parametrize("state", ["reserved", "suspended"])
    def test_a_credential_still_out_is_unexpected(self, state: str) -> None:
        assert kinds([order(OVER)], grant(state)) == ["unexpected"]
        assert kinds([order(OVER)], grant(state, credential=None)) == []

    def test_a_badge_not_brought_back_is_a_difference_of_credential(self) -> None:
        assert kinds([order(OVER)], grant("ended", OVER)) == ["credential"]

    def test_no_access_is_as_it_should_be(self) -> None:
        assert kinds([order(OVER)]) == []
        assert kinds([order(OVER)], grant("ended", None, credential=None)) == []


class TestWithoutAnOrder:
    def test_an_active_grant_is_unexpected(self) -> None:
        active = grant(credential=None)
        assert compare([], [active], NOW, SECOND) == (
            Drift(kind="unexpected", reference="visit-1", expected=None, actual=active),
        )

    def test_a_reserved_grant_is_unexpected_only_with_a_credential_out(self) -> None:
        assert kinds([], grant("reserved", credential=None)) == []
        assert kinds([], grant("reserved")) == ["unexpected"]

    def test_a_suspended_grant_has_no_access_and_keeps_its_badge(self) -> None:
        assert kinds([], grant("suspended")) == []

    def test_an_ended_grant_is_one_only_with_a_credential_out(self) -> None:
        assert kinds([], grant("ended", OVER)) == ["credential"]
        assert kinds([], grant("ended", OVER, credential=None)) == []


class TestWindows:
    @pytest.mark.parametrize(
        ("apart", "resolution", "same"),
        [
            (timedelta(0), timedelta(0), True),
            (timedelta(microseconds=1), timedelta(0), False),
            (timedelta(milliseconds=999), SECOND, True),
            (SECOND, SECOND, False),
            (timedelta(seconds=59), timedelta(minutes=1), True),
            (timedelta(minutes=1), timedelta(minutes=1), False),
        ],
    )
    def test_are_the_same_where_the_system_cannot_tell_them_apart(
        self, apart: timedelta, resolution: timedelta, same: bool
    ) -> None:
        for window in (
            TimeWindow(RUNS.start + apart, RUNS.end),
            TimeWindow(RUNS.start - apart, RUNS.end),
            TimeWindow(RUNS.start, RUNS.end + apart),
            TimeWindow(RUNS.start, RUNS.end - apart),
        ):
            found = [drift.kind for drift in compare([order()], [grant(window=window)], NOW, resolution)]
            assert found == ([] if same else ["window"])

    def test_are_compared_as_instants_whatever_the_zone(self) -> None:
        paris = ZoneInfo("Europe/Paris")
        window = TimeWindow(RUNS.start.astimezone(paris), RUNS.end.astimezone(paris))
        assert kinds([order(window)], grant()) == []

    def test_a_grant_without_one_differs(self) -> None:
        assert kinds([order()], grant(window=None)) == ["window"]


class TestProfiles:
    def test_their_order_does_not_matter(self) -> None:
        found = grant(profiles=("Lab", "Visitors"))
        assert kinds([order(profiles=("Visitors", "Lab"))], found) == []

    @pytest.mark.parametrize("profiles", [(), ("Lab",), ("Lab", "Visitors")])
    def test_less_and_more_are_differences(self, profiles: tuple[str, ...]) -> None:
        assert kinds([order()], grant(profiles=profiles)) == ["profiles"]

    def test_ids_stand_for_names_where_the_names_are_given(self) -> None:
        by_id = order(profiles=("51", "Lab"))
        found = grant(profiles=("Lab", "Visitors"))
        assert compare([by_id], [found], NOW, SECOND, profiles={"51": "Visitors"}) == ()
        (drift,) = compare([by_id], [found], NOW, SECOND)
        assert (drift.kind, drift.expected) == ("profiles", by_id)


class TestCredentials:
    @pytest.mark.parametrize("found", [None, OTHER])
    def test_another_number_or_none_is_a_difference(self, found: Credential | None) -> None:
        assert kinds([order()], grant(credential=found)) == ["credential"]

    @pytest.mark.parametrize("found", [None, BADGE])
    def test_an_order_without_one_leaves_it_open(self, found: Credential | None) -> None:
        assert kinds([order(credential=None)], grant(credential=found)) == []

    def test_the_kind_is_the_callers_own_word(self) -> None:
        assert kinds([order(credential=Credential("uid", BADGE.number))], grant()) == []

    @pytest.mark.parametrize(
        ("ordered", "found", "same"),
        [
            (None, "Badge", True),
            ("Badge", None, True),
            ("Badge", "Badge", True),
            ("60", "Badge", True),
            ("Badge", "60", True),
            ("Badge", "QR", False),
            ("61", "Badge", False),
        ],
    )
    def test_the_type_counts_where_both_name_one(
        self, ordered: str | None, found: str | None, same: bool
    ) -> None:
        wanted = order(credential=Credential("badge", "48213377", ordered))
        actual = grant(credential=Credential("badge", "48213377", found))
        drifts = compare([wanted], [actual], NOW, SECOND, types={"60": "Badge", "61": "QR"})
        assert [drift.kind for drift in drifts] == ([] if same else ["credential"])


class TestSeveral:
    def test_differences_come_by_reference_then_kind(self) -> None:
        expected = [order(reference=f"visit-{number}") for number in (3, 1, 2)]
        actual = [
            grant("suspended", COMES, reference="visit-2"),
            grant(reference="visit-0"),
            grant(reference="visit-1"),
        ]
        found = [(drift.reference, drift.kind) for drift in compare(expected, actual, NOW, SECOND)]
        assert found == [
            ("visit-0", "unexpected"),
            ("visit-2", "state"),
            ("visit-2", "window"),
            ("visit-3", "missing"),
        ]

    @pytest.mark.parametrize("state", ["reserved", "suspended", "ended"])
    def test_a_second_holder_for_a_reference_is_judged_as_if_nobody_had_ordered_it(self, state: str) -> None:
        first = grant(holder_id="8")
        spare = grant(state, holder_id="7", credential=None)
        for actual in ([first, spare], [spare, first]):
            assert compare([order()], actual, NOW, SECOND) == ()
        double = grant(holder_id="9")
        assert compare([order()], [double, first], NOW, SECOND) == (
            Drift(kind="unexpected", reference="visit-1", expected=None, actual=double),
        )

    def test_two_orders_for_one_reference_are_refused(self) -> None:
        with pytest.raises(Invalid, match="2 orders for 1 references") as caught:
            compare([order(), order(COMES)], [], NOW, SECOND)
        assert "one order per reference" in (caught.value.hint or "")

    def test_a_naive_now_is_refused(self) -> None:
        with pytest.raises(Invalid, match="now is naive") as caught:
            compare([], [], NOW.replace(tzinfo=None), SECOND)
        assert "datetime.now(UTC)" in (caught.value.hint or "")

    def test_grants_may_come_from_a_generator(self) -> None:
        assert len(compare([], (each for each in [grant()]), NOW, SECOND)) == 1


_CREDENTIALS = st.sampled_from([None, BADGE, OTHER])
_WINDOWS = st.sampled_from([RUNS, COMES, OVER])
_ORDERS = st.lists(
    st.builds(order, _WINDOWS, credential=_CREDENTIALS, reference=st.sampled_from("abc")),
    unique_by=lambda each: each.reference,
)
_GRANTS = st.lists(
    st.builds(
        grant,
        st.sampled_from(["reserved", "active", "suspended", "ended"]),
        st.none() | _WINDOWS,
        reference=st.sampled_from("abcd"),
        holder_id=st.sampled_from("123"),
        credential=_CREDENTIALS,
    ),
    unique_by=lambda each: (each.reference, each.holder_id),
)


@given(expected=_ORDERS, actual=_GRANTS, seed=st.integers())
def test_the_order_in_which_things_are_read_does_not_matter(
    expected: list[AccessOrder], actual: list[AccessGrant], seed: int
) -> None:
    shuffled = random.Random(seed)
    once = compare(expected, actual, NOW, SECOND)
    again = compare(
        shuffled.sample(expected, len(expected)), shuffled.sample(actual, len(actual)), NOW, SECOND
    )
    assert [(each.reference, each.kind) for each in once] == [(each.reference, each.kind) for each in again]


@given(expected=_ORDERS, actual=_GRANTS)
def test_no_access_that_nobody_ordered_goes_unseen(
    expected: list[AccessOrder], actual: list[AccessGrant]
) -> None:
    """Fail closed: every active grant without a running or coming order of its own is reported."""
    ordered = {each.reference for each in expected if each.window.end > NOW}
    seen = [drift.actual for drift in compare(expected, actual, NOW, SECOND) if drift.kind == "unexpected"]
    for reference in "abcd":
        active = [each for each in actual if each.reference == reference and each.state == "active"]
        wanted = 1 if reference in ordered else 0
        reported = [each for each in seen if each and each.reference == reference and each.state == "active"]
        assert len(reported) >= len(active) - wanted
