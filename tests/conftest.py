"""Rules for all tests: how hypothesis searches, and no look-up of a name that is not this machine's."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.servers.fixtures import (  # noqa: F401 (fixtures for every test)
    _postgresql_database,
    address,
    own_postgresql,
    postgresql_address,
    postgresql_server,
    sqlite_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# A shared machine is slow at times; that is no reason to fail. Nor is mutmut, which runs a test several times
# in one process, so that a method meets several instances of its class.
_CHECKS = [HealthCheck.too_slow, HealthCheck.differing_executors]
_PATIENT = {"deadline": None, "suppress_health_check": _CHECKS, "print_blob": True}
settings.register_profile("dev", **_PATIENT)
# Fewer than by default: every change is tried, and has 25 minutes for all; `deep` searches long.
settings.register_profile("ci", max_examples=60, derandomize=True, database=None, **_PATIENT)
settings.register_profile("deep", max_examples=2000, **_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

# A shell ignores Ctrl-C for what it starts in the background, and so would this process and its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_lookup = socket.getaddrinfo


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 (nothing is bound)


def _lookup_here(host: object, *args: object, **kwargs: object) -> object:
    if not _is_loopback(host):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _lookup(host, *args, **kwargs)


@pytest.fixture(autouse=True, scope="session")
def only_names_of_this_machine() -> Iterator[None]:
    """Any other name is unknown at once: pytest-socket stops connections, not questions to a DNS server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", _lookup_here)
        yield
