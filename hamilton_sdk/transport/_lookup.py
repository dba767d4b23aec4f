"""Asking for a name's addresses, within a time limit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread
from typing import TypeAlias

__all__ = ["Resolve", "is_address", "look_up", "look_up_async", "system_addresses"]

Resolve: TypeAlias = Callable[[str, int], list[str]]
"""Blocks, and gives the addresses of a name for connections to a port."""


def system_addresses(host: str, port: int) -> list[str]:
    """A name's addresses as the system's resolver gives them; blocks, and takes no deadline (resolv.conf(5)).

    Raises:
        OSError: There are none.
        UnicodeError: It cannot be a name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def look_up(host: str, port: int, seconds: float, resolve: Resolve = system_addresses) -> list[str]:
    """A name's addresses, or the address that stands in its place, within so many seconds.

    Raises:
        OSError: There are none, or there was no answer in time.
        UnicodeError: It cannot be a name.
    """
    if is_address(host):
        return [host]
    try:
        return _asked(host, port, resolve).result(seconds)
    except TimeoutError:
        raise _no_answer() from None


async def look_up_async(
    host: str, port: int, seconds: float, resolve: Resolve = system_addresses
) -> list[str]:
    """`look_up` for an event loop; never waits for a thread of the loop's few."""
    if is_address(host):
        return [host]
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.wrap_future(_asked(host, port, resolve))
    except TimeoutError:
        raise _no_answer() from None


def is_address(host: str) -> bool:
    """Whether a host is an address already."""
    with suppress(ValueError):
        ip_address(host)
        return True
    return False


def _asked(host: str, port: int, resolve: Resolve) -> Future[list[str]]:
    """The answer to come: each question has a thread of its own, so that none waits for a slow one."""
    answer: Future[list[str]] = Future()
    answer.set_running_or_notify_cancel()  # from here it cannot be cancelled: the thread may always set it

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port) or _none())
        except Exception as error:  # noqa: BLE001 (carried over to whoever waits)
            answer.set_exception(error)

    Thread(target=ask, name="hamilton-lookup", daemon=True).start()
    return answer


def _none() -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "no address")


def _no_answer() -> socket.gaierror:
    return socket.gaierror(socket.EAI_AGAIN, "no answer in time")
