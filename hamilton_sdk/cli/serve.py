"""`hamilton simulate`: serve a simulated peer on loopback until interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.checks import nearest
from hamilton_sdk.cli.interruption import interruption
from hamilton_sdk.cli.loopback import loopback
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["serve"]

_LOOK: Final = 0.5
"""Seconds between two looks for an interruption: on Windows a wait without end cannot be interrupted."""


def serve(name: str, *, port: int, tls: bool, say: Callable[[str], None]) -> None:
    """Serve a simulator, say what its client needs, and return when interrupted (Ctrl-C or SIGTERM).

    Args:
        name: Of the simulator.
        port: Any free one if 0.
        tls: Whether to serve HTTPS, with a throw-away authority that lasts as long.
        say: Takes each line, ``name: value``.

    Raises:
        Invalid: There is no such simulator.
        OSError: The port is taken.
    """
    from hamilton_sdk.testing.simulators import SIMULATORS

    make = SIMULATORS.get(name)
    if make is None:
        message = f"there is no simulator {name!r}"
        raise Invalid(message, hint=nearest(name, SIMULATORS))
    simulator = make()
    with interruption() as interrupted, loopback(simulator, port=port, tls=tls) as (url, authority):
        first, *others = simulator.client_lines(url)
        trust = [("ca", str(authority))] if authority else []
        for label, value in (first, *trust, *others):
            say(f"{label}: {value}")
        while not interrupted.wait(_LOOK):
            pass
