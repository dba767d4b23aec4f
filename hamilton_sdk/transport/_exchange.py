"""One exchange under way: its deadline, how far it got, and silence of the HTTP library's log."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.transport._portions import Portions

__all__ = ["Exchange", "Stage", "current"]

_KEPT: Final = 2048
_LOGGERS: Final = (
    "httpx",
    *(f"httpcore.{part}" for part in ("connection", "http11", "proxy")),
    "httpx2",
    *(f"httpcore2.{part}" for part in ("connection", "http11", "proxy")),
)


class Stage(Enum):
    """How far an exchange got."""

    WAITING = "waiting for a connection"
    CONNECTING = "connecting"
    PROXY_HANDSHAKE = "agreeing on TLS with the proxy"
    PROXY = "talking to the proxy"
    HANDSHAKE = "agreeing on TLS"
    SENDING = "sending"
    RECEIVING = "receiving"
    HIDDEN = "in a client of the user's own, which does not tell"


class Exchange:
    """What the network streams note about one exchange, and the time they may still take.

    Args:
        seconds: For the whole exchange.
        connect: Seconds for TCP, proxy and TLS together.
        stage: Where it begins.
        is_delivery: Whether it has to go by HTTPS.
    """

    __slots__ = (
        "_connect",
        "_connect_until",
        "_until",
        "is_delivery",
        "layers",
        "portions",
        "proxied",
        "refused",
        "secure",
        "seen",
        "stage",
        "status",
        "written",
    )

    def __init__(
        self,
        seconds: float,
        *,
        connect: float = 0.0,
        stage: Stage = Stage.WAITING,
        is_delivery: bool = False,
    ) -> None:
        self._until = monotonic() + seconds
        self._connect = connect
        self._connect_until: float | None = None
        self.is_delivery = is_delivery
        self.proxied = False
        """Whether it goes through a proxy."""
        self.secure = False
        """Whether the peer speaks TLS."""
        self.layers = 0
        """TLS handshakes until bytes are the peer's own: its own, and the proxy's where that is secure."""
        self.portions: Portions | None = None
        """What tells the answer's own bytes from others, where an HTTP library would not."""
        self.stage = stage
        self.refused = False
        """Whether the connection took nothing of the request: it was dead already."""
        self.written = 0
        """Bytes of the request that the operating system took."""
        self.status: int | None = None
        """Of the answer, once its headers are here."""
        self.seen = b""
        """The beginning of what the peer sent."""

    def left(self, limit: float | None = None) -> float:
        """Seconds that the next step may take.

        Args:
            limit: The step's own limit.

        Raises:
            TimeoutError: There are none left.
        """
        until = self._until if self._connect_until is None else min(self._until, self._connect_until)
        seconds = until - monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds if limit is None else min(limit, seconds)

    def route(self, *, secure: bool, proxied: bool, proxy_secure: bool) -> None:
        """What stands between, now that the address is known."""
        self.secure, self.proxied = secure, proxied
        self.layers = secure + proxy_secure

    def connect(self) -> None:
        """A connection is being made: from here its own limit holds, until `through`."""
        self.stage = Stage.CONNECTING
        self._connect_until = monotonic() + self._connect

    def handshake(self, layers: int) -> None:
        """TLS is about to be agreed on, with so many handshakes still to come, this one included."""
        self.stage = Stage.PROXY_HANDSHAKE if layers > self.secure else Stage.HANDSHAKE

    def through(self, stage: Stage, layers: int) -> None:
        """Bytes are about to pass; with layers still to come, what they pass to is the proxy."""
        if layers:
            self.stage = Stage.PROXY
        else:
            self.stage = stage
            self._connect_until = None

    def sent(self, size: int, layers: int) -> None:
        """Count what the operating system took of the request itself."""
        if not layers:
            self.written += size

    def head(self, method: str, status: int, headers: Mapping[str, str]) -> None:
        """The head of the answer is here; names of headers are in lower case."""
        self.status = status
        if self.portions is not None:
            self.portions.begin_body(method, status, headers)

    def portion(self, data: bytes, layers: int) -> int:
        """How much of what arrived next may be handed on; the rest is not of this answer."""
        return len(data) if layers or self.portions is None else self.portions.take(data)

    def note(self, data: bytes, layers: int) -> None:
        """Keep the beginning of what the peer itself sent."""
        if not layers and len(self.seen) < _KEPT:
            self.seen = (self.seen + data)[:_KEPT]


current: Final[ContextVar[Exchange]] = ContextVar("hamilton_sdk_exchange")
"""The exchange that this thread or task performs: network streams find their deadline here.

While there is one, the HTTP library logs nothing: its log would hold full addresses (httpx, INFO) and headers
(httpcore, DEBUG), and with them secrets. The journal tells what may be told.
"""


def _not_ours(_record: logging.LogRecord) -> bool:
    return current.get(None) is None


def _install() -> None:
    for name in _LOGGERS:
        # Setting the same filter twice has no effect; a user's own calls have no current exchange.
        logging.getLogger(name).addFilter(_not_ours)


_install()
