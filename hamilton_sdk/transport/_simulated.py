"""Simulated receivers of deliveries, in process: what can be told before any look-up is told here, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.transport._guard import check
from hamilton_sdk.transport.inprocess import AsyncInProcessTransport, InProcessTransport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.flow import Request, Response
    from hamilton_sdk.transport.addresses import Network

__all__ = ["AsyncSimulated", "Simulated"]


class Simulated(InProcessTransport):
    """Sends deliveries to a responder; see `InProcessTransport`."""

    def send(self, request: Request, timeout: float | None, networks: Iterable[Network] = ()) -> Response:
        """Perform an exchange; see `hamilton_sdk.transport.guarded.GuardedTransport.send`."""
        check(request, tuple(networks))
        return super().send(request, timeout)


class AsyncSimulated(AsyncInProcessTransport):
    """The same for an event loop."""

    async def send(
        self,
        request: Request,
        timeout: float | None,  # noqa: ASYNC109
        networks: Iterable[Network] = (),
    ) -> Response:
        """Perform an exchange; see `hamilton_sdk.transport.guarded.GuardedTransport.send`."""
        check(request, tuple(networks))
        return await super().send(request, timeout)
