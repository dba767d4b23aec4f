"""The contract of giving access: reserving, activating, changing."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.acs.models import AccessOrder
from hamilton_sdk.errors import Conflict
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.base import Base
from hamilton_sdk.testing.contracts.acs.blocking import activate_at_once

__all__ = ["Granting"]


class Granting(Base):
    """Promises of `reserve` and `activate`."""

    def test_reserve_makes_the_holder_known_without_access(self) -> None:
        """A reserved order shows its profiles and window, and its credential stays where it is."""
        order = self.order(credential=self.badge())
        with self.open() as acs:
            grant = acs.reserve(order)
            assert grant.state == "reserved"
            assert grant.credential is None
            assert grant.profiles == (self.profile,)
            self.assert_window(acs, grant, order.window)
            assert self.found(acs, order.reference) == grant
            assert order.credential is not None
            self.assert_free(acs, order.credential)

    def test_reserve_twice_is_one_grant(self) -> None:
        """The same call again finds what the first one made."""
        order = self.order()
        with self.open() as acs:
            assert acs.reserve(order) == acs.reserve(order)
            assert len(self.listed(acs, order.reference)) == 1

    def test_reserve_keeps_no_credential_from_others(self) -> None:
        """A credential is handed out by `activate` alone: the first to come has it."""
        badge = self.badge()
        with self.open() as acs:
            reserved = acs.reserve(self.order(credential=badge))
            first = self.order(credential=badge)
            self.assert_stands(acs, acs.activate(first), first)
            late = self.order(reserved.reference, credential=badge)
            self.refusal(Conflict, acs.activate, late)

    def test_reserve_of_an_active_grant_changes_it_and_leaves_it_active(self) -> None:
        """Window and profiles become the order's, access goes on."""
        with self.open() as acs:
            order = self.admitted(acs)
            other = self.changed(order, profiles=(self.other_profile,), window=self.window(hours=5))
            self.assert_stands(acs, acs.reserve(other), other)

    def test_reserve_of_a_suspended_grant_changes_it_and_leaves_it_suspended(self) -> None:
        """Nobody gets access back by a reservation."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.suspend(order.reference)
            grant = acs.reserve(self.changed(order, window=self.window(hours=5)))
            assert grant.state == "suspended"
            self.assert_window(acs, grant, self.window(hours=5))
            assert order.credential is not None
            self.assert_shut(order.credential)

    def test_reserve_of_an_ended_grant_reserves_it_again(self) -> None:
        """A visitor who comes back is expected again, without access."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            grant = acs.reserve(order)
            assert (grant.state, grant.credential) == ("reserved", None)
            self.assert_window(acs, grant, order.window)
            assert len(self.listed(acs, order.reference)) == 1

    def test_reserve_after_the_window_ran_out_gives_no_access(self) -> None:
        """A badge that was never brought back does not come to life with a new window."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            self.pass_time(hours=2)
            grant = acs.reserve(self.changed(order, window=self.window()))
            assert (grant.state, grant.credential) == ("reserved", None)
            assert order.credential is not None
            self.assert_free(acs, order.credential)

    def test_activate_gives_access(self) -> None:
        """The grant shows what was ordered, and so does reading it back."""
        order = self.order(credential=self.badge())
        with self.open() as acs:
            grant = acs.activate(order)
            self.assert_stands(acs, grant, order)
            assert self.found(acs, order.reference) == grant

    def test_activate_without_a_credential_gives_access_by_profile(self) -> None:
        """The site hands something out later."""
        order = self.order()
        with self.open() as acs:
            grant = acs.activate(order)
            self.assert_stands(acs, grant, order)
            assert grant.credential is None

    def test_activate_takes_profiles_by_id_as_well(self) -> None:
        """Whichever the order uses, the grant shows names."""
        with self.open() as acs:
            ids = {each.name: each.id for each in acs.profiles()}
            grant = acs.activate(self.order(profiles=(ids[self.profile], self.other_profile)))
            assert grant.profiles == tuple(sorted((self.profile, self.other_profile)))

    def test_activate_twice_is_one_grant(self) -> None:
        """The same call again finds what the first one made."""
        with self.open() as acs:
            order = self.admitted(acs)
            again = acs.activate(order)
            self.assert_stands(acs, again, order)
            assert self.listed(acs, order.reference) == [again]

    def test_activate_from_another_connector_is_one_grant(self) -> None:
        """What was done is in the system, not in a connector's memory."""
        with self.open() as acs:
            order = self.admitted(acs)
            grant = self.found(acs, order.reference)
        with self.open() as acs:
            assert acs.activate(order).holder_id == grant.holder_id
            assert len(self.listed(acs, order.reference)) == 1

    def test_activate_many_times_at_once_is_one_grant(self) -> None:
        """Calls for one reference take turns."""
        order = self.order(credential=self.badge())
        with self.open() as acs:
            grants = activate_at_once(acs, [order] * 4)
            assert len({grant.holder_id for grant in grants}) == 1
            assert len(self.listed(acs, order.reference)) == 1

    def test_activate_of_a_reserved_grant_is_the_same_holder(self) -> None:
        """A reservation becomes the visit."""
        order = self.order(credential=self.badge())
        with self.open() as acs:
            reserved = acs.reserve(order)
            active = acs.activate(order)
            self.assert_stands(acs, active, order)
            assert active.holder_id == reserved.holder_id

    def test_activate_before_the_window_begins_is_active(self) -> None:
        """Access is given now and holds from the window's start."""
        start = self.now() + timedelta(hours=2)
        order = self.order(window=TimeWindow(start, start + timedelta(hours=1)), credential=self.badge())
        with self.open() as acs:
            self.assert_stands(acs, acs.activate(order), order)

    def test_another_window_or_profile_is_a_change(self) -> None:
        """Not a second holder, and no trace of the old order."""
        with self.open() as acs:
            order = self.admitted(acs)
            before = self.found(acs, order.reference)
            both = (self.profile, self.other_profile)
            for other in (
                self.changed(order, window=self.window(hours=4)),
                self.changed(order, profiles=both),
                self.changed(order, profiles=(self.other_profile,)),
            ):
                grant = acs.activate(other)
                self.assert_stands(acs, grant, other)
                assert self.listed(acs, order.reference) == [grant]
                assert grant.holder_id == before.holder_id

    def test_another_credential_ends_the_one_before(self) -> None:
        """The old badge opens nothing from then on, and may go to somebody else."""
        with self.open() as acs:
            order = self.admitted(acs)
            other = self.changed(order, credential=self.badge())
            self.assert_stands(acs, acs.activate(other), other)
            assert order.credential is not None
            self.assert_free(acs, order.credential)
            heir = self.order(credential=order.credential)
            self.assert_stands(acs, acs.activate(heir), heir)

    def test_activate_of_a_suspended_grant_is_refused(self) -> None:
        """What was taken away for a reason is given back by `resume` alone, and nothing changes."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.suspend(order.reference)
            before = self.found(acs, order.reference)
            other = self.changed(order, profiles=(self.other_profile,), window=self.window(hours=4))
            self.refusal(Conflict, acs.activate, other)
            self.refusal(Conflict, acs.activate, order)
            assert self.found(acs, order.reference) == before

    def test_activate_of_an_ended_grant_gives_access_again(self) -> None:
        """A physical badge is reused."""
        with self.open() as acs:
            order = self.admitted(acs)
            acs.revoke(order.reference)
            grant = acs.activate(order)
            self.assert_stands(acs, grant, order)
            assert self.listed(acs, order.reference) == [grant]

    def test_activate_after_the_window_ran_out_gives_access_again(self) -> None:
        """With the badge still in hand, and with another one."""
        with self.open() as acs:
            for keeps in (True, False):
                order = self.admitted(acs, window=self.window(hours=1))
                self.pass_time(hours=2)
                badge = order.credential if keeps else self.badge()
                late = self.changed(order, window=self.window(), credential=badge)
                self.assert_stands(acs, acs.activate(late), late)

    def test_activate_anew_without_a_credential_revives_none(self) -> None:
        """The badge that was out when the window ended stays dead."""
        with self.open() as acs:
            order = self.admitted(acs, window=self.window(hours=1))
            self.pass_time(hours=2)
            grant = acs.activate(AccessOrder(order.holder, order.profiles, self.window()))
            assert (grant.state, grant.credential) == ("active", None)
            assert order.credential is not None
            self.assert_free(acs, order.credential)
