"""A responder as an ASGI 3 application, for any ASGI server; no framework is imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.flow import Cut, Response
from hamilton_sdk.serving.driving import LARGEST_REQUEST, answer_async, request_from

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Request, Responder

__all__ = ["Application", "asgi", "live"]

# The names and shapes of ASGI 3 (asgi.readthedocs.io, specifications).
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_BEGINNING: Final = b"<"
_PROMISED: Final = b"1000"


def asgi(
    responder: Responder, clock: Clock | None = None, *, largest_request: int = LARGEST_REQUEST
) -> Application:
    """Make an ASGI application of a responder.

    `Cut` is mapped as far as ASGI allows. ASGI cannot drop a line without an answer: for ``"reset"``,
    ``"refused"`` and ``"truncated"`` an answer is begun that promises more than it holds, and `Cut` is raised
    to the server, which then closes the connection. For ``"timeout"`` nothing is sent until the client goes
    away.

    Args:
        responder: Who answers.
        clock: For the time and for waiting; the machine's own if not given.
        largest_request: Bytes of a body before it is refused with status 413.

    Returns:
        The application; it accepts lifespan events and closes websockets.

    Example:
        >>> from hamilton_sdk.testing.simulators import AeosSimulator
        >>> application = asgi(AeosSimulator())  # uvicorn.run(application)
    """
    moments = clock or SystemClock()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await _serve(responder, moments, largest_request, scope, receive, send)

    return application


async def live(receive: Receive, send: Send) -> None:
    """Accept lifespan events up to the shutdown."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


async def _serve(
    responder: Responder, clock: Clock, largest_request: int, scope: Scope, receive: Receive, send: Send
) -> None:
    body = await _body(receive, largest_request)
    if isinstance(body, Response):
        await _send(body, send)
        return
    if body is None:
        return
    try:
        found = await answer_async(responder, _request(scope, body), clock)
    except Cut as cut:
        await _cut(cut, receive, send)
        return
    await _send(found, send)


async def _body(receive: Receive, largest: int) -> bytes | Response | None:
    """The body; an answer where it is too large, None where the client went away."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > largest:
            return Response(status=413, headers={"connection": "close"})
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _request(scope: Scope, body: bytes) -> Request:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    host = dict(headers).get("host")
    if host is None:
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    url = f"{scope.get('scheme', 'http')}://{host}{path.decode('latin-1')}"
    return request_from(scope["method"], f"{url}?{query.decode('latin-1')}" if query else url, headers, body)


async def _send(response: Response, send: Send) -> None:
    headers = {**response.headers, "content-length": str(len(response.body))}
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": response.body})


async def _cut(cut: Cut, receive: Receive, send: Send) -> None:
    if cut.kind == "timeout":
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", _PROMISED)]})
    await send({"type": "http.response.body", "body": _BEGINNING, "more_body": True})
    raise cut
