"""What nobody asked for answers nothing: neither beside an answer, nor behind it, nor later."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from hamilton_sdk.testing.authority import Identity
from hamilton_sdk.transport._idle import Idle
from hamilton_sdk.transport.guarded import _Line
from tests.transport.conftest import post
from tests.transport.delivering import HERE, NAME, DeliveryWay
from tests.transport.servers import listening, proxy, server_context
from tests.transport.unasked import AT_ONCE, LATER, Receiver, Records, only_the_answer


@pytest.fixture(params=["direct", "through a proxy", "through a proxy reached over TLS"])
def path(request: pytest.FixtureRequest, receiver: Identity) -> Iterator[dict[str, object]]:
    """Settings that take a way to the receiver."""
    with ExitStack() as open_now:
        if request.param == "direct":
            yield {}
        elif request.param == "through a proxy":
            port = open_now.enter_context(listening(proxy()))
            yield {"proxy": f"http://127.0.0.1:{port}"}
        else:
            port = open_now.enter_context(listening(proxy(), server_context(receiver)))
            yield {"proxy": f"https://127.0.0.1:{port}"}


@pytest.mark.parametrize("way", AT_ONCE, ids=lambda way: way.__name__)
def test_what_comes_with_an_answer_is_none_to_the_next_delivery(
    delivery: DeliveryWay,
    receiver: Identity,
    ca: str,
    path: dict[str, object],
    way: Callable[[Records], Iterator[bytes]],
) -> None:
    served = Receiver(receiver, way)
    with listening(served) as port:
        host = "127.0.0.1" if path else NAME
        request = (post(f"https://{host}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=served.goes_on, ca=ca, **path)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 2


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Our ends of connections that wait to be used again."""
    seen: list[socket.socket] = []
    give = Idle.give

    def note(idle: Idle[_Line], key: object, line: _Line) -> None:
        seen.append(line.stream.get_extra_info("socket"))
        give(idle, key, line)

    monkeypatch.setattr(Idle, "give", note)
    return seen


@pytest.mark.parametrize("way", LATER, ids=lambda way: way.__name__)
def test_what_comes_later_is_no_answer_to_the_next_delivery(
    delivery: DeliveryWay,
    receiver: Identity,
    ca: str,
    kept: list[socket.socket],
    way: Callable[[Records], Iterator[bytes]],
) -> None:
    served = Receiver(receiver, way)

    def arrives() -> None:
        if len(kept) == 1:
            served.goes_on()
            select.select(kept, [], [])

    with listening(served) as port:
        request = (post(f"https://{NAME}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=arrives, ca=ca)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 2


def test_a_connection_on_which_nothing_waits_is_used_again(
    delivery: DeliveryWay, receiver: Identity, ca: str, path: dict[str, object]
) -> None:
    served = Receiver(receiver, only_the_answer)
    with listening(served) as port:
        host = "127.0.0.1" if path else NAME
        request = (post(f"https://{host}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=served.goes_on, ca=ca, **path)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 1
