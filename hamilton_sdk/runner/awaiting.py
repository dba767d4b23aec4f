"""The runner for async code: performs effects by awaiting. Belongs to one event loop."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hamilton_sdk._tenacity import aloop
from hamilton_sdk.errors import ConfigurationError, ConnectorError
from hamilton_sdk.flow import Now, Offload, Query, Request, Sleep, Together
from hamilton_sdk.runner.core import FAILURES, Core, End, first_failure
from hamilton_sdk.runner.exchange import Exchange
from hamilton_sdk.runner.lanes import AsyncLanes, Crowded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Sequence

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Adapter, Auth, Effect, Flow, Lane, Response, Token
    from hamilton_sdk.retry import Hooks, RetryPolicy
    from hamilton_sdk.runner.core import AsyncPerforms, Operation
    from hamilton_sdk.transport.base import AsyncTransport

__all__ = ["AsyncRunner"]

T = TypeVar("T")


class AsyncRunner:
    """Runs flows to their end; the async twin of `hamilton_sdk.runner.Runner`.

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
        transport: AsyncTransport,
        clock: Clock,
        hooks: Hooks | None = None,
        store: AsyncPerforms | None = None,
    ) -> None:
        self._core = Core(adapter, clock, hooks)
        self._transport = transport
        self._store = store
        self._clock = clock
        self._turns = _Turns()
        self._lanes = AsyncLanes(clock)
        self._token_lock = asyncio.Lock()
        self._loop = asyncio.get_running_loop()

    async def run(
        self,
        flow: Flow[T],
        operation: str,
        policy: RetryPolicy,
        turn: str | None = None,
    ) -> T:
        """Run a flow; see `hamilton_sdk.runner.Runner.run`.

        Raises:
            ConfigurationError: Called from another event loop than the one it was opened in.
        """
        current = self._core.operation(operation, policy)
        try:
            if asyncio.get_running_loop() is not self._loop:
                message = f"{self._core.adapter.name}: this async connector belongs to another event loop"
                raise ConfigurationError(message, hint="open one connector in each event loop")
            if turn is None:
                return await self._drive(flow, current)
            async with self._turns.take(turn, current, self._core):
                return await self._drive(flow, current)
        except ConnectorError as error:
            self._core.name_in(error, current)
            raise
        finally:
            flow.close()

    async def _drive(self, flow: Flow[T], operation: Operation) -> T:
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
                    answer = await self._exchange(effect, operation)
                else:
                    answer = await self._perform(effect, operation)
            except FAILURES as failure:
                error = failure
                continue
            except End as end:
                cause: BaseException = end.cause
            except BaseException as broken:  # noqa: BLE001 (raised again once undone)
                cause = broken
            else:
                continue
            raise await self._end(flow, operation, effect, cause)

    async def _end(
        self, flow: Flow[T], operation: Operation, effect: Effect, cause: BaseException
    ) -> BaseException:
        """Let an interrupted flow undo what it made, shielded from cancellation; what to raise then."""
        if operation.ending:
            return cause  # broken off while undoing: give up
        operation.end(self._clock.monotonic())
        try:
            await _shielded(self._undo(flow, operation, effect))
        except FAILURES as failure:
            return self._core.after_ending(cause, failure)
        return cause

    async def _undo(self, flow: Flow[T], operation: Operation, effect: Effect) -> None:
        try:
            if not (isinstance(effect, Request) and effect.undo):
                effect = flow.throw(self._core.interrupted(operation))
            # Else it was undoing already: finish that instead of breaking it off.
            await self._finish(flow, operation, effect)
        except StopIteration:
            return

    async def _finish(self, flow: Flow[T], operation: Operation, effect: Effect) -> None:
        """Drive a flow that is ending, from an effect it waits for."""
        while True:
            try:
                answer = await self._perform(effect, operation)
            except FAILURES as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)

    async def _perform(self, effect: Effect, operation: Operation) -> object:
        if isinstance(effect, Request):
            return await self._exchange(effect, operation)
        self._core.check_end(operation, operation.remaining(self._clock.monotonic(), undo=False))
        if isinstance(effect, Now):
            return self._clock.now()
        if isinstance(effect, Sleep):
            await self._sleep(effect.seconds, operation)
            return None
        if isinstance(effect, Together):
            return await self._together(effect, operation)
        if isinstance(effect, Offload):
            return await self._offload(effect, operation)
        return await self._query(effect)

    async def _query(self, effect: object) -> object:
        """Perform a query. What else a flow may have yielded, no type checker has seen."""
        if isinstance(effect, Query) and self._store is not None:
            return await self._store.perform(effect.operation)
        raise self._core.misfit(effect)

    async def _sleep(self, seconds: float, operation: Operation) -> None:
        nap, then = self._core.nap(seconds, operation)
        await self._clock.asleep(nap)
        if then is not None:
            raise then

    async def _offload(self, effect: Offload, operation: Operation) -> object:
        """Run the function in a thread; its requests come back to this loop."""

        def fetch(request: Request) -> Response:
            return asyncio.run_coroutine_threadsafe(self._exchange(request, operation), self._loop).result()

        return await asyncio.to_thread(effect.function, fetch)

    # Not coroutines themselves, where there is nothing to await first: each one around another costs every
    # call a microsecond.
    def _exchange(self, request: Request, operation: Operation) -> Coroutine[Any, Any, Response]:
        exchange = Exchange(self._core, operation, request)
        wait_first = None if request.retry_of is None else exchange.resume()
        return self._attempts(exchange) if wait_first is None else self._later(wait_first, exchange)

    async def _later(self, seconds: float, exchange: Exchange) -> Response:
        await self._clock.asleep(seconds)
        return await self._attempts(exchange)

    def _attempts(self, exchange: Exchange) -> Coroutine[Any, Any, Response]:
        async def attempt(number: int) -> Response:
            left = exchange.begin()
            try:
                lane = exchange.request.lane
                if lane is None:
                    answer = await self._authenticated(exchange.request, exchange.operation, left)
                else:
                    answer = await self._in_lane(lane, exchange, left)
                return exchange.complete(number, answer)
            except Exception:
                raise
            except BaseException as error:
                exchange.cut(number, error)
                raise

        return aloop(attempt, exchange.settle, self._clock.asleep)

    async def _in_lane(self, lane: Lane, exchange: Exchange, left: float | None) -> Response:
        try:
            async with self._lanes.take(lane, left) as rest:
                return await self._authenticated(exchange.request, exchange.operation, rest)
        except TimeoutError:
            raise exchange.not_sent_in_time() from None
        except Crowded as crowded:
            raise exchange.crowded(lane, crowded.wait) from None

    def _authenticated(
        self, request: Request, operation: Operation, left: float | None
    ) -> Coroutine[Any, Any, Response]:
        auth = self._core.auth
        if auth is None or not request.authenticate or operation.authenticating:
            return self._transport.send(request, left)
        return self._with_token(auth, request, operation, left)

    async def _with_token(
        self, auth: Auth, request: Request, operation: Operation, left: float | None
    ) -> Response:
        token = await self._token(auth, operation, None)
        answer = await self._transport.send(auth.apply(request, token), left)
        if auth.expired(answer):
            token = await self._token(auth, operation, token)
            answer = await self._transport.send(auth.apply(request, token), left)
        return answer

    async def _token(self, auth: Auth, operation: Operation, refused: Token | None) -> Token:
        """The token; a new one, fetched once for all who wait, where there is none or it was refused."""
        cache = self._core.tokens
        async with self._token_lock:
            token = cache.fresh(self._clock)
            if token is None or token is refused:
                try:
                    token = await self._drive(auth.acquire(), operation.child(authenticating=True))
                except ConnectorError as error:
                    self._core.end_without_token(error)
                    raise
                cache.token = token
            return token

    async def _together(self, effect: Together, operation: Operation) -> list[Any]:
        group = operation.child()
        room = asyncio.Semaphore(max(1, effect.limit))
        tasks = [asyncio.ensure_future(self._child(flow, group, room)) for flow in effect.flows]
        if not tasks:
            return []
        # While undoing, one failure is no reason to leave the rest standing.
        until = asyncio.ALL_COMPLETED if operation.ending else asyncio.FIRST_EXCEPTION
        try:
            await asyncio.wait(tasks, return_when=until)
        finally:
            # Some still run only after a failure or an interruption: each undoes its own part.
            running = [task for task in tasks if not task.done()]
            for task in running:
                task.cancel()
            if running:
                await _shielded(_settled(running))
        first_failure([None if task.cancelled() else task.exception() for task in tasks])
        return [task.result() for task in tasks]

    async def _child(self, flow: Flow[Any], group: Operation, room: asyncio.Semaphore) -> object:
        try:
            async with room:
                return await self._drive(flow, group.child())
        except BaseException:
            group.stopped = True
            raise
        finally:
            flow.close()


