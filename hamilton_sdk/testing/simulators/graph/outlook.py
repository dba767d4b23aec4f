"""A user's edits: what people do to their calendars in Outlook, as method calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.testing.simulators.graph.documents import event_document, event_id
from hamilton_sdk.testing.simulators.graph.times import Moment, write_moment, zone_of
from hamilton_sdk.testing.simulators.graph.wire import Preferences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from hamilton_sdk.testing.simulators.graph.events import Events
    from hamilton_sdk.testing.simulators.graph.meetings import Meetings
    from hamilton_sdk.testing.simulators.graph.responding import Responding
    from hamilton_sdk.testing.simulators.graph.state import Event, Tenant

__all__ = ["Outlook"]

_IMMUTABLE = Preferences(immutable=True)


class Outlook:
    """What people do, and what they see. Ids are immutable ones, either kind is taken.

    Args:
        tenant: The mailboxes.
        events: Operations on events.
        responding: Answers to meetings.
        meetings: Carries them.
        lock: Keeps the tenant whole between threads.
    """

    def __init__(
        self,
        tenant: Tenant,
        events: Events,
        responding: Responding,
        meetings: Meetings,
        lock: AbstractContextManager[Any],
    ) -> None:
        self._tenant = tenant
        self._events = events
        self._responding = responding
        self._meetings = meetings
        self._lock = lock

    def book(
        self,
        mailbox: str,
        start: datetime,
        end: datetime,
        *,
        subject: str = "Made by hand",
        attendees: Sequence[str] = (),
        recurrence: Mapping[str, Any] | None = None,
        **members: Any,  # noqa: ANN401 (members of an event as Graph names them)
    ) -> str:
        """Make an event.

        Args:
            mailbox: Whose calendar.
            start: Aware.
            end: Aware.
            subject: Its title.
            attendees: Addresses; rooms are invited as resources.
            recurrence: A patternedRecurrence as Graph takes it.
            members: Further members, as Graph names them.

        Returns:
            Its immutable id.

        Raises:
            ConfigurationError: A naive time.
        """
        document: dict[str, Any] = {"subject": subject, **_times(start, end), **members}
        if attendees:
            document["attendees"] = [self._invited(each) for each in attendees]
        if recurrence is not None:
            document["recurrence"] = recurrence
        with self._lock:
            event = self._events.new(self._tenant.mailbox(mailbox), document)
            self._events.keep(event)
            return event_id(event, _IMMUTABLE)

    def _invited(self, address: str) -> dict[str, Any]:
        known = self._tenant.mailboxes.get(address.lower())
        room = known is not None and known.kind == "room"
        name = address if known is None else known.name
        return {
            "type": "resource" if room else "required",
            "emailAddress": {"address": address, "name": name},
        }

    def move(self, mailbox: str, event: str, start: datetime, end: datetime) -> None:
        """Give an event, or one occurrence, another time."""
        self.edit(mailbox, event, **_times(start, end))

    def edit(self, mailbox: str, event: str, **members: Any) -> None:  # noqa: ANN401 (as Graph names them)
        """Change members of an event or of one occurrence."""
        with self._lock:
            self._events.change(self._find(mailbox, event), members)

    def make_recurring(self, mailbox: str, event: str, recurrence: Mapping[str, Any] | None) -> None:
        """Turn an event into a series, or a series into its first event."""
        self.edit(mailbox, event, recurrence=recurrence)

    def cancel(self, mailbox: str, event: str) -> None:
        """Call a meeting, or one day of it, off, as its organiser."""
        with self._lock:
            self._responding.cancel(self._find(mailbox, event))

    def delete(self, mailbox: str, event: str) -> None:
        """Delete an event, or one occurrence."""
        with self._lock:
            self._events.remove(self._find(mailbox, event))

    def accept(self, mailbox: str, event: str) -> None:
        """Accept an invitation, also for a room (as its delegate)."""
        self._answer(mailbox, event, "accepted")

    def decline(self, mailbox: str, event: str) -> None:
        """Decline an invitation, also for a room: it leaves the calendar."""
        self._answer(mailbox, event, "declined")

    def tentatively_accept(self, mailbox: str, event: str) -> None:
        """Accept an invitation tentatively."""
        self._answer(mailbox, event, "tentativelyAccepted")

    def _answer(self, mailbox: str, event: str, response: str) -> None:
        with self._lock:
            found = self._find(mailbox, event)
            if found.is_organizer:
                message = "the organiser of a meeting cannot answer it"
                raise ConfigurationError(message, hint="answer from the calendar of somebody invited")
            self._meetings.answer(found.master or found, response, tell=True)

    def events(self, mailbox: str) -> list[dict[str, Any]]:
        """What stands in a calendar: single events and masters, as Graph writes them, in order of making."""
        with self._lock:
            self._meetings.settle()
            kept = sorted(self._tenant.mailbox(mailbox).events.values(), key=lambda each: each.serial)
            return [self._shown(each) for each in kept]

    def view(self, mailbox: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """What takes some of a window: single events, occurrences and exceptions, by start."""
        with self._lock:
            self._meetings.settle()
            return [self._shown(each) for each in self._tenant.mailbox(mailbox).view(start, end)]

    def get(self, mailbox: str, event: str) -> dict[str, Any]:
        """One event."""
        with self._lock:
            return self._shown(self._find(mailbox, event))

    @staticmethod
    def _shown(event: Event) -> dict[str, Any]:
        properties = [{"id": name, "value": value} for name, value in event.properties.items()]
        return {**event_document(event, _IMMUTABLE), "singleValueExtendedProperties": properties}

    def _find(self, mailbox: str, event: str) -> Event:
        self._meetings.settle()
        return self._events.find(self._tenant.mailbox(mailbox), event)


def _times(start: datetime, end: datetime) -> dict[str, Any]:
    if start.utcoffset() is None or end.utcoffset() is None:
        message = "a time in Outlook is naive: it has no time zone"
        raise ConfigurationError(message, hint="give an aware datetime, e.g. datetime(..., tzinfo=UTC)")
    return {"start": _time(start), "end": _time(end)}


def _time(instant: datetime) -> dict[str, Any]:
    zone = getattr(instant.tzinfo, "key", None) or "UTC"
    local = instant.astimezone(zone_of(zone)).replace(tzinfo=None)
    return write_moment(Moment(local, zone), zone)
