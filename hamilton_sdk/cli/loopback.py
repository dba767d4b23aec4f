"""A server on this machine alone, over TLS with an authority that lasts as long, or without."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from hamilton_sdk.flow import Responder

__all__ = ["loopback"]


@contextmanager
def loopback(responder: Responder, *, port: int = 0, tls: bool = True) -> Generator[tuple[str, Path | None]]:
    """Serve a responder.

    Args:
        responder: Who answers.
        port: Any free one if 0.
        tls: Whether over TLS.

    Yields:
        The address, and the PEM file of the authority to trust, if any; both end with the block.

    Raises:
        OSError: The port is taken.
    """
    from hamilton_sdk.testing.authority import Authority
    from hamilton_sdk.testing.server import LoopbackServer

    with ExitStack() as stack:
        authority = None
        if tls:
            authority = Authority(Path(stack.enter_context(TemporaryDirectory(prefix="hamilton-"))))
        identity = authority.issue_server() if authority else None
        server = stack.enter_context(LoopbackServer(responder, port=port, tls=identity))
        yield server.url, authority.ca if authority else None
