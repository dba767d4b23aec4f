"""The site's reference data, which the service can only read here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.search import named, paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Site, Template
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = [
    "EVENT_TYPES",
    "block_reasons",
    "entrance_groups",
    "entrances",
    "event_types",
    "free_field_definitions",
    "identifier_types",
    "schedules",
    "templates",
    "units",
    "version",
]

EVENT_TYPES: Final[Mapping[int, str]] = {
    5: "BadgeAccessEvent",
    34: "NoBookingEvent",
    40: "BadgeNoAccessEvent",
    42: "InvalidVerificationEvent",
    43: "InvalidVerifierEvent",
    81: "InsufficientAccessLevelEvent",
    111: "CarrierDateExpiryEvent",
    137: "OfflineBadgeAccessEvent",
    138: "OfflineBadgeNoAccessEvent",
    182: "RegistrationEvent",
}
"""Some of the types that matter for visitors (AEOS manual v33, on events)."""


def version(site: Site, _: Record) -> Value:
    """getVersion: the one operation without a declared fault."""
    newer = site.schema.generation == "newer"
    return {
        "AeosVersion": "2023.1.4" if newer else "3.4.3",
        "WebServiceVersion": "33" if newer else "27",
        "WebServiceBuild": "simulated",
    }


def templates(site: Site, asked: Record) -> Value:
    """findTemplate: the kind of authorisation is mandatory and only that kind is found."""
    criteria = asked.child("TemplateInfo")
    kind = site.kind_asked(criteria.text("UnitOfAuthType"))
    found = [
        template
        for template in named(criteria, site.templates.values(), lambda item: (item.id, item.name))
        if template.kind == kind
    ]
    return paged(site, asked, "Template", found, _template)


def _template(template: Template) -> Value:
    return {
        "Id": template.id,
        "Name": template.name,
        "Description": template.description,
        "UnitOfAuthType": template.kind,
        "TemplateItem": [
            {"SubjectId": entrance, "ScheduleId": 1, "AuthorisationType": "Entrance"}
            for entrance in template.entrances
        ],
    }


def entrances(site: Site, asked: Record) -> Value:
    """FindEntrance."""
    criteria = asked.child("EntranceInfo")
    kind = site.kind_asked(criteria.text("UnitOfAuthType"))
    found = [
        door
        for door in named(criteria, site.doors.values(), lambda item: (item.id, item.name))
        if door.kind == kind
    ]
    return paged(
        site,
        asked,
        "Entrance",
        found,
        lambda door: {"Id": door.id, "Name": door.name, "UnitOfAuthType": door.kind},
    )


def entrance_groups(site: Site, asked: Record) -> Value:
    """FindEntranceGroup."""
    criteria = asked.child("EntranceGroupInfo")
    kind = site.kind_asked(criteria.text("UnitOfAuthType"))
    found = [
        group
        for group in named(criteria, site.door_groups.values(), lambda item: (item.id, item.name))
        if group.kind == kind
    ]
    return paged(
        site,
        asked,
        "EntranceGroup",
        found,
        lambda group: {
            "Id": group.id,
            "Name": group.name,
            "UnitOfAuthType": group.kind,
            "EntranceIdList": {"EntranceId": group.entrances},
        },
    )


def schedules(site: Site, asked: Record) -> Value:
    """findDayTimeSchedule: one that always holds; schedules are not evaluated here."""
    period = {"StartDay": 0, "StartHour": 0, "StartMinute": 0, "EndDay": 6, "EndHour": 0, "EndMinute": 0}
    found = named(asked, site.schedules.items(), lambda item: item)
    return {
        "DayTimeSchedule": [
            {
                "Id": key,
                "Name": name,
                "Type": "Week",
                "StartDate": date(2002, 1, 28),
                "LengthInDays": 7,
                "DayPeriod": [period],
            }
            for key, name in found
        ]
    }


def identifier_types(site: Site, asked: Record) -> Value:
    """findIdentifierType: the items of the list are named ``Identifier``."""
    found = named(asked, site.identifier_types.values(), lambda item: (item.id, item.name))
    return {
        "Identifier": [
            {
                "Id": kind.id,
                "Name": kind.name,
                "IdentificationType": kind.identification,
                "MinimumValue": kind.minimum,
                "MaximumValue": kind.maximum,
            }
            for kind in found
        ]
    }


def block_reasons(site: Site, asked: Record) -> Value:
    """findBlockReason: the name that is searched is the description."""
    found = named(asked, site.block_reasons.values(), lambda item: (item.id, item.description))
    return {
        "BlockReason": [
            {
                "Id": reason.id,
                "Description": reason.description,
                "CarrierBlockReason": reason.carrier,
                "IdentifierBlockReason": reason.identifier,
                "IdentifierWithdrawReason": reason.withdraw,
                "IdentifierWithdrawReplacedReason": reason.withdraw_replaced,
                "IdentifierReplacementReason": reason.replacement,
            }
            for reason in found
        ]
    }


def units(site: Site, asked: Record) -> Value:
    """FindUnit."""
    return {
        "Unit": [
            {"Id": key, "Name": name} for key, name in named(asked, site.units.items(), lambda item: item)
        ]
    }


def free_field_definitions(site: Site, asked: Record) -> Value:
    """findFreeFieldDefinition: only those that the account's role was given."""
    found = named(asked, site.free_fields.items(), lambda item: item)
    return {
        "FreeFieldDefinition": [
            {"Id": key, "Name": name, "CategoryId": 1, "Sequence": index, "Column": 1}
            for index, (key, name) in enumerate(found)
        ]
    }


def event_types(site: Site, asked: Record) -> Value:
    """FindEventType."""
    del site
    return {
        "EventType": [
            {"Id": key, "Name": name} for key, name in named(asked, EVENT_TYPES.items(), lambda item: item)
        ]
    }
