"""The hooks of the access-control contract, and what its tests are written with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, ParamSpec, TypeVar
from unittest import SkipTest
from uuid import uuid4

from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
from hamilton_sdk.acs.models import AccessOrder, Credential, Holder
from hamilton_sdk.clock import SettableClock, SystemClock
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager

    from hamilton_sdk.acs.interface import AccessControlAdapter
    from hamilton_sdk.acs.models import AccessGrant, DriftKind
    from hamilton_sdk.retry import RetryPolicy
    from hamilton_sdk.testing.contracts.acs.blocking import Calls
    from hamilton_sdk.transport.base import TransportLike

__all__ = ["Base", "Broken"]

E = TypeVar("E", bound=Exception)
T = TypeVar("T")
P = ParamSpec("P")

_START: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
_PERSONAL: Final[tuple[str, ...]] = ("Quatremère", "Zéphyrine", "zephyrine@example.org", "+33 1 99 00 48 21")


class Broken(NamedTuple):
    """A connector whose line breaks once.

    Attributes:
        acs: The connector.
        was_cut: Whether that has happened yet.
    """

    acs: Calls
    was_cut: Callable[[], bool]


class Base:
    """What a subclass says about its system. Only `adapter` must be overridden.

    A method that raises `unittest.SkipTest` here is optional: what needs it is skipped without it.

    Attributes:
        asynchronous: Whether the tests go through `AsyncAccessControl`.
        profile: The name of an access profile that exists.
        other_profile: The name of another one.
        host: The personnel number of a host, given with each order; None to give none.
        reason: The name of a reason for suspending that exists; None where the system keeps no list.
        wrong_numbers: Credentials outside their type's alphabet or range.
        longest_family_name: The most characters the system keeps; None for no limit.
        more_than_a_page: So many grants make at least two pages, with the adapter as `adapter` sets it up.
        clock: Shared with the system, so that tests can let time pass; None where the system has its own.
    """

    asynchronous: ClassVar[bool] = False

    profile: str = "Visitors"
    other_profile: str = "Contractors"
    host: str | None = None
    reason: str | None = None
    wrong_numbers: Collection[Credential] = ()
    longest_family_name: int | None = 50
    more_than_a_page: int = 3
    clock: SettableClock | None

    _numbers: ClassVar = count(48_213_377)

    def setup_method(self) -> None:
        """Begin a test; pytest calls it. Make the system here, after ``super().setup_method()``."""
        self.clock = SettableClock(_START)
        self._mark = uuid4().hex[:10]
        self._references = count(1)
        self._secrets = [*_PERSONAL]

    # Hooks

    def adapter(self) -> AccessControlAdapter:
        """An adapter for the one system of this test; called anew for each connector."""
        raise NotImplementedError

    def transport(self) -> TransportLike | None:
        """How the system is reached."""
        return None

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

    def broken(self, step: int, *, after_work: bool) -> AbstractContextManager[Broken]:
        """A connector to the same system, one of whose exchanges is cut off.

        Args:
            step: Which exchange, from 1.
            after_work: Whether the system did what was asked, and only the answer is lost.
        """
        message = f"exchange {step} cannot be cut off here, {'after' if after_work else 'before'} the work"
        raise SkipTest(message)

    # What tests are written with

    def open(
        self, *, transport: TransportLike | None = None, retry: RetryPolicy | None = None
    ) -> AbstractContextManager[Calls]:
        """A connector to the one system of this test.

        Args:
            transport: Another one than `transport` gives.
            retry: Another policy than the usual one.
        """
        way = self.transport() if transport is None else transport
        clock = self.clock or SystemClock()
        if self.asynchronous:
            connector = AsyncAccessControl(self.adapter(), transport=way, retry=retry, clock=clock)
            return BlockingAccessControl(connector)
        return AccessControl(self.adapter(), transport=way, retry=retry, clock=clock)

    def now(self) -> datetime:
        """The system's time, to the second."""
        return (self.clock or SystemClock()).now().replace(microsecond=0)

    def pass_time(self, **amount: float) -> None:
        """Let time pass, or skip the test where it cannot be set.

        Args:
            amount: As for `timedelta`.
        """
        if self.clock is None:
            message = "time cannot be set here"
            raise SkipTest(message)
        self.clock.advance(timedelta(**amount).total_seconds())

    def optional(self, value: T | None, why: str) -> T:
        """The value, or skip the test where there is none.

        Args:
            value: Of a hook; None, False or empty where the system has no such thing.
            why: What it has not.
        """
        if not value:
            raise SkipTest(why)
        return value

    def reference(self) -> str:
        """A reference that no other test uses."""
        return f"visit-{self._mark}-{next(self._references)}"

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

    def refusal(self, kind: type[E], call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> E:
        """Make a call that must be refused; the error, checked for a hint and for what it may not say."""
        try:
            call(*args, **kwargs)
        except kind as error:
            hint: str | None = getattr(error, "hint", None)
            assert hint, f"{kind.__name__} has no hint that says what to do"
            self.assert_discreet(f"{error} {error!r} {hint}", f"the {kind.__name__}")
            return error
        message = f"the call succeeded, it should raise {kind.__name__}"
        raise AssertionError(message)

    def assert_discreet(self, text: str, what: str) -> None:
        """Check that a text shows no personal data and no credential number of this test."""
        # The assertion itself must not show it either: test logs are logs.
        shown = sum(secret in text for secret in self._secrets)
        assert shown == 0, f"{what} shows a name, an address or a credential number"
