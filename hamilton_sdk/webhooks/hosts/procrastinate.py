"""Deliveries as jobs of procrastinate, on PostgreSQL. Needs the extra ``procrastinate``.

Two kinds of jobs run the same task: a periodic one, which alone is enough for every event to arrive, and
woken ones, which come at once. A job that a killed worker leaves behind needs no care: the leases of its
deliveries end, and the next job of any worker takes them over.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks.dispatcher import AsyncDispatcher
from hamilton_sdk.webhooks.hosts._kept import AT_MOST, NAME, AsyncKept, note_unheard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    import psycopg
    from procrastinate import Blueprint, JobContext
    from procrastinate.jobs import Job
    from procrastinate.tasks import Task

    from hamilton_sdk.store.executing import AsyncCallersConnection, CallersConnection
    from hamilton_sdk.webhooks.async_outbox import AsyncOutbox

__all__ = ["ProcrastinateHost", "install"]


class ProcrastinateHost:
    """Delivers in workers of procrastinate; made by `install`.

    Args:
        task: What delivers.
        kept: What the worker keeps between jobs.

    Attributes:
        task: What delivers, as procrastinate has it.
    """

    def __init__(self, task: Task[..., None, ...], kept: AsyncKept) -> None:
        self.task = task
        self._kept = kept

    def wake(self, connection: CallersConnection | None = None) -> None:
        """Have a worker deliver at once.

        Beside `publish`, on the same connection: the job then exists if and only if the event does, and
        workers see it once you commit. Open transactions never wait for one another here.

        Or after the commit, without a connection, through the app, which must be open. At most one job waits
        then. What hinders it is logged and not raised: the event is kept, and the periodic job comes.

        Args:
            connection: What your transaction runs on, with psycopg.

        Raises:
            ConfigurationError: The connection is none of psycopg.
            procrastinate.exceptions.ConnectorException: The database cannot; your transaction is lost, and
                so is the job.
        """
        from procrastinate import SyncPsycopgConnector
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
        from procrastinate.manager import JobManager

        if connection is not None:
            # By a manager of its own: in a process that opened the app for async code, the app's own cannot.
            JobManager(SyncPsycopgConnector()).defer_job(self._job(), _beneath(connection))
            return
        try:
            with suppress(AlreadyEnqueued):
                self.task.configure(queueing_lock=self.task.name).defer()
        except ConnectorException as error:
            note_unheard(error)

    async def wake_async(
        self, connection: AsyncCallersConnection | psycopg.AsyncConnection[Any] | None = None
    ) -> None:
        """The same for async code; see `wake`.

        Args:
            connection: What your transaction runs on, with psycopg.

        Raises:
            ConfigurationError: The connection is none of psycopg.
            procrastinate.exceptions.ConnectorException: The database cannot; your transaction is lost, and
                so is the job.
        """
        from procrastinate import PsycopgConnector
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
        from procrastinate.manager import JobManager

        if connection is not None:
            inside = JobManager(PsycopgConnector())
            await inside.defer_job_async(self._job(), await _beneath_async(connection))
            return
        try:
            with suppress(AlreadyEnqueued):
                await self.task.configure(queueing_lock=self.task.name).defer_async()
        except ConnectorException as error:
            note_unheard(error)

    async def close(self) -> None:
        """Give connections back now, in the worker's event loop; they go with the loop otherwise."""
        await self._kept.close()

    def _job(self) -> Job:
        # Without a queueing lock: it would have each open transaction wait for the one before it, and one
        # that finds a job waiting leave its own events to it, which may run before they are committed.
        return self.task.configure().job


