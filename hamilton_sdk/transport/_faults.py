"""What an exception of an HTTP library means: which error of ours, and what is known about the effect.

httpx, httpx2 and the httpcore beneath each name their exceptions alike but share no class, so they are told
apart by name. No text of theirs is passed on: it can hold header values and addresses.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import (
    BadResponse,
    ConnectionFailed,
    ConnectionLost,
    Invalid,
    NameNotResolved,
    Outcome,
    ProxyFailed,
    TimedOut,
    TlsFailed,
)
from hamilton_sdk.failure import redacted_url
from hamilton_sdk.transport._body import Undecodable
from hamilton_sdk.transport._exchange import Stage, current
from hamilton_sdk.transport._handshake import (
    PLAIN,
    PLAIN_DELIVERY,
    Finding,
    certificate_finding,
    handshake_finding,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from hamilton_sdk.errors import ConnectorError
    from hamilton_sdk.flow import Request
    from hamilton_sdk.transport._exchange import Exchange

__all__ = ["NO_FREE_CONNECTION", "Barred", "Unsendable", "as_error", "explain", "performing", "proxy_finding"]

_FIREWALL: Final = "check host and port, that the service runs, and that no firewall stands between"
_LOOK_UP: Final = "if it writes, look at the peer whether it happened before sending it again by hand"
_PROXY: Final = "check the proxy's address, and that it lets calls to this host through"

_NO_TIME: Final = Finding(
    TimedOut,
    "no time was left to send it",
    "nothing was sent; raise the deadline if the steps before it are always slow",
    Outcome.NOT_SENT,
)
NO_FREE_CONNECTION: Final = Finding(
    ConnectionFailed,
    "no connection became free in time",
    "more calls run at once than Http(connections=...) allows: raise it, or run fewer",
)
_STALE: Final = Finding(
    ConnectionFailed, "the connection was closed before anything was sent", "nothing happened: send it again"
)
_UNSENDABLE: Final = Finding(
    Invalid,
    "the request cannot be sent as it is: its address or a header is not valid",
    "check the address (http:// or https://, host, path), and that no header holds a line break or accents",
)
_SILENT: Final = Finding(
    TimedOut, "no whole answer in time", f"{_LOOK_UP}; if the peer is always slow, raise Http(timeouts=...)"
)
_CUT: Final = Finding(
    ConnectionLost,
    "the connection was cut before the answer was whole",
    f"{_LOOK_UP}; the peer's log may say why: firewalls and proxies between cut idle lines, and some peers "
    "cut off who shows no client certificate",
)
_CUT_IN_CLEAR: Final = Finding(
    ConnectionLost,
    _CUT.what,
    f"does this port speak https? begin the address with https://. If not: {_CUT.hint}",
)
_TLS_ALERT: Final = Finding(
    BadResponse,
    "what answers there does not speak HTTP but TLS",
    "does this port speak https? begin the address with https://",
    Outcome.FINAL,  # it took the request for a handshake, and never saw what it asks
)
_NO_HTTP: Final = Finding(
    BadResponse,
    "what answers there does not speak HTTP",
    "check the port, and whether the address should begin with https://",
)
_BROKEN_HTTP: Final = Finding(
    BadResponse, "the answer breaks the rules of HTTP", "look at it with curl -v, and at proxies between"
)
_RAISED: Final = Finding(
    BadResponse,
    "the client given as transport= raised an error for the answer's status",
    "take raise_for_status out of its event hooks: the SDK reads error answers itself",
)

_BY_NAME: Final[Mapping[str, Finding]] = {
    "Unsendable": _UNSENDABLE,
    "LocalProtocolError": _UNSENDABLE,
    "UnsupportedProtocol": _UNSENDABLE,
    "InvalidURL": _UNSENDABLE,
    "UnicodeEncodeError": _UNSENDABLE,
    "PoolTimeout": NO_FREE_CONNECTION,
    "HTTPStatusError": _RAISED,
}
_ALERT: Final = b"\x15\x03"  # RFC 8446, 5.1: a record of type alert, and the version's first byte
_TLS: Final = (ssl.SSLError, ssl.SSLCertVerificationError)
_TIMEOUTS: Final = frozenset({"TimeoutException", "TimeoutError"})
_UNREACHED: Final = frozenset({"ConnectError", "ConnectTimeout", "ProxyError"})
_BEFORE_SENDING: Final = frozenset(
    {Stage.WAITING, Stage.CONNECTING, Stage.PROXY_HANDSHAKE, Stage.PROXY, Stage.HANDSHAKE}
)
_TO_THE_PROXY: Final = frozenset({Stage.CONNECTING, Stage.PROXY_HANDSHAKE, Stage.PROXY})


class Unsendable(Exception):
    """A request has no address that could be sent to."""


class Barred(Unsendable):
    """A request is not sent, for a reason that is known already.

    Args:
        finding: The reason.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


