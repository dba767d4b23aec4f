"""What changed in a room's calendar: calendarView/delta. Flows.

One round is read whole before anything is told: an occurrence comes with its times alone and its series as an
item of its own, in no promised order, and the last word about an id wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hamilton_sdk.errors import BadResponse, ConnectorError, Invalid, NotFound
from hamilton_sdk.graph.exchange import events, faults, references, times
from hamilton_sdk.graph.exchange.cursors import Cursor
from hamilton_sdk.graph.exchange.nodes import Broken, Node, nodes, text
from hamilton_sdk.graph.exchange.wire import Call, path, refusal
from hamilton_sdk.graph.interface import ChangePage
from hamilton_sdk.graph.models import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.model import TimeWindow

__all__ = ["changes_page"]

_GONE: Final = 410
_FORGOTTEN: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_OF_THE_SERIES: Final = frozenset({"id", "type", "start", "end", "recurrence", "changeKey", "@odata.etag"})
"""What an occurrence does not take from its series."""


class _Round(NamedTuple):
    """Items by their id, each id's last one, and where the next round begins."""

    items: Mapping[str, Node]
    link: str


def changes_page(
    tenant: Tenant, room: str, window: TimeWindow | None, cursor: str | None, token: str | None
) -> Flow[ChangePage]:
    """See `CalendarAdapter.changes_page`. A round is one page."""
    if token is not None:
        raise refusal(Invalid, "a round of changes is one page", "begin the round anew", "changes")
    kept = None if cursor is None else Cursor.read(cursor, room)
    if kept is not None and not tenant.wire.leads_here(kept.link):
        raise refusal(Invalid, "the cursor leads to another host than Graph's", "begin anew", "changes")
    if kept is not None and (window is None or window == kept.window):
        begins, within = kept.link, kept.window
    else:
        begins, within = None, _needed(window)
    try:
        return (yield from _page(tenant, room, within, begins))
    except NotFound as error:
        if not faults.mailbox_missing(error):
            raise
        raise refusal(Invalid, "there is no such room", "rooms() lists those there are", "changes") from error


def _needed(window: TimeWindow | None) -> TimeWindow:
    if window is None:
        raise refusal(
            Invalid,
            "changes needs a window for a first round",
            "give window=, or the cursor of an earlier round",
            "changes",
        )
    return window


def _page(tenant: Tenant, room: str, window: TimeWindow, begins: str | None) -> Flow[ChangePage]:
    restarted = False
    try:
        found = yield from _round(tenant, room, window, begins)
    except ConnectorError as error:
        if not _forgotten(error):
            raise
        # One clean start: whatever was read of the broken round is dropped. The answer may name an address to
        # go on from; the window itself is the surer one.
        found = yield from _round(tenant, room, window, None)
        restarted = begins is not None
    changes = yield from _read(tenant, room, window, found.items)
    return ChangePage(changes, cursor=Cursor(room, window, found.link).written(), restarted=restarted)


def _forgotten(error: ConnectorError) -> bool:
    return error.status == _GONE or (error.code or "").lower() in _FORGOTTEN


def _round(tenant: Tenant, room: str, window: TimeWindow, begins: str | None) -> Flow[_Round]:
    """All pages of one round; a page may be empty, several in a row too."""
    items: dict[str, Node] = {}
    link = begins
    while True:
        answer = yield from tenant.wire.ask(_call(tenant, room, window, link))
        for each in nodes(answer, "value"):
            event_id = text(each, "id") or ""
            items.pop(event_id, None)
            items[event_id] = each
        following, done = text(answer, "@odata.nextLink"), text(answer, "@odata.deltaLink")
        if following is None:
            break
        link = following
    if done is None:
        raise refusal(BadResponse, "a round of changes came to no end", "try again later", "changes")
    tenant.wire.check_link(done)
    return _Round(items, done)


def _call(tenant: Tenant, room: str, window: TimeWindow, link: str | None) -> Call:
    first = {"startDateTime": times.query(window.start), "endDateTime": times.query(window.end)}
    return Call(
        operation="calendarViewDelta",
        path=link or path("users", room, "calendarView", "delta"),
        mailbox=room,
        query={} if link else first,
        # With every page: each answer's ids and times follow its own request.
        prefer=(f"odata.maxpagesize={tenant.settings.page_size}",),
    )


def _read(
    tenant: Tenant, room: str, window: TimeWindow, items: Mapping[str, Node]
) -> Flow[tuple[Change, ...]]:
    standing = {key: each for key, each in items.items() if "@removed" not in each}
    masters = {key: each for key, each in standing.items() if text(each, "type") == "seriesMaster"}
    partial = [each for each in standing.values() if _is_partial(each)]
    missing = {text(each, "seriesMasterId") or "" for each in partial} - masters.keys()
    masters |= yield from references.masters(tenant, room, missing)
    whole = {key: _joined(each, masters) for key, each in standing.items()}
    known = yield from references.references(tenant, room, window, whole.values())
    read = events.Reader(room, tenant.settings.reference_property, room=room)
    changes: list[Change] = []
    try:
        for key in items:
            event = whole.get(key)
            if event is None:
                # It may name an id never told: something outside of the window changed.
                changes.append(Change(kind="removed", id=key))
            else:
                reference = known.get(text(event, "seriesMasterId") or key)
                changes.append(Change(kind="changed", id=key, booking=read(event, reference)))
    except Broken as error:
        raise refusal(BadResponse, f"a change is {error.reason}", "try again later", "changes") from None
    return tuple(changes)


def _is_partial(event: Node) -> bool:
    """Whether only its times came; an exception brings all members."""
    return text(event, "seriesMasterId") is not None and "subject" not in event


def _joined(event: Node, masters: Mapping[str, Node]) -> Node:
    if not _is_partial(event):
        return event
    series = masters.get(text(event, "seriesMasterId") or "", {})
    return {**{name: value for name, value in series.items() if name not in _OF_THE_SERIES}, **event}
