"""The contract of reading: what there is, whose a credential is, lists, and reconciliation."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.acs.models import Credential
from hamilton_sdk.errors import Conflict, Invalid
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.base import Base

__all__ = ["Reading"]


class Reading(Base):
    """Promises of the reading methods, and towards holders who are not ours."""

    def test_check_says_what_the_system_is(self) -> None:
        """Product and version, for support."""
        with self.open() as acs:
            health = acs.check()
            assert health.product
            assert health.version

    def test_profiles_and_types_come_by_name(self) -> None:
        """Sorted, and with what an order needs."""
        with self.open() as acs:
            names = [each.name for each in acs.profiles()]
            assert names == sorted(names)
            assert {self.profile, self.other_profile} <= set(names)
            types = [each.name for each in acs.credential_types()]
            assert types
            assert types == sorted(types)

    def test_find_of_an_unknown_reference_is_none(self) -> None:
        """Nothing is no error."""
        with self.open() as acs:
            assert acs.find(self.reference()) is None

    def test_a_reference_is_found_exactly(self) -> None:
        """Neither its beginning, nor a longer one, nor another case is the same visit."""
        reference = f"{self.reference()}-Ab"
        with self.open() as acs:
            order = self.order(reference)
            acs.activate(order)
            for other in (reference[:-1], f"{reference}0", reference.swapcase()):
                assert acs.find(other) is None
                assert acs.reserve(self.order(other)).state == "reserved"
            self.assert_stands(acs, self.found(acs, reference), order)

    def test_a_reference_may_hold_any_printable_character(self) -> None:
        """Accents, markup and wildcards are text like any other."""
        reference = f"{self.reference()} é&<'\">%_*"
        with self.open() as acs:
            order = self.order(reference, family_name="D'Été & <Fils>", credential=self.badge())
            self.assert_stands(acs, acs.activate(order), order)
            self.assert_stands(acs, self.found(acs, reference), order)
            assert acs.revoke(reference).state == "ended"

    def test_find_by_credential_of_a_free_number_is_none(self) -> None:
        """Nobody has it."""
        with self.open() as acs:
            assert acs.find_by_credential(self.badge()) is None

    def test_find_by_credential_of_a_number_that_cannot_be_is_none(self) -> None:
        """Longer than any system keeps, or outside its type's alphabet or range: nobody has it."""
        with self.open() as acs:
            for wrong in (Credential("badge", "4" * 1000), *self.wrong_numbers):
                assert acs.find_by_credential(self.remembered(wrong)) is None

    def test_a_number_is_found_exactly(self) -> None:
        """The beginning of a number is another badge."""
        with self.open() as acs:
            order = self.admitted(acs)
            assert order.credential is not None
            self.assert_holds(acs, order.credential, order.reference)
            assert acs.find_by_credential(Credential("badge", order.credential.number[:-1])) is None

    def test_grants_lists_all_of_ours_past_a_page(self) -> None:
        """Each once, in whatever state, as `find` shows it."""
        with self.open() as acs:
            references = [acs.reserve(self.order()).reference for _ in range(self.more_than_a_page)]
            active, ended = self.admitted(acs), self.admitted(acs)
            acs.revoke(ended.reference)
            references += [active.reference, ended.reference]
            listed = self.listed(acs, *references)
            assert sorted(each.reference for each in listed) == sorted(references)
            assert all(each == acs.find(each.reference) for each in listed)

    def test_grants_comes_in_pages_and_can_be_resumed(self) -> None:
        """The pages together are the list; a later pager goes on from a page's token."""
        with self.open() as acs:
            for _ in range(self.more_than_a_page):
                acs.reserve(self.order())
            pages = list(acs.grants().pages())
            assert len(pages) > 1
            assert pages[-1].next is None
            everything = [each for page in pages for each in page.items]
            assert everything == list(acs.grants())
            rest = list(acs.grants(pages[0].next))
            assert [*pages[0].items, *rest] == everything

    def test_grants_refuses_a_token_it_did_not_make(self) -> None:
        """A wrong token must not look like an empty list."""
        with self.open() as acs:
            self.refusal(Invalid, lambda: list(acs.grants("no token of anybody's")))

    def test_reconcile_finds_nothing_where_all_is_well(self) -> None:
        """Orders by name or id, with and without a credential."""
        with self.open() as acs:
            ids = {each.name: each.id for each in acs.profiles()}
            order, bare = self.admitted(acs), self.order()
            acs.activate(bare)
            by_id = self.changed(order, profiles=(ids[self.profile],))
            for expected in ([order, bare], [by_id, bare]):
                assert self.drifts(acs, expected, order.reference) == []
                assert self.drifts(acs, expected, bare.reference) == []

    def test_reconcile_finds_what_is_missing(self) -> None:
        """Never given, or taken away."""
        with self.open() as acs:
            never, revoked = self.order(), self.admitted(acs)
            acs.revoke(revoked.reference)
            assert self.drifts(acs, [never, revoked], never.reference) == ["missing"]
            assert self.drifts(acs, [never, revoked], revoked.reference) == ["missing"]

    def test_reconcile_finds_access_that_nobody_ordered(self) -> None:
        """The order was cancelled, or its window is over by now and the system's is not."""
        with self.open() as acs:
            order = self.admitted(acs)
            assert self.drifts(acs, [], order.reference) == ["unexpected"]
            short = self.changed(order, window=self.window(hours=1))
            self.pass_time(hours=2)
            assert self.drifts(acs, [short], order.reference) == ["unexpected"]

    def test_reconcile_finds_what_differs(self) -> None:
        """State, window, profiles and credential, each by its name, and changes nothing."""
        with self.open() as acs:
            order = self.admitted(acs)
            start, end = order.window.start, order.window.end - timedelta(hours=1)
            for kind, other in (
                ("window", self.changed(order, window=TimeWindow(start, end))),
                ("profiles", self.changed(order, profiles=(self.profile, self.other_profile))),
                ("credential", self.changed(order, credential=self.badge())),
            ):
                assert self.drifts(acs, [other], order.reference) == [kind]
            self.assert_stands(acs, self.found(acs, order.reference), order)
            acs.suspend(order.reference)
            assert self.drifts(acs, [order], order.reference) == ["state"]

    def test_reconcile_finds_a_badge_not_brought_back(self) -> None:
        """Access is over, the badge is still out: whether anybody remembers the order or not."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            self.pass_time(hours=2)
            assert self.drifts(acs, [order], order.reference) == ["credential"]
            assert self.drifts(acs, [], order.reference) == ["credential"]

    def test_reconcile_accepts_a_reservation_before_its_window(self) -> None:
        """Access need not be given before it holds."""
        start = self.now() + timedelta(hours=2)
        order = self.order(window=TimeWindow(start, start + timedelta(hours=1)))
        with self.open() as acs:
            acs.reserve(order)
            assert self.drifts(acs, [order], order.reference) == []
            self.pass_time(hours=2)
            assert self.drifts(acs, [order], order.reference) == ["state"]

    def test_reconcile_refuses_two_orders_for_one_reference(self) -> None:
        """They contradict each other."""
        order = self.order()
        with self.open() as acs:
            self.refusal(Invalid, acs.reconcile, [order, order])

    def test_a_holder_who_is_not_ours_is_never_touched(self) -> None:
        """Not read, listed, reported or purged, and the badge stays where it is."""
        badge = self.badge()
        self.add_foreign_holder(badge)
        order = self.order(credential=badge)
        with self.open() as acs:
            assert acs.find_by_credential(badge) is None
            self.refusal(Conflict, acs.activate, order)
            self.refusal(Conflict, acs.reserve, order)
            assert acs.find(order.reference) is None
            shown = [*acs.grants(), *(drift.actual for drift in acs.reconcile([]))]
            assert all(grant is None or grant.credential != badge for grant in shown)
            acs.purge(self.now() + timedelta(days=3650))
            self.refusal(Conflict, acs.activate, order)
