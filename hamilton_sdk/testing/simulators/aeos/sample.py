"""The site that a new simulator holds: what an integrator finds on a small real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.testing.simulators.aeos.state import (
    BlockReason,
    Carrier,
    Door,
    DoorGroup,
    IdentifierType,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.testing.simulators.aeos.state import Site
    from hamilton_sdk.testing.simulators.aeos.values import Scalar

__all__ = ["furnish"]


def furnish(site: Site, *, units: Mapping[int, str], free_fields: Mapping[int, str], offline: bool) -> None:
    """Put the sample objects into an empty site."""
    site.units.update(units)
    site.free_fields.update(free_fields)
    site.schedules[1] = "Always"
    _doors(site)
    if offline:
        _offline_doors(site)
    for kind in (
        # A range of 9 x 10^7 numbers, as visitor systems are given one; nobody else's badge is in it.
        IdentifierType(2, "Visitor badge", "Number", "10000000", "99999999"),
        IdentifierType(3, "Card UID", "Hexadecimal", "00000000", "FFFFFFFFFFFFFF"),
        IdentifierType(4, "QR code", "String"),
        IdentifierType(6, "Employee badge", "BCD", "0000000001", "9999999999"),
    ):
        site.identifier_types[kind.id] = kind
    for reason in _reasons():
        site.block_reasons[reason.id] = reason
    unit = min(site.units)
    for carrier_id, number, last_name, first_name in (
        (60, "E-1001", "Moreau", "Camille"),
        (61, "E-1002", "Lefèvre", "Noël"),
        # The beginning of the first one's number: a prefix search for it finds both.
        (62, "E-100", "Dubois", "Inès"),
    ):
        fields: dict[str, Scalar] = {
            "UnitId": unit,
            "LastName": last_name,
            "FirstName": first_name,
            "PersonnelNo": number,
        }
        site.carriers[carrier_id] = Carrier(carrier_id, "Employee", fields)


def _doors(site: Site) -> None:
    site.doors[7] = Door(7, "Main entrance", "OnLine")
    site.door_groups[9] = DoorGroup(9, "Public doors", "OnLine", (7,))
    for template in (
        Template(51, "Visitors", "OnLine", (7,), "Main entrance at all hours"),
        Template(52, "Visitors escorted", "OnLine", (7,)),
        Template(53, "Contractors", "OnLine", (7,)),
    ):
        site.templates[template.id] = template


def _offline_doors(site: Site) -> None:
    site.doors[8] = Door(8, "Meeting room lock", "OffLine")
    site.door_groups[10] = DoorGroup(10, "Locks", "OffLine", (8,))
    site.templates[54] = Template(54, "Meeting rooms", "OffLine", (8,))


def _reasons() -> tuple[BlockReason, ...]:
    return (
        BlockReason(3, "Lost", identifier=True, withdraw=True, replacement=True),
        BlockReason(4, "Forgotten", withdraw_replaced=True, replacement=True, forgotten=True),
        BlockReason(5, "Suspended", carrier=True, identifier=True),
        BlockReason(6, "Visit ended", withdraw=True),
        BlockReason(8, "Not returned", carrier=True, identifier=True, withdraw=True, replacement=True),
    )
