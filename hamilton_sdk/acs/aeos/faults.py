"""What an answer of AEOS says about the effect, and the error that a failure amounts to. Pure.

AEOS reports its own refusals as a SOAP fault with HTTP status 500 (AEOS manual v33; the status as seen by
others). The code names the operation that failed, not the cause. The cause stands only in words that may hold
personal data: nothing is decided on them, and they are shown only where they are one of a few known ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos.soap import Broken, Fault, read_envelope
from hamilton_sdk.errors import (
    BadResponse,
    ConnectorError,
    Forbidden,
    Outcome,
    ServerFailed,
    Unsupported,
)
from hamilton_sdk.failure import error_from
from hamilton_sdk.flow import judge_by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Request, Response

__all__ = ["CONNECTOR", "broken", "failed", "judge"]

CONNECTOR: Final = "acs.aeos"

_SYSTEM_ERROR: Final = 990
_NO_LICENCE: Final = 902
_REDIRECTION: Final = 3
_NEVER_OF_AEOS: Final = frozenset({400, 404, 405, 406, 410, 411, 413, 414, 415, 501, 505})
"""What web servers of another kind say to a SOAP call; AEOS itself answers with a fault."""
_SERVER_ERROR: Final = 500
_LARGEST_FAULT: Final = 65536

_RIGHTS: Final = (
    "give the account's role Administration > Integrations > AEOS WebService > External calls, "
    "and the Search function of visitors and employees"
)
_LICENCE: Final = "the server's licence lacks what this call needs"
_GENERAL: Final[Mapping[int, tuple[type[ConnectorError], str, str]]] = {
    9: (ServerFailed, "configuration error", "look into the AEOS server's log"),
    901: (Forbidden, "not authorised", _RIGHTS),
    902: (Forbidden, "no licence", _LICENCE),
    903: (Unsupported, "not implemented", "this version of AEOS does not have the call"),
    904: (Unsupported, "wrong function", "this version of AEOS does not have the call"),
    990: (ServerFailed, "system error", "look into the AEOS server's log"),
}
"""Codes that every operation can answer with (AEOS manual v33, error codes)."""

_NO_AEOS: Final = (
    "is this the address of an AEOS web service, https://<server>:8443/aeosws? A log-in page, a proxy "
    "or another service may answer in its place"
)
_OWN_WORDS: Final = "the server's own words are in the error's `raw`; they may hold personal data"
_HARMLESS: Final = re.compile(
    r"(?:Carrier|Visitor|Visit|Person|Identifier|Token|Template|Unit|Reason) not found"
    r"|[A-Za-z]{1,30}\.[A-Za-z]{1,30}: size must be between \d{1,5} and \d{1,5}"
)

OPERATION_HINTS: Final[Mapping[str, str]] = {
    "addVisitor": "the site may make more fields mandatory than the last name",
    "changeVisitor": "the site may make more fields mandatory than the last name",
    "addVisit": "check that visits may begin then, and that the host may receive visitors",
    "changeVisit": "check that the visit was not closed at the reception desk",
    "assignToken": "check the number's type and unit, and that the badge is not in use",
}
_VISIT_LICENCE: Final = (
    "visit management is not licensed here: make the adapter with strategy='profile', or have it licensed"
)
_VISITS: Final = ("addVisit", "changeVisit", "removeVisit", "findVisit")


def judge(response: Response) -> Outcome:
    """What an answer says about the effect.

    A fault that AEOS itself reports is final, but for the system error 990; a 500 without one may have
    worked.
    """
    fault = _fault(response)
    if fault is None:
        return judge_by_status(response)
    if fault.code is None:
        # The web service stack's own: "Client" means that the request was not even understood.
        return Outcome.FINAL if fault.blame == "Client" else Outcome.UNKNOWN
    return Outcome.UNKNOWN if fault.code == _SYSTEM_ERROR else Outcome.FINAL


def _fault(response: Response) -> Fault | None:
    if response.status not in {200, _SERVER_ERROR} or b"Fault" not in response.body[:_LARGEST_FAULT]:
        return None
    try:
        return read_envelope(response.body, _LARGEST_FAULT).fault
    except Broken:
        return None


def failed(
    request: Request, response: Response, fault: Fault | None, refused: type[ConnectorError]
) -> ConnectorError:
    """The error for an answer that is a failure.

    Args:
        request: What was asked.
        response: What came back.
        fault: The fault in it, if there is one.
        refused: The class for a code of the operation itself.
    """
    if fault is None:
        if response.status in _NEVER_OF_AEOS or response.status // 100 == _REDIRECTION:
            # Nothing of AEOS answers so: it must not be taken for "no such holder".
            return error_from(request, response, connector=CONNECTOR, kind=BadResponse, hint=_NO_AEOS)
        return error_from(request, response, connector=CONNECTOR)
    if fault.code is None:
        kind: type[ConnectorError] = ServerFailed if fault.blame != "Client" else refused
        reason, hint = "SOAP fault without an AEOS code", _OWN_WORDS
    elif fault.code in _GENERAL:
        kind, reason, hint = _GENERAL[fault.code]
        if fault.code == _NO_LICENCE and request.operation in _VISITS:
            hint = _VISIT_LICENCE
    else:
        kind, reason = refused, _shown(fault.message)
        hint = (
            f"{OPERATION_HINTS[request.operation]}; {_OWN_WORDS}"
            if request.operation in OPERATION_HINTS
            else _OWN_WORDS
        )
    return error_from(
        request,
        response,
        connector=CONNECTOR,
        message=reason if fault.code is None else f"AEOS fault {fault.code}, {reason}",
        code=None if fault.code is None else str(fault.code),
        kind=kind,
        hint=hint,
    )


def _shown(message: str) -> str:
    return message if _HARMLESS.fullmatch(message) else "refused"


def broken(request: Request, response: Response, reason: str) -> ConnectorError:
    """The error for an answer that is not what the interface describes."""
    return error_from(
        request,
        response,
        connector=CONNECTOR,
        message=f"the answer is {reason}",
        kind=BadResponse,
        hint=_NO_AEOS,
    )
