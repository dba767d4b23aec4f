"""Deliveries as tasks of Celery: in process, and by real workers over a broker of files."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial

import celery
import pytest
from celery import signals
from kombu.exceptions import OperationalError

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import Dispatcher, Outbox
from hamilton_sdk.webhooks.hosts.celery import install
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.receivers import InProcess

_NAME = "hamilton_sdk.webhooks.deliver"


class Bench:
    """An app that runs its tasks where they are sent from, and an outbox."""

    def __init__(self, address, **settings):
        self.address = address
        self.clock = SettableClock()
        self.receivers = InProcess()
        self.opened = []
        self.app = celery.Celery("bench", broker="memory://", set_as_current=False)
        self.host = self.install(**settings)
        self.outbox = self.open()
        self.outbox.add_endpoint(URL, in_flight_limit=1)

    def open(self):
        self.opened.append(Outbox.open(self.address, key=KEY, clock=self.clock, synchronous="NORMAL"))
        return self.opened[-1]

    def install(self, **settings):
        dispatcher = partial(Dispatcher, transport=self.receivers)
        settings = {"app": self.app, "open_outbox": self.open, "dispatcher": dispatcher, **settings}
        return install(**settings)

    @property
    def task(self):
        return self.app.tasks[_NAME]


@pytest.fixture
def bench(sqlite_address):
    made = Bench(sqlite_address)
    made.app.conf.task_always_eager = True
    yield made
    made.host.close()
    made.outbox.close()


class TestWorking:
    def test_waking_delivers_what_is_due(self, bench):
        bench.outbox.publish(Happened("e"))
        bench.host.wake()
        assert bench.receivers.ids == ["e"]
        assert len(bench.opened) == 2

    def test_a_task_whose_time_is_over_leaves_the_rest_to_another(self, bench):
        bench.receivers.answer = lambda request: bench.clock.advance(60) or 200
        for number in range(3):
            bench.outbox.publish(Happened(f"e{number}"))
        bench.host.wake()
        assert len(bench.receivers.ids) == 3

    @pytest.mark.parametrize("signal", ["worker_process_shutdown", "worker_shutdown"])
    def test_what_a_worker_keeps_is_closed_with_it(self, bench, signal):
        bench.host.wake()
        getattr(signals, signal).send(sender=None)
        with pytest.raises(ConfigurationError, match="closed"):
            bench.opened[1].counters()

    def test_what_runs_when_a_worker_is_told_to_end_gives_the_rest_back(self, bench):
        for number in range(3):
            bench.outbox.publish(Happened(f"e{number}"))

        def answer(request):
            signals.worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=0)
            return 200

        bench.receivers.answer = answer
        bench.host.wake()
        assert len(bench.receivers.ids) == 1
        counted = bench.outbox.counters()
        assert (counted.delivered, counted.pending, counted.leased) == (1, 2, 0)

    def test_a_broker_that_is_away_is_noted_and_no_more(self, bench, monkeypatch, caplog):
        for error in (OperationalError("away"), ConnectionRefusedError()):

            def refuse(*args, _error=error, **settings):
                assert settings["retry"] is False
                raise _error

            monkeypatch.setattr(bench.task, "apply_async", refuse)
            bench.host.wake()
        assert [record.message for record in caplog.records if record.name == "hamilton_sdk.webhooks"] == [
            f"no job was woken for a delivery, the periodic one comes: {name}"
            for name in ("OperationalError", "ConnectionRefusedError")
        ]


class TestInstalling:
    def test_beat_sends_it_periodically(self, bench):
        (entry,) = bench.app.conf.beat_schedule.values()
        assert (entry["task"], entry["schedule"]) == (_NAME, 60.0)
        assert list(bench.app.conf.beat_schedule) == [_NAME]

    def test_messages_that_nobody_took_are_forgotten_after_a_while(self, sqlite_address):
        for every, expires in ((1, 300), (3600, 3600)):
            bench = Bench(sqlite_address, every=every)
            assert bench.task.expires == expires
            bench.outbox.close()

    def test_no_limit_of_the_applications_own_tasks_cuts_off_deliveries(self, bench):
        bench.app.conf.update(task_time_limit=5, task_soft_time_limit=5)
        assert (bench.task.time_limit, bench.task.soft_time_limit) == (660, 660)
        assert bench.task.ignore_result is True

    def test_it_goes_to_the_queue_it_is_given(self, bench):
        bench.app.conf.task_always_eager = False
        sent = []

        def note(routing_key, **_):
            sent.append(routing_key)

        signals.before_task_publish.connect(note)
        bench.host.wake()
        other = bench.install(name="other", queue="hooks")
        other.wake()
        assert sent == ["celery", "hooks"]
        entries = bench.app.conf.beat_schedule
        assert (entries[_NAME]["options"], entries["other"]["options"]) == ({}, {"queue": "hooks"})

    def test_the_app_may_be_configured_later(self, sqlite_address):
        app = celery.Celery("late", set_as_current=False)
        install(app, lambda: Outbox.open(sqlite_address, key=KEY))
        assert not app.configured
        app.config_from_object({"task_acks_late": True})
        assert app.tasks[_NAME].acks_late is True
        assert _NAME in app.conf.beat_schedule

    def test_the_package_is_asked_for_by_name(self, bench, monkeypatch):
        monkeypatch.setitem(sys.modules, "celery", None)
        with pytest.raises(ConfigurationError, match="celery") as caught:
            bench.install(name="other")
        assert caught.value.hint == "pip install 'hamilton-apps-sdk[celery]'"

    def test_what_is_given_wrongly_is_named(self, bench):
        with pytest.raises(TypeError, match="app must be Celery, not object"):
            bench.install(app=object(), name="other")
        for every in (0, -1.0, float("inf"), float("nan")):
            with pytest.raises(ConfigurationError, match="every"):
                bench.install(name="other", every=every)
        with pytest.raises(TypeError, match="every"):
            bench.install(name="other", every="60")
        with pytest.raises(ConfigurationError, match="at_most"):
            bench.install(name="other", at_most=timedelta(0))
        assert "other" not in bench.app.tasks
