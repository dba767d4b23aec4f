"""Delta of a calendarView: rounds of pages, frozen in tokens, which grow old.

What is hard on clients and seen at the real service: empty pages with a nextLink, occurrences with few
members, removals of events outside the window, ids never seen before (microsoft-graph-docs#6599, #2839).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from uuid import uuid4

from hamilton_sdk.testing.simulators.graph.documents import event_document, partial_document
from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.options import check_options, window
from hamilton_sdk.testing.simulators.graph.state import id_of
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from datetime import date, datetime

    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Event, Mailbox, Tenant
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["Delta"]

_PAGE: Final = 10
_MOST_TOKENS: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Item:
    """What is said of one event or occurrence: it, or that it is gone."""

    serial: int
    day: date | None
    event: Event | None


@dataclass(frozen=True, slots=True)
class _Round:
    """What a token stands for.

    Attributes:
        mailbox: Whose calendar.
        start: Of the window.
        end: Of the window.
        generation: Of the round, within the mailbox.
        seen: Up to which change the round tells, or a following one begins.
        items: Of the pages still to come; None in a deltaLink.
        empty: Empty pages still to come.
        days: What of each series the client was told.
    """

    mailbox: str
    start: datetime
    end: datetime
    generation: int
    seen: int
    items: tuple[_Item, ...] | None
    empty: int
    days: frozenset[tuple[int, date]]


class Delta:
    """All rounds of all mailboxes.

    Args:
        tenant: The mailboxes.
        switches: How pages come, and how tokens age.
    """

    def __init__(self, tenant: Tenant, switches: Switches) -> None:
        self._tenant = tenant
        self._switches = switches
        self._tokens: dict[str, _Round] = {}
        self._generations: dict[str, int] = {}
        self._oldest: dict[str, int] = {}

    def expire(self, mailbox: str) -> None:
        """Make every token of a mailbox too old."""
        highest = self._generations.get(mailbox.lower(), 0)
        self._oldest[mailbox.lower()] = highest + 1
        self._generations[mailbox.lower()] = highest + 1

    def answer(self, call: Call, mailbox: Mailbox) -> Reply:
        """GET …/calendarView/delta.

        Raises:
            Refused: A query option, or a token that is too old or unknown.
        """
        check_options(call, {"$skiptoken", "$deltatoken"})
        token = call.query.get("$skiptoken") or call.query.get("$deltatoken")
        if token is None:
            start, end = window(call)
            return self._page(call, mailbox, self._first(mailbox, start, end))
        known = self._tokens.get(token)
        if known is None or known.mailbox != mailbox.address.lower():
            raise Refused(400, "ErrorInvalidUrlQuery", "Badly formed token.")
        self._check_age(call, mailbox, known)
        return self._page(call, mailbox, self._next(mailbox, known) if known.items is None else known)

    def _check_age(self, call: Call, mailbox: Mailbox, known: _Round) -> None:
        highest = self._generations[known.mailbox]
        oldest = max(self._oldest.get(known.mailbox, 0), highest - self._switches.delta_life)
        if known.generation >= oldest:
            return
        headers: dict[str, str] = {}
        if self._switches.gone_has_location:
            span = (
                f"startDateTime={quote(known.start.isoformat())}&endDateTime={quote(known.end.isoformat())}"
            )
            address = quote(mailbox.address)
            headers["location"] = f"{call.base}/v1.0/users/{address}/calendarView/delta?{span}"
        message = (
            f"The sync state generation is not found; generation={known.generation};[highest={highest}]."
        )
        raise Refused(410, self._switches.gone_code, message, headers)

    def _begin(self, mailbox: Mailbox) -> int:
        key = mailbox.address.lower()
        self._generations[key] = self._generations.get(key, 0) + 1
        return self._generations[key]

    def _first(self, mailbox: Mailbox, start: datetime, end: datetime) -> _Round:
        items = tuple(item for event in mailbox.events.values() for item in _told(event, start, end))
        return self._round(mailbox, start, end, items, frozenset())

    def _next(self, mailbox: Mailbox, known: _Round) -> _Round:
        changed = dict.fromkeys(serial for number, serial in mailbox.log if number > known.seen)
        items: list[_Item] = []
        for serial in changed:
            event = mailbox.events.get(serial)
            told = [] if event is None else _told(event, known.start, known.end)
            days = {item.day for item in told}
            # An event that is gone or outside the window is a removal, whether the client knew it or not.
            items.extend([] if told else [_Item(serial, None, None)])
            items.extend(
                _Item(serial, day, None)
                for one, day in sorted(known.days)
                if one == serial and day not in days
            )
            items.extend(told)
        left = frozenset(each for each in known.days if each[0] not in changed)
        return self._round(mailbox, known.start, known.end, tuple(items), left)

    def _round(
        self,
        mailbox: Mailbox,
        start: datetime,
        end: datetime,
        items: tuple[_Item, ...],
        days: frozenset[tuple[int, date]],
    ) -> _Round:
        told = {(item.serial, item.day) for item in items if item.day is not None and item.event is not None}
        return _Round(
            mailbox=mailbox.address.lower(),
            start=start,
            end=end,
            generation=self._begin(mailbox),
            seen=self._tenant.changes,
            items=items,
            empty=self._switches.empty_pages,
            days=days | told,
        )

    def _page(self, call: Call, mailbox: Mailbox, at: _Round) -> Reply:
        assert at.items is not None
        size = call.prefer.page_size or _PAGE
        shown = () if at.empty else at.items[:size]
        left = at.items if at.empty else at.items[size:]
        value = [self._document(call, mailbox, item) for item in shown]
        document: Document = {
            "@odata.context": f"{call.base}/v1.0/$metadata#Collection(event)",
            "value": value,
        }
        more = bool(left) or bool(at.empty)
        following = _Round(
            at.mailbox,
            at.start,
            at.end,
            at.generation,
            at.seen,
            left if more else None,
            max(at.empty - 1, 0),
            at.days,
        )
        name, option = ("@odata.nextLink", "$skiptoken") if more else ("@odata.deltaLink", "$deltatoken")
        path = "/".join(quote(each, safe="@") for each in call.path)
        document[name] = f"{call.base}/v1.0/{path}?{option}={self._token(following)}"
        return Reply(200, document)

    def _token(self, at: _Round) -> str:
        while len(self._tokens) >= _MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        token = f"R0usmc{uuid4().hex}"
        self._tokens[token] = at
        return token

    @staticmethod
    def _document(call: Call, mailbox: Mailbox, item: _Item) -> Document:
        if item.event is None:
            key = id_of(item.serial, item.day, mailbox.address.lower(), immutable=call.prefer.immutable)
            return {"@odata.type": "#microsoft.graph.event", "id": key, "@removed": {"reason": "deleted"}}
        if item.event.kind == "occurrence":
            return partial_document(item.event, call.prefer)
        return {"@odata.type": "#microsoft.graph.event", **event_document(item.event, call.prefer)}


def _told(event: Event, start: datetime, end: datetime) -> list[_Item]:
    """What is told of an event within a window: a series' master is an item of its own."""
    found = event.instances(start, end)
    items = [_Item(each.serial, each.day, each) for each in found]
    return [_Item(event.serial, None, event), *items] if items and event.recurrence is not None else items
