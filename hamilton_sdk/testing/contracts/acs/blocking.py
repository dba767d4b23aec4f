"""One face for both connectors, so that each promise is written once and tested both ways."""

# ruff: noqa: D102 (the methods of `Calls` are those of `AccessControl`, which documents them)

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.acs.connector import AsyncAccessControl
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
    from hamilton_sdk.flow import Page
    from hamilton_sdk.model import TimeWindow
    from hamilton_sdk.shell import AsyncPager

__all__ = ["BlockingAccessControl", "Calls", "Grants", "activate_at_once"]

T = TypeVar("T")


class Grants(Protocol):
    """A list that comes in pages."""

    @property
    def token(self) -> str | None:
        """Where to resume."""
        ...

    def pages(self) -> Iterator[Page[AccessGrant]]:
        """The pages, one at a time."""
        ...

    def __iter__(self) -> Iterator[AccessGrant]:
        """The items."""
        ...


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
    def grants(self, token: str | None = None) -> Grants: ...
    def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]: ...
    def purge(self, ended_before: datetime) -> tuple[str, ...]: ...


class BlockingAccessControl:
    """An `AsyncAccessControl` behind the methods of the sync one, on an event loop of its own.

    Args:
        connector: Not yet opened.
    """

    def __init__(self, connector: AsyncAccessControl) -> None:
        self._connector = connector
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        self._wait(self._connector.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._loop:
            self._wait(self._connector.__aexit__(kind, error, trace))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

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

        async def gathered() -> list[AccessGrant]:
            return await asyncio.gather(*(self._connector.activate(order) for order in orders))

        return self._wait(gathered())

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

    def grants(self, token: str | None = None) -> Grants:
        """See `AccessControl.grants`."""
        return _BlockingPager(self._connector.grants(token), self._loop)

    def reconcile(self, expected: Iterable[AccessOrder]) -> tuple[Drift, ...]:
        """See `AccessControl.reconcile`."""
        return self._wait(self._connector.reconcile(expected))

    def purge(self, ended_before: datetime) -> tuple[str, ...]:
        """See `AccessControl.purge`."""
        return self._wait(self._connector.purge(ended_before))


class _BlockingPager:
    """An `AsyncPager` read by blocking."""

    def __init__(self, pager: AsyncPager[AccessGrant], loop: asyncio.Runner) -> None:
        self._pager = pager
        self._loop = loop

    @property
    def token(self) -> str | None:
        """Where to resume."""
        return self._pager.token

    def pages(self) -> Iterator[Page[AccessGrant]]:
        """The pages, one at a time."""
        return self._read(self._pager.pages())

    def __iter__(self) -> Iterator[AccessGrant]:
        return self._read(self._pager.__aiter__())

    def _read(self, source: AsyncIterator[T]) -> Iterator[T]:
        while items := self._loop.run(_following(source)):
            yield from items


async def _following(source: AsyncIterator[T]) -> list[T]:
    """The next item alone; nothing at the end."""
    try:
        return [await anext(source)]
    except StopAsyncIteration:
        return []


def activate_at_once(acs: Calls, orders: Sequence[AccessOrder]) -> list[AccessGrant]:
    """Activate several orders at the same time: in threads, or in tasks where the connector is async."""
    if isinstance(acs, BlockingAccessControl):
        return acs.activate_at_once(orders)
    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(acs.activate, orders))
