"""Everything that can go wrong with one request, and what it must amount to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hamilton_sdk import errors
from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.testing.faults import Fault

_WORDS = "Token 48213377 is in use by Quatremère"
_LOGIN_PAGE = (
    "<!DOCTYPE html><html><body><form>Bonjour Zéphyrine Quatremère, 48213377</form></body></html>".encode()
)
_HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Trouble:
    """One fault, and what it must amount to.

    Attributes:
        name: In messages.
        fault: What goes wrong.
        error: What is raised where nothing helps; None where it is no failure.
        heals: Whether the call succeeds all the same when it goes wrong once.
        waits: Seconds that the peer asked to wait.
        attempts: How often a call is sent that is always answered so, at most.
    """

    name: str
    fault: Fault
    error: type[ConnectorError] | None
    heals: bool
    waits: float = 0.0
    attempts: int = 4

    def __str__(self) -> str:
        return self.name


def _status(status: int, *, after_work: bool = False, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("status", status=status, headers=named, after_work=after_work, body=_WORDS.encode())


def _throttled(status: int, error: type[ConnectorError]) -> list[Trouble]:
    given = Fault("status", status=status, retry_after=5.0)
    return [
        Trouble(f"{status} with seconds", _status(status, Retry_After="3"), error, heals=True, waits=3),
        Trouble(
            f"{status} with decimal seconds", _status(status, Retry_After="2.5"), error, heals=True, waits=2.5
        ),
        # A date has whole seconds only.
        Trouble(f"{status} with a date", given, error, heals=True, waits=4),
        Trouble(
            f"{status} with milliseconds",
            _status(status, Retry_After_Ms="1500"),
            error,
            heals=True,
            waits=1.5,
        ),
        Trouble(
            f"{status} with a minute and a half",
            _status(status, Retry_After="90"),
            error,
            heals=False,
            attempts=1,
        ),
    ]


def _twice(name: str, fault: Fault, error: type[ConnectorError], *, heals: bool = True) -> list[Trouble]:
    """Before the work and after it."""
    return [
        Trouble(
            f"{name} {'after' if late else 'before'} the work", replace(fault, after_work=late), error, heals
        )
        for late in (False, True)
    ]


TROUBLES = (
    Trouble("refused", Fault("refused"), errors.ConnectionFailed, heals=True),
    *_twice("reset", Fault("reset"), errors.ConnectionLost),
    *_twice("timeout", Fault("timeout"), errors.TimedOut),
    *_twice("truncated", Fault("truncated"), errors.ConnectionLost),
    *_twice("500 without a fault", _status(500), errors.ServerFailed),
    *_twice("system error", Fault("fault", code=990, message=_WORDS), errors.ServerFailed),
    *_twice(
        "log-in page", Fault("garbage", body=_LOGIN_PAGE, headers=_HTML), errors.BadResponse, heals=False
    ),
    *_twice("not XML", Fault("garbage"), errors.BadResponse, heals=False),
    Trouble("the operation's own fault", Fault("fault", message=_WORDS), ConnectorError, heals=False),
    Trouble("not authorised", Fault("fault", code=901, message=_WORDS), errors.Forbidden, heals=False),
    Trouble("no licence", Fault("fault", code=902, message=_WORDS), errors.Forbidden, heals=False),
    Trouble("401", _status(401), errors.Unauthorized, heals=False),
    Trouble("403", _status(403), errors.Forbidden, heals=False),
    Trouble("429 bare", _status(429), errors.RateLimited, heals=True),
    *_throttled(429, errors.RateLimited),
    *_twice("503 bare", _status(503), errors.ServerFailed),
    *_throttled(503, errors.ServerFailed),
    Trouble("slow", Fault("slow", seconds=1.5), None, heals=True),
    Trouble("too slow", Fault("slow", seconds=300), errors.TimedOut, heals=True),
    Trouble("wrong content type", Fault("content_type"), None, heals=True),
)
EVERYWHERE = frozenset(
    {
        "refused",
        "reset before the work",
        "reset after the work",
        "timeout after the work",
        "log-in page after the work",
        "the operation's own fault",
    }
)
"""One for each way a runner and a flow take an answer: they are aimed at each request, the others in turn."""

IN_TURN = tuple(each for each in TROUBLES if each.name not in EVERYWHERE)