class performing:  # noqa: N801 (used as a function is)
    """Make an exchange the current one and turn what the library raises into an error of ours.

    A class, not a generator: it is entered for every request, and that way costs a third.

    Args:
        request: What is asked.
        exchange: How far that gets.
        failures: The library's exceptions.

    Raises:
        ConnectorError: On leaving, for any of them, for what the network raises itself, and for an unreadable
            body.
    """

    __slots__ = ("_exchange", "_failures", "_request", "_token")

    def __init__(self, request: Request, exchange: Exchange, failures: tuple[type[Exception], ...]) -> None:
        self._request = request
        self._exchange = exchange
        self._failures = failures

    def __enter__(self) -> None:
        self._token = current.set(self._exchange)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        current.reset(self._token)
        if error is None:
            return
        known: tuple[type[Exception], ...] = (*self._failures, OSError, UnicodeError, Unsendable)
        if isinstance(error, known):
            found = failure(error, self._request, self._exchange)
            # h11 shows a header that it refuses, secret or not.
            raise found from None if isinstance(found, Invalid) else error
        if isinstance(error, Undecodable):
            finding = Finding(BadResponse, error.what, error.hint)
            raise as_error(finding, self._request, self._exchange) from error.__context__


def failure(error: Exception, request: Request, exchange: Exchange) -> ConnectorError:
    """The error to raise for an exception of the library's."""
    scheme, _, rest = redacted_url(request.url).partition("://")
    host = rest.partition("/")[0] or "the peer"
    finding = error.finding if isinstance(error, Barred) else explain(error, exchange, host)
    if scheme == "http":
        finding = _in_clear(finding, exchange)
    return as_error(finding, request, exchange)


def _in_clear(finding: Finding, exchange: Exchange) -> Finding:
    """Plain HTTP has come to a TLS server, which says so with an alert, or hangs up without a word."""
    if exchange.seen.startswith(_ALERT):
        return _TLS_ALERT
    return _CUT_IN_CLEAR if finding is _CUT and not exchange.seen else finding


def as_error(finding: Finding, request: Request, exchange: Exchange) -> ConnectorError:
    """A finding as the error to raise, filled with what the request tells."""
    url = redacted_url(request.url)
    return finding.kind(
        f"{request.operation} at {url}: {finding.what}",
        hint=finding.hint,
        operation=request.operation,
        method=request.method,
        url=url,
        status=exchange.status,
        outcome=finding.outcome,
        raw=exchange.seen or None,
    )


def explain(error: Exception, exchange: Exchange, host: str) -> Finding:
    """What an exception of the library's comes down to."""
    names = {kind.__name__ for kind in type(error).__mro__}
    for name in names & _BY_NAME.keys():
        return _BY_NAME[name]
    chain = list(_chain(error))
    # Not its subclasses, which say "not yet" and "cut".
    tls = next((cause for cause in chain if type(cause) in _TLS and isinstance(cause, ssl.SSLError)), None)
    if exchange.stage in _BEFORE_SENDING or (exchange.stage is Stage.HIDDEN and names & _UNREACHED):
        return _unreached(names, chain, tls, exchange, host)
    refused = None if tls is None else certificate_finding(tls, host)
    if refused is not None:
        return refused
    if exchange.refused and not exchange.seen:
        return _STALE
    if names & _TIMEOUTS:
        return _SILENT
    if "RemoteProtocolError" not in names:
        return _CUT
    if exchange.seen and not exchange.seen.startswith(b"HTTP/"):
        return _NO_HTTP
    # h11 and httpcore say it in words alone: "disconnected without sending", "closed ... without sending".
    return _CUT if "without sending" in str(error) else _BROKEN_HTTP