async def _settled(tasks: Sequence[asyncio.Future[object]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


async def _shielded(work: Coroutine[Any, Any, None]) -> None:
    """Await something to its end, whatever cancels the caller; the cancellation is raised then.

    A task of its own lies outside of any cancel scope (anyio cancels a scope's tasks again and again), and
    `asyncio.shield` keeps a plain ``task.cancel()`` from reaching it.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
        except FAILURES:
            break
    if cancelled is None:
        task.result()
        return
    failure = None if task.cancelled() else task.exception()
    if failure is not None:
        cancelled.add_note(str(failure))
    raise cancelled


class _Turns:
    """One lock for each reference in use."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def take(self, reference: str, operation: Operation, core: Core) -> AsyncGenerator[None]:
        lock, users = self._users.get(reference, (asyncio.Lock(), 0))
        self._users[reference] = (lock, users + 1)
        try:
            await self._wait(lock, operation, core)
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, users = self._users[reference]
            if users == 1:
                del self._users[reference]
            else:
                self._users[reference] = (lock, users - 1)

    async def _wait(self, lock: asyncio.Lock, operation: Operation, core: Core) -> None:
        left = operation.remaining(core.clock.monotonic(), undo=False)
        try:
            async with asyncio.timeout(left):
                await lock.acquire()
        except TimeoutError:
            raise core.deadline_over(operation) from None
