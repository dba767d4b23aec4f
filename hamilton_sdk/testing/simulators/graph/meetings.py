"""Meetings: copies in the mailboxes of who is invited, and the attendants that answer for rooms.

From documentation and issues, as no recorded trace of a room's answer is known: a room answers meeting
requests only, seconds to minutes later; its copy then has the organiser's name as subject and no body
(AutoAccept, AddOrganizerToSubject, DeleteSubject, DeleteComments: Exchange's defaults since November 2018).
"""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.testing.simulators.graph.state import Attendee, Event, Mailbox, Tenant

__all__ = ["Meetings"]

_LOOKED_AHEAD: Final = timedelta(days=180)
"""How far a room's attendant looks for conflicts of a series (BookingWindowInDays)."""


class Meetings:
    """Carries what organisers and attendees do to one another's mailboxes.

    Args:
        tenant: The mailboxes.
        delay: How long a room's attendant takes to answer.
    """

    def __init__(self, tenant: Tenant, delay: timedelta) -> None:
        self._tenant = tenant
        self.delay = delay

    def send(self, event: Event, *, again: bool) -> None:
        """Carry an organiser's event, new or changed, to everyone invited.

        Args:
            event: Of the organiser; an exception carries its whole series.
            again: Whether its times changed, so that all are asked anew.
        """
        top = event if event.master is None else event.master
        if again:
            for attendee in (*top.attendees, *event.attendees):
                attendee.response, attendee.answered = "none", None
        invited = {each.who.address.lower(): each for each in top.attendees}
        for mailbox in self._tenant.mailboxes.values():
            mine = self._copy(top, mailbox)
            if mailbox.address.lower() == top.owner:
                continue
            if mailbox.address.lower() in invited:
                self._invite(top, mailbox, mine, again=again)
            elif mine is not None:
                self._tenant.drop(mine)

    def _invite(self, event: Event, mailbox: Mailbox, mine: Event | None, *, again: bool) -> None:
        mailbox_event = copy.copy(event) if mine is None else mine
        mailbox_event.serial = self._tenant.serial() if mine is None else mine.serial
        mailbox_event.owner = mailbox.address.lower()
        mailbox_event.start, mailbox_event.end = event.start, event.end
        mailbox_event.recurrence, mailbox_event.cancelled = event.recurrence, set(event.cancelled)
        mailbox_event.attendees = copy.deepcopy(event.attendees)
        mailbox_event.properties, mailbox_event.transaction = {}, None
        if mine is None or mailbox.kind == "person":
            mailbox_event.members = copy.deepcopy(event.members)
        if mine is None or again:
            mailbox_event.response, mailbox_event.answered = "notResponded", None
            mailbox_event.members["showAs"] = "tentative"
            if mailbox.kind == "room" and mailbox.attendant != "off":
                mailbox_event.answers_at = self._tenant.now + self.delay
        mailbox_event.exceptions = {
            day: self._exception(each, mailbox_event) for day, each in event.exceptions.items()
        }
        self._tenant.put(mailbox_event, "created" if mine is None else "updated")

    @staticmethod
    def _exception(of: Event, master: Event) -> Event:
        mine = copy.copy(of)
        mine.master, mine.serial, mine.owner = master, master.serial, master.owner
        mine.members = {**copy.deepcopy(of.members), "showAs": master.members["showAs"]}
        mine.response, mine.properties = master.response, {}
        if master.members["subject"] != (of.master or of).members["subject"]:
            mine.members["subject"] = master.members["subject"]
        return mine

    def call_off(self, event: Event) -> None:
        """Tell everyone invited that a meeting is off: rooms forget it, people see it cancelled."""
        for mailbox in self._tenant.mailboxes.values():
            mine = self._copy(event, mailbox)
            if mine is None or mailbox.address.lower() == event.owner:
                continue
            if mailbox.kind == "room":
                self._tenant.drop(mine)
            else:
                mine.members.update(
                    isCancelled=True, subject=f"Canceled: {mine.members['subject']}", showAs="free"
                )
                self._tenant.put(mine)

    def answer(self, mine: Event, response: str, *, tell: bool) -> None:
        """What an invited mailbox says; a meeting it declines leaves its calendar.

        Args:
            mine: Its copy.
            response: ``"accepted"``, ``"tentativelyAccepted"`` or ``"declined"``.
            tell: Whether the organiser hears of it.
        """
        now = self._tenant.now
        mine.response, mine.answered, mine.answers_at = response, now, None
        if response == "declined":
            self._tenant.drop(mine)
        else:
            mine.members["showAs"] = "busy" if response == "accepted" else "tentative"
            for exception in mine.exceptions.values():
                exception.response, exception.members["showAs"] = response, mine.members["showAs"]
            self._tenant.put(mine)
        theirs = self.organizers(mine)
        if tell and theirs is not None:
            for attendee in self._lines(theirs, mine.owner):
                attendee.response, attendee.answered = response, now
            self._tenant.put(theirs)

    @staticmethod
    def _lines(event: Event, address: str) -> list[Attendee]:
        every = [*event.attendees, *(one for each in event.exceptions.values() for one in each.attendees)]
        return [each for each in every if each.who.address.lower() == address]

    def organizers(self, mine: Event) -> Event | None:
        """The organiser's own event of a meeting."""
        mailbox = self._tenant.mailboxes.get(mine.organizer.address.lower())
        return None if mailbox is None else self._copy(mine, mailbox)

    @staticmethod
    def _copy(event: Event, mailbox: Mailbox) -> Event | None:
        return next((each for each in mailbox.events.values() if each.uid == event.uid), None)

    def settle(self) -> None:
        """Let every attendant answer whose time has come, in the order in which requests came."""
        waiting = [
            (mailbox, event)
            for mailbox in self._tenant.mailboxes.values()
            for event in mailbox.events.values()
            if event.answers_at is not None and event.answers_at <= self._tenant.now
        ]
        for mailbox, event in sorted(waiting, key=lambda each: (each[1].answers_at, each[1].version)):
            self._decide(mailbox, event)

    def _decide(self, mailbox: Mailbox, event: Event) -> None:
        if mailbox.attendant == "decline" or self._is_taken(mailbox, event):
            self.answer(event, "declined", tell=True)
            return
        event.members.update(subject=event.organizer.name, body={"contentType": "html", "content": ""})
        for exception in event.exceptions.values():
            exception.members.update(
                subject=event.organizer.name, body={"contentType": "html", "content": ""}
            )
        tentative = mailbox.attendant == "tentative"
        self.answer(event, "tentativelyAccepted" if tentative else "accepted", tell=True)

    def _is_taken(self, mailbox: Mailbox, event: Event) -> bool:
        last = event.start.utc + _LOOKED_AHEAD
        own = event.instances(event.start.utc, max(last, event.end.utc))
        return any(self._conflict(mailbox, event, each.start.utc, each.end.utc) for each in own)

    @staticmethod
    def _conflict(mailbox: Mailbox, event: Event, start: datetime, end: datetime) -> bool:
        return any(
            each.uid != event.uid
            and not each.members["isCancelled"]
            and each.members["showAs"] != "free"
            and each.response != "notResponded"
            for each in mailbox.view(start, end)
            if each.start.utc < end and each.end.utc > start
        )
