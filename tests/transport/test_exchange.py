"""An exchange's time and stages, and that the HTTP library's log keeps quiet about it."""

from __future__ import annotations

import logging

import httpx
import pytest

from hamilton_sdk.transport import _exchange
from hamilton_sdk.transport._exchange import Exchange, Stage
from hamilton_sdk.transport._portions import Portions
from tests.transport.exchanging import under_way


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic time, to be set."""
    now = [1000.0]
    monkeypatch.setattr(_exchange, "monotonic", lambda: now[0])
    return now


def test_what_is_left_shrinks_to_nothing(time: list[float]) -> None:
    exchange = Exchange(10.0)
    assert exchange.left() == 10.0
    time[0] += 9.0
    assert exchange.left() == 1.0
    time[0] += 1.0
    with pytest.raises(TimeoutError):
        exchange.left()


def test_a_step_gets_its_own_limit_or_what_is_left(time: list[float]) -> None:
    exchange = Exchange(10.0)
    assert exchange.left(3.0) == 3.0
    time[0] += 8.0
    assert exchange.left(3.0) == 2.0


def test_connecting_has_one_limit_for_all_its_steps(time: list[float]) -> None:
    exchange = Exchange(10.0, connect=4.0)
    exchange.connect()
    assert exchange.stage is Stage.CONNECTING
    time[0] += 3.0
    exchange.handshake(1)
    assert exchange.left(4.0) == 1.0
    time[0] += 1.0
    with pytest.raises(TimeoutError):
        exchange.left(4.0)


def test_connecting_never_outlasts_the_whole(time: list[float]) -> None:
    exchange = Exchange(2.0, connect=4.0)
    exchange.connect()
    assert exchange.left(4.0) == 2.0


def test_once_through_the_limit_of_connecting_is_over(time: list[float]) -> None:
    exchange = Exchange(10.0, connect=4.0)
    exchange.connect()
    time[0] += 5.0
    exchange.through(Stage.SENDING, 0)
    assert exchange.stage is Stage.SENDING
    assert exchange.left() == 5.0


def test_what_passes_before_the_last_handshake_is_the_proxys(time: list[float]) -> None:
    exchange = Exchange(10.0, connect=4.0)
    exchange.route(secure=True, proxied=True, proxy_secure=True)
    assert exchange.layers == 2
    exchange.connect()
    exchange.handshake(2)
    assert exchange.stage is Stage.PROXY_HANDSHAKE
    exchange.through(Stage.SENDING, 1)
    exchange.sent(100, 1)
    exchange.note(b"HTTP/1.1 200", 1)
    assert exchange.stage is Stage.PROXY
    assert exchange.left() == 4.0
    assert (exchange.written, exchange.seen) == (0, b"")
    exchange.handshake(1)
    assert exchange.stage is Stage.HANDSHAKE
    exchange.through(Stage.RECEIVING, 0)
    exchange.sent(100, 0)
    exchange.note(b"HTTP/1.1 404", 0)
    assert (exchange.written, exchange.seen) == (100, b"HTTP/1.1 404")


def test_a_plain_peer_behind_a_secure_proxy_has_one_handshake_the_proxys() -> None:
    exchange = Exchange(10.0)
    exchange.route(secure=False, proxied=True, proxy_secure=True)
    assert exchange.layers == 1
    exchange.handshake(1)
    assert exchange.stage is Stage.PROXY_HANDSHAKE


def test_only_the_beginning_of_an_answer_is_kept() -> None:
    exchange = Exchange(10.0)
    for _ in range(5):
        exchange.note(b"x" * 1000, 0)
    assert exchange.seen == b"x" * 2048


def test_the_librarys_log_shows_users_calls_and_none_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    calm = httpx.MockTransport(lambda _: httpx.Response(204))
    with httpx.Client(transport=calm) as client:
        client.get("https://peer.example/?token=theirs")
        with under_way(Exchange(10.0)):
            client.get("https://peer.example/?token=ours")
    assert "theirs" in caplog.text
    assert "ours" not in caplog.text


@pytest.mark.parametrize(
    "name",
    [f"{core}.{part}" for core in ("httpcore", "httpcore2") for part in ("connection", "http11", "proxy")]
    + ["httpx", "httpx2"],
)
def test_every_logger_of_the_libraries_keeps_quiet(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with under_way(Exchange(10.0)):
        logging.getLogger(name).debug("ours")
    logging.getLogger(name).debug("theirs")
    assert [record.message for record in caplog.records] == ["theirs"]


def test_without_a_library_to_guard_all_that_arrives_is_handed_on():
    exchange = Exchange(10.0)
    exchange.head("GET", 200, {"content-length": "2"})
    assert (exchange.status, exchange.portion(b"ok and more", 0)) == (200, 11)


def test_with_one_it_is_the_answer_alone_and_all_that_a_proxy_says():
    exchange = Exchange(10.0)
    exchange.portions = Portions()
    assert exchange.portion(b"HTTP/1.1 200 OK\r\n\r\nok and more", 1) == 30
    exchange.head("GET", 200, {"content-length": "2"})
    assert (exchange.status, exchange.portion(b"ok and more", 0)) == (200, 2)
