"""Graph's front: who is let in, how much, which operation is meant, and how it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from hamilton_sdk.testing.simulators.graph.errors import Refused, bad_request, malformed, unknown_path
from hamilton_sdk.testing.simulators.graph.options import check_options
from hamilton_sdk.testing.simulators.graph.schedule import get_schedule
from hamilton_sdk.testing.simulators.graph.state import id_of, read_id
from hamilton_sdk.testing.simulators.graph.wire import Call, Preferences, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.testing.simulators.graph.delta import Delta
    from hamilton_sdk.testing.simulators.graph.events import Events
    from hamilton_sdk.testing.simulators.graph.places import Places
    from hamilton_sdk.testing.simulators.graph.responding import Responding
    from hamilton_sdk.testing.simulators.graph.routes import Route
    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Mailbox, Tenant
    from hamilton_sdk.testing.simulators.graph.subscriptions import Subscriptions

__all__ = ["Service", "failure"]

_OUT_OF_SCOPE: Final = (
    "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
)


class Service:
    """All operations by their names.

    Args:
        tenant: The mailboxes.
        events: Operations on events.
        responding: Actions on events.
        delta: Rounds of changes.
        places: The directory of rooms.
        subscriptions: Who is told of changes.
        switches: What is not known of the real service.
    """

    def __init__(
        self,
        *,
        tenant: Tenant,
        events: Events,
        responding: Responding,
        delta: Delta,
        places: Places,
        subscriptions: Subscriptions,
        switches: Switches,
    ) -> None:
        self._tenant = tenant
        self._events = events
        self._responding = responding
        self._delta = delta
        self._places = places
        self._subscriptions = subscriptions
        self._switches = switches
        self.forbidden: set[str] = set()
        self.unreachable: set[str] = set()
        self.denied: set[str] = set()
        self._by_name: dict[str, Callable[[Call, Mailbox, Route], Reply]] = {
            "users.get": lambda _, box, __: Reply(200, _user(box)),
            "calendar.get": lambda _, box, __: Reply(200, _calendar(box)),
            "calendars.list": lambda _, box, __: Reply(200, {"value": [_calendar(box)]}),
            "calendarView": lambda call, box, _: events.view(call, box),
            "delta": lambda call, box, _: delta.answer(call, box),
            "getSchedule": lambda call, _, __: get_schedule(call, tenant, switches),
            "translateExchangeIds": lambda call, box, _: _translated(call, box),
            "mailboxSettings": _settings,
            "events.list": lambda call, box, _: events.listing(call, box),
            "events.create": lambda call, box, _: events.create(call, box),
            "events.get": lambda call, box, at: events.get(call, box, at.key),
            "events.update": lambda call, box, at: events.update(call, box, at.key),
            "events.delete": lambda call, box, at: events.delete(call, box, at.key),
            "events.permanentDelete": lambda call, box, at: events.delete(call, box, at.key),
            "events.instances": lambda call, box, at: events.instances(call, box, at.key),
        }

    def answer(self, call: Call, at: Route) -> Reply:
        """Do what is asked, or say why not."""
        try:
            return self._do(call, at)
        except Refused as refused:
            return failure(call, refused)

    def _do(self, call: Call, at: Route) -> Reply:
        if at.name in self.denied:
            message = "Access is denied. Check credentials and try again."
            raise Refused(403, "ErrorAccessDenied", message)
        if at.mailbox is not None:
            return self._in_mailbox(call, at, self.reach(at.mailbox))
        if at.name == "places":
            return self._places.answer(call, at.rest)
        if at.name.startswith("subscriptions."):
            check_options(call, ())
            return self._subscriptions.answer(call, at)
        if at.name == "me":
            message = "/me request is only valid with delegated authentication flow."
            raise bad_request(message, "BadRequest")
        raise unknown_path(at.key)

    def _in_mailbox(self, call: Call, at: Route, mailbox: Mailbox) -> Reply:
        if at.rest and at.name.startswith("events."):
            return self._responding.act(call, mailbox, at.key, at.rest[0])
        return self._by_name[at.name](call, mailbox, at)

    def reach(self, key: str) -> Mailbox:
        """A mailbox that this application may use.

        Raises:
            Refused: There is none, or it is outside its policy.
        """
        mailbox = self._tenant.mailbox(key)
        address = mailbox.address.lower()
        if address in self.forbidden:
            raise Refused(403, "ErrorAccessDenied", _OUT_OF_SCOPE)
        if address in self.unreachable:
            message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            raise Refused(404, "MailboxNotEnabledForRESTAPI", message)
        return mailbox


def failure(call: Call, refused: Refused) -> Reply:
    """A refusal as Graph writes it; Outlook's own 429 has no `innerError`."""
    error: dict[str, Any] = {"code": refused.code, "message": refused.message, **refused.members}
    if refused.status != 429:  # noqa: PLR2004 (RFC 6585)
        inner = str(uuid4())
        error["innerError"] = {
            "date": f"{call.now:%Y-%m-%dT%H:%M:%S}",
            "request-id": inner,
            "client-request-id": call.headers.get("client-request-id", inner),
        }
    return Reply(refused.status, {"error": error}, refused.headers)


def _user(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "id": mailbox.guid,
        "displayName": mailbox.name,
        "mail": mailbox.address,
        "userPrincipalName": mailbox.address,
    }


def _calendar(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "id": id_of(0, None, mailbox.address.lower(), immutable=False),
        "name": "Calendar",
        "isDefaultCalendar": True,
        "canEdit": True,
        "owner": mailbox.who.document()["emailAddress"],
    }


def _settings(_: Call, mailbox: Mailbox, at: Route) -> Reply:
    if [each.lower() for each in at.rest] == ["timezone"]:
        return Reply(200, {"value": mailbox.zone})
    if at.rest:
        raise unknown_path(at.rest[0])
    return Reply(200, {"timeZone": mailbox.zone})


def _translated(call: Call, mailbox: Mailbox) -> Reply:
    """Ids from one form into the other; an entry that fails says so in itself."""
    given = {name.lower(): value for name, value in call.document().items()}
    ids: object = given.get("inputids")
    kinds = {str(given.get(name, "")).lower() for name in ("sourceidtype", "targetidtype")}
    if not isinstance(ids, list) or not kinds <= {"restid", "restimmutableentryid"}:
        raise malformed()
    prefer = replace(
        Preferences(), immutable=str(given.get("targetidtype")).lower() == "restimmutableentryid"
    )
    return Reply(200, {"value": [_translation(str(each), mailbox, prefer) for each in ids]})  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] (JSON)


def _translation(text: str, mailbox: Mailbox, prefer: Preferences) -> dict[str, Any]:
    owner = mailbox.address.lower()
    try:
        serial, day = read_id(text, owner)
    except Refused as refused:
        return {"sourceId": text, "errorDetails": {"code": refused.code, "message": refused.message}}
    return {"sourceId": text, "targetId": id_of(serial, day, owner, immutable=prefer.immutable)}
