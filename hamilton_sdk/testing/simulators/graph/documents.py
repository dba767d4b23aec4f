"""Events as Graph answers them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hamilton_sdk.testing.simulators.graph.state import id_of
from hamilton_sdk.testing.simulators.graph.times import NEVER, write_instant, write_moment

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.state import Attendee, Event
    from hamilton_sdk.testing.simulators.graph.wire import Document, Preferences

__all__ = ["event_document", "event_id", "partial_document"]

_TAG: Final = re.compile(r"<[^>]*>")
_PREVIEW: Final = 255


def event_id(event: Event, prefer: Preferences) -> str:
    """An event's id in the form that is preferred."""
    return id_of(event.serial, event.day, event.owner, immutable=prefer.immutable)


def event_document(event: Event, prefer: Preferences) -> Document:
    """An event whole.

    Args:
        event: Which.
        prefer: The form of ids, the zone of times, the form of bodies.
    """
    key = event.change_key
    text = event.members["body"]
    document: Document = {
        "@odata.etag": f'W/"{key}"',
        "id": event_id(event, prefer),
        "createdDateTime": write_instant(event.created),
        "lastModifiedDateTime": write_instant(event.modified),
        "changeKey": key,
        "originalStartTimeZone": event.start.zone,
        "originalEndTimeZone": event.end.zone,
        "iCalUId": event.uid,
        "hasAttachments": False,
        "isDraft": False,
        "isOrganizer": event.is_organizer,
        "seriesMasterId": None if event.master is None else event_id(event.master, prefer),
        "type": event.kind,
        "webLink": f"https://outlook.office365.com/owa/?itemid={quote(event_id(event, prefer), safe='')}",
        "onlineMeetingUrl": None,
        "onlineMeeting": None,
        **event.members,
        "body": _text(text, as_text=prefer.text),
        "bodyPreview": _plain(text)[:_PREVIEW],
        "responseStatus": {"response": event.response, "time": write_instant(event.answered)},
        "start": write_moment(event.start, prefer.zone, all_day=event.all_day),
        "end": write_moment(event.end, prefer.zone, all_day=event.all_day),
        "recurrence": None if event.recurrence is None else event.recurrence.document(),
        "attendees": [_attendee(each) for each in event.attendees],
        "organizer": event.organizer.document(),
    }
    if event.transaction is not None:
        document["transactionId"] = event.transaction
    if event.master is not None and event.day is not None:
        planned = event.master.start
        document["originalStart"] = write_instant(
            type(planned)(planned.local.combine(event.day, planned.local.time()), planned.zone).utc
        )
        document["occurrenceId"] = f"OID.{event_id(event.master, prefer)}.{event.day}"
    return document


def partial_document(event: Event, prefer: Preferences) -> Document:
    """An occurrence in delta has these members only (microsoft-graph-docs-contrib#34)."""
    whole = event_document(event, prefer)
    names = ("@odata.etag", "id", "seriesMasterId", "type", "start", "end")
    return {"@odata.type": "#microsoft.graph.event", **{name: whole[name] for name in names}}


def _attendee(attendee: Attendee) -> Document:
    time = NEVER if attendee.answered is None else write_instant(attendee.answered)
    return {
        "type": attendee.kind,
        "status": {"response": attendee.response, "time": time},
        **attendee.who.document(),
    }


def _plain(body: dict[str, Any]) -> str:
    content: str = body["content"]
    return content if body["contentType"] == "text" else html.unescape(_TAG.sub("", content)).strip()


def _text(body: dict[str, Any], *, as_text: bool) -> Document:
    if as_text:
        return {"contentType": "text", "content": _plain(body)}
    if body["contentType"] == "text" and body["content"]:
        content = f"<html><head></head><body>{html.escape(body['content'])}</body></html>"
        return {"contentType": "html", "content": content}
    return {"contentType": "html", "content": body["content"]}
