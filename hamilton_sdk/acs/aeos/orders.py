"""An order made ready: everything checked and looked up before the first write. Flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos import holders, tokens
from hamilton_sdk.acs.aeos.authorisations import Wanted
from hamilton_sdk.acs.aeos.lists import (
    Lists,
    read_free_field,
    read_lists,
    read_unit,
    refuse_offline,
)
from hamilton_sdk.acs.aeos.values import check_credential, check_holder, personnel_no, visitor_fields
from hamilton_sdk.acs.aeos.wire import both
from hamilton_sdk.acs.checks import check_window
from hamilton_sdk.errors import Conflict
from hamilton_sdk.flow import Now

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs.aeos.records import IdentifierType, Template, Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.soap import Content
    from hamilton_sdk.acs.models import AccessOrder, Credential
    from hamilton_sdk.flow import Flow
    from hamilton_sdk.model import TimeWindow

__all__ = ["Plan", "prepare"]


@dataclass(frozen=True, slots=True)
class Plan:
    """An order in the words of AEOS.

    Attributes:
        mark: The PersonnelNo.
        lists: What names stand for.
        fields: The holder's fields that an order may change later.
        created: Those that are set once, when the holder is made.
        templates: The access profiles.
        window: As AEOS will keep it.
        begin: Its start, local text.
        end: Its end, local text.
        host_id: The host's carrier id, in the visit strategy.
        unit_id: The configured unit.
        credential: As ordered.
        kind: Its identifier type.
        now: When the order was checked.
    """

    mark: str
    lists: Lists
    fields: dict[str, Content] = field(repr=False)
    created: dict[str, Content] = field(repr=False)
    templates: list[Template]
    window: TimeWindow
    begin: str
    end: str
    host_id: int | None
    unit_id: int | None
    credential: Credential | None
    kind: IdentifierType | None
    now: datetime

    def wanted(self, *, enabled: bool) -> Wanted:
        """The rights ordered, enabled or only reserved."""
        return wanted(self.templates, self.begin, self.end, enabled=enabled)


def wanted(templates: list[Template], begin: str, end: str, *, enabled: bool) -> Wanted:
    """Templates with their dates."""
    return Wanted(
        online=tuple(each.id for each in templates if not each.offline),
        offline=tuple(each.id for each in templates if each.offline),
        begin=begin,
        end=end,
        enabled=enabled,
    )


def prepare(site: Site, order: AccessOrder) -> Flow[tuple[Plan, list[Visitor]]]:
    """Check an order and look up what it names.

    Returns:
        The plan, and the holders of ours that there are for its reference.

    Raises:
        Invalid: A value is over a limit, something it names is unknown, or the window has ended.
        Conflict: The credential is in other hands, or blocked for good.
    """
    settings, holder = site.settings, order.holder
    mark = personnel_no(settings.reference_prefix, order.reference)
    check_holder(settings, holder)
    window = site.local.kept(order.window)
    now: datetime = yield Now()
    check_window(window, now)
    (lists, found), host_id = yield from both(
        both(read_lists(site), holders.find(site, mark)), _host(site, order)
    )
    templates = yield from _templates(site, lists, order)
    kind, found = yield from _credential_kind(site, order.credential, lists, mark, found)
    unit_id = yield from read_unit(site)
    free_field = yield from read_free_field(site)
    fields = visitor_fields(settings, holder, mark)
    created: dict[str, Content] = {"UnitId": unit_id}
    if free_field is not None:
        created["Freefield"] = (("DefinitionId", free_field), ("Name", settings.free_field), ("value", mark))
    plan = Plan(
        mark=mark,
        lists=lists,
        fields=fields,
        created=created,
        templates=templates,
        window=window,
        begin=site.local.write_start(window.start),
        end=site.local.write_end(window.end),
        host_id=host_id,
        unit_id=unit_id,
        credential=order.credential,
        kind=kind,
        now=now,
    )
    return plan, found


def _templates(site: Site, lists: Lists, order: AccessOrder) -> Flow[list[Template]]:
    unknown = lists.unknown_templates(order.profiles)
    if unknown and not site.settings.offline_profiles:
        yield from refuse_offline(site, unknown[0])
    return lists.ordered_templates(order.profiles)


def _host(site: Site, order: AccessOrder) -> Flow[int | None]:
    number = order.holder.host or site.settings.default_host
    if site.settings.strategy == "profile" or number is None:
        return None
    return (yield from holders.find_host(site, number))


def _credential_kind(
    site: Site, credential: Credential | None, lists: Lists, mark: str, found: list[Visitor]
) -> Flow[tuple[IdentifierType | None, list[Visitor]]]:
    """The type of an order's credential, and the holders of ours as they stand when it was looked for."""
    if credential is None:
        return None, found
    kind = lists.type_of(credential, site.settings.type_for(credential.kind))
    check_credential(credential, kind)
    there = yield from tokens.find(site, kind, credential.number)
    try:
        tokens.refuse_others(there, [each.id for each in found])
    except Conflict:
        # Another process may have admitted the same visitor since: then the hands are our own.
        found = yield from holders.find(site, mark)
        tokens.refuse_others(there, [each.id for each in found])
    return kind, found
