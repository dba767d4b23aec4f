"""Access control for applications: the sync and the async shell over an adapter's flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.acs.checks import check_arguments, checked_orders
from hamilton_sdk.acs.interface import AccessControlAdapter, Capabilities
from hamilton_sdk.shell import AsyncPager, AsyncShell, Pager, Shell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hamilton_sdk.acs.models import (
        AccessGrant,
        AccessOrder,
        AccessProfile,
        Credential,
        CredentialType,
        Drift,
        Health,
    )
    from hamilton_sdk.model import TimeWindow

__all__ = ["AccessControl", "AsyncAccessControl"]


class AccessControl(Shell[AccessControlAdapter]):
    """Access control, sync: thread-safe.

    Args:
        adapter: The product's protocol, `hamilton_sdk.acs.Aeos`, or `hamilton_sdk.acs.FakeAccessControl`.
        transport: Settings (`hamilton_sdk.Http`), an HTTP client of one's own, or a simulator; the SDK's own
            HTTP with public authorities if None.
        retry: How often and how long to try.
        clock: Where time comes from.
        hooks: What the application wants to hear about.

    Every method may also raise `NotReachable`, `TimedOut`, `Unauthorized`, `Forbidden`, `RateLimited`,
    `ServerFailed` and `BadResponse`. An argument of another type is a `TypeError`, before anything is sent.
    Calls for one reference take turns.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the system can do, known without asking it."""
        return self._adapter.capabilities

    def check(self) -> Health:
        """Ask the system who it is, and whether the account may do what is needed."""
        return self._run(self._adapter.check(), "check")

    def profiles(self) -> tuple[AccessProfile, ...]:
        """List all access profiles that may be ordered, by name."""
        return self._run(self._adapter.profiles(), "profiles")

    def credential_types(self) -> tuple[CredentialType, ...]:
        """List all credential types, by name."""
        return self._run(self._adapter.credential_types(), "credential_types")

    def reserve(self, order: AccessOrder) -> AccessGrant:
        """Make the holder known with profiles and window, without access.

        An order's credential is checked but not handed out. A reference that is active or suspended stays so,
        with the order's profiles and window; one that has ended is reserved again.

        Returns:
            The grant: reserved, unless it was active or suspended before.

        Raises:
            Invalid: A value is over a limit, a profile or type is unknown (with the nearest names), or the
                window has ended.
            Conflict: The credential is in other hands, or blocked for good.
        """
        check_arguments("reserve", order=order)
        return self._run(self._adapter.reserve(order), "reserve", turn=order.reference)

    def activate(self, order: AccessOrder) -> AccessGrant:
        """Give access: holder, profiles, window, and the credential last.

        The same order again is the same grant; another order under the same reference is a change. A reserved
        or ended reference becomes active.

        Returns:
            The active grant.

        Raises:
            Invalid: As for `reserve`.
            Conflict: The credential is in other hands or blocked for good, or the grant is suspended (resume
                it).
            PartialFailure: It failed half way and something could not be undone.
        """
        check_arguments("activate", order=order)
        return self._run(self._adapter.activate(order), "activate", turn=order.reference)

    def extend(self, reference: str, window: TimeWindow) -> AccessGrant:
        """Give a grant another window, longer or shorter; its state stays.

        Raises:
            NotFound: No such reference.
            Invalid: The new window has ended.
            Conflict: The grant has ended: activate it again.
        """
        check_arguments("extend", reference=reference, window=window)
        return self._run(self._adapter.extend(reference, window), "extend", turn=reference)

    def suspend(self, reference: str, reason: str | None = None) -> AccessGrant:
        """Take access away for now; suspending twice, or what has ended, is success.

        Args:
            reference: Whose.
            reason: The system's name of a reason, where the site keeps a list; its first suitable one if
                None.

        Raises:
            NotFound: No such reference.
            Invalid: An unknown reason, with the nearest names.
        """
        check_arguments("suspend", reference=reference, reason=reason)
        return self._run(self._adapter.suspend(reference, reason), "suspend", turn=reference)

    def resume(self, reference: str) -> AccessGrant:
        """Give a suspended grant its access back; resuming what is not suspended is success.

        Raises:
            NotFound: No such reference.
            Conflict: The grant has ended.
        """
        check_arguments("resume", reference=reference)
        return self._run(self._adapter.resume(reference), "resume", turn=reference)

    def revoke(self, reference: str, reason: str | None = None) -> AccessGrant:
        """End access now: credential first, then grants; revoking twice is success.

        Args:
            reference: Whose.
            reason: The system's name of one, where it records reasons; an unknown one keeps no access alive.

        Returns:
            The grant: ended, without credential.

        Raises:
            NotFound: No such reference.
            PartialFailure: Something could not be taken away; repeat the call.
        """
        check_arguments("revoke", reference=reference, reason=reason)
        return self._run(self._adapter.revoke(reference, reason), "revoke", turn=reference)

    def find(self, reference: str) -> AccessGrant | None:
        """Find what stands for a reference; None where there is nothing."""
        check_arguments("find", reference=reference)
        return self._run(self._adapter.find(reference), "find")

    def find_by_credential(self, credential: Credential) -> AccessGrant | None:
        """Find whose credential this is; None where it is free, or in the hands of somebody not ours.

        A number that the system cannot keep is nobody's.
        """
        check_arguments("find_by_credential", credential=credential)
        return self._run(self._adapter.find_by_credential(credential), "find_by_credential")

    def grants(self, token: str | None = None) -> Pager[AccessGrant]:
        """List all grants of ours, ended ones included, page by page as they are read.

        Args:
            token: An earlier pager's ``token``, to resume there.
        """
        check_arguments("grants", token=token)
        return Pager(
            lambda token: self._run(self._adapter.grants_page(token), "grants"),
            token,
        )

    def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]:
        """Compare what should stand now with what stands; changes nothing.

        Args:
            expected: Every order that should be active.

        Returns:
            The differences, by reference.
        """
        orders = checked_orders("reconcile", "expected", expected)
        return self._run(self._adapter.reconcile(orders), "reconcile")

    def purge(self, ended_before: datetime) -> tuple[str, ...]:
        """Delete holders of ours whose access ended before a moment, with their personal data.

        One that another process activates again meanwhile stays, and is not reported.

        Args:
            ended_before: Aware.

        Returns:
            The references that were removed.

        Raises:
            Invalid: A naive moment.
            PartialFailure: Some could not be removed.
        """
        check_arguments("purge", ended_before=ended_before)
        return self._run(self._adapter.purge(ended_before), "purge")


class AsyncAccessControl(AsyncShell[AccessControlAdapter]):
    """Access control, async: belongs to one event loop.

    Args:
        adapter: The product's protocol, `hamilton_sdk.acs.Aeos`, or `hamilton_sdk.acs.FakeAccessControl`.
        transport: Settings (`hamilton_sdk.Http`), an HTTP client of one's own, or a simulator; the SDK's own
            HTTP with public authorities if None.
        retry: How often and how long to try.
        clock: Where time comes from.
        hooks: What the application wants to hear about.

    Every method may also raise `NotReachable`, `TimedOut`, `Unauthorized`, `Forbidden`, `RateLimited`,
    `ServerFailed` and `BadResponse`. An argument of another type is a `TypeError`, before anything is sent.
    Calls for one reference take turns.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the system can do, known without asking it."""
        return self._adapter.capabilities

    async def check(self) -> Health:
        """Ask the system who it is, and whether the account may do what is needed."""
        return await self._run(self._adapter.check(), "check")

    async def profiles(self) -> tuple[AccessProfile, ...]:
        """List all access profiles that may be ordered, by name."""
        return await self._run(self._adapter.profiles(), "profiles")

    async def credential_types(self) -> tuple[CredentialType, ...]:
        """List all credential types, by name."""
        return await self._run(self._adapter.credential_types(), "credential_types")

    async def reserve(self, order: AccessOrder) -> AccessGrant:
        """Make the holder known with profiles and window, without access.

        An order's credential is checked but not handed out. A reference that is active or suspended stays so,
        with the order's profiles and window; one that has ended is reserved again.

        Returns:
            The grant: reserved, unless it was active or suspended before.

        Raises:
            Invalid: A value is over a limit, a profile or type is unknown (with the nearest names), or the
                window has ended.
            Conflict: The credential is in other hands, or blocked for good.
        """
        check_arguments("reserve", order=order)
        return await self._run(self._adapter.reserve(order), "reserve", turn=order.reference)

    async def activate(self, order: AccessOrder) -> AccessGrant:
        """Give access: holder, profiles, window, and the credential last.

        The same order again is the same grant; another order under the same reference is a change. A reserved
        or ended reference becomes active.

        Returns:
            The active grant.

        Raises:
            Invalid: As for `reserve`.
            Conflict: The credential is in other hands or blocked for good, or the grant is suspended (resume
                it).
            PartialFailure: It failed half way and something could not be undone.
        """
        check_arguments("activate", order=order)
        return await self._run(self._adapter.activate(order), "activate", turn=order.reference)

    async def extend(self, reference: str, window: TimeWindow) -> AccessGrant:
        """Give a grant another window, longer or shorter; its state stays.

        Raises:
            NotFound: No such reference.
            Invalid: The new window has ended.
            Conflict: The grant has ended: activate it again.
        """
        check_arguments("extend", reference=reference, window=window)
        return await self._run(self._adapter.extend(reference, window), "extend", turn=reference)

    async def suspend(self, reference: str, reason: str | None = None) -> AccessGrant:
        """Take access away for now; suspending twice, or what has ended, is success.

        Args:
            reference: Whose.
            reason: The system's name of a reason, where the site keeps a list; its first suitable one if
                None.

        Raises:
            NotFound: No such reference.
            Invalid: An unknown reason, with the nearest names.
        """
        check_arguments("suspend", reference=reference, reason=reason)
        return await self._run(self._adapter.suspend(reference, reason), "suspend", turn=reference)

    async def resume(self, reference: str) -> AccessGrant:
        """Give a suspended grant its access back; resuming what is not suspended is success.

        Raises:
            NotFound: No such reference.
            Conflict: The grant has ended.
        """
        check_arguments("resume", reference=reference)
        return await self._run(self._adapter.resume(reference), "resume", turn=reference)

    async def revoke(self, reference: str, reason: str | None = None) -> AccessGrant:
        """End access now: credential first, then grants; revoking twice is success.

        Args:
            reference: Whose.
            reason: The system's name of one, where it records reasons; an unknown one keeps no access alive.

        Returns:
            The grant: ended, without credential.

        Raises:
            NotFound: No such reference.
            PartialFailure: Something could not be taken away; repeat the call.
        """
        check_arguments("revoke", reference=reference, reason=reason)
        return await self._run(self._adapter.revoke(reference, reason), "revoke", turn=reference)

    async def find(self, reference: str) -> AccessGrant | None:
        """Find what stands for a reference; None where there is nothing."""
        check_arguments("find", reference=reference)
        return await self._run(self._adapter.find(reference), "find")

    async def find_by_credential(self, credential: Credential) -> AccessGrant | None:
        """Find whose credential this is; None where it is free, or in the hands of somebody not ours.

        A number that the system cannot keep is nobody's.
        """
        check_arguments("find_by_credential", credential=credential)
        return await self._run(self._adapter.find_by_credential(credential), "find_by_credential")

    def grants(self, token: str | None = None) -> AsyncPager[AccessGrant]:
        """List all grants of ours, ended ones included, page by page as they are read.

        Args:
            token: An earlier pager's ``token``, to resume there.
        """
        check_arguments("grants", token=token)
        return AsyncPager(
            lambda token: self._run(self._adapter.grants_page(token), "grants"),
            token,
        )

    async def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]:
        """Compare what should stand now with what stands; changes nothing.

        Args:
            expected: Every order that should be active.

        Returns:
            The differences, by reference.
        """
        orders = checked_orders("reconcile", "expected", expected)
        return await self._run(self._adapter.reconcile(orders), "reconcile")

    async def purge(self, ended_before: datetime) -> tuple[str, ...]:
        """Delete holders of ours whose access ended before a moment, with their personal data.

        One that another process activates again meanwhile stays, and is not reported.

        Args:
            ended_before: Aware.

        Returns:
            The references that were removed.

        Raises:
            Invalid: A naive moment.
            PartialFailure: Some could not be removed.
        """
        check_arguments("purge", ended_before=ended_before)
        return await self._run(self._adapter.purge(ended_before), "purge")