def install(
    app: Blueprint,
    open_outbox: Callable[[], AsyncOutbox],
    *,
    every: str = "* * * * *",
    queue: str = "webhooks",
    name: str = NAME,
    dispatcher: Callable[[AsyncOutbox], AsyncDispatcher] = AsyncDispatcher,
    at_most: timedelta = AT_MOST,
) -> ProcrastinateHost:
    """Have workers of procrastinate deliver what an outbox holds. Call it where the app's tasks are defined.

    Each worker opens the outbox with its first job, and closes it with its event loop.

    Args:
        app: Whose workers; a blueprint does as well.
        open_outbox: Opens the outbox, with its key: ``lambda: AsyncOutbox.open(...)``.
        every: When to look for what is due without being woken, as cron writes it; a sixth column is seconds.
        queue: Of the jobs. While one runs it takes one of its worker's places, for `at_most` and whatever is
            under way then: give it a worker of its own, or several places.
        name: Of the task; another one for each outbox.
        dispatcher: Makes the dispatcher of an outbox: ``partial(AsyncDispatcher, hooks=...)``.
        at_most: How long one job delivers; where that does not suffice, it leaves the rest to another.

    Raises:
        ConfigurationError: procrastinate is not installed or too old, or a setting is wrong.
        TypeError: An argument is of another type.

    Example:
        >>> def tasks(app):
        ...     from hamilton_sdk.secrets import EnvironmentSecret
        ...     from hamilton_sdk.webhooks import AsyncOutbox
        ...
        ...     key = EnvironmentSecret("HAMILTON_KEY")
        ...     return install(app, lambda: AsyncOutbox.open("postgresql://db.internal/visits", key=key))
    """
    _check(app, every)
    kept = AsyncKept(open_outbox, dispatcher, at_most)

    async def deliver(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 (periodic jobs are told it)
        await _absorb(context)
        if await kept.deliver():
            await host.wake_async()

    # What `periodic` and callers may give a task, procrastinate's types tell apart: this takes either.
    task: Any = app.task(name=name, queue=queue, pass_context=True)(deliver)
    app.periodic(cron=every, queueing_lock=name)(task)
    host = ProcrastinateHost(task, kept)
    return host


async def _absorb(context: JobContext) -> None:
    """Take waiting jobs of the task away: whatever they are for is committed, and this one delivers it."""
    manager = context.app.job_manager
    for job in await manager.list_jobs_async(task=context.job.task_name, status="todo"):
        await manager.cancel_job_by_id_async(cast("int", job.id), delete_job=True)


def _check(app: object, every: str) -> None:
    try:
        from croniter import croniter  # type: ignore[import-untyped]  # has none; procrastinate reads `every` by it
        from procrastinate import Blueprint
    except ImportError:
        message = "deliveries as jobs of procrastinate need the package procrastinate"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[procrastinate]'") from None
    check_type("app", app, Blueprint)
    if not croniter.is_valid(every):
        message = f"every is {every!r}"
        raise ConfigurationError(message, hint='give five columns of cron, e.g. "* * * * *" for each minute')


def _beneath(connection: Any) -> psycopg.Connection[Any]:  # noqa: ANN401 (see `wake`)
    """The driver's own connection beneath a caller's."""
    import psycopg

    driver = connection
    if not isinstance(connection, psycopg.Connection):
        # Of a Session it is a method that gives the connection, of a connection what lies beneath.
        is_session = callable(getattr(connection, "connection", None))
        core = connection.connection() if is_session else connection
        driver = core.connection.driver_connection if hasattr(core, "connection") else core
    _check_driver(driver, psycopg.Connection)
    return cast("psycopg.Connection[Any]", driver)


async def _beneath_async(connection: Any) -> psycopg.AsyncConnection[Any]:  # noqa: ANN401 (see `wake_async`)
    import psycopg

    core = await connection.connection() if hasattr(connection, "sync_session") else connection
    raw = await core.get_raw_connection() if hasattr(core, "get_raw_connection") else None
    driver = core if raw is None else raw.driver_connection
    _check_driver(driver, psycopg.AsyncConnection)
    return cast("psycopg.AsyncConnection[Any]", driver)


def _check_driver(driver: object, expected: type) -> None:
    if not isinstance(driver, expected):
        message = f"a job cannot be put beside the event through {type(driver).__module__}"
        hint = "wake with a connection of psycopg, or without one once your transaction is committed"
        raise ConfigurationError(message, hint=hint)
