"""The hooks of the access-control contract, and what its tests are written with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple
from unittest import SkipTest

from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
from hamilton_sdk.acs.interface import AccessControlAdapter
from hamilton_sdk.acs.models import AccessOrder, Credential, Holder
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl, Calls
from hamilton_sdk.testing.contracts.base import Contract

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager

    from hamilton_sdk.acs.models import AccessGrant, DriftKind
    from hamilton_sdk.clock import Clock
    from hamilton_sdk.retry import RetryPolicy
    from hamilton_sdk.transport.base import TransportLike

__all__ = ["Base", "Broken"]

_PERSONAL: Final[tuple[str, ...]] = ("Quatremère", "Zéphyrine", "zephyrine@example.org", "+33 1 99 00 48 21")


class Broken(NamedTuple):
    """A connector whose line breaks once.

    Attributes:
        acs: The connector.
        was_cut: Whether that has happened yet.
    """

    acs: Calls
    was_cut: Callable[[], bool]


class Base(Contract[AccessControlAdapter, Calls]):
    """What a subclass says about its system. Only `adapter` must be overridden.

    More hooks are those of `hamilton_sdk.testing.contracts.base.Contract`. A method that raises
    `unittest.SkipTest` here or there is optional: what needs it is skipped without it.

    Attributes:
        profile: The name of an access profile that exists.
        other_profile: The name of another one.
        host: The personnel number of a host, given with each order; None to give none.
        reason: The name of a reason for suspending that exists; None where the system keeps no list.
        wrong_numbers: Credentials outside their type's alphabet or range.
        longest_family_name: The most characters the system keeps; None for no limit.
        more_than_a_page: So many grants make at least two pages, with the adapter as `adapter` sets it up.
    """

    profile: str = "Visitors"
    other_profile: str = "Contractors"
    host: str | None = None
    reason: str | None = None
    wrong_numbers: Collection[Credential] = ()
    longest_family_name: int | None = 50
    more_than_a_page: int = 3

    _numbers: ClassVar = count(48_213_377)
    _start = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
    _referred = "visit"
    _personal = "a name, an address or a credential number"

    def setup_method(self) -> None:
        """Begin a test; pytest calls it. Make the system here, after ``super().setup_method()``."""
        super().setup_method()
        self._secrets += _PERSONAL

    # Hooks

    def badge_number(self) -> str:
        """The number of a physical badge that is free, and not the beginning of another one's."""
        return str(next(Base._numbers))

    def qr_number(self) -> str:
        """The number of a one-shot QR code that was never used."""
        return self.badge_number()

    def add_foreign_holder(self, credential: Credential) -> None:
        """Put a credential into the hands of somebody who does not carry the adapter's mark: an employee."""
        message = f"no foreign holder can be made here for a {credential.kind}"
        raise SkipTest(message)

    def opens(self, credential: Credential) -> bool | None:
        """Whether the system's own state says that a door would open; None where a test cannot look.

        Args:
            credential: Of a holder of ours.
        """
        del credential
        return None

    # What tests are written with

    def _connect(
        self, transport: TransportLike | None, retry: RetryPolicy | None, clock: Clock
    ) -> AbstractContextManager[Calls]:
        adapter = self.adapter()
        if self.asynchronous:
            connector = AsyncAccessControl(adapter, transport=transport, retry=retry, clock=clock)
            return BlockingAccessControl(connector)
        return AccessControl(adapter, transport=transport, retry=retry, clock=clock)

    def now(self) -> datetime:
        """The system's time, to the second."""
        return super().now().replace(microsecond=0)

    def pass_time(self, **amount: float) -> None:
        """Let time pass, or skip the test where it cannot be set.

        Args:
            amount: As for `timedelta`.
        """
        self.settable().advance(timedelta(**amount).total_seconds())

    def badge(self) -> Credential:
        """A physical badge that is free."""
        return self.remembered(Credential("badge", self.badge_number()))

    def qr(self) -> Credential:
        """A one-shot QR code that was never used."""
        return self.remembered(Credential("qr", self.qr_number()))

    def remembered(self, credential: Credential) -> Credential:
        """The same credential, with its number among those that no error and no log may show."""
        self._secrets.append(credential.number)
        return credential

    def window(self, hours: float = 9) -> TimeWindow:
        """From now on for so many hours."""
        return TimeWindow(self.now(), self.now() + timedelta(hours=hours))

    def order(
        self,
        reference: str | None = None,
        *,
        profiles: tuple[str, ...] | None = None,
        window: TimeWindow | None = None,
        credential: Credential | None = None,
        family_name: str = _PERSONAL[0],
    ) -> AccessOrder:
        """An order that is good, with these values for those of the usual one."""
        given_name, email, phone = _PERSONAL[1:]
        holder = Holder(
            reference or self.reference(),
            family_name,
            given_name,
            company="Vergelesses",
            email=email,
            phone=phone,
            language="fr",
            host=self.host,
        )
        return AccessOrder(holder, profiles or (self.profile,), window or self.window(), credential)

    def changed(
        self,
        order: AccessOrder,
        *,
        profiles: tuple[str, ...] | None = None,
        window: TimeWindow | None = None,
        credential: Credential | None = None,
    ) -> AccessOrder:
        """The same order with another value."""
        return AccessOrder(
            order.holder, profiles or order.profiles, window or order.window, credential or order.credential
        )

    def admitted(self, acs: Calls, *, window: TimeWindow | None = None) -> AccessOrder:
        """An order with a badge that has been activated."""
        order = self.order(window=window, credential=self.badge())
        acs.activate(order)
        return order

    def found(self, acs: Calls, reference: str) -> AccessGrant:
        """The grant that must be there."""
        grant = acs.find(reference)
        assert grant is not None, f"find({reference!r}) is None, a grant should be there"
        assert grant.reference == reference, f"find({reference!r}) gave the grant of {grant.reference!r}"
        return grant

    def listed(self, acs: Calls, *references: str) -> list[AccessGrant]:
        """The grants of these references, as `grants()` lists them."""
        return [grant for grant in acs.grants() if grant.reference in references]

    def drifts(self, acs: Calls, expected: Collection[AccessOrder], reference: str) -> list[DriftKind]:
        """What `reconcile` says about one reference."""
        return [drift.kind for drift in acs.reconcile(expected) if drift.reference == reference]

    def assert_stands(self, acs: Calls, grant: AccessGrant, order: AccessOrder) -> None:
        """Check that a grant says what an active order asked for, and who holds the credential."""
        assert grant.reference == order.reference, f"the grant is of {grant.reference!r}"
        assert grant.state == "active", f"the grant is {grant.state}"
        assert grant.profiles == tuple(sorted(order.profiles)), f"the profiles are {grant.profiles}"
        self.assert_window(acs, grant, order.window)
        assert grant.credential is not None or order.credential is None, "the grant shows no credential"
        if order.credential is not None and grant.credential is not None:
            assert grant.credential.number == order.credential.number, "the grant shows another number"
            self.assert_holds(acs, order.credential, order.reference)
            runs = self.now() in order.window
            assert self.opens(order.credential) in {None, runs}, (
                "the credential opens a door at the wrong time"
            )

    def assert_window(self, acs: Calls, grant: AccessGrant, window: TimeWindow) -> None:
        """Check a window, as exactly as the system keeps it."""
        assert grant.window is not None, "the grant shows no window"
        apart = max(abs(grant.window.start - window.start), abs(grant.window.end - window.end))
        assert apart == timedelta() or apart < acs.capabilities.resolution, f"the window is {apart} off"

    def assert_holds(self, acs: Calls, credential: Credential, reference: str) -> None:
        """Check whose a credential is."""
        grant = acs.find_by_credential(credential)
        assert grant is not None, "find_by_credential gave None, the credential should be out"
        assert grant.reference == reference, f"the credential is with {grant.reference!r}"

    def assert_free(self, acs: Calls, credential: Credential) -> None:
        """Check that a credential is with nobody and opens nothing."""
        grant = acs.find_by_credential(credential)
        assert grant is None, f"the credential is still with {grant.reference!r}"
        self.assert_shut(credential)

    def assert_shut(self, credential: Credential) -> None:
        """Check that a credential opens nothing, where the system lets itself be looked into."""
        assert self.opens(credential) is not True, "the credential opens a door"
