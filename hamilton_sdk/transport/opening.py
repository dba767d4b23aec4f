"""From what a user gave as ``transport=`` to a transport that a runner can use."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.transport.base import Http

if TYPE_CHECKING:
    from types import ModuleType

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Responder
    from hamilton_sdk.transport._clients import AsyncClient, Client
    from hamilton_sdk.transport._pooled import Library
    from hamilton_sdk.transport.base import AsyncTransport, Transport, TransportLike

__all__ = ["library_of", "open_async_transport", "open_transport"]

_LIBRARIES: Final = ("httpx", "httpx2")
_SYNC: Final = "sync"
_ASYNC: Final = "async"


def open_transport(given: TransportLike | None, clock: Clock) -> Transport:
    """Open a sync transport.

    Args:
        given: Settings, a client of the user's own, a simulator, a transport, or None for the defaults.
        clock: What a simulator's time comes from; real connections keep to the machine's own.

    Raises:
        ConfigurationError: It is none of these, or made for async use; or the settings cannot be used.
    """
    if given is None or isinstance(given, Http):
        from hamilton_sdk.transport._pooled import PooledTransport

        http = given or Http()
        return PooledTransport(http, library_of(http))
    if hasattr(given, "respond"):
        from hamilton_sdk.transport.inprocess import InProcessTransport

        return InProcessTransport(cast("Responder", given), clock)
    if (library := _client_of(given, "AsyncClient")) is not None:
        raise _wrong_kind(_SYNC, f"an {library}.AsyncClient", f"an {library}.Client")
    if (library := _client_of(given, "Client")) is not None:
        from hamilton_sdk.transport._clients import ClientTransport

        return ClientTransport(cast("Client", given), _failures(library))
    _check_shape(given)
    if inspect.iscoroutinefunction(getattr(given, "send", None)):
        raise _wrong_kind(_SYNC, "an async transport", "one whose send and close are plain functions")
    return cast("Transport", given)


def open_async_transport(given: TransportLike | None, clock: Clock) -> AsyncTransport:
    """Open a transport for an event loop; see `open_transport`."""
    if given is None or isinstance(given, Http):
        from hamilton_sdk.transport._pooled import AsyncPooledTransport

        http = given or Http()
        return AsyncPooledTransport(http, library_of(http))
    if hasattr(given, "respond"):
        from hamilton_sdk.transport.inprocess import AsyncInProcessTransport

        return AsyncInProcessTransport(cast("Responder", given), clock)
    if (library := _client_of(given, "Client")) is not None:
        raise _wrong_kind(_ASYNC, f"an {library}.Client", f"an {library}.AsyncClient")
    if (library := _client_of(given, "AsyncClient")) is not None:
        from hamilton_sdk.transport._clients import AsyncClientTransport

        return AsyncClientTransport(cast("AsyncClient", given), _failures(library))
    _check_shape(given)
    if not inspect.iscoroutinefunction(getattr(given, "send", None)):
        raise _wrong_kind(_ASYNC, "a sync transport", "one whose send and close are coroutine functions")
    return cast("AsyncTransport", given)


def library_of(http: Http) -> Library:
    """The HTTP library that the settings name; imports it."""
    return cast("Library", _binding(http.library).LIBRARY)


def _failures(library: str) -> tuple[type[Exception], ...]:
    return cast("tuple[type[Exception], ...]", _binding(library).CLIENT_FAILURES)


def _binding(library: str) -> ModuleType:
    return import_module(f"hamilton_sdk.transport._{library}")


def _client_of(given: object, kind: str) -> str | None:
    """The library that an object is a client of; whoever has one has imported the library."""
    for name in _LIBRARIES:
        module = sys.modules.get(name)
        if module is not None and isinstance(given, getattr(module, kind)):
            return name
    return None


def _wrong_kind(use: str, given: str, instead: str) -> ConfigurationError:
    message = f"transport= is {given}, and this is the {use} connector"
    return ConfigurationError(message, hint=f"give {instead}, or use the other connector")


def _check_shape(given: object) -> None:
    if isinstance(given, type) or not all(callable(getattr(given, name, None)) for name in ("send", "close")):
        what = given.__name__ if isinstance(given, type) else type(given).__name__
        message = f"transport= is no transport: {what}"
        hint = "give Http(...), an opened httpx.Client or httpx.AsyncClient, a simulator, or a Transport"
        raise ConfigurationError(message, hint=hint)
