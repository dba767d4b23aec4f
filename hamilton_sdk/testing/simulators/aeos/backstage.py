"""What a test may do and see that no client can: people put in by hand, doors, and the truth about access."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from typing import TYPE_CHECKING

from hamilton_sdk.testing.simulators.aeos import events, oracle
from hamilton_sdk.testing.simulators.aeos.oracle import Held
from hamilton_sdk.testing.simulators.aeos.state import Authorisation, Carrier
from hamilton_sdk.testing.simulators.aeos.values import local

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hamilton_sdk.testing.simulators.aeos.state import CarrierKind, Identifier, Site, Visit
    from hamilton_sdk.testing.simulators.aeos.values import Scalar

__all__ = ["Backstage"]


class Backstage:
    """The simulator's side that faces tests. What it gives away are copies.

    Args:
        site: The state.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.RLock()

    @property
    def effects(self) -> Counter[str]:
        """Changes of state that really happened, by operation; refused calls are not among them."""
        with self._lock:
            return Counter(self._site.effects)

    def opens(
        self,
        badge_number: str,
        at: datetime,
        *,
        identifier_type: int | None = None,
        template: int | str | None = None,
    ) -> bool:
        """Whether presenting a number would open a door at that moment.

        Args:
            badge_number: As it was assigned; of several types of identifier any counts.
            at: Aware.
            identifier_type: Only as this type.
            template: Only doors granted through this template, by id or name; any door if None.
        """
        with self._lock:
            return any(
                oracle.opens(self._site, badge, _aware(at), self._granted(template))
                for badge in self._badges(badge_number, identifier_type)
            )

    def open_credentials(self, at: datetime) -> list[Identifier]:
        """Every identifier that opens any door at an aware moment, rights on cards included."""
        with self._lock:
            return [
                copy.copy(badge)
                for badge in self._site.identifiers.values()
                if oracle.opens(self._site, badge, _aware(at), self._granted(None))
            ]

    def _badges(self, number: str, type_id: int | None) -> list[Identifier]:
        types = self._site.identifier_types if type_id is None else (type_id,)
        found = (self._site.identifier(one, number) for one in types)
        return [badge for badge in found if badge is not None]

    def _granted(self, template: int | str | None) -> Callable[[Authorisation], bool]:
        if template is None:
            return lambda _: True
        wanted = {one.id for one in self._site.templates.values() if template in (one.id, one.name)}
        return lambda grant: grant.subject == "Template" and grant.subject_id in wanted

    def holders(self, prefix: str = "") -> list[Carrier]:
        """Visitors whose ``PersonnelNo`` or any free field begins with a text; all for an empty one."""
        with self._lock:
            return [
                copy.deepcopy(carrier)
                for carrier in self._site.carriers.values()
                if carrier.kind == "Visitor"
                and any(
                    text.startswith(prefix)
                    for text in (carrier.personnel_number, *carrier.free_fields.values())
                )
            ]

    def employees(self) -> list[Carrier]:
        """The employees, who are hosts."""
        with self._lock:
            return [copy.deepcopy(one) for one in self._site.carriers.values() if one.kind == "Employee"]

    def tokens(self) -> list[Identifier]:
        """All identifiers ever seen, whatever their state."""
        with self._lock:
            return [copy.copy(badge) for badge in self._site.identifiers.values()]

    def visits(self) -> list[Visit]:
        """All visits."""
        with self._lock:
            return [copy.deepcopy(visit) for visit in self._site.visits.values()]

    def authorisations(self) -> list[Held]:
        """All grants, of carriers and of visits."""
        with self._lock:
            own = [
                Held(carrier.id, None, copy.copy(grant))
                for carrier in self._site.carriers.values()
                for grant in carrier.authorisations
            ]
            return own + [
                Held(visit.visitor_id, visit.id, copy.copy(grant))
                for visit in self._site.visits.values()
                for grant in visit.authorisations
            ]

    def add_employee(self, last_name: str, *, personnel_number: str | None = None, **fields: Scalar) -> int:
        """Put an employee in by hand.

        Args:
            last_name: Theirs.
            personnel_number: By which hosts are found.
            fields: Further simple elements by name, for example ``FirstName="Zoé"``.

        Returns:
            The carrier's id.
        """
        return self._add("Employee", last_name, personnel_number, fields)

    def add_visitor(self, last_name: str, *, personnel_number: str | None = None, **fields: Scalar) -> int:
        """Put a visitor in by hand, as another program would have made one; see `add_employee`."""
        return self._add("Visitor", last_name, personnel_number, fields)

    def _add(
        self, kind: CarrierKind, last_name: str, personnel_number: str | None, fields: dict[str, Scalar]
    ) -> int:
        with self._lock:
            made = Carrier(
                self._site.new_id("carrier"),
                kind,
                {"UnitId": min(self._site.units), **fields, "LastName": last_name},
            )
            if personnel_number is not None:
                made.fields["PersonnelNo"] = personnel_number
            self._site.carriers[made.id] = made
            return made.id

    def give_badge(self, carrier_id: int, badge_number: str, *, identifier_type: int = 2) -> int:
        """Put an identifier into somebody's hands, and return its id.

        Raises:
            ValueError: Somebody has it already.
        """
        with self._lock:
            badge = self._site.identifier(identifier_type, badge_number)
            if badge is not None and badge.status:
                message = "the identifier is not free"
                raise ValueError(message)
            badge = badge or self._site.add_identifier(identifier_type, badge_number, min(self._site.units))
            badge.status, badge.carrier_id = 1, carrier_id
            return badge.id

    def grant(
        self,
        carrier_id: int,
        template: int,
        date_from: datetime,
        date_until: datetime | None = None,
        *,
        rule_id: int | None = None,
    ) -> int:
        """Give a carrier an online template between two aware moments, and return the grant's id.

        Args:
            carrier_id: Whose.
            template: Its id.
            date_from: Aware.
            date_until: Aware; None for no end.
            rule_id: As if the site's rule engine had given it: it cannot be changed through the service.
        """
        zone = self._site.settings.zone
        with self._lock:
            made = Authorisation(
                self._site.new_id("grant"),
                "Template",
                template,
                date_from=local(_aware(date_from), zone),
                date_until=None if date_until is None else local(_aware(date_until), zone),
                rule_id=rule_id,
            )
            self._site.carriers[carrier_id].authorisations.append(made)
            return made.id

    def present(
        self, badge_number: str, at: datetime, *, entrance: int = 7, identifier_type: int | None = None
    ) -> bool:
        """Hold a number before an online door; findEvent tells of it afterwards.

        Args:
            badge_number: As the reader reads it.
            at: Aware.
            entrance: Which door; the sample's main entrance if not given.
            identifier_type: As which type; the first that knows it if None.

        Returns:
            Whether it opened.
        """
        with self._lock:
            badges = self._badges(badge_number, identifier_type)
            badge = badges[0] if badges else None
            return events.present(self._site, badge_number, badge, entrance, _aware(at))

    def update_card(self, badge_number: str, at: datetime, *, identifier_type: int | None = None) -> None:
        """Write an identifier's offline rights on its card, as an updater at a door does.

        The card keeps them for the update interval, whatever happens on the server meanwhile.

        Args:
            badge_number: Whose card.
            at: Aware.
            identifier_type: As which type; all that know it if None.
        """
        with self._lock:
            for badge in self._badges(badge_number, identifier_type):
                carrier = oracle.usable(self._site, badge, _aware(at))
                rights = tuple(
                    copy.copy(grant)
                    for grant in (oracle.grants_of(self._site, carrier) if carrier else ())
                    if grant.kind == "OffLine" and grant.enabled
                )
                self._site.cards[badge.id] = (rights, _aware(at) + self._site.settings.update_interval)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = "give an aware moment, for example datetime.now(UTC)"
        raise ValueError(message)
    return moment
