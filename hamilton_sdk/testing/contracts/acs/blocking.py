"""One face for both connectors, so that each promise is written once and tested both ways."""

# ruff: noqa: D102 (the methods of `Calls` are those of `AccessControl`, which documents them)

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hamilton_sdk.acs.connector import AsyncAccessControl
from hamilton_sdk.testing.contracts.blocking import Blocking, in_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hamilton_sdk.acs.interface import Capabilities
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
    from hamilton_sdk.testing.contracts.blocking import Listed

__all__ = ["BlockingAccessControl", "Calls", "activate_at_once"]


class Calls(Protocol):
    """The methods of `hamilton_sdk.acs.AccessControl`."""

    @property
    def capabilities(self) -> Capabilities: ...
    def check(self) -> Health: ...
    def profiles(self) -> tuple[AccessProfile, ...]: ...
    def credential_types(self) -> tuple[CredentialType, ...]: ...
    def reserve(self, order: AccessOrder) -> AccessGrant: ...
    def activate(self, order: AccessOrder) -> AccessGrant: ...
    def extend(self, reference: str, window: TimeWindow) -> AccessGrant: ...
    def suspend(self, reference: str, reason: str | None = None) -> AccessGrant: ...
    def resume(self, reference: str) -> AccessGrant: ...
    def revoke(self, reference: str, reason: str | None = None) -> AccessGrant: ...
    def find(self, reference: str) -> AccessGrant | None: ...
    def find_by_credential(self, credential: Credential) -> AccessGrant | None: ...
    def grants(self, token: str | None = None) -> Listed[AccessGrant]: ...
    def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]: ...
    def purge(self, ended_before: datetime) -> tuple[str, ...]: ...


class BlockingAccessControl(Blocking[AsyncAccessControl]):
    """An `AsyncAccessControl` behind the methods of the sync one, on an event loop of its own.

    Args:
        connector: Not yet opened.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the system can do."""
        return self._connector.capabilities

    def check(self) -> Health:
        """See `AccessControl.check`."""
        return self._wait(self._connector.check())

    def profiles(self) -> tuple[AccessProfile, ...]:
        """See `AccessControl.profiles`."""
        return self._wait(self._connector.profiles())

    def credential_types(self) -> tuple[CredentialType, ...]:
        """See `AccessControl.credential_types`."""
        return self._wait(self._connector.credential_types())

    def reserve(self, order: AccessOrder) -> AccessGrant:
        """See `AccessControl.reserve`."""
        return self._wait(self._connector.reserve(order))

    def activate(self, order: AccessOrder) -> AccessGrant:
        """See `AccessControl.activate`."""
        return self._wait(self._connector.activate(order))

    def activate_at_once(self, orders: Sequence[AccessOrder]) -> list[AccessGrant]:
        """Activate several orders in tasks of their own."""
        return self._in_tasks(self._connector.activate, orders)

    def extend(self, reference: str, window: TimeWindow) -> AccessGrant:
        """See `AccessControl.extend`."""
        return self._wait(self._connector.extend(reference, window))

    def suspend(self, reference: str, reason: str | None = None) -> AccessGrant:
        """See `AccessControl.suspend`."""
        return self._wait(self._connector.suspend(reference, reason))

    def resume(self, reference: str) -> AccessGrant:
        """See `AccessControl.resume`."""
        return self._wait(self._connector.resume(reference))

    def revoke(self, reference: str, reason: str | None = None) -> AccessGrant:
        """See `AccessControl.revoke`."""
        return self._wait(self._connector.revoke(reference, reason))

    def find(self, reference: str) -> AccessGrant | None:
        """See `AccessControl.find`."""
        return self._wait(self._connector.find(reference))

    def find_by_credential(self, credential: Credential) -> AccessGrant | None:
        """See `AccessControl.find_by_credential`."""
        return self._wait(self._connector.find_by_credential(credential))

    def grants(self, token: str | None = None) -> Listed[AccessGrant]:
        """See `AccessControl.grants`."""
        return self._paged(self._connector.grants(token))

    def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]:
        """See `AccessControl.reconcile`."""
        return self._wait(self._connector.reconcile(expected))

    def purge(self, ended_before: datetime) -> tuple[str, ...]:
        """See `AccessControl.purge`."""
        return self._wait(self._connector.purge(ended_before))


def activate_at_once(acs: Calls, orders: Sequence[AccessOrder]) -> list[AccessGrant]:
    """Activate several orders at the same time: in threads, or in tasks where the connector is async."""
    if isinstance(acs, BlockingAccessControl):
        return acs.activate_at_once(orders)
    return in_threads(acs.activate, orders)
