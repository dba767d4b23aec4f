"""Nothing that waits on a connection is overlooked: with the system, or on its way through TLS."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator

import pytest

from hamilton_sdk.transport import _unread
from hamilton_sdk.transport._unread import is_readable, unread


class Layer:
    """Of TLS, with so many bytes decrypted."""

    def __init__(self, decrypted: int) -> None:
        self.decrypted = decrypted

    def pending(self) -> int:
        return self.decrypted


class Stream:
    """Says what it is told to."""

    def __init__(self, layer: Layer | None, *, readable: object) -> None:
        self.answers = {"ssl_object": layer, "is_readable": readable}

    def get_extra_info(self, info: str) -> object:
        return self.answers[info]


@pytest.mark.parametrize("layer", [None, Layer(0)])
def test_a_stream_answers_for_what_is_below_tls(layer: Layer | None) -> None:
    assert unread(Stream(layer, readable=True))
    assert not unread(Stream(layer, readable=False))


def test_what_is_decrypted_already_counts() -> None:
    assert unread(Stream(Layer(1), readable=False))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("has_poll", [hasattr(select, "poll"), False])
class TestReadable:
    @pytest.fixture(autouse=True)
    def _way(self, has_poll: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_unread, "_HAS_POLL", has_poll)

    def test_silence_is_not(self, pair: tuple[socket.socket, socket.socket]) -> None:
        assert not is_readable(pair[0])

    def test_data_is(self, pair: tuple[socket.socket, socket.socket]) -> None:
        pair[1].sendall(b"x")
        assert is_readable(pair[0])

    def test_the_end_is(self, pair: tuple[socket.socket, socket.socket]) -> None:
        pair[1].close()
        assert is_readable(pair[0])

    def test_our_own_end_is(self, pair: tuple[socket.socket, socket.socket]) -> None:
        pair[0].close()
        assert is_readable(pair[0])
