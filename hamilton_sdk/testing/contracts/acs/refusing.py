"""The contract of bad input and of discretion: a precise error, nothing half done, nothing given away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.acs.models import AccessOrder, Credential, Holder
from hamilton_sdk.errors import Conflict, Invalid
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.testing.contracts.acs.blocking import Calls

__all__ = ["Refusing"]


class Refusing(Base):
    """Promises about values that are wrong, and about what errors, words and logs show."""

    def assert_refused(self, acs: Calls, order: AccessOrder, *words: str) -> None:
        """Check that both writing methods refuse an order, say why, and make nothing of it."""
        for call in (acs.reserve, acs.activate):
            self.assert_says(self.refusal(Invalid, call, order), *words)
            assert acs.find(order.reference) is None, "a holder was made of a wrong order"

    def test_a_window_that_has_ended_is_refused(self) -> None:
        """Its end does not belong to it: one that ends now is over."""
        with self.open() as acs:
            for end in (self.now() - timedelta(hours=1), self.now()):
                past = TimeWindow(end - timedelta(hours=1), end)
                self.assert_refused(acs, self.order(window=past), "window")

    def test_an_unknown_profile_is_refused_with_the_nearest(self) -> None:
        """Also when it stands beside a known one."""
        with self.open() as acs:
            unknown = f"{self.profile}x"
            self.assert_refused(acs, self.order(profiles=(unknown,)), repr(self.profile))
            self.assert_refused(acs, self.order(profiles=(self.other_profile, unknown)), repr(self.profile))

    def test_an_unknown_credential_type_is_refused_with_the_nearest(self) -> None:
        """The type by name, as the system lists it."""
        with self.open() as acs:
            name = acs.credential_types()[0].name
            badge = Credential("badge", self.badge_number(), f"{name}x")
            self.assert_refused(acs, self.order(credential=badge), repr(name))

    def test_a_number_that_its_type_cannot_hold_is_refused(self) -> None:
        """Outside the alphabet or the range, before the system is asked."""
        numbers = self.optional(self.wrong_numbers, "no number is wrong here")
        with self.open() as acs:
            for wrong in numbers:
                self.assert_refused(acs, self.order(credential=self.remembered(wrong)), "number")

    def test_a_name_that_is_too_long_is_refused_with_the_limit(self) -> None:
        """The longest possible one is kept."""
        limit = self.optional(self.longest_family_name, "there is no limit for names here")
        with self.open() as acs:
            self.assert_refused(acs, self.order(family_name="x" * (limit + 1)), "family_name", str(limit))
            assert acs.reserve(self.order(family_name="x" * limit)).state == "reserved"

    def test_a_host_is_asked_for_where_the_system_needs_one(self) -> None:
        """Before anything is made; elsewhere an order without one is as good as any."""
        order = AccessOrder(Holder(self.reference(), "Quatremère"), (self.profile,), self.window())
        with self.open() as acs:
            if acs.capabilities.needs_host:
                self.assert_refused(acs, order, "host")
            else:
                assert acs.reserve(order).state == "reserved"

    def test_a_credential_in_other_hands_is_refused(self) -> None:
        """No new holder stays behind, an old one keeps what it had, and so does the badge's holder."""
        with self.open() as acs:
            first, second = self.admitted(acs), self.admitted(acs)
            newcomer = self.order(credential=first.credential)
            for call in (acs.reserve, acs.activate):
                self.refusal(Conflict, call, newcomer)
                assert acs.find(newcomer.reference) is None
            assert first.credential is not None
            greedy = self.changed(second, credential=first.credential, profiles=(self.other_profile,))
            self.refusal(Conflict, acs.activate, greedy)
            self.assert_stands(acs, self.found(acs, first.reference), first)
            self.assert_stands(acs, self.found(acs, second.reference), second)

    def test_a_wrong_change_leaves_what_stands(self) -> None:
        """An active grant outlives a bad order under its reference."""
        past = TimeWindow(self.now() - timedelta(hours=2), self.now() - timedelta(hours=1))
        with self.open() as acs:
            order = self.admitted(acs)
            short, unknown = self.window(hours=4), f"{self.profile}x"
            odd = Credential("badge", self.badge_number(), "no such type")
            for wrong in (
                self.changed(order, window=past, profiles=(self.other_profile,)),
                self.changed(order, window=short, profiles=(unknown,)),
                self.changed(order, window=short, credential=odd),
            ):
                self.refusal(Invalid, acs.activate, wrong)
                self.refusal(Invalid, acs.reserve, wrong)
                self.assert_stands(acs, self.found(acs, order.reference), order)

    def test_nothing_shows_a_name_or_a_number(self) -> None:
        """Neither orders, grants, drifts and lists in tracebacks, nor the logs."""

        def used(acs: Calls) -> list[object]:
            order = self.admitted(acs)
            grant = self.found(acs, order.reference)
            other = self.changed(order, window=self.window(hours=5))
            words: list[object] = [order, grant, *acs.reconcile([other]), acs.suspend(order.reference)]
            return [*words, acs.resume(order.reference), acs.revoke(order.reference)]

        self.assert_nothing_shows(used)
