"""What goes wrong at a simulated peer, and when: vendor-neutral, decided per call.

A simulator asks its script at every call, by the name of the operation::

    simulator.faults.add(Fault("timeout", after_work=True), operation="assignToken")
    simulator.faults.add(Fault("status", status=429, headers={"Retry-After": "2"}), nth=3)
    simulator.faults.add(Fault("slow", seconds=0.2), times=None)

What a kind becomes depends on how the simulator is used: in process `Cut` is raised to the runner, over a
socket the line is really cut (see `hamilton_sdk.testing.server`).
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut, Now, Response, Sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hamilton_sdk.flow import Flow

__all__ = ["Fault", "FaultKind", "FaultScript"]

FaultKind: TypeAlias = Literal[
    "refused", "reset", "timeout", "truncated", "slow", "status", "garbage", "content_type", "fault"
]

_CUTS: Final = ("refused", "reset", "timeout", "truncated")
_GARBAGE: Final = b"\x00\xff\xfe<<not what you asked for"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Args:
        kind: ``"refused"``, ``"reset"``, ``"timeout"`` and ``"truncated"`` give no whole answer; ``"slow"``
            gives the right one late; ``"status"`` gives `status` with `headers` and `body`; ``"garbage"``
            gives bytes under status 200 that are nothing known; ``"content_type"`` gives the right body under
            a wrong type; ``"fault"`` gives the protocol's own failure with `code` and `message`.
        after_work: Whether the peer does what was asked first. A wrong content type and a slow answer always
            do.
        seconds: Wait so long before anything, whatever the kind.
        status: For ``"status"``; also the status of ``"garbage"``.
        headers: Of the answer.
        body: Of the answer.
        code: For ``"fault"``: the protocol's code; the operation's own if None.
        message: For ``"fault"``: the protocol's text.
        retry_after: Seconds from now, for a ``Retry-After`` header that holds a date.

    Raises:
        ConfigurationError: An unknown kind, a status fault without a status, a negative wait, or a connection
            that is refused after the work.
    """

    kind: FaultKind
    after_work: bool = False
    seconds: float = 0.0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    body: bytes = b""
    code: int | None = None
    message: str | None = None
    retry_after: float | None = None

    def __post_init__(self) -> None:
        problem = None
        if self.kind not in get_args(FaultKind):
            problem = f"Fault.kind is unknown; it is one of {', '.join(get_args(FaultKind))}"
        elif self.kind == "status" and self.status is None:
            problem = "a Fault of kind 'status' needs a status"
        elif self.kind == "refused" and self.after_work:
            problem = "a refused connection cannot have done the work"
        elif self.seconds < 0:
            problem = "Fault.seconds is negative"
        if problem is not None:
            raise ConfigurationError(problem, hint="correct the fault script")


@dataclass(slots=True)
class _Rule:
    fault: Fault
    operation: str | None
    nth: int
    left: int | None
    seen: int = 0

    def is_due(self, operation: str) -> bool:
        """Count the call; also one that another rule decides."""
        if self.operation not in (None, operation):
            return False
        self.seen += 1
        return self.seen >= self.nth and self.left != 0

    def use(self) -> Fault:
        if self.left is not None:
            self.left -= 1
        return self.fault


class FaultScript:
    """Decides for each call what goes wrong. Thread-safe; empty it does nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._chance: Callable[[], Fault | None] | None = None
        self.drawn: list[tuple[str, Fault]] = []
        """Every fault that happened, with its operation, in order."""

    @classmethod
    def random(cls, seed: int, rate: float, faults: Sequence[Fault]) -> FaultScript:
        """A script that draws by chance, the same way for the same seed and order of calls.

        Args:
            seed: Of the pseudo-random source.
            rate: Share of calls that go wrong, 0 to 1.
            faults: What may happen, each as likely as the others.

        Raises:
            ConfigurationError: A rate outside 0 to 1, or no fault.
        """
        if not 0 <= rate <= 1 or not faults:
            message = "a random fault script needs a rate from 0 to 1 and at least one fault"
            raise ConfigurationError(message, hint="correct the fault script")
        source = random.Random(seed)  # noqa: S311 (chance that must repeat, not a secret)
        script = cls()
        script._chance = lambda: source.choice(faults) if source.random() < rate else None
        return script

    def add(
        self, fault: Fault, operation: str | None = None, nth: int | None = None, times: int | None = 1
    ) -> None:
        """Let something go wrong.

        Args:
            fault: What.
            operation: At calls of this operation only; at any if None.
            nth: Not before the so many-th such call from now, counted from 1; the next one if None.
            times: How often from there on; None for always.
        """
        with self._lock:
            self._rules.append(_Rule(fault, operation, nth or 1, times))

    def clear(self) -> None:
        """Let nothing go wrong any more; what happened stays noted."""
        with self._lock:
            self._rules.clear()
            self._chance = None

    def draw(self, operation: str) -> Fault | None:
        """What goes wrong at this call; of several rules the first added counts."""
        with self._lock:
            fault = None
            for rule in self._rules:
                if rule.is_due(operation) and fault is None:
                    fault = rule.use()
            if fault is None and self._chance is not None:
                fault = self._chance()
            if fault is not None:
                self.drawn.append((operation, fault))
            return fault

    def around(
        self, operation: str, work: Callable[[], Response], refuse: Callable[[Fault], Response]
    ) -> Flow[Response]:
        """Answer one call, with what goes wrong at it.

        Args:
            operation: Its name.
            work: Does what was asked and answers.
            refuse: Makes the protocol's own failure of a ``"fault"``.

        Raises:
            Cut: No answer.
        """
        fault = self.draw(operation)
        if fault is None:
            return work()
        if fault.seconds:
            yield Sleep(fault.seconds)
        if fault.kind in ("slow", "content_type"):
            return _disguised(work(), fault)
        if fault.after_work:
            work()
        if fault.kind in _CUTS:
            raise Cut(fault.kind, after_work=fault.after_work)
        if fault.kind == "fault":
            return refuse(fault)
        headers = dict(fault.headers)
        if fault.retry_after is not None:
            now: datetime = yield Now()
            headers["retry-after"] = format_datetime(now + timedelta(seconds=fault.retry_after), usegmt=True)
        body = fault.body or (_GARBAGE if fault.kind == "garbage" else b"")
        return Response(status=fault.status or 200, headers=_lower(headers), body=body)


def _disguised(answer: Response, fault: Fault) -> Response:
    """The right answer, late or under a type that it is not."""
    if fault.kind == "slow":
        return answer
    headers = {"content-type": "text/html; charset=iso-8859-1", **_lower(fault.headers)}
    return replace(answer, headers={**answer.headers, **headers})


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
