"""What changed in a room's calendar: calendarView/delta. Flows.

A page of a round is a page of Graph's. An occurrence comes with its times alone and its series as an item of
its own, in no promised order: a series that is not on the same page is read besides.
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
    from collections.abc import Iterable, Iterator, Mapping

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.model import TimeWindow

__all__ = ["changes_page"]

_GONE: Final = 410
_FORGOTTEN: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_OF_THE_SERIES: Final = frozenset({"id", "type", "start", "end", "recurrence", "changeKey", "@odata.etag"})
"""What an occurrence does not take from its series."""


class _Place(NamedTuple):
    """Where to read: from a link of Graph's, or from the beginning of a window."""

    room: str
    window: TimeWindow
    link: str | None = None
    restarted: bool = False


def changes_page(
    tenant: Tenant, room: str, window: TimeWindow | None, cursor: str | None, token: str | None
) -> Flow[ChangePage]:
    """See `CalendarAdapter.changes_page`."""
    place = _place(tenant, room, window, cursor, token)
    try:
        return (yield from _page(tenant, place))
    except NotFound as error:
        if not faults.mailbox_missing(error):
            raise
        raise refusal(Invalid, "there is no such room", "rooms() lists those there are", "changes") from error


def _place(
    tenant: Tenant, room: str, window: TimeWindow | None, cursor: str | None, token: str | None
) -> _Place:
    given = cursor if token is None else token
    kept = None if given is None else Cursor.read(given, room)
    if kept is not None and not tenant.wire.leads_here(kept.link):
        raise refusal(Invalid, "the cursor leads to another host than Graph's", "begin anew", "changes")
    if kept is not None and (token is not None or window is None or window == kept.window):
        return _Place(room, kept.window, kept.link, kept.restarted)
    return _Place(room, _needed(window))


def _needed(window: TimeWindow | None) -> TimeWindow:
    if window is None:
        raise refusal(
            Invalid,
            "changes needs a window for a first round",
            "give window=, or the cursor of an earlier round",
            "changes",
        )
    return window


def _page(tenant: Tenant, place: _Place) -> Flow[ChangePage]:
    try:
        answer = yield from tenant.wire.ask(_call(tenant, place))
    except ConnectorError as error:
        if not _forgotten(error) or place.link is None or place.restarted:
            raise
        # One clean start: what was told of the broken round does not count. The answer may name an address to
        # go on from; the window itself is the surer one.
        place = _Place(place.room, place.window, restarted=True)
        answer = yield from tenant.wire.ask(_call(tenant, place))
    changes = yield from _read(tenant, place, _items(answer))
    following = tenant.wire.next_link(answer)
    if following is not None:
        then = Cursor(place.room, place.window, following, place.restarted)
        return ChangePage(changes, next=then.written(), restarted=place.restarted)
    done = text(answer, "@odata.deltaLink")
    if done is None:
        raise refusal(BadResponse, "a round of changes came to no end", "try again later", "changes")
    tenant.wire.check_link(done)
    cursor = Cursor(place.room, place.window, done)
    return ChangePage(changes, cursor=cursor.written(), restarted=place.restarted)


def _forgotten(error: ConnectorError) -> bool:
    return error.status == _GONE or (error.code or "").lower() in _FORGOTTEN


def _items(answer: Node) -> dict[str, Node]:
    """What a page tells, by id: the last word counts."""
    items: dict[str, Node] = {}
    for each in nodes(answer, "value"):
        event_id = text(each, "id") or ""
        items.pop(event_id, None)
        items[event_id] = each
    return items


def _call(tenant: Tenant, place: _Place) -> Call:
    window = place.window
    first = {"startDateTime": times.query(window.start), "endDateTime": times.query(window.end)}
    return Call(
        operation="calendarViewDelta",
        path=place.link or path("users", place.room, "calendarView", "delta"),
        mailbox=place.room,
        query={} if place.link else first,
        # With every page: each answer's ids and times follow its own request.
        prefer=(f"odata.maxpagesize={tenant.settings.page_size}",),
    )


def _read(tenant: Tenant, place: _Place, items: Mapping[str, Node]) -> Flow[tuple[Change, ...]]:
    standing = {key: each for key, each in items.items() if "@removed" not in each}
    masters = {key: each for key, each in standing.items() if text(each, "type") == "seriesMaster"}
    partial = [each for each in standing.values() if _is_partial(each)]
    missing = {text(each, "seriesMasterId") or "" for each in partial} - masters.keys()
    masters |= yield from references.masters(tenant, place.room, missing)
    whole = {key: _joined(each, masters) for key, each in standing.items()}
    try:
        known = yield from references.references(tenant, place.room, place.window, whole.values())
        return tuple(_changes(tenant, place.room, items, whole, known))
    except Broken as error:
        raise refusal(BadResponse, f"a change is {error.reason}", "try again later", "changes") from None


def _changes(
    tenant: Tenant,
    room: str,
    items: Iterable[str],
    whole: Mapping[str, Node],
    known: Mapping[str, str],
) -> Iterator[Change]:
    read = events.Reader(room, tenant.settings.reference_property, room=room)
    for key in items:
        event = whole.get(key)
        if event is None:
            # It may name an id never told: something outside of the window changed.
            yield Change(kind="removed", id=key)
        else:
            reference = known.get(text(event, "seriesMasterId") or key)
            yield Change(kind="changed", id=key, booking=read(event, reference))


def _is_partial(event: Node) -> bool:
    """Whether only its times came; an exception brings all members."""
    return text(event, "seriesMasterId") is not None and "subject" not in event


def _joined(event: Node, masters: Mapping[str, Node]) -> Node:
    if not _is_partial(event):
        return event
    series = masters.get(text(event, "seriesMasterId") or "", {})
    return {**{name: value for name, value in series.items() if name not in _OF_THE_SERIES}, **event}
