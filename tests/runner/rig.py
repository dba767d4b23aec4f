"""What the runner tests stand on: an adapter without a protocol, scripted wires, both runners as one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Auth, Flow, Request, Response, Safety
from hamilton_sdk.retry import Attempt, Hooks, RetryPolicy
from hamilton_sdk.runner import AsyncRunner, Runner


@dataclass
class Plain:
    """An adapter that only has a name, and a way to get tokens if given."""

    name: str = "acs.test"
    auth: Auth | None = None


Script = Callable[[Request, int], Response | BaseException]


@dataclass
class Wire:
    """Answers requests from a script, and remembers them."""

    script: Script
    clock: SettableClock
    takes: float = 0.0
    sent: list[Request] = field(default_factory=list)
    timeouts: list[float | None] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def operations(self) -> list[str]:
        return [request.operation for request in self.sent]

    def _answer(self, request: Request, timeout: float | None) -> Response:
        self.sent.append(request)
        self.timeouts.append(timeout)
        self.seen[request.operation] += 1
        self.clock.advance(self.takes)
        answer = self.script(request, self.seen[request.operation])
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def send(self, request: Request, timeout: float | None) -> Response:
        return self._answer(request, timeout)

    def close(self) -> None: ...


class AsyncWire(Wire):
    async def send(self, request: Request, timeout: float | None) -> Response:  # type: ignore[override]  # the async twin
        await asyncio.sleep(0)
        return self._answer(request, timeout)

    async def close(self) -> None: ...  # type: ignore[override]  # the async twin


class Rig:
    """Runs flows through one of the two runners."""

    def __init__(
        self, script: Script, *, is_async: bool, auth: Auth | None = None, takes: float = 0.0
    ) -> None:
        self.is_async = is_async
        self.clock = SettableClock()
        self.adapter = Plain(auth=auth)
        self.wire = (AsyncWire if is_async else Wire)(script, self.clock, takes)
        self.attempts: list[Attempt] = []
        self.given_up: list[Attempt] = []
        self.hooks = Hooks(on_attempt=self.attempts.append, on_give_up=self.given_up.append)

    def run(self, *flows: Flow[Any], policy: RetryPolicy | None = None, turn: str | None = None) -> Any:
        """Run flows one after the other on one runner; the last one's result."""
        limits = policy or RetryPolicy()
        result: Any = None
        if not self.is_async:
            runner = Runner(self.adapter, self.wire, self.clock, self.hooks)
            for flow in flows:
                result = runner.run(flow, "operate", limits, turn)
            return result

        async def main() -> Any:
            runner = AsyncRunner(self.adapter, self.wire, self.clock, self.hooks)
            for flow in flows:
                last = await runner.run(flow, "operate", limits, turn)
            return last

        return asyncio.run(main())


def ask(operation: str, safety: Safety = Safety.SAFE, **more: Any) -> Request:
    return Request(
        method="POST", url="https://peer.example:8443/x", operation=operation, safety=safety, **more
    )


def one(operation: str = "read", safety: Safety = Safety.SAFE, **more: Any) -> Flow[Response]:
    answer: Response = yield ask(operation, safety, **more)
    return answer
