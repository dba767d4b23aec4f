"""Deliveries as tasks of Celery, with any broker. Needs the extra ``celery``.

A task that beat sends periodically, which alone is enough for every event to arrive, and the same task
whenever somebody wakes it. What a broker or a killed worker loses needs no care: the outbox has the events,
the leases of their deliveries end, and the next task of any worker takes them over.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks.dispatcher import Dispatcher
from hamilton_sdk.webhooks.hosts._kept import AT_MOST, NAME, Kept, note_unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    # Celery has no types of its own.
    from celery import Celery  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

    from hamilton_sdk.webhooks.outbox import Outbox

__all__ = ["CeleryHost", "install"]

_FORGET: Final = timedelta(minutes=5)
"""After so long a message that no worker took is not worth a task: others came since. No less than clocks of
machines may differ."""
_SPARE: Final = timedelta(minutes=10)
"""What a task may take for what is under way when its time is over."""


class CeleryHost:
    """Delivers in workers of Celery; made by `install`.

    Args:
        task: What delivers.
        kept: What the worker process keeps between tasks.
        sending: How it is sent.
    """

    def __init__(self, task: Any, kept: Kept, sending: Mapping[str, str]) -> None:  # noqa: ANN401 (a celery.Task, which has no types)
        self._task = task
        self._kept = kept
        self._sending = sending

    def wake(self) -> None:
        """Have a worker deliver at once. Call it after the commit: what is not committed cannot be delivered.

        Once for each transaction, however many events it published. Nothing is raised where the broker is
        away, though it may take some seconds to find that out: that is logged, the event is kept, and the
        periodic task comes.
        """
        from kombu.exceptions import KombuError

        try:
            self._task.apply_async(retry=False, **self._sending)
        except (KombuError, OSError) as error:
            note_unheard(error)

    def close(self) -> None:
        """Stop, wait for what is under way, and give connections back; workers do so when they end."""
        self._kept.close()


def install(
    app: Celery,
    open_outbox: Callable[[], Outbox],
    *,
    every: float = 60.0,
    queue: str | None = None,
    name: str = NAME,
    dispatcher: Callable[[Outbox], Dispatcher] = Dispatcher,
    at_most: timedelta = AT_MOST,
) -> CeleryHost:
    """Have workers of Celery deliver what an outbox holds. Call it where the app's tasks are defined.

    Each process of a worker opens the outbox with its first task, and closes it at its end. Pools of
    processes and of threads, and solo; not gevent and eventlet.

    Args:
        app: Whose workers.
        open_outbox: Opens the outbox, with its key: ``lambda: Outbox.open(...)``.
        every: Seconds between looks for what is due without being woken; needs ``celery beat``.
        queue: Of the tasks; the app's own if None. While one runs it takes one of its worker's places, for
            `at_most` and whatever is under way then.
        name: Of the task; another one for each outbox.
        dispatcher: Makes the dispatcher of an outbox: ``partial(Dispatcher, hooks=...)``.
        at_most: How long one task delivers; where that does not suffice, it leaves the rest to another.

    Raises:
        ConfigurationError: Celery is not installed, or a setting is wrong.
        TypeError: An argument is of another type.

    Example:
        >>> def tasks(app):
        ...     from hamilton_sdk.secrets import EnvironmentSecret
        ...     from hamilton_sdk.webhooks import Outbox
        ...
        ...     key = EnvironmentSecret("HAMILTON_KEY")
        ...     return install(app, lambda: Outbox.open("postgresql://db.internal/visits", key=key))
    """
    signals = _signals(app, every)
    kept = Kept(open_outbox, dispatcher, at_most)

    def deliver() -> None:
        if kept.deliver():
            host.wake()

    sending = {} if queue is None else {"queue": queue}
    typed: Any = app
    host = CeleryHost(_task(typed, deliver, name, every, at_most), kept, sending)
    # By its name: to touch the task would settle the app's configuration, which may be still to come.
    typed.add_periodic_task(every, typed.signature(name), name=name, **sending)
    _end_with_the_worker(kept, signals)
    return host


def _task(app: Any, deliver: Callable[[], None], name: str, every: float, at_most: timedelta) -> Any:  # noqa: ANN401 (Celery has no types)
    limit = (at_most + _SPARE).total_seconds()
    return app.task(
        name=name,
        shared=False,  # with other apps of the process, which have outboxes of their own
        ignore_result=True,
        expires=max(every, _FORGET.total_seconds()),
        # Those that an application sets for its own tasks could cut off deliveries.
        soft_time_limit=limit,
        time_limit=limit,
    )(deliver)


def _end_with_the_worker(kept: Kept, signals: Any) -> None:  # noqa: ANN401 (Celery has no types)
    def stop(**_: object) -> None:
        kept.stop()

    def close(**_: object) -> None:
        kept.close()

    # Signals hold their receivers weakly unless told otherwise.
    signals.worker_shutting_down.connect(stop, weak=False)
    signals.worker_process_shutdown.connect(close, weak=False)
    signals.worker_shutdown.connect(close, weak=False)


def _signals(app: object, every: float) -> Any:  # noqa: ANN401 (Celery has no types)
    try:
        from celery import Celery, signals  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        message = "deliveries as tasks of Celery need the package celery"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[celery]'") from None
    check_type("app", app, Celery)
    check_type("every", every, int, float)
    if not 0 < every < math.inf:
        message = f"every is {every}"
        raise ConfigurationError(message, hint="give seconds, e.g. 60")
    return signals
