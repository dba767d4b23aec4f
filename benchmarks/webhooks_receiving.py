"""What receiving a webhook of 1 KiB costs over verifying it: reading the request, and the glue around it."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from benchmarks.measure import Row, in_turn
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks.receiving.asgi import webhook_asgi
from hamilton_sdk.webhooks.receiving.wsgi import webhook_wsgi

__all__ = ["rows"]

_ROUNDS = 15
_CALLS = 300
_HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
_BODY = b"x" * 1024


def _asgi(headers: dict[str, str]) -> Any:
    async def handle(_: object) -> None: ...

    application = webhook_asgi(_HOOK, handle)
    event = {"type": "http.request", "body": _BODY, "more_body": False}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "headers": raw}

    async def receive() -> Any:
        return event

    async def send(_: object) -> None: ...

    async def many() -> None:
        for _ in range(_CALLS):
            await application(scope, receive, send)

    return lambda: asyncio.run(many())


def _wsgi(headers: dict[str, str]) -> Any:
    application = webhook_wsgi(_HOOK, lambda _: None)
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(_BODY)), **named}

    def many() -> None:
        for _ in range(_CALLS):
            application({**environ, "wsgi.input": io.BytesIO(_BODY)}, lambda *_: print)

    return many


def _verify(headers: dict[str, str]) -> Any:
    def many() -> None:
        for _ in range(_CALLS):
            _HOOK.verify(_BODY, headers)

    return many


def rows() -> list[Row]:
    """Microseconds over the verifying itself."""
    headers = _HOOK.sign("msg_1", _BODY)
    makers = {"verify": _verify, "webhook_asgi": _asgi, "webhook_wsgi": _wsgi}
    times = in_turn({name: make(headers) for name, make in makers.items()}, rounds=_ROUNDS)
    each = {name: seconds / _CALLS * 1e6 for name, seconds in times.items()}
    return [
        Row(
            f"{name} over verifying, 1 KiB",
            each[name] - each["verify"],
            "us",
            note=f"{each['verify']:.1f} us it is",
        )
        for name in ("webhook_asgi", "webhook_wsgi")
    ]
