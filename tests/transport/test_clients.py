"""A client of the user's own: its settings hold, our rules hold on top, and it stays open."""

from __future__ import annotations

import asyncio
import gzip
import threading
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import (
    BadResponse,
    CertificateRejected,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    ConnectorError,
    Invalid,
    NameNotResolved,
    Outcome,
    ProxyFailed,
    TimedOut,
)
from hamilton_sdk.transport.opening import open_async_transport, open_transport
from tests.transport.conftest import get, post
from tests.transport.servers import (
    hard_close,
    listening,
    ok,
    proxy,
    read_request,
    replying,
    server_context,
    silence,
    unused_port,
)

if TYPE_CHECKING:
    import socket
    from types import ModuleType

    from hamilton_sdk.flow import Request, Response
    from hamilton_sdk.testing.authority import Identity


class Kit:
    """A library and a shell; sends over a client that a user made."""

    def __init__(self, library: ModuleType, *, is_async: bool) -> None:
        self.library = library
        self.is_async = is_async

    def send(self, request: Request, deadline: float | None = None, **settings: Any) -> Response:
        if not self.is_async:
            with self.library.Client(trust_env=False, **settings) as client:
                transport = open_transport(client, SystemClock())
                try:
                    return transport.send(request, deadline)
                finally:
                    transport.close()
                    assert not client.is_closed

        async def run() -> Response:
            async with self.library.AsyncClient(trust_env=False, **settings) as client:
                transport = open_async_transport(client, SystemClock())
                try:
                    return await transport.send(request, deadline)
                finally:
                    await transport.close()
                    assert not client.is_closed

        return asyncio.run(run())

    def hook(self, function: Any) -> Any:
        """An event hook of the right kind."""
        if not self.is_async:
            return function

        async def awaited(response: Any) -> None:
            await response.aread()
            function(response)

        return awaited


@pytest.fixture(
    params=[Kit(library, is_async=is_async) for library in (httpx, httpx2) for is_async in (False, True)],
    ids=["httpx-sync", "httpx-async", "httpx2-sync", "httpx2-async"],
)
def kit(request: pytest.FixtureRequest) -> Kit:
    return request.param


def test_an_exchange_goes_through_the_client(kit: Kit) -> None:
    requests: list[bytes] = []
    reply = b"HTTP/1.1 202 Accepted\r\nX-Kind: a\r\nx-kind: b\r\nContent-Length: 5\r\n\r\nhello"
    with listening(replying(reply, requests=requests)) as port:
        answer = kit.send(
            post(f"http://127.0.0.1:{port}/x?y", b"<a/>", headers={"SOAPAction": "op"}),
            headers={"X-Theirs": "1"},
        )
    assert (answer.status, answer.headers["x-kind"], answer.body) == (202, "a, b", b"hello")
    assert requests[0].startswith(b"POST /x?y HTTP/1.1\r\n")
    assert requests[0].endswith(b"<a/>")
    for line in (b"SOAPAction: op", b"X-Theirs: 1", b"Accept-Encoding: gzip, deflate"):
        assert line + b"\r\n" in requests[0]


def test_a_redirect_is_answered_as_it_is_whatever_the_client_does_else(kit: Kit) -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with listening(replying(reply)) as port:
        assert kit.send(get(f"http://127.0.0.1:{port}/"), follow_redirects=True).status == 302


def test_compressed_answers_arrive_plain_and_capped(kit: Kit) -> None:
    reply = ok(gzip.compress(b"x" * 1000), b"Content-Encoding: gzip")
    with listening(replying(reply)) as port:
        assert kit.send(get(f"http://127.0.0.1:{port}/")).body == b"x" * 1000
        with pytest.raises(BadResponse, match="larger than 999 bytes") as caught:
            kit.send(get(f"http://127.0.0.1:{port}/", largest_response=999))
    assert caught.value.status == 200


def test_an_answer_that_a_hook_has_read_is_taken_as_read(kit: Kit) -> None:
    seen: list[int] = []

    def look(response: Any) -> None:
        if not kit.is_async:
            response.read()
        seen.append(len(response.content))

    reply = ok(gzip.compress(b"x" * 1000), b"Content-Encoding: gzip")
    hooks = {"response": [kit.hook(look)]}
    with listening(replying(reply)) as port:
        assert kit.send(get(f"http://127.0.0.1:{port}/"), event_hooks=hooks).body == b"x" * 1000
        with pytest.raises(BadResponse, match="larger than 999 bytes"):
            kit.send(get(f"http://127.0.0.1:{port}/", largest_response=999), event_hooks=hooks)
    assert seen == [1000, 1000]


def test_a_mock_transport_will_do(kit: Kit) -> None:
    mock = kit.library.MockTransport(lambda _: kit.library.Response(201, text="made up"))
    assert kit.send(get("https://aeos.example/"), transport=mock).body == b"made up"


def test_a_hook_that_raises_for_the_status_is_told(kit: Kit) -> None:
    reply = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    hooks = {"response": [kit.hook(lambda response: response.raise_for_status())]}
    with listening(replying(reply)) as port, pytest.raises(BadResponse, match="raised an error") as caught:
        kit.send(post(f"http://127.0.0.1:{port}/"), event_hooks=hooks)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert "raise_for_status" in (caught.value.hint or "")


