"""What rounds of changes do not bring: series that did not change, and the caller's references. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConnectorError, NotFound
from hamilton_sdk.graph.exchange import events
from hamilton_sdk.graph.exchange.batch import batch
from hamilton_sdk.graph.exchange.finding import view
from hamilton_sdk.graph.exchange.nodes import Node, text
from hamilton_sdk.graph.exchange.wire import Call, path
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["masters", "references"]

_FEW: Final = 8
"""Events that are asked for one by one; more are read from the calendar's window at once."""


def masters(tenant: Tenant, room: str, ids: Collection[str]) -> Flow[dict[str, Node]]:
    """The series of these ids; one that is gone is left out."""
    return (yield from _each(tenant, room, sorted(ids), select=None))


def references(tenant: Tenant, room: str, window: TimeWindow, found: Iterable[Node]) -> Flow[dict[str, str]]:
    """The caller's reference by id of an event, or of its series.

    Extended properties are not available in delta. Only what the room organises can be ours: where a person
    does, the reference stands in that person's mailbox.
    """
    events_told = list(found)
    wanted = _organised(events_told) if tenant.rooms_organise else {}
    mark = tenant.settings.reference_property
    known: dict[str, str] = {}
    if len(wanted) > _FEW:
        known = _by_id((yield from view(tenant, room, _span(events_told, window))), mark)
        # A repeat need not bring what stands at its series.
        wanted = {key: True for key, is_series in wanted.items() if is_series and key not in known}
    told = yield from _each(tenant, room, list(wanted), select="id")
    return known | _by_id(told.values(), mark)


def _span(found: Sequence[Node], window: TimeWindow) -> TimeWindow:
    """The part of a window in which events lie; a series tells of its first occurrence alone."""
    told = [events.window_of(each) for each in found if text(each, "type") != "seriesMaster"]
    start = max(window.start, min((each.start for each in told), default=window.start))
    end = min(window.end, max((each.end for each in told), default=window.end))
    return TimeWindow(start, end) if start < end else window


def _organised(found: Iterable[Node]) -> dict[str, bool]:
    """Ids of events, or of their series, that the room organises, and whether they are series."""
    wanted: dict[str, bool] = {}
    for each in found:
        if each.get("isOrganizer") is not False:
            series = text(each, "seriesMasterId")
            wanted[series or text(each, "id") or ""] = bool(series) or text(each, "type") == "seriesMaster"
    return wanted


def _by_id(found: Iterable[Node], mark: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for each in found:
        reference = events.reference_of(each, mark)
        if reference is not None:
            told[text(each, "seriesMasterId") or text(each, "id") or ""] = reference
    return told


def _each(tenant: Tenant, room: str, ids: list[str], *, select: str | None) -> Flow[dict[str, Node]]:
    calls = [_call(tenant, room, each, select) for each in ids]
    answers = yield from batch(tenant, calls)
    found: dict[str, Node] = {}
    for key, answer in zip(ids, answers, strict=True):
        if isinstance(answer, NotFound):
            continue
        if isinstance(answer, ConnectorError):
            raise answer
        found[key] = answer
    return found


def _call(tenant: Tenant, room: str, event_id: str, select: str | None) -> Call:
    query: Mapping[str, str] = {"$expand": events.expanding(tenant.settings.reference_property)}
    return Call(
        operation="getEvent",
        path=path("users", room, "events", event_id),
        mailbox=room,
        query=query if select is None else {"$select": select, **query},
    )