def _unreached(
    names: set[str], chain: list[BaseException], tls: ssl.SSLError | None, exchange: Exchange, host: str
) -> Finding:
    if exchange.stage is Stage.WAITING:
        return _NO_TIME
    late = bool(names & _TIMEOUTS)
    if "ProxyError" in names:
        return proxy_finding(_status(str(chain[0])))
    if exchange.proxied and exchange.stage in _TO_THE_PROXY:
        return _proxy_unreached(chain, tls, late=late)
    plain = PLAIN_DELIVERY if exchange.is_delivery else PLAIN
    if tls is not None:
        return handshake_finding(tls, host, plain)
    if exchange.stage is Stage.HANDSHAKE:
        what = "did not end the TLS handshake in time" if late else "cut the connection in the TLS handshake"
        return Finding(TlsFailed, f"{host} {what}", f"{plain}; otherwise {_FIREWALL}")
    if _unknown_name(chain):
        hint = f"check the host name, and that this machine's DNS knows it: nslookup {host.partition(':')[0]}"
        return Finding(NameNotResolved, f"the name of {host} is not known", hint)
    return Finding(ConnectionFailed, f"no connection to {host}: {_reason(chain, late=late)}", _FIREWALL)


def _proxy_unreached(chain: list[BaseException], tls: ssl.SSLError | None, *, late: bool) -> Finding:
    if tls is not None:
        return handshake_finding(tls, "the proxy")
    if _unknown_name(chain):
        return Finding(ProxyFailed, "the name of the proxy is not known", _PROXY)
    return Finding(ProxyFailed, f"no connection through the proxy: {_reason(chain, late=late)}", _PROXY)


def proxy_finding(status: int | None) -> Finding:
    """What a proxy's refusal comes down to.

    Args:
        status: Its HTTP status, if it gave one.
    """
    if status == _SIGN_IN:
        return Finding(
            ProxyFailed,
            "the proxy does not let us in without a user and a password, or refuses the ones given",
            "give them in the address: Http(proxy='http://user:password@proxy.example:3128')",
            Outcome.FINAL,
        )
    told = "" if status is None else f" (HTTP status {status})"
    if status is not None and status < _SERVER_ERRORS:
        return Finding(ProxyFailed, f"the proxy refuses to connect{told}", _PROXY, Outcome.FINAL)
    return Finding(ProxyFailed, f"the proxy could not connect{told}", _PROXY)


_SIGN_IN: Final = 407  # RFC 9110, 15.5.8
_SERVER_ERRORS: Final = 500


def _status(text: str) -> int | None:
    # httpcore tells the proxy's status as the beginning of its message.
    return int(text[:3]) if text[:3].isdigit() else None


def _unknown_name(chain: list[BaseException]) -> bool:
    return any(isinstance(cause, (socket.gaierror, UnicodeError)) for cause in chain)


def _reason(chain: list[BaseException], *, late: bool) -> str:
    if late:
        return "no answer in time"
    numbers = [cause.errno for cause in chain if isinstance(cause, OSError) and cause.errno]
    if errno.ECONNREFUSED in numbers:
        return "refused, nothing listens there"
    return os.strerror(numbers[0]).lower() if numbers else "cut"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it came from: causes, contexts, members of groups, and wrapped ones."""
    waiting, known = [error], {id(error)}
    while waiting:
        found = waiting.pop(0)
        yield found
        inner = [found.__cause__, found.__context__, *found.args]
        # Several addresses of a name may have failed at once.
        inner += getattr(found, "exceptions", ())
        for cause in inner:
            if isinstance(cause, BaseException) and id(cause) not in known:
                known.add(id(cause))
                waiting.append(cause)
