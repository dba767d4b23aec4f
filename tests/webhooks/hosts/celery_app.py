"""An application with Celery and a broker of files, for workers that tests start."""

from __future__ import annotations

from celery import Celery

from hamilton_sdk.webhooks import Dispatcher, Outbox
from hamilton_sdk.webhooks.hosts.celery import CeleryHost, install
from tests.webhooks.hosts.engines import Given

__all__ = ["app_of", "host_of"]


def app_of(given: Given) -> Celery:
    """An app whose messages are files."""
    found = Celery("hooks", broker="filesystem://", set_as_current=False)
    found.conf.broker_transport_options = {
        "data_folder_in": f"{given.broker}/messages",
        "data_folder_out": f"{given.broker}/messages",
        "control_folder": f"{given.broker}/control",
    }
    found.conf.worker_hijack_root_logger = False
    return found


def host_of(app: Celery, given: Given, key) -> CeleryHost:
    """Its host."""
    return install(
        app,
        lambda: given.open(Outbox, key),
        every=1.0,
        dispatcher=given.dispatcher(Dispatcher),
    )
