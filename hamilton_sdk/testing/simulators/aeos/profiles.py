"""Carrier profiles: grants that belong to the carrier itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.errors import NO_LICENCE, Refused
from hamilton_sdk.testing.simulators.aeos.grants import SUBJECTS, grant_elements, offline, online
from hamilton_sdk.testing.simulators.aeos.values import NEVER

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import (
        Authorisation,
        AuthorisationKind,
        Carrier,
        Site,
        Subject,
    )
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["add", "change", "find", "remove"]

# Other kinds of doors are licensed apart, and this site has none.
_UNLICENSED: Final = ("Soaa", "LoXS", "Locker", "KeyCabinet")


def find(site: Site, asked: Record) -> Value:
    """findCarrierProfile: the carrier's own grants; those of its visits stand in the visits."""
    return _elements(site.carrier(asked.key("Id")))


def add(site: Site, asked: Record) -> Value:
    """addCarrierAuthorizations: the same template may be granted again and again."""
    carrier = site.carrier(asked.key("CarrierId"))
    carrier.authorisations += _read(site, asked)
    site.effects["addCarrierAuthorizations"] += 1
    return _elements(carrier)


def change(site: Site, asked: Record) -> Value:
    """changeCarrierProfile: whatever is not sent is gone, except what the rule engine granted."""
    carrier = site.carrier(asked.key("CarrierId"))
    granted = _read(site, asked)
    carrier.authorisations = [
        grant for grant in carrier.authorisations if grant.rule_id is not None
    ] + granted
    if "AccessDuringHoliday" in asked:
        carrier.access_during_holiday = asked.flag("AccessDuringHoliday")
    site.effects["changeCarrierProfile"] += 1
    return _elements(carrier)


def _read(site: Site, asked: Record) -> list[Authorisation]:
    _refuse_unlicensed(asked, "")
    return [
        *online(site, asked.child("AuthorisationOnline")),
        *offline(site, asked.child("AuthorisationOffline")),
    ]


def remove(site: Site, asked: Record) -> Value:
    """RemoveCarrierAuthorizations (newer): each entry takes away one grant, the oldest that fits.

    The same template may stand several times, and third parties report removal without a date as ambiguous.
    """
    carrier = site.carrier(asked.key("CarrierId"))
    _refuse_unlicensed(asked, "Id")
    left = list(carrier.authorisations)
    kinds: tuple[tuple[AuthorisationKind, str], ...] = (
        ("OnLine", "AuthorisationOnlineId"),
        ("OffLine", "AuthorisationOfflineId"),
    )
    for kind, name in kinds:
        for subject in SUBJECTS:
            for entry in asked.child(name).children(f"{subject}Authorisation"):
                left.remove(_fitting(left, entry, subject, kind))
    carrier.authorisations = left
    site.effects["removeCarrierAuthorizations"] += 1
    return _elements(carrier)


def _fitting(
    grants: list[Authorisation], entry: Record, subject: Subject, kind: AuthorisationKind
) -> Authorisation:
    for grant in grants:
        if (
            (grant.kind, grant.subject, grant.subject_id) == (kind, subject, entry.key(f"{subject}Id"))
            and grant.rule_id is None
            and entry.moment("DateFrom") in (None, grant.date_from)
            and entry.moment("DateUntil") in (None, grant.date_until or NEVER)
            and entry.number("DateTimeScheduleId") in (None, grant.schedule_id)
        ):
            return grant
    raise Refused(because="Authorisation not found")


def _refuse_unlicensed(asked: Record, suffix: str) -> None:
    if any(f"Authorisation{name}{suffix}" in asked for name in _UNLICENSED):
        raise Refused(because="No licence for this kind of authorisation", code=NO_LICENCE)


def _elements(carrier: Carrier) -> Value:
    return {
        "CarrierId": carrier.id,
        "AuthorisationOnline": grant_elements(carrier.authorisations, "OnLine") or None,
        "AuthorisationOffline": grant_elements(carrier.authorisations, "OffLine") or None,
        "AccessDuringHoliday": carrier.access_during_holiday,
    }
