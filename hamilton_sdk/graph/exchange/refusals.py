"""What Entra ID says when it gives no token, and what a person can do about it. Pure.

Entra ID's own text names applications and people: only its code is shown.
https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.errors import BadResponse, Forbidden, Invalid, ServerFailed, Unauthorized
from hamilton_sdk.failure import error_from
from hamilton_sdk.flow import Outcome, judge_by_status
from hamilton_sdk.graph.exchange.faults import CONNECTOR
from hamilton_sdk.graph.exchange.nodes import Node, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.errors import ConnectorError
    from hamilton_sdk.flow import Request, Response

__all__ = ["judge", "no_token", "parsed", "refused"]

_CERTIFICATE: Final = (
    "the assertion is not accepted: upload this very certificate (ClientCertificate.thumbprint shows which) "
    "to the application under Certificates & secrets, and see that it has not expired"
)
_EXPIRED: Final = (
    "the client secret has expired: make a new one under Certificates & secrets, and put its value where the "
    "secret comes from; no restart is needed"
)
_UNKNOWN: Final = (
    "the tenant has no such application: check client_id (Application (client) ID) and tenant_id, and that "
    "an administrator consented to it in this tenant"
)
_TENANT: Final = (
    "check tenant_id (Directory (tenant) ID on the application's page), and that national_cloud is the "
    "tenant's own"
)
_CONSENT: Final = (
    "an administrator must consent: API permissions > Grant admin consent, for application permissions "
    "(not delegated ones)"
)
_SCOPE: Final = "the scope or address is not this cloud's Graph: check national_cloud, url and login_url"
_CLOCK: Final = "this machine's clock is wrong: set it by NTP"

_BY_CODE: Final[Mapping[str, tuple[type[ConnectorError], str]]] = {
    "7000222": (Unauthorized, _EXPIRED),
    "7000215": (
        Unauthorized,
        "the client secret is wrong: give the secret's value, not its id, and look for blanks or a cut end",
    ),
    "7000218": (Unauthorized, "no credential arrived: a proxy may have dropped the request's body"),
    "700016": (Unauthorized, _UNKNOWN),
    "7000229": (Unauthorized, "the application has no service principal in this tenant: consent to it there"),
    "90002": (Unauthorized, _TENANT),
    "900021": (Unauthorized, _TENANT),
    "900023": (Unauthorized, _TENANT),
    "900382": (Unauthorized, _TENANT),
    "700027": (Unauthorized, _CERTIFICATE),
    "700024": (Unauthorized, _CLOCK),
    "7000112": (Forbidden, "the application is disabled: an administrator can enable it in Entra ID"),
    "53003": (
        Forbidden,
        "Conditional Access blocks the application: exclude it, or its address, in the policy",
    ),
    "65001": (Forbidden, _CONSENT),
    "65004": (Forbidden, _CONSENT),
    "90094": (Forbidden, _CONSENT),
    "500011": (Invalid, _SCOPE),
    "70011": (Invalid, _SCOPE),
    "1002012": (Invalid, _SCOPE),
    "90033": (ServerFailed, "Entra ID is unavailable for a moment: try again later"),
}
_UNAUTHORIZED: Final = (
    "Entra ID does not accept the application: check tenant, client id and credential; its sign-in log "
    "(Service principal sign-ins) tells more under the trace id"
)
_ADDRESS: Final = "is this the log-in of Entra ID? A proxy or a portal may answer in its place"
_WRITTEN_CODE: Final = re.compile(r"AADSTS(\d{4,9})")
_OAUTH_ERROR: Final = re.compile(r"[a-z_]{1,40}")
_PASSING: Final = "temporarily_unavailable"


def judge(response: Response) -> Outcome:
    """What an answer says: RFC 6749 has a word for "later" that may come with status 400."""
    if not response.ok and text(parsed(response), "error") == _PASSING:
        return Outcome.UNKNOWN
    return judge_by_status(response)


def parsed(response: Response) -> Node:
    """The answer's object; an empty one where there is none."""
    try:
        found: object = json.loads(response.body)
    except ValueError:  # HTML of a gateway, or not even text
        return {}
    return cast("Node", found) if isinstance(found, dict) else {}


def refused(request: Request, response: Response) -> ConnectorError:
    """The error for an answer that is a failure."""
    found = parsed(response)
    number = _number(found)
    kind, hint = _BY_CODE.get(number or "", (None, None))
    word = text(found, "error") or ""
    if kind is None and word in {"invalid_client", "unauthorized_client"}:
        kind, hint = Unauthorized, _UNAUTHORIZED
    code = f"AADSTS{number}" if number else word if _OAUTH_ERROR.fullmatch(word) else None
    error = error_from(
        request,
        response,
        connector=CONNECTOR,
        message=None if code is None else f"Entra ID gives no token: {code} (status {response.status})",
        code=code,
        kind=kind,
        hint=hint,
    )
    error.peer_request_id = error.peer_request_id or text(found, "trace_id")
    return _silent(error)


def no_token(request: Request, response: Response) -> ConnectorError:
    """The error for an answer that looks done and holds no token."""
    message = "the answer holds no bearer token"
    return _silent(
        error_from(request, response, connector=CONNECTOR, message=message, kind=BadResponse, hint=_ADDRESS)
    )


def _silent(error: ConnectorError) -> ConnectorError:
    # A page that echoes the request would show the secret, and a token may stand in what cannot be read.
    error.raw = None
    return error


def _number(found: Node) -> str | None:
    codes = found.get("error_codes")
    if isinstance(codes, list) and codes and type(first := cast("list[object]", codes)[0]) is int:
        return str(first)
    written = _WRITTEN_CODE.search(text(found, "error_description") or "")
    return written[1] if written else None
