"""A responder as an ASGI application: the protocol's events, httpx in process, and a real uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Cut, Now, Request, Response, Sleep
from hamilton_sdk.serving import asgi
from hamilton_sdk.serving.asgi import send_response
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators import AeosSimulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.flow import Flow

VERSION = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    b'<VersionSearchInfo xmlns="http://www.nedap.com/aeosws/schema"/></e:Body></e:Envelope>'
)
SOAP = {"content-type": "text/xml", "soapaction": '""'}


class Echo:
    """Tells what was asked; cuts the line on demand."""

    def __init__(self, cut: str | None = None) -> None:
        self.cut = cut
        self.asked: list[Request] = []

    def respond(self, request: Request) -> Flow[Response]:
        self.asked.append(request)
        yield Sleep(5)
        moment = yield Now()
        if self.cut is not None:
            raise Cut(self.cut)
        return Response(status=201, headers={"x-now": moment.isoformat()}, body=request.body)


def client(application: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=application)
    return httpx.AsyncClient(transport=transport, base_url="https://peer.example.org:8443")


async def test_a_request_reaches_the_responder_whole():
    echo, clock = Echo(), SettableClock()
    async with client(asgi(echo, clock)) as http:
        answer = await http.post("/a%20b/é?c=d%26e", content=b"body", headers=[("X-A", "1"), ("x-a", "2")])

    assert (answer.status_code, answer.content) == (201, b"body")
    assert answer.headers["content-length"] == "4"
    assert answer.headers["x-now"] == "2026-01-01T00:00:05+00:00"
    assert clock.slept == [5]
    [request] = echo.asked
    assert request.method == "POST"
    assert request.url == "https://peer.example.org:8443/a%20b/%C3%A9?c=d%26e"
    assert request.headers["x-a"] == "1, 2"


async def call(application: Any, scope: dict[str, Any], *received: dict[str, Any]) -> list[dict[str, Any]]:
    """Speak ASGI by hand: give these events, then silence, and collect what is sent."""
    events, sent = list(received), []

    async def receive() -> dict[str, Any]:
        if not events:
            await asyncio.sleep(3600)
        return events.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


def scope(**more: Any) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/é x", "headers": [], **more}


def body(content: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ({}, "http://localhost/%C3%A9%20x"),
        ({"server": ("127.0.0.1", 80), "scheme": "https"}, "https://127.0.0.1:80/%C3%A9%20x"),
        ({"server": ("/run/socket", None)}, "http:///run/socket/%C3%A9%20x"),
        (
            {"headers": [(b"host", b"a:1")], "raw_path": b"/%c3%a9", "query_string": b"q"},
            "http://a:1/%c3%a9?q",
        ),
    ],
)
async def test_the_address_is_put_together_from_what_the_server_tells(more, url):
    echo = Echo()
    await call(asgi(echo, SettableClock()), scope(**more), body())

    assert echo.asked[0].url == url


async def test_a_body_may_come_in_parts_but_not_without_end():
    echo = Echo()
    application = asgi(echo, SettableClock(), largest_request=4)

    sent = await call(application, scope(), body(b"ab", more=True), body(b"cd", more=True), body())
    assert sent[1]["body"] == b"abcd"
    refused = await call(application, scope(), body(b"ab", more=True), body(b"cde", more=True))
    assert refused[0]["status"] == 413
    assert (b"connection", b"close") in refused[0]["headers"]
    assert len(echo.asked) == 1


async def test_a_client_that_goes_away_while_sending_is_not_answered():
    echo = Echo()
    sent = await call(
        asgi(echo, SettableClock()), scope(), body(b"ab", more=True), {"type": "http.disconnect"}
    )

    assert (sent, echo.asked) == ([], [])


@pytest.mark.parametrize(
    ("length", "status"),
    [(b"5", 413), (b"4", 400), (b"four", 400)],
    ids=["promises too much", "promises more than comes", "is no number"],
)
async def test_a_request_whose_length_is_wrong_never_reaches_the_responder(length, status):
    echo = Echo()
    application = asgi(echo, SettableClock(), largest_request=4)
    sent = await call(application, scope(headers=[(b"content-length", length)]), body(b"abc"))

    assert (sent[0]["status"], echo.asked) == (status, [])


@pytest.mark.parametrize(("status", "lengths"), [(200, [b"0"]), (204, []), (205, []), (304, [])], ids=str)
async def test_an_answer_that_can_have_no_body_promises_none(status, lengths):
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await send_response(Response(status=status), scope(), send)

    assert [value for name, value in sent[0]["headers"] if name == b"content-length"] == lengths


@pytest.mark.parametrize(("version", "closes"), [("1.1", True), ("2", False)])
async def test_a_connection_with_half_a_body_on_it_is_closed_where_that_can_be_said(version, closes):
    application = asgi(Echo(), SettableClock(), largest_request=1)
    sent = await call(application, scope(http_version=version), body(b"ab"))

    assert sent[0]["status"] == 413
    assert ((b"connection", b"close") in sent[0]["headers"]) is closes


@pytest.mark.parametrize("kind", ["reset", "refused", "truncated"])
async def test_a_cut_begins_an_answer_that_promises_more_and_ends_in_the_server(kind):
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return body()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(Cut):
        await asgi(Echo(kind), SettableClock())(scope(), receive, send)

    [(_, promised)] = sent[0]["headers"]
    assert int(promised) > len(sent[1]["body"])
    assert sent[1]["more_body"]


async def test_silence_lasts_until_the_client_goes_away():
    application = asgi(Echo("timeout"), SettableClock())

    assert await call(application, scope(), body(), body(), {"type": "http.disconnect"}) == []
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call(application, scope(), body()), 0.05)


async def test_starting_and_stopping_are_acknowledged():
    sent = await call(
        asgi(Echo()), {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
    )

    assert sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


async def test_websockets_are_closed():
    sent = await call(asgi(Echo()), {"type": "websocket"}, {"type": "websocket.connect"})

    assert sent == [{"type": "websocket.close", "code": 1000}]


async def test_the_simulator_answers_over_asgi():
    simulator = AeosSimulator()
    async with client(asgi(simulator)) as http:
        answer = await http.post(
            "/aeosws", content=VERSION, headers=SOAP, auth=(simulator.username, simulator.password)
        )
        refused = await http.post("/aeosws", content=VERSION, headers=SOAP)

    assert (answer.status_code, refused.status_code) == (200, 401)
    assert b"AeosVersion" in answer.content
    assert answer.headers["content-type"] == "text/xml;charset=UTF-8"


@contextlib.contextmanager
def served(application: Any) -> Iterator[str]:
    """A real uvicorn on loopback, in a thread."""
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=0, log_level="critical", ws="none", lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def test_the_simulator_answers_under_uvicorn_and_cuts_its_lines():
    simulator = AeosSimulator()
    auth = (simulator.username, simulator.password)
    with served(asgi(simulator)) as url, httpx.Client(base_url=url, auth=auth, headers=SOAP) as http:
        assert http.post("/aeosws", content=VERSION).status_code == 200
        for kind in ("reset", "truncated", "refused"):
            simulator.faults.add(Fault(kind))
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                http.post("/aeosws", content=VERSION)
        simulator.faults.add(Fault("timeout"))
        with pytest.raises(httpx.ReadTimeout):
            http.post("/aeosws", content=VERSION, timeout=0.2)
        assert http.post("/aeosws", content=VERSION).status_code == 200
