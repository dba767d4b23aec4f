"""The contract of ending access: extending, suspending, resuming, revoking, running out, purging."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.base import Base

__all__ = ["Ending"]


class Ending(Base):
    """Promises of `extend`, `suspend`, `resume`, `revoke` and `purge`, and of the clock."""

    def test_extend_gives_another_window_longer_or_shorter(self) -> None:
        """Everything else stays."""
        with self.open() as acs:
            order = self.admitted(acs)
            for hours in (12, 3):
                other = self.changed(order, window=self.window(hours=hours))
                self.assert_stands(acs, acs.extend(order.reference, other.window), other)
                self.assert_stands(acs, self.found(acs, order.reference), other)

    def test_extend_leaves_the_state_as_it_is(self) -> None:
        """A reserved grant gets no access by it, a suspended one none back."""
        window = self.window(hours=12)
        with self.open() as acs:
            reserved = acs.reserve(self.order())
            suspended = acs.suspend(self.admitted(acs).reference)
            for grant in (reserved, suspended):
                after = acs.extend(grant.reference, window)
                assert after.state == grant.state
                self.assert_window(acs, after, window)
            assert suspended.credential is not None
            self.assert_shut(suspended.credential)

    def test_extend_of_an_unknown_reference_is_refused(self) -> None:
        """Nothing is made."""
        reference = self.reference()
        with self.open() as acs:
            self.refusal(NotFound, acs.extend, reference, self.window())
            assert acs.find(reference) is None

    def test_extend_of_an_ended_grant_is_refused(self) -> None:
        """Revoked stays revoked."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            self.refusal(Conflict, acs.extend, order.reference, self.window())
            assert self.found(acs, order.reference).state == "ended"

    def test_extend_after_the_window_ran_out_is_refused(self) -> None:
        """An overstayed visit is not revived in passing."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            self.pass_time(hours=2)
            self.refusal(Conflict, acs.extend, order.reference, self.window())
            assert self.found(acs, order.reference).state == "ended"
            assert order.credential is not None
            self.assert_shut(order.credential)

    def test_extend_to_a_window_that_has_ended_is_refused(self) -> None:
        """To end access now there is `revoke`."""
        past = TimeWindow(self.now() - timedelta(hours=2), self.now() - timedelta(hours=1))
        with self.open() as acs:
            order = self.admitted(acs)
            self.refusal(Invalid, acs.extend, order.reference, past)
            self.assert_stands(acs, self.found(acs, order.reference), order)

    def test_suspend_takes_access_away_and_resume_gives_it_back(self) -> None:
        """The badge stays in the holder's hands, dead for the time."""
        with self.open() as acs:
            order = self.admitted(acs)
            assert order.credential is not None
            suspended = acs.suspend(order.reference, self.reason)
            assert suspended.state == "suspended"
            assert self.found(acs, order.reference) == suspended
            self.assert_window(acs, suspended, order.window)
            self.assert_holds(acs, order.credential, order.reference)
            self.assert_shut(order.credential)
            self.assert_stands(acs, acs.resume(order.reference), order)
            self.assert_stands(acs, self.found(acs, order.reference), order)

    def test_suspend_twice_is_success(self) -> None:
        """And one `resume` is enough afterwards."""
        with self.open() as acs:
            order = self.admitted(acs)
            assert acs.suspend(order.reference) == acs.suspend(order.reference)
            self.assert_stands(acs, acs.resume(order.reference), order)

    def test_suspend_of_an_ended_grant_is_success(self) -> None:
        """There is no access to take away, and the grant can be activated again later."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            assert acs.suspend(order.reference).state == "ended"
            self.assert_stands(acs, acs.activate(order), order)

    def test_suspend_of_an_unknown_reference_is_refused(self) -> None:
        """A mistyped reference must not look like success."""
        with self.open() as acs:
            self.refusal(NotFound, acs.suspend, self.reference())

    def test_suspend_for_an_unknown_reason_is_refused_with_the_nearest(self) -> None:
        """Where the site keeps a list of reasons."""
        reason = self.optional(self.reason, "the system keeps no list of reasons")
        with self.open() as acs:
            order = self.admitted(acs)
            error = self.refusal(Invalid, acs.suspend, order.reference, f"{reason}x")
            assert reason in (error.hint or "")
            self.assert_stands(acs, self.found(acs, order.reference), order)

    def test_resume_of_what_is_not_suspended_is_success(self) -> None:
        """And changes nothing: a reserved grant gets no access by it."""
        with self.open() as acs:
            order = self.admitted(acs)
            self.assert_stands(acs, acs.resume(order.reference), order)
            reserved = acs.reserve(self.order())
            assert acs.resume(reserved.reference) == reserved

    def test_resume_of_an_unknown_reference_is_refused(self) -> None:
        """A mistyped reference must not look like success."""
        with self.open() as acs:
            self.refusal(NotFound, acs.resume, self.reference())

    def test_resume_of_an_ended_grant_is_refused(self) -> None:
        """Whether it was revoked or ran out while suspended."""
        with self.open() as acs:
            revoked = self.admitted(acs)
            acs.revoke(revoked.reference)
            self.refusal(Conflict, acs.resume, revoked.reference)
            late = self.admitted(acs, window=self.window(hours=1))
            acs.suspend(late.reference)
            self.pass_time(hours=2)
            self.refusal(Conflict, acs.resume, late.reference)
            assert late.credential is not None
            self.assert_shut(late.credential)

    def test_revoke_ends_access(self) -> None:
        """The credential is free afterwards, and reading back says so."""
        with self.open() as acs:
            order = self.admitted(acs)
            grant = acs.revoke(order.reference, self.reason)
            assert (grant.state, grant.credential) == ("ended", None)
            assert self.found(acs, order.reference) == grant
            assert order.credential is not None
            self.assert_free(acs, order.credential)

    def test_revoke_works_whatever_the_state(self) -> None:
        """Reserved, suspended, run out: afterwards there is no access and no credential out."""
        with self.open() as acs:
            reserved = acs.reserve(self.order())
            assert acs.revoke(reserved.reference).state == "ended"
            for state in ("suspended", "ended"):
                order = self.admitted(acs, window=self.window(hours=1))
                if state == "suspended":
                    acs.suspend(order.reference)
                else:
                    self.pass_time(hours=2)
                assert self.found(acs, order.reference).state == state
                grant = acs.revoke(order.reference)
                assert (grant.state, grant.credential) == ("ended", None)
                assert order.credential is not None
                self.assert_free(acs, order.credential)
                heir = self.order(credential=order.credential)
                self.assert_stands(acs, acs.activate(heir), heir)

    def test_revoke_for_an_unknown_reason_ends_access_all_the_same(self) -> None:
        """A mistyped reason must not keep a door open."""
        with self.open() as acs:
            order = self.admitted(acs)
            grant = acs.revoke(order.reference, "no reason of this site's")
            assert (grant.state, grant.credential) == ("ended", None)
            assert order.credential is not None
            self.assert_free(acs, order.credential)

    def test_revoke_twice_is_success(self) -> None:
        """The second call finds nothing left to do."""
        with self.open() as acs:
            order = self.admitted(acs)
            first, second = acs.revoke(order.reference), acs.revoke(order.reference)
            assert (second.state, second.credential) == ("ended", None)
            assert second.holder_id == first.holder_id

    def test_revoke_takes_nothing_from_the_next_holder(self) -> None:
        """A second `revoke` leaves a badge alone that has gone to somebody else."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            heir = self.order(credential=order.credential)
            acs.activate(heir)
            acs.revoke(order.reference)
            self.assert_stands(acs, self.found(acs, heir.reference), heir)

    def test_revoke_of_an_unknown_reference_is_refused(self) -> None:
        """A mistyped reference must not look like success."""
        with self.open() as acs:
            self.refusal(NotFound, acs.revoke, self.reference())

    def test_a_one_shot_number_never_comes_back_to_life(self) -> None:
        """The picture of a QR code cannot be taken back, so its number is blocked for good."""
        order = self.order(credential=self.qr())
        with self.open() as acs:
            self.assert_stands(acs, acs.activate(order), order)
            acs.revoke(order.reference)
            assert order.credential is not None
            self.assert_free(acs, order.credential)
            self.refusal(Conflict, acs.activate, order)
            other = self.order(credential=order.credential)
            self.refusal(Conflict, acs.activate, other)
            self.refusal(Conflict, acs.reserve, other)
            assert acs.find(other.reference) is None
            assert self.found(acs, order.reference).state == "ended"

    def test_a_replaced_one_shot_number_never_comes_back_to_life(self) -> None:
        """The same when it is not revoked but exchanged."""
        with self.open() as acs:
            order = self.order(credential=self.qr())
            acs.activate(order)
            other = self.changed(order, credential=self.qr())
            self.assert_stands(acs, acs.activate(other), other)
            self.refusal(Conflict, acs.activate, order)
            self.assert_stands(acs, self.found(acs, order.reference), other)

    def test_access_ends_by_itself_when_the_window_is_over(self) -> None:
        """The end does not belong to the window; nobody has to call anything."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            assert order.credential is not None
            self.pass_time(hours=1)
            assert self.found(acs, order.reference).state == "ended"
            assert [each.state for each in self.listed(acs, order.reference)] == ["ended"]
            self.assert_shut(order.credential)

    def test_a_badge_not_brought_back_is_not_free(self) -> None:
        """The window is over, but the badge is still in the visitor's pocket."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            self.pass_time(hours=2)
            other = self.order(credential=order.credential)
            self.refusal(Conflict, acs.activate, other)
            acs.revoke(order.reference)
            self.assert_stands(acs, acs.activate(other), other)

    def test_purge_deletes_what_ended_before(self) -> None:
        """Revoked or run out; the badge is free, and a second time there is nothing left to do."""
        with self.open() as acs:
            revoked, late = self.admitted(acs), self.admitted(acs, window=self.window(hours=1))
            acs.revoke(revoked.reference)
            self.pass_time(days=2)
            assert set(acs.purge(self.now() - timedelta(days=1))) >= {revoked.reference, late.reference}
            assert self.listed(acs, revoked.reference, late.reference) == []
            assert acs.find(revoked.reference) is None
            assert acs.find(late.reference) is None
            assert late.credential is not None
            self.assert_free(acs, late.credential)
            self.refusal(NotFound, acs.revoke, late.reference)
            heir = self.order(credential=late.credential)
            self.assert_stands(acs, acs.activate(heir), heir)
            assert acs.purge(self.now() - timedelta(days=1)) == ()

    def test_purge_spares_what_ended_later(self) -> None:
        """The moment counts, not the state alone."""
        with self.open() as acs:
            early, late = self.admitted(acs), self.admitted(acs)
            acs.revoke(early.reference)
            self.pass_time(hours=5)
            acs.revoke(late.reference)
            assert acs.purge(self.now() - timedelta(hours=1)) == (early.reference,)
            assert self.found(acs, late.reference).state == "ended"

    def test_purge_spares_whoever_may_still_come(self) -> None:
        """Reserved, active and suspended grants stay, however late the moment."""
        with self.open() as acs:
            reserved, active, suspended = acs.reserve(self.order()), self.admitted(acs), self.admitted(acs)
            acs.suspend(suspended.reference)
            assert acs.purge(self.now() + timedelta(days=30)) == ()
            self.assert_stands(acs, self.found(acs, active.reference), active)
            assert self.found(acs, reserved.reference).state == "reserved"
            assert self.found(acs, suspended.reference).state == "suspended"

    def test_purge_refuses_a_naive_moment(self) -> None:
        """Nothing is deleted by a misread time zone."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            self.pass_time(days=2)
            self.refusal(Invalid, acs.purge, self.now().replace(tzinfo=None))
            assert self.found(acs, order.reference).state == "ended"
