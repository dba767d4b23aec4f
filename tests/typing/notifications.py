"""What type checkers see of notifications; checked, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from hamilton_sdk.flow import Response
from hamilton_sdk.graph import ClientCertificate, ClientSecret, Graph
from hamilton_sdk.graph.notifications import (
    AsyncNotificationReceiver,
    Change,
    DecryptionKey,
    Lifecycle,
    NotificationReceiver,
    Received,
    Refused,
)
from hamilton_sdk.graph.notifications.receiving.asgi import notifications_asgi
from hamilton_sdk.graph.notifications.receiving.django import async_notifications_view, notifications_view
from hamilton_sdk.graph.notifications.receiving.fastapi import received_by
from hamilton_sdk.graph.notifications.receiving.wsgi import notifications_wsgi
from hamilton_sdk.secrets import FileSecret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import flask
    import starlette.requests


def credentials(path: Path) -> None:
    for credential in (
        ClientSecret("secret"),
        ClientSecret(FileSecret(path)),
        ClientCertificate(path),
        ClientCertificate(str(path), path, password="opens it"),
    ):
        Graph("tenant", "client", credential)


def told(watch_id: str) -> str | None:
    return watch_id or None


def keep(received: Received) -> None:
    for change in received.changes:
        assert_type(change, Change)
        assert_type(change.content, Mapping[str, object] | None)
    for ended in received.lifecycle:
        assert_type(ended, Lifecycle)
    for refused in received.refused:
        assert_type(refused, Refused)
    assert_type(received.response, Response)
    assert_type(received.watch_ids, tuple[str, ...])


async def keep_async(received: Received) -> None:
    keep(received)


def sync_frameworks(path: Path, request: flask.Request) -> None:
    from hamilton_sdk.graph.notifications.receiving.flask import answer, receive_request

    keys = [DecryptionKey("2026", path)]
    with NotificationReceiver(
        {"id": "secret", "other": ["old", "new"]}, client_id="client", keys=keys
    ) as receiver:
        keep(receiver.receive("query", b"body"))
        notifications_wsgi(receiver, keep)
        notifications_view(receiver, keep)
        answer(receive_request(request, receiver))


async def async_frameworks(request: starlette.requests.Request) -> None:
    from hamilton_sdk.graph.notifications.receiving.starlette import answer, receive_request

    async with AsyncNotificationReceiver(told) as receiver:
        keep(await receiver.receive(b"query", b"body"))
        notifications_asgi(receiver, keep_async)
        async_notifications_view(receiver, keep_async)
        assert_type(await received_by(receiver)(request), Received)
        answer(await receive_request(request, receiver))
