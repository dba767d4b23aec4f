"""A responder as an ASGI 3 application, for any ASGI server; no framework is imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.flow import Cut, Response
from hamilton_sdk.serving.driving import BODILESS, LARGEST_REQUEST, answer_async, request_from
from hamilton_sdk.serving.incoming.asgi import read_request
from hamilton_sdk.serving.incoming.received import SenderWentAway

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Request, Responder
    from hamilton_sdk.serving.incoming import Incoming

__all__ = ["Application", "asgi", "send_response", "serving"]

# The names and shapes of ASGI 3 (asgi.readthedocs.io, specifications).
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_TOO_LARGE: Final = 413
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

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await _serve(responder, moments, largest_request, scope, receive, send)

    return serving(serve)


def serving(serve: Application) -> Application:
    """An application that serves requests, accepts lifespan events and closes websockets."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await serve(scope, receive, send)

    return application


async def _live(receive: Receive, send: Send) -> None:
    """Accept lifespan events up to the shutdown."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


async def _serve(
    responder: Responder, clock: Clock, largest_request: int, scope: Scope, receive: Receive, send: Send
) -> None:
    try:
        incoming = await read_request(scope, receive, largest_body=largest_request)
        found = await answer_async(responder, _request(scope, incoming), clock)
    except SenderWentAway:
        return
    except RequestRefused as refused:
        found = Response(status=refused.status)
    except Cut as cut:
        await _cut(cut, receive, send)
        return
    await send_response(found, scope, send)


def _request(scope: Scope, incoming: Incoming) -> Request:
    host = dict(incoming.headers).get("host")
    if host is None:
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    url = f"{scope.get('scheme', 'http')}://{host}{path.decode('latin-1')}"
    whole = f"{url}?{query.decode('latin-1')}" if query else url
    return request_from(incoming.method, whole, incoming.headers, incoming.body)


async def send_response(response: Response, scope: Scope, send: Send) -> None:
    """Send an answer whole, and close the connection where a body was too large to be read."""
    headers = dict(response.headers)
    if response.status not in BODILESS:
        headers["content-length"] = str(len(response.body))
    if response.status == _TOO_LARGE and scope.get("http_version", "1.1").startswith("1"):
        # What is left of the body is not read; HTTP/2 has no such header.
        headers["connection"] = "close"
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
