"""The simulated building: an AEOS server on loopback HTTPS, its own authority, the truth at its doors."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.cli.wording import counted
from hamilton_sdk.flow import Responder

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import datetime

    from hamilton_sdk.acs.models import Credential
    from hamilton_sdk.cli.visits import Visit
    from hamilton_sdk.clock import SettableClock
    from hamilton_sdk.testing.simulators import AeosSimulator

__all__ = ["MARK", "Peer", "Stage", "served"]

MARK: Final = "HAM-"
"""How the connector marks its own holders."""
_EMPLOYEE_BADGE: Final = "0000004711"
_EMPLOYEE_BADGES: Final = 6
"""The sample site's identifier type for them."""


class Peer(Responder, Protocol):
    """Who answers, and where."""

    @property
    def path(self) -> str:
        """With a slash before it."""
        ...


@contextlib.contextmanager
def served(peer: Peer, clock: SettableClock) -> Generator[tuple[str, Path]]:
    """Serve a peer over TLS, on a free port of this machine alone.

    Args:
        peer: Who answers.
        clock: Its time.

    Yields:
        The address, and the PEM file of the authority to trust; both end with the block.
    """
    from hamilton_sdk.testing.authority import Authority
    from hamilton_sdk.testing.server import LoopbackServer

    with TemporaryDirectory(prefix="hamilton-") as folder:
        authority = Authority(Path(folder))
        with LoopbackServer(peer, tls=authority.issue_server(), clock=clock) as server:
            yield server.url + peer.path, authority.ca


@dataclass(frozen=True)
class _Others:
    """What must not change: employees and what is theirs, and a visitor whom another program made."""

    employees: object
    visitor: object
    badge: object


class Stage:
    """The truth about a simulated building.

    Args:
        simulator: Freshly made.
        visits: That will be played; hosts whom only they know are added.
        now: Aware; when everything begins.
    """

    def __init__(self, simulator: AeosSimulator, *, visits: Sequence[Visit], now: datetime) -> None:
        self._simulator = simulator
        known = {employee.personnel_number for employee in simulator.employees()}
        hosts = {visit.order.holder.host for visit in visits if visit.order.holder.host}
        self._added = sorted(hosts - known)
        for number in self._added:
            simulator.add_employee("Host", personnel_number=number)
        self._employee = simulator.employees()[0].id
        simulator.give_badge(self._employee, _EMPLOYEE_BADGE, identifier_type=_EMPLOYEE_BADGES)
        simulator.grant(self._employee, template=51, date_from=now - timedelta(days=1))
        # Another program's visitor, with a visit's own reference as number: the worst neighbour there can be.
        self._visitor = simulator.add_visitor("Somebody", personnel_number=visits[0].order.reference)
        self._others = self._look()

    def notes(self) -> tuple[str, ...]:
        """What was added to the site for the file's sake, in words."""
        if not self._added:
            return ()
        return (f"{counted(len(self._added), 'host was', 'hosts were')} added to the simulated site",)

    def opens(self, credential: Credential, at: datetime) -> bool:
        """Whether it opens a door at an aware moment."""
        return self._simulator.opens(credential.number, at)

    def holders(self, reference: str) -> int:
        """How many people in the system stand for a visit."""
        number = MARK + reference
        return sum(holder.personnel_number == number for holder in self._simulator.holders(number))

    def open_credentials(self, at: datetime) -> int:
        """How many credentials that are not employees' open a door at an aware moment."""
        employees = {employee.id for employee in self._simulator.employees()}
        return sum(badge.carrier_id not in employees for badge in self._simulator.open_credentials(at))

    def others_untouched(self, now: datetime) -> bool:
        """Whether nobody else's records have changed, and the employee's badge still opens the door."""
        return self._look() == self._others and self._simulator.opens(_EMPLOYEE_BADGE, now)

    def _look(self) -> _Others:
        return _Others(
            employees=self._simulator.employees(),
            visitor=[holder for holder in self._simulator.holders() if holder.id == self._visitor],
            badge=[badge for badge in self._simulator.tokens() if badge.carrier_id == self._employee],
        )
