"""Operations on events: create, read, list, update, delete."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from hamilton_sdk.testing.simulators.graph.documents import event_document, event_id
from hamilton_sdk.testing.simulators.graph.drafts import DEFAULTS, apply, read_address
from hamilton_sdk.testing.simulators.graph.errors import Refused, bad_request, not_found
from hamilton_sdk.testing.simulators.graph.options import check_options, matching, selection, window
from hamilton_sdk.testing.simulators.graph.state import Event, read_id
from hamilton_sdk.testing.simulators.graph.times import Moment
from hamilton_sdk.testing.simulators.graph.wire import Call, Reply

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.meetings import Meetings
    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Mailbox, Tenant
    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["Events"]

_PAGE: Final = 10
_LARGEST_PAGE: Final = 1000
_NOT_IN_VIEWS: Final = ("createddatetime", "lastmodifieddatetime")
_READING: Final = frozenset({"$select", "$expand"})
_LISTING: Final = frozenset({"$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count"})
_STALE: Final = (
    "The send or update operation could not be performed because the change key passed in the request \
does not match the current change key for the item."
)


class Events:
    """The events of all mailboxes, as one application works on them.

    Args:
        tenant: Where they lie.
        meetings: Carries them to who is invited.
        switches: What is not known of the real service.
    """

    def __init__(self, tenant: Tenant, meetings: Meetings, switches: Switches) -> None:
        self._tenant = tenant
        self._meetings = meetings
        self._switches = switches

    def create(self, call: Call, mailbox: Mailbox) -> Reply:
        """POST …/events."""
        document = call.document()
        transaction = document.get("transactionId")
        if transaction is not None:
            earlier = self._earlier(call, mailbox, str(transaction), document)
            if earlier is not None:
                return Reply(201, earlier)
        event = self.new(mailbox, document)
        event.transaction = None if transaction is None else str(transaction)
        if event.transaction is not None:
            mailbox.transactions[event.transaction] = (event, _digest(document))
        self.keep(event)
        return Reply(201, self._entity(call, event))

    def new(self, mailbox: Mailbox, document: Document) -> Event:
        """An event of a body, not yet in a calendar."""
        now = self._tenant.now
        blank = Moment(datetime(2000, 1, 1), "UTC")  # noqa: DTZ001 (local times are naive; overwritten below)
        draft = Event(
            serial=self._tenant.serial(),
            owner=mailbox.address.lower(),
            uid="",
            start=blank,
            end=blank,
            members=copy.deepcopy(DEFAULTS),
            organizer=mailbox.who,
            created=now,
            modified=now,
        )
        digest = hashlib.sha256(f"uid:{draft.serial}".encode()).hexdigest().upper()
        draft.uid = f"040000008200E00074C5B7101A82E008{digest[:64]}"
        organizer = document.get("organizer")
        if organizer is not None:
            read_address(organizer.get("emailAddress"))
        apply(document, draft, new=True)
        return draft

    def keep(self, event: Event) -> None:
        """Put a new event into its calendar, and invite."""
        self._tenant.put(event, "created")
        if event.attendees:
            self._meetings.send(event, again=False)

    def _earlier(self, call: Call, mailbox: Mailbox, transaction: str, document: Document) -> Document | None:
        """What the same transactionId made before.

        Same body: the same event, no second one (tested by blog.rykoma.net/2020/10/05/1559).
        """
        known = mailbox.transactions.get(transaction)
        if known is None:
            return None
        event, digest = known
        if event.serial not in mailbox.events and self._switches.forgets_deleted_transactions:
            return None
        if digest == _digest(document):
            return self._entity(call, event)
        message = (
            "Your request can't be completed. The TransactionId specified in the request has already been "
            "used to create a different event."
        )
        members = {"@event.existingEventId": event_id(event, call.prefer)}
        named = members if self._switches.duplicate_names_event else {}
        raise Refused(self._switches.duplicate_status, "ErrorDuplicateTransactionId", message, members=named)

    def find(self, mailbox: Mailbox, key: str) -> Event:
        """An event, occurrence or exception by its id in this mailbox.

        Raises:
            Refused: There is none.
        """
        serial, day = read_id(key, mailbox.address.lower())
        event = mailbox.events.get(serial)
        if event is None:
            raise not_found()
        if day is None:
            return event
        series = event.recurrence
        if series is None or day in event.cancelled or day not in set(series.dates(day)):
            raise not_found()
        return event.occurrence(day)

    def get(self, call: Call, mailbox: Mailbox, key: str) -> Reply:
        """GET …/events/{id}."""
        check_options(call, _READING)
        event = self.find(mailbox, key)
        chosen = selection(call)
        document = self._entity(call, event)
        # These come only where they are selected on a master.
        if event.recurrence is not None and chosen.members is not None:
            if "cancelledoccurrences" in chosen.members:
                days = sorted(event.cancelled)
                document["cancelledOccurrences"] = [
                    f"OID.{event_id(event, call.prefer)}.{day}" for day in days
                ]
            if "exceptionoccurrences" in chosen.members:
                found = [
                    event_document(event.exceptions[day], call.prefer) for day in sorted(event.exceptions)
                ]
                document["exceptionOccurrences"] = found
        return Reply(200, chosen.of(document, event), {"etag": f'W/"{event.change_key}"'})

    def listing(self, call: Call, mailbox: Mailbox) -> Reply:
        """GET …/events: single events and masters."""
        check_options(call, _LISTING)
        events = sorted(mailbox.events.values(), key=lambda each: each.serial)
        return self._page(call, matching(call, events), forbidden=())

    def view(self, call: Call, mailbox: Mailbox) -> Reply:
        """GET …/calendarView: single events, occurrences and exceptions within a window."""
        check_options(call, _LISTING)
        start, end = window(call)
        return self._page(call, matching(call, mailbox.view(start, end)), forbidden=_NOT_IN_VIEWS)

    def instances(self, call: Call, mailbox: Mailbox, key: str) -> Reply:
        """GET …/events/{id}/instances."""
        check_options(call, _LISTING)
        start, end = window(call)
        event = self.find(mailbox, key)
        if event.recurrence is None:
            message = "Instances can only be had of a series master."
            raise bad_request(message, "ErrorOccurrenceTimeSpanTooBig")
        return self._page(call, event.instances(start, end), forbidden=())

    def _page(self, call: Call, events: list[Event], *, forbidden: tuple[str, ...]) -> Reply:
        chosen = selection(call, forbidden=forbidden)
        events = _ordered(call, events)
        top = call.number("$top", _PAGE, _LARGEST_PAGE) or _PAGE
        skip = call.number("$skip", 0, 10**9)
        shown = [chosen.of(event_document(each, call.prefer), each) for each in events[skip : skip + top]]
        document: Document = {"@odata.context": f"{call.base}/v1.0/$metadata#events", "value": shown}
        if call.query.get("$count", "").lower() == "true":
            document["@odata.count"] = len(events)
        if skip + top < len(events):
            options = {**call.query, "$top": str(top), "$skip": str(skip + top)}
            path = "/".join(call.path)
            document["@odata.nextLink"] = f"{call.base}/v1.0/{path}?{urlencode(options)}"
        return Reply(200, document)

    def update(self, call: Call, mailbox: Mailbox, key: str) -> Reply:
        """PATCH …/events/{id}."""
        event = self.find(mailbox, key)
        document = call.document()
        if self._switches.honours_if_match:
            check_version(call, event)
        self.change(event, document)
        return Reply(200, self._entity(call, self.find(mailbox, key)))

    def change(self, event: Event, document: Document) -> None:
        """Write into an event what a body holds, and tell who is invited.

        Raises:
            Refused: It cannot be; nothing is changed then.
        """
        draft = copy.copy(event)
        draft.members, draft.properties = copy.deepcopy(event.members), dict(event.properties)
        draft.attendees = copy.deepcopy(event.attendees)
        apply(document, draft, new=False)
        moved = (draft.start, draft.end, draft.recurrence) != (event.start, event.end, event.recurrence)
        if event.master is not None:
            self._keep_in_order(event, draft)
            assert event.day is not None
            event.master.exceptions[event.day] = draft
            kept = draft
        else:
            if moved and event.recurrence is not None:
                # A new pattern or time makes the series anew: what was an exception is none any more.
                draft.exceptions, draft.cancelled = {}, set()
            for name in Event.__slots__:
                setattr(event, name, getattr(draft, name))
            kept = event
        self._tenant.put(kept)
        if kept.is_organizer:
            self._meetings.send(kept, again=moved)

    @staticmethod
    def _keep_in_order(event: Event, draft: Event) -> None:
        """An exception cannot cross a neighbouring occurrence."""
        assert event.master is not None
        assert event.day is not None
        around = event.master.occurrences(max(event.end.utc, draft.end.utc) + timedelta(days=800))
        others = [(each.day, each) for each in around if each.day is not None]
        before = [each for day, each in others if day < event.day]
        after = [each for day, each in others if day > event.day]
        late = bool(after) and draft.end.utc > after[0].start.utc
        early = bool(before) and draft.start.utc < before[-1].end.utc
        if late or early or draft.recurrence is not None:
            message = "Modified occurrence is crossing or overlapping adjacent occurrence."
            raise bad_request(message, "ErrorOccurrenceCrossingBoundary")

    def delete(self, call: Call, mailbox: Mailbox, key: str) -> Reply:
        """DELETE …/events/{id}; where the owner organises, it calls the meeting off."""
        event = self.find(mailbox, key)
        check_version(call, event)
        self.remove(event)
        return Reply(204)

    def remove(self, event: Event) -> None:
        """Take an event out of its calendar, or one day out of a series."""
        master = event.master
        if master is None:
            if event.is_organizer:
                self._meetings.call_off(event)
            elif event.serial in self._tenant.mailboxes[event.owner].events and event.response != "declined":
                self._meetings.answer(event, "declined", tell=True)
                return
            self._tenant.drop(event)
            return
        assert event.day is not None
        master.cancelled.add(event.day)
        master.exceptions.pop(event.day, None)
        self._tenant.put(master)
        if master.is_organizer:
            self._meetings.send(master, again=False)

    def _entity(self, call: Call, event: Event) -> Document:
        context = f"{call.base}/v1.0/$metadata#users('{event.owner}')/events/$entity"
        return {"@odata.context": context, **event_document(event, call.prefer)}


def check_version(call: Call, event: Event) -> None:
    """If-Match.

    Raises:
        Refused: It names another version.
    """
    wanted = call.headers.get("if-match", "*")
    if wanted not in ("*", f'W/"{event.change_key}"'):
        raise Refused(412, "ErrorIrresolvableConflict", _STALE)


def _ordered(call: Call, events: list[Event]) -> list[Event]:
    order = call.query.get("$orderby")
    if order is None:
        return events
    name, _, direction = order.strip().partition(" ")
    if name.lower() not in ("start/datetime", "end/datetime", "createddatetime"):
        message = "The property cannot be used in $orderby."
        raise Refused(400, "ErrorInvalidUrlQuery", message)

    def key(event: Event) -> datetime:
        if name.lower() == "createddatetime":
            return event.created
        return event.start.utc if name.lower().startswith("start") else event.end.utc

    return sorted(events, key=key, reverse=direction.strip().lower() == "desc")


def _digest(document: Document) -> str:
    return str(uuid5(NAMESPACE_URL, json.dumps(document, sort_keys=True)))
