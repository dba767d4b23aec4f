"""What an answer of Graph says about the effect, and the error that a failure amounts to. Pure.

Graph's own message may name people and mailboxes: only its code is shown. Codes are compared without case:
the documentation prints ``syncStateNotFound`` and the wire says ``SyncStateNotFound``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unauthorized,
)
from hamilton_sdk.failure import error_from
from hamilton_sdk.flow import Outcome, judge_by_status
from hamilton_sdk.graph.exchange.nodes import Node, node, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Request, Response

__all__ = ["CONNECTOR", "broken", "code_of", "failed", "judge", "judge_read", "mailbox_missing"]

CONNECTOR: Final = "graph.exchange"

_CONSENT: Final = (
    "grant the application Calendars.ReadWrite (and Place.Read.All for rooms) as application permissions, "
    "with an administrator's consent; if they are there, an access policy may leave the mailbox out"
)
_POLICY: Final = (
    "an application access policy (or RBAC for Applications) leaves this mailbox out: add it to the policy's "
    "group; a change takes 30 minutes to 2 hours to act"
)
_MAILBOX: Final = "there is no such mailbox: check the address; rooms() lists those of rooms"
_NOT_ACCEPTED: Final = (
    "it is not accepted: check tenant, client id and that the client secret has not expired, and that "
    "the application is of this national cloud"
)
_NEW_ROOM: Final = "a room that was just made takes a while until it can be reached: try again in some hours"
_VERSION: Final = "somebody changed it meanwhile: read it again and decide anew"
_SLOWER: Final = "Graph limits requests per mailbox: spread the calls, or wait as long as retry_after says"

_BY_CODE: Final[Mapping[str, tuple[type[ConnectorError], str]]] = {
    "invalidauthenticationtoken": (Unauthorized, _NOT_ACCEPTED),
    "erroraccessdenied": (Forbidden, _CONSENT),
    "authorization_requestdenied": (Forbidden, _CONSENT),
    "delegatedcalendaraccessdenied": (Forbidden, _NEW_ROOM),
    "mailboxnotenabledforrestapi": (NotFound, _MAILBOX),
    "errorinvaliduser": (NotFound, _MAILBOX),
    "errornonexistentmailbox": (NotFound, _MAILBOX),
    "request_resourcenotfound": (NotFound, _MAILBOX),
    "erroritemnotfound": (NotFound, "the event is gone: somebody deleted it"),
    "errorduplicatetransactionid": (Conflict, "another event was made under this reference: read it again"),
    "errorirresolvableconflict": (Conflict, _VERSION),
    "concurrentitemsave": (Conflict, _VERSION),
    "erroroccurrencecrossingboundary": (Invalid, "an occurrence cannot be moved past the one beside it"),
    "timezonenotsupportedexception": (
        Invalid,
        "Exchange does not know the zone: give a Windows name",
    ),
    "errormailboxdataarraytoobig": (Invalid, "ask for fewer rooms at once"),
    "applicationthrottled": (RateLimited, _SLOWER),
    "toomanyrequests": (RateLimited, _SLOWER),
}
_MAILBOX_CODES: Final = frozenset(code for code, (_, hint) in _BY_CODE.items() if hint is _MAILBOX)
_RESOURCE: Final = "resourcenotfound"
_POLICY_WORDS: Final = "AccessPolicy"
_PRECONDITION: Final = 412
_CONFLICT: Final = 409


def judge(response: Response) -> Outcome:
    """What an answer to a write says about the effect.

    ``ConcurrentItemSave`` refuses a write that met another one, and asks for it again.
    """
    if response.status == _CONFLICT and code_of(response) == "concurrentitemsave":
        return Outcome.REFUSED
    return judge_by_status(response)


def judge_read(response: Response) -> Outcome:
    """What an answer to a read says.

    A plain GET was answered 412 ``ErrorIrresolvableConflict`` too, in 3.5 % of calls once (Microsoft Q&A,
    question 271870): nothing is wrong with it, and it is asked again.
    """
    return Outcome.UNKNOWN if response.status == _PRECONDITION else judge_by_status(response)


def _error(body: bytes) -> Node:
    try:
        parsed: object = json.loads(body)
    except ValueError:  # HTML of a gateway
        return {}
    return node(cast("Node", parsed), "error") if isinstance(parsed, dict) else {}


def code_of(response: Response) -> str:
    """Graph's code in lower case; an empty text where there is none."""
    return (text(_error(response.body), "code") or "").lower()


def mailbox_missing(error: ConnectorError) -> bool:
    """Whether an error says that a mailbox is not there, and not some thing in it."""
    code = (error.code or "").lower()
    return code in _MAILBOX_CODES or (code == _RESOURCE and isinstance(error, NotFound))


def failed(request: Request, response: Response) -> ConnectorError:
    """The error for an answer that is a failure."""
    found = _error(response.body)
    code = text(found, "code")
    kind, hint = _BY_CODE.get((code or "").lower(), (None, None))
    if kind is Forbidden and _POLICY_WORDS in (text(found, "message") or ""):
        hint = _POLICY
    if (code or "").lower() == _RESOURCE:
        hint = _MAILBOX
    error = error_from(
        request,
        response,
        connector=CONNECTOR,
        message=None if code is None else f"Graph says {code} (status {response.status})",
        code=code,
        kind=kind,
        hint=hint,
    )
    _correlate(error, request, found)
    return error


def _correlate(error: ConnectorError, request: Request, found: Node) -> None:
    inner = node(found, "innerError") or node(found, "innererror")  # both spellings are documented
    error.peer_request_id = error.peer_request_id or text(inner, "request-id")
    if sent := request.headers.get("client-request-id"):
        error.add_note(f"client-request-id: {sent}")


def broken(request: Request, response: Response, reason: str) -> ConnectorError:
    """The error for an answer that is not what the interface describes."""
    error = error_from(
        request,
        response,
        connector=CONNECTOR,
        message=f"the answer is {reason}",
        kind=BadResponse,
        hint="is this the address of Microsoft Graph? A proxy or a log-in page may answer in its place",
    )
    _correlate(error, request, {})
    return error
