"""Whether anything waits on a connection that nobody asked for: data, its end, or an error."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    import ssl

__all__ = ["HasInfo", "is_readable", "unread"]

_HAS_POLL: Final = hasattr(select, "poll")  # Windows has not


class HasSocket(Protocol):
    """What a connection is made on."""

    def fileno(self) -> int: ...


class HasInfo(Protocol):
    """A stream, sync or async, of a library's or our own."""

    def get_extra_info(self, info: str) -> object: ...


def unread(stream: HasInfo) -> bool:
    """Whether a read of a stream would return at once.

    Bytes wait in three places: with the operating system, in a buffer that is still to be decrypted, and,
    decrypted already, with OpenSSL. For the first two a stream answers itself (``is_readable``): the
    libraries' sync streams have no such buffer, and ours ask theirs.
    """
    layer = cast("ssl.SSLObject | None", stream.get_extra_info("ssl_object"))
    return (layer is not None and layer.pending() > 0) or bool(stream.get_extra_info("is_readable"))


def is_readable(socket: HasSocket) -> bool:
    """Whether a read of a socket would return at once: with data, the end of the connection, or an error."""
    descriptor = socket.fileno()
    if descriptor < 0:
        return True
    if not _HAS_POLL:
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
