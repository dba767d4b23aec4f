"""Simulators: peers that speak the real wire formats, pure, with a state of their own that tests can ask.

Each is used three ways: as a transport in process (``AccessControl(adapter, transport=simulator)``), as an
ASGI application (`hamilton_sdk.serving.asgi`), and as a server on loopback (`hamilton_sdk.testing.server`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.testing.simulators.aeos import AeosSimulator
from hamilton_sdk.testing.simulators.graph import GraphSimulator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hamilton_sdk.flow import Flow, Request, Response
    from hamilton_sdk.testing.faults import FaultScript

__all__ = ["SIMULATORS", "AeosSimulator", "GraphSimulator", "Simulator"]


class Simulator(Protocol):
    """A responder that can be served on its own."""

    faults: FaultScript
    """What goes wrong."""

    def respond(self, request: Request) -> Flow[Response]:
        """Answer one request; see `hamilton_sdk.flow.Responder`."""
        ...

    def client_lines(self, url: str) -> list[tuple[str, str]]:
        """What a client needs, as names and values.

        Args:
            url: Where it is served, without path.

        Returns:
            ``url`` first, then credentials, then sample objects.
        """
        ...


SIMULATORS: Final[Mapping[str, Callable[[], Simulator]]] = {
    "aeos": AeosSimulator,
    "graph": GraphSimulator,
}
"""What makes each simulator with its defaults, by the name under which ``hamilton simulate`` knows it."""
