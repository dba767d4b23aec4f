"""Grants: reading them from requests and writing them into replies, for profiles and visits alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.state import Authorisation, AuthorisationKind, Subject
from hamilton_sdk.testing.simulators.aeos.values import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Door, DoorGroup, Site, Template
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["SUBJECTS", "grant_elements", "offline", "online"]

SUBJECTS: Final[tuple[Subject, ...]] = ("Template", "EntranceGroup", "Entrance")


def online(site: Site, asked: Record) -> list[Authorisation]:
    """Read grants for online doors.

    Raises:
        Refused: Something granted does not exist or is of another kind, or a grant ends before it begins.
    """
    return [
        _read(site, entry, subject, "OnLine")
        for subject in SUBJECTS
        for entry in asked.children(f"{subject}Authorisation")
    ]


def offline(site: Site, asked: Record) -> list[Authorisation]:
    """Read grants for offline doors; the errors are those of `online`."""
    return [
        _read(site, entry, subject, "OffLine")
        for subject in SUBJECTS
        for entry in asked.children(f"{subject}Authorisation")
    ]


def _read(site: Site, asked: Record, subject: Subject, kind: AuthorisationKind) -> Authorisation:
    subject_id, schedule = asked.key(f"{subject}Id"), asked.number("DateTimeScheduleId")
    _check_subject(site, subject, subject_id, kind)
    if schedule is not None and schedule not in site.schedules:
        raise Refused(because="Schedule not found")
    start, end = asked.moment("DateFrom"), asked.moment("DateUntil")
    if end == NEVER:
        end = None
    if start is not None and end is not None and end < start:
        raise Refused(because="Authorisation ends before it begins")
    return Authorisation(
        id=site.new_id("grant"),
        subject=subject,
        subject_id=subject_id,
        kind=kind,
        enabled=asked.flag("Enabled"),
        date_from=start,
        date_until=end,
        schedule_id=schedule,
        special_days=asked.flag("SpecialDays") if "SpecialDays" in asked else None,
    )


def _check_subject(site: Site, subject: Subject, subject_id: int, kind: AuthorisationKind) -> None:
    tables: Mapping[Subject, Mapping[int, Template | DoorGroup | Door]] = {
        "Template": site.templates,
        "EntranceGroup": site.door_groups,
        "Entrance": site.doors,
    }
    found = tables[subject].get(subject_id)
    if found is None or found.kind != kind:
        raise Refused(because=f"{subject} not found")


def grant_elements(grants: Iterable[Authorisation], kind: AuthorisationKind) -> Mapping[str, Value]:
    """Write the grants of one kind."""
    written: dict[str, list[Value]] = {}
    for grant in grants:
        if grant.kind == kind:
            written.setdefault(f"{grant.subject}Authorisation", []).append(
                {
                    "Id": grant.id,
                    "Enabled": grant.enabled,
                    "RuleId": grant.rule_id,
                    f"{grant.subject}Id": grant.subject_id,
                    "DateTimeScheduleId": grant.schedule_id,
                    "DateFrom": grant.date_from,
                    "DateUntil": grant.date_until,
                    "SpecialDays": grant.special_days,
                }
            )
    return written
