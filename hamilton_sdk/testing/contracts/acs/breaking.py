"""The contract of broken lines: nothing is left open, and repeating comes to the same end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.testing.contracts.acs.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.acs.models import AccessOrder, Credential
    from hamilton_sdk.testing.contracts.acs.blocking import Calls

__all__ = ["Breaking"]


class Breaking(Base):
    """Promises that hold when an exchange with the system is cut off; they need the hook `broken`."""

    def _admitted(self) -> AccessOrder:
        with self.open() as acs:
            return self.admitted(acs)

    def assert_accounted(self, acs: Calls, credential: Credential | None, reference: str) -> None:
        """Check that a credential is free, or that the grant of this reference says it is out."""
        assert credential is not None
        if acs.find_by_credential(credential) is None:
            self.assert_shut(credential)
            return
        grant = self.found(acs, reference)
        shown = None if grant.credential is None else grant.credential.number
        assert shown == credential.number, "a credential is out that the grant does not show"
        assert self.opens(credential) in {None, grant.state == "active"}, "it opens though it should not"

    def test_a_broken_activate_leaves_nothing_open(self) -> None:
        """Success or no access; doing it again makes one grant."""
        for order, succeeded in self.cut(
            lambda: self.order(credential=self.badge()), lambda acs, order: acs.activate(order)
        ):
            assert order.credential is not None
            with self.open() as acs:
                if succeeded:
                    self.assert_stands(acs, self.found(acs, order.reference), order)
                else:
                    self.assert_free(acs, order.credential)
                    left = acs.find(order.reference)
                    assert left is None or left.state in {"reserved", "ended"}, f"it is {left.state}"
                grant = acs.activate(order)
                self.assert_stands(acs, grant, order)
                assert self.listed(acs, order.reference) == [grant]

    def test_a_broken_change_leaves_one_credential_at_most(self) -> None:
        """The old badge or the new one, never both, and the grant says which."""
        spare = self.badge()
        for old, _ in self.cut(
            self._admitted, lambda acs, old: acs.activate(self.changed(old, credential=spare))
        ):
            with self.open() as acs:
                assert old.credential is not None
                held = [acs.find_by_credential(each) for each in (old.credential, spare)]
                assert None in held, "both credentials are out"
                self.assert_accounted(acs, old.credential, old.reference)
                self.assert_accounted(acs, spare, old.reference)
                new = self.changed(old, credential=spare)
                self.assert_stands(acs, acs.activate(new), new)
                assert len(self.listed(acs, old.reference)) == 1
                self.assert_free(acs, old.credential)
                acs.revoke(old.reference)

    def test_a_broken_suspend_can_be_repeated(self) -> None:
        """Suspended means shut, whatever the first call came to; `resume` gives all of it back."""
        for order, _ in self.cut(self._admitted, lambda acs, order: acs.suspend(order.reference)):
            with self.open() as acs:
                self.assert_accounted(acs, order.credential, order.reference)
                assert acs.suspend(order.reference).state == "suspended"
                assert order.credential is not None
                self.assert_shut(order.credential)
                self.assert_stands(acs, acs.resume(order.reference), order)

    def test_a_broken_revoke_can_be_repeated(self) -> None:
        """It ends in no access, and the badge is free."""
        for order, _ in self.cut(self._admitted, lambda acs, order: acs.revoke(order.reference)):
            with self.open() as acs:
                self.assert_accounted(acs, order.credential, order.reference)
                grant = acs.revoke(order.reference)
                assert (grant.state, grant.credential) == ("ended", None)
                assert order.credential is not None
                self.assert_free(acs, order.credential)
                self.assert_stands(acs, acs.activate(order), order)
