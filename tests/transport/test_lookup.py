"""A name's addresses come within the time limit, or not at all; no question waits for another."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import pytest

from hamilton_sdk.transport._lookup import Resolve, is_address, look_up, look_up_async, system_addresses


def look_up_in_loop(host: str, port: int, seconds: float, resolve: Resolve) -> list[str]:
    return asyncio.run(look_up_async(host, port, seconds, resolve), debug=True)


@pytest.fixture(params=[look_up, look_up_in_loop], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Callable[[str, int, float, Resolve], list[str]]:
    return request.param


Ask = Callable[[str, int, float, Resolve], list[str]]


def never(_host: str, _port: int) -> list[str]:
    raise AssertionError("was asked")


def test_a_names_addresses_are_what_the_resolver_says(ask: Ask) -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["192.0.2.1", "2001:db8::1"]

    assert ask("peer.example", 443, 5.0, resolve) == ["192.0.2.1", "2001:db8::1"]
    assert asked == [("peer.example", 443)]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:10.0.0.1"])
def test_an_address_is_not_asked_for(ask: Ask, address: str) -> None:
    assert ask(address, 443, 5.0, never) == [address]
    assert is_address(address)


def test_another_spelling_of_an_address_is_asked_for() -> None:
    assert not is_address("127.1")
    assert not is_address("peer.example")


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("too long")])
def test_what_the_resolver_raises_is_raised(ask: Ask, error: Exception) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise error

    with pytest.raises(type(error)) as caught:
        ask("nobody.example", 443, 5.0, resolve)
    assert caught.value is error


def test_no_address_at_all_is_an_unknown_name(ask: Ask) -> None:
    with pytest.raises(socket.gaierror, match="no address"):
        ask("nobody.example", 443, 5.0, lambda _host, _port: [])


def test_a_resolver_that_does_not_answer_does_not_outlast_the_limit(ask: Ask) -> None:
    release, done = threading.Event(), threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        release.wait()
        done.set()
        return ["192.0.2.1"]

    with pytest.raises(socket.gaierror, match="no answer in time"):
        ask("slow.example", 443, 0.05, resolve)
    release.set()
    assert done.wait(10)  # the late answer is dropped, without a sound


async def test_a_slow_name_keeps_no_other_waiting() -> None:
    """The event loop's own threads are few: so many questions at once would fill them."""
    release = threading.Event()

    def resolve(host: str, _port: int) -> list[str]:
        if host.startswith("slow"):
            release.wait()
        return ["192.0.2.1"]

    slow = [
        asyncio.create_task(look_up_async(f"slow{number}.example", 443, 30.0, resolve))
        for number in range(50)
    ]
    await asyncio.sleep(0)
    assert await look_up_async("quick.example", 443, 30.0, resolve) == ["192.0.2.1"]
    release.set()
    assert await asyncio.gather(*slow) == [["192.0.2.1"]] * 50


async def test_whoever_stops_waiting_is_let_go_at_once() -> None:
    release, asked = threading.Event(), threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        asked.set()
        release.wait()
        return ["192.0.2.1"]

    task = asyncio.create_task(look_up_async("slow.example", 443, 30.0, resolve))
    await asyncio.to_thread(asked.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()


def test_the_system_tells_each_address_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 443, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    assert system_addresses("peer.example", 443) == ["192.0.2.1", "2001:db8::1"]
