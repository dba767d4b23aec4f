"""ASGI by hand: the events of a body, and the two callables of a server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["GONE", "part", "receiving", "scope"]

GONE: dict[str, Any] = {"type": "http.disconnect"}


def scope(*headers: tuple[bytes, bytes], method: str = "POST", **more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": list(headers),
        **more,
    }


def part(content: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def receiving(*events: dict[str, Any]) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Gives these events, then silence."""
    waiting = list(events)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    return receive
