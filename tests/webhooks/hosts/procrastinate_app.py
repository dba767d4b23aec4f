"""An application with procrastinate, for workers that tests start."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector

from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox
from hamilton_sdk.webhooks.hosts.procrastinate import install
from tests.webhooks.hosts.engines import Given

__all__ = ["app"]

_given, _key = Given.read()
app = App(connector=PsycopgConnector(conninfo=_given.address))
install(
    app,
    lambda: _given.open(AsyncOutbox, _key),
    every="* * * * * *",
    dispatcher=_given.dispatcher(AsyncDispatcher),
)