def test_the_clients_own_limits_hold(kit: Kit) -> None:
    stop = threading.Event()
    with listening(silence(stop), stop=stop) as port, pytest.raises(TimedOut):
        kit.send(post(f"http://127.0.0.1:{port}/"), 60.0, timeout=0.1)


@pytest.mark.parametrize("own", [None, 60.0])
def test_the_operations_deadline_holds_on_top(kit: Kit, own: float | None) -> None:
    stop = threading.Event()
    with listening(silence(stop), stop=stop) as port, pytest.raises(TimedOut) as caught:
        kit.send(post(f"http://127.0.0.1:{port}/"), 0.1, timeout=own)
    assert caught.value.outcome is Outcome.UNKNOWN


def test_a_body_that_drips_ends_with_the_deadline(kit: Kit) -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not stop.wait(0.02):
            connection.sendall(b"x")

    with listening(drip, stop=stop) as port, pytest.raises(TimedOut):
        kit.send(post(f"http://127.0.0.1:{port}/"), 0.3)


def test_a_closed_client_is_told(kit: Kit) -> None:
    if kit.is_async:
        client = kit.library.AsyncClient()

        async def run() -> None:
            await client.aclose()
            await open_async_transport(client, SystemClock()).send(get("http://127.0.0.1:9/"), None)

        with pytest.raises(ConfigurationError, match="is closed"):
            asyncio.run(run())
    else:
        client = kit.library.Client()
        client.close()
        with pytest.raises(ConfigurationError, match="is closed"):
            open_transport(client, SystemClock()).send(get("http://127.0.0.1:9/"), None)


def test_a_refused_connection_is_not_sent(kit: Kit) -> None:
    with pytest.raises(ConnectionFailed, match="refused, nothing listens there") as caught:
        kit.send(post(f"http://127.0.0.1:{unused_port()}/"))
    assert caught.value.outcome is Outcome.NOT_SENT


def test_an_unknown_name_is_not_sent(kit: Kit) -> None:
    with pytest.raises(NameNotResolved, match=r"the name of nobody\.example is not known"):
        kit.send(post("http://nobody.example/"))


def test_an_untrusted_certificate_is_told(kit: Kit, server: Identity) -> None:
    with (
        listening(replying(ok()), server_context(server)) as port,
        pytest.raises(CertificateRejected, match="not issued by an authority trusted here"),
    ):
        kit.send(post(f"https://localhost:{port}/"))


def test_a_proxy_that_refuses_is_told(kit: Kit) -> None:
    refusal = b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n"
    with listening(proxy(refusal)) as port, pytest.raises(ProxyFailed, match="user and a password") as caught:
        kit.send(post("https://aeos.example/"), proxy=f"http://127.0.0.1:{port}")
    assert caught.value.outcome is Outcome.FINAL


@pytest.mark.parametrize("hard", [False, True], ids=["end", "reset"])
@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"])
def test_a_cut_answer_leaves_the_outcome_unknown(kit: Kit, reply: bytes, hard: bool) -> None:
    def answer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(reply)
        if hard:
            hard_close(connection)

    with listening(answer) as port, pytest.raises(ConnectionLost) as caught:
        kit.send(post(f"http://127.0.0.1:{port}/"))
    assert caught.value.outcome is Outcome.UNKNOWN


def test_what_is_no_http_is_a_bad_response(kit: Kit) -> None:
    with listening(replying(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")) as port, pytest.raises(BadResponse):
        kit.send(post(f"http://127.0.0.1:{port}/"))


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("ftp://aeos.example/", {}),
        ("http://aeos.example:port/", {}),
        ("http://127.0.0.1:9/", {"Authorization": "Basic c2VjcmV0\r\nX-Injected: 1"}),
    ],
)
def test_a_request_that_cannot_be_sent_is_invalid(kit: Kit, url: str, headers: dict[str, str]) -> None:
    with listening(replying(ok())) as port, pytest.raises(Invalid) as caught:
        kit.send(post(url.replace(":9/", f":{port}/"), headers=headers))
    assert "c2VjcmV0" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_error_of_the_users_own_code_passes_as_it_is(kit: Kit) -> None:
    def broken(_request: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kit.send(get("https://aeos.example/"), transport=kit.library.MockTransport(broken))


def test_the_clients_log_shows_nothing_of_our_calls(kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with listening(replying(ok())) as port:
        kit.send(get(f"http://127.0.0.1:{port}/?token=secret"))
    assert "secret" not in caplog.text


def test_errors_carry_what_support_asks_for(kit: Kit) -> None:
    with pytest.raises(ConnectorError) as caught:
        kit.send(post(f"http://user:hunter2@127.0.0.1:{unused_port()}/x?token=secret"))
    error = caught.value
    assert (error.operation, error.method) == ("write", "POST")
    assert error.url is not None
    assert error.url.endswith("/x")
    assert "hunter2" not in f"{error}{error.hint}"
    assert "secret" not in f"{error}{error.hint}"
