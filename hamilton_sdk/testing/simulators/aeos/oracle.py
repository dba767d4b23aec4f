"""The truth about access, computed from the simulated server's state alone, for tests and demonstrations.

Where a local time can be read in two ways, because clocks are put back or forward, the reading counts that
opens
longer: what is found closed here is closed under either.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from hamilton_sdk.testing.simulators.aeos.identifiers import IN_USE, REPLACEMENT
from hamilton_sdk.testing.simulators.aeos.values import earliest, latest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hamilton_sdk.testing.simulators.aeos.state import Authorisation, Carrier, Identifier, Site

__all__ = ["Held", "closed_because", "grants_of", "offline_rights", "opens", "usable"]


class Held(NamedTuple):
    """A grant and whose it is.

    Attributes:
        carrier_id: The carrier's.
        visit_id: The visit it came with; None for the carrier's own.
        grant: A copy.
    """

    carrier_id: int
    visit_id: int | None
    grant: Authorisation


def grants_of(site: Site, carrier: Carrier) -> Iterator[Authorisation]:
    """All grants of a carrier, its own and those of its visits.

    A visit's grant counts by its own dates alone: whether the visit's begin and end bound it is not known,
    and this reading opens longer.
    """
    yield from carrier.authorisations
    for visit in site.visits_of(carrier.id):
        yield from visit.authorisations


def usable(site: Site, badge: Identifier, at: datetime) -> Carrier | None:
    """Who holds an identifier, if it counts at that moment: neither it nor its holder is blocked or over."""
    carrier = site.carriers.get(badge.carrier_id or 0)
    if carrier is None or badge.status not in (IN_USE, REPLACEMENT) or carrier.block_reason is not None:
        return None
    zone = site.settings.zone
    if badge.end_validity is not None and at >= latest(badge.end_validity, zone):
        return None
    return carrier if closed_because(site, *_stay(carrier), at) is None else None


def _stay(carrier: Carrier) -> tuple[datetime | None, datetime | None]:
    arrival, leave = carrier.fields.get("ArrivalDateTime"), carrier.fields.get("LeaveDateTime")
    return (
        arrival if isinstance(arrival, datetime) else None,
        leave if isinstance(leave, datetime) else None,
    )


def closed_because(site: Site, start: datetime | None, end: datetime | None, at: datetime) -> str | None:
    """``"A"`` before the start, ``"E"`` from the end on, None between: the keys of a no-access event.

    Whether an end belongs to its window is not known; half open is what the SDK promises.
    """
    zone = site.settings.zone
    if start is not None and at < earliest(start, zone):
        return "A"
    return "E" if end is not None and at >= latest(end, zone) else None


def opens(site: Site, badge: Identifier, at: datetime, wanted: Callable[[Authorisation], bool]) -> bool:
    """Whether an identifier opens anything of what is wanted at that moment."""
    carrier = usable(site, badge, at)
    online = carrier is not None and any(
        grant.enabled
        and grant.kind == "OnLine"
        and wanted(grant)
        and closed_because(site, grant.date_from, grant.date_until, at) is None
        for grant in grants_of(site, carrier)
    )
    return online or any(wanted(grant) for grant in offline_rights(site, badge, at))


def offline_rights(site: Site, badge: Identifier, at: datetime) -> tuple[Authorisation, ...]:
    """What stands on the identifier's card; an offline door asks nobody else."""
    grants, until = site.cards.get(badge.id, ((), at))
    return grants if at < until else ()
