"""Drives a flow one request at a time, so that a test decides what happens between two of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.flow import Flow, Now, Request, Response, Together
from hamilton_sdk.transport.inprocess import InProcessTransport
from tests.acs.building import Building


class Stepper:
    """One flow over a simulator, without retries; requests that go out at once go one after another.

    Args:
        building: Where it happens.
        flow: What is driven.

    Attributes:
        waiting: The request that it would send next; None once it has ended.
        result: What it returned.
        error: What it raised instead.
    """

    def __init__(self, building: Building, flow: Flow[Any]) -> None:
        self._transport = InProcessTransport(building.simulator, building.clock)
        self._flow = flow
        self._requests = _requests(flow, building)
        self.waiting: Request | None = None
        self.result: object = None
        self.error: ConnectorError | None = None
        self._advance(None)

    def step(self) -> None:
        """Perform the request that waits, and go on to the next one."""
        request = self.waiting
        assert request is not None, "it has ended"
        self._advance(self._transport.send(request, None))

    def perform(self) -> None:
        """Perform the request that waits, and lose its answer."""
        assert self.waiting is not None, "it has ended"
        self._transport.send(self.waiting, None)

    def kill(self) -> None:
        """End it as the end of its process would: nothing more is sent, or this raises."""
        self._requests.close()
        self._flow.close()
        self.waiting = None

    def finish(self) -> None:
        """Drive it to its end."""
        while self.waiting is not None:
            self.step()

    def _advance(self, answer: Response | None) -> None:
        try:
            self.waiting = self._requests.send(answer)
        except StopIteration as stop:
            self.waiting, self.result = None, stop.value
        except ConnectorError as error:
            self.waiting, self.error = None, error


def _requests(flow: Flow[Any], building: Building) -> Generator[Request, Any, Any]:
    answer: object = None
    error: ConnectorError | None = None
    while True:
        try:
            effect = flow.send(answer) if error is None else flow.throw(error)
        except StopIteration as stop:
            return stop.value
        answer = error = None
        if isinstance(effect, Request):
            answer = yield effect
        elif isinstance(effect, Now):
            answer = building.clock.now()
        elif isinstance(effect, Together):
            answer = results = []
            try:
                for each in effect.flows:
                    results.append((yield from _requests(each, building)))  # noqa: PERF401 (`yield from`)
            except ConnectorError as failure:
                error = failure
        else:
            raise TypeError(effect)
