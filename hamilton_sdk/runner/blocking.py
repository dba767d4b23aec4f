"""The runner for sync code: performs effects by blocking. Thread-safe."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hamilton_sdk._tenacity import loop
from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.flow import Now, Offload, Query, Request, Sleep, Together
from hamilton_sdk.runner.core import FAILURES, Core, End, first_failure
from hamilton_sdk.runner.exchange import Exchange
from hamilton_sdk.runner.lanes import Crowded, Lanes

if TYPE_CHECKING:
    from collections.abc import Generator

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Adapter, Auth, Effect, Flow, Lane, Response, Token
    from hamilton_sdk.retry import Hooks, RetryPolicy
    from hamilton_sdk.runner.core import Operation, Performs
    from hamilton_sdk.transport.base import Transport

__all__ = ["Runner"]

T = TypeVar("T")


class Runner:
    """Runs flows to their end.

    Args:
        adapter: Whose flows they are.
        transport: Performs requests.
        clock: Where time comes from.
        hooks: What the application wants to hear about.
        store: Performs a flow's queries; a flow that has one is refused without.
    """

    def __init__(
        self,
        adapter: Adapter,
        transport: Transport,
        clock: Clock,
        hooks: Hooks | None = None,
        store: Performs | None = None,
    ) -> None:
        self._core = Core(adapter, clock, hooks)
        self._transport = transport
        self._store = store
        self._clock = clock
        self._turns = _Turns()
        self._lanes = Lanes(clock)
        self._token_lock = threading.Lock()

    def run(
        self,
        flow: Flow[T],
        operation: str,
        policy: RetryPolicy,
        turn: str | None = None,
    ) -> T:
        """Run a flow.

        Args:
            flow: What to run; closed in any case.
            operation: The connector's method, for errors.
            policy: The limits.
            turn: A reference whose calls take turns; None for a call that need not.

        Returns:
            What the flow returns.

        Raises:
            ConnectorError: What the flow raises; `TimedOut` when the deadline passed between two steps,
                once what had been done was undone.
        """
        current = self._core.operation(operation, policy)
        try:
            if turn is None:
                return self._drive(flow, current)
            with self._turns.take(turn, current, self._core):
                return self._drive(flow, current)
        except ConnectorError as error:
            self._core.name_in(error, current)
            raise
        finally:
            flow.close()

    def _drive(self, flow: Flow[T], operation: Operation) -> T:
        """Send each effect's answer into the flow until it returns; undo when interrupted."""
        answer: object = None
        error: Exception | None = None
        while True:
            try:
                effect = flow.send(answer) if error is None else flow.throw(error)
            except StopIteration as stop:
                return cast("T", stop.value)
            answer = error = None
            try:
                if isinstance(effect, Request):
                    answer = self._exchange(effect, operation)
                else:
                    answer = self._perform(effect, operation)
            except FAILURES as failure:
                error = failure
                continue
            except End as end:
                cause: BaseException = end.cause
            except BaseException as broken:  # noqa: BLE001 (raised again once undone)
                cause = broken
            else:
                continue
            raise self._end(flow, operation, effect, cause)

    def _end(
        self, flow: Flow[T], operation: Operation, effect: Effect, cause: BaseException
    ) -> BaseException:
        """Let an interrupted flow undo what it made; what to raise then."""
        if operation.ending:
            return cause  # broken off while undoing: give up
        operation.end(self._clock.monotonic())
        try:
            if isinstance(effect, Request) and effect.undo:
                # It was undoing already: finish that instead of breaking it off.
                self._finish(flow, operation, effect)
            else:
                first = flow.throw(self._core.interrupted(operation))
                self._finish(flow, operation, first)
        except StopIteration:
            pass
        except FAILURES as failure:
            return self._core.after_ending(cause, failure)
        return cause

    def _finish(self, flow: Flow[T], operation: Operation, effect: Effect) -> None:
        """Drive a flow that is ending, from an effect it waits for."""
        while True:
            try:
                answer = self._perform(effect, operation)
            except FAILURES as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)

    def _perform(self, effect: Effect, operation: Operation) -> object:
        if isinstance(effect, Request):
            return self._exchange(effect, operation)
        self._core.check_end(operation, operation.remaining(self._clock.monotonic(), undo=False))
        if isinstance(effect, Now):
            return self._clock.now()
        if isinstance(effect, Sleep):
            self._sleep(effect.seconds, operation)
            return None
        if isinstance(effect, Together):
            return self._together(effect, operation)
        if isinstance(effect, Offload):
            return effect.function(lambda request: self._exchange(request, operation))
        return self._query(effect)

    def _query(self, effect: object) -> object:
        """Perform a query. What else a flow may have yielded, no type checker has seen."""
        if isinstance(effect, Query) and self._store is not None:
            return self._store.perform(effect.operation)
        raise self._core.misfit(effect)

    def _sleep(self, seconds: float, operation: Operation) -> None:
        nap, then = self._core.nap(seconds, operation)
        self._clock.sleep(nap)
        if then is not None:
            raise then

    def _exchange(self, request: Request, operation: Operation) -> Response:
        exchange = Exchange(self._core, operation, request)
        wait_first = None if request.retry_of is None else exchange.resume()
        if wait_first is not None:
            self._clock.sleep(wait_first)

        def attempt(number: int) -> Response:
            left = exchange.begin()
            try:
                if request.lane is None:
                    answer = self._authenticated(request, operation, left)
                else:
                    answer = self._in_lane(request.lane, exchange, left)
                return exchange.complete(number, answer)
            except Exception:
                raise
            except BaseException as error:
                exchange.cut(number, error)
                raise

        return loop(attempt, exchange.settle, self._clock.sleep)

    def _in_lane(self, lane: Lane, exchange: Exchange, left: float | None) -> Response:
        try:
            with self._lanes.take(lane, left) as rest:
                return self._authenticated(exchange.request, exchange.operation, rest)
        except TimeoutError:
            raise exchange.not_sent_in_time() from None
        except Crowded as crowded:
            raise exchange.crowded(lane, crowded.wait) from None

    def _authenticated(self, request: Request, operation: Operation, left: float | None) -> Response:
        auth = self._core.auth
        if auth is None or not request.authenticate or operation.authenticating:
            return self._transport.send(request, left)
        token = self._token(auth, operation, None)
        answer = self._transport.send(auth.apply(request, token), left)
        if auth.expired(answer):
            token = self._token(auth, operation, token)
            answer = self._transport.send(auth.apply(request, token), left)
        return answer

    def _token(self, auth: Auth, operation: Operation, refused: Token | None) -> Token:
        """The token; a new one, fetched once for all who wait, where there is none or it was refused."""
        cache = self._core.tokens
        with self._token_lock:
            token = cache.fresh(self._clock)
            if token is None or token is refused:
                try:
                    token = self._drive(auth.acquire(), operation.child(authenticating=True))
                except ConnectorError as error:
                    self._core.end_without_token(error)
                    raise
                cache.token = token
            return token

    def _together(self, effect: Together, operation: Operation) -> list[Any]:
        if not effect.flows:
            return []
        group = operation.child()
        workers = max(1, min(effect.limit, len(effect.flows)))
        with ThreadPoolExecutor(workers, thread_name_prefix="hamilton-together") as pool:
            futures = [pool.submit(self._child, flow, group) for flow in effect.flows]
            try:
                wait(futures)
            except BaseException:
                group.stopped = True
                raise
        first_failure([future.exception() for future in futures])
        return [future.result() for future in futures]

    def _child(self, flow: Flow[T], group: Operation) -> T:
        try:
            return self._drive(flow, group.child())
        except BaseException:
            # Here and not in the waiting thread, so that no further sibling begins in between.
            group.stopped = True
            raise
        finally:
            flow.close()


class _Turns:
    """One lock for each reference in use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def take(self, reference: str, operation: Operation, core: Core) -> Generator[None]:
        with self._lock:
            lock, users = self._users.get(reference, (threading.Lock(), 0))
            self._users[reference] = (lock, users + 1)
        try:
            left = operation.remaining(core.clock.monotonic(), undo=False)
            if not lock.acquire(timeout=-1 if left is None else min(max(0.0, left), threading.TIMEOUT_MAX)):
                raise core.deadline_over(operation)
            try:
                yield
            finally:
                lock.release()
        finally:
            with self._lock:
                lock, users = self._users[reference]
                if users == 1:
                    del self._users[reference]
                else:
                    self._users[reference] = (lock, users - 1)
