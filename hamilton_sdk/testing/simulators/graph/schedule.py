"""getSchedule: who is busy when, with a failure of its own for each schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.testing.simulators.graph.errors import Refused, bad_request, malformed
from hamilton_sdk.testing.simulators.graph.times import read_moment, write_moment
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Event, Mailbox, Tenant
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["get_schedule"]

_DIGITS: Final = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
_MOST_ENTRIES: Final = 1000
_LONGEST: Final = timedelta(days=62)
_MEMBERS: Final = frozenset({"schedules", "starttime", "endtime", "availabilityviewinterval"})


def get_schedule(call: Call, tenant: Tenant, switches: Switches) -> Reply:
    """POST …/calendar/getSchedule.

    Raises:
        Refused: The question as a whole is wrong.
    """
    given = {name.lower(): value for name, value in call.document().items()}
    schedules = given.get("schedules")
    if not isinstance(schedules, list) or not schedules or not given.keys() <= _MEMBERS:
        raise malformed()
    addresses = cast("list[str]", schedules)
    if len(addresses) > switches.most_schedules:
        message = "The array of mailboxes is too large."
        raise Refused(400, "ErrorMailboxDataArrayTooBig", message)
    start, end = read_moment(given.get("starttime")).utc, read_moment(given.get("endtime")).utc
    if not timedelta() < end - start <= _LONGEST:
        message = "The time window is not valid."
        raise bad_request(message, "ErrorInvalidTimeInterval")
    interval = _interval(given)
    value = [_of(call, tenant, str(each), start, end, interval) for each in addresses]
    context = f"{call.base}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return Reply(200, {"@odata.context": context, "value": value})


def _interval(given: Document) -> timedelta:
    """Minutes of each digit of the view; an explicit null is a 500 (microsoft-graph-docs#4494)."""
    minutes = given.get("availabilityviewinterval", 30)
    if minutes is None:
        raise Refused(
            500, "ErrorInternalServerError", "An internal server error occurred. The operation failed."
        )
    if not isinstance(minutes, int) or not 5 <= minutes <= 1440:  # noqa: PLR2004 (documented limits)
        message = "The interval of the availability view must be 5 to 1440 minutes."
        raise bad_request(message, "ErrorInvalidMergedFreeBusyInterval")
    return timedelta(minutes=minutes)


def _of(
    call: Call, tenant: Tenant, address: str, start: datetime, end: datetime, step: timedelta
) -> Document:
    mailbox = tenant.mailboxes.get(address.lower())
    if mailbox is None:
        return _failed(address, "Mailbox recipient was not found.", "5009")
    events = [each for each in mailbox.view(start, end) if _counts(each)]
    if len(events) > _MOST_ENTRIES:
        return _failed(address, "The result set contains too many calendar entries.", "5006")
    return {
        "scheduleId": address,
        "availabilityView": _digits(events, start, end, step),
        "scheduleItems": [_item(call, each) for each in events],
        "workingHours": _hours(mailbox),
    }


def _failed(address: str, message: str, code: str) -> Document:
    error = {"message": message, "responseCode": code}
    return {"scheduleId": address, "availabilityView": "", "error": error}


def _counts(event: Event) -> bool:
    return event.members["showAs"] != "free" and not event.members["isCancelled"]


def _digits(events: list[Event], start: datetime, end: datetime, step: timedelta) -> str:
    digits: list[str] = []
    while start < end:
        here = [each for each in events if each.start.utc < start + step and each.end.utc > start]
        digits.append(max((_DIGITS.get(each.members["showAs"], "0") for each in here), default="0"))
        start += step
    return "".join(digits)


def _item(call: Call, event: Event) -> Document:
    private = event.members["sensitivity"] in ("private", "confidential")
    shown: Document = {"isPrivate": private}
    if not private:
        shown.update(subject=event.members["subject"], location=event.members["location"]["displayName"])
    return {
        **shown,
        "status": event.members["showAs"],
        "start": write_moment(event.start, call.prefer.zone),
        "end": write_moment(event.end, call.prefer.zone),
    }


def _hours(mailbox: Mailbox) -> Document:
    return {
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": mailbox.zone},
    }
