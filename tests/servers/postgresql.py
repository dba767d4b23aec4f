"""A PostgreSQL server for tests: a cluster in a temporary folder, on a free port of the loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ADDRESS", "Server", "binaries", "postgresql"]

ADDRESS = "HAMILTON_TEST_POSTGRESQL"
"""The environment variable that names a server to use instead of one of our own."""

_NOBODY = "nobody"
_PATIENCE = 60


class Server:
    """A cluster that can be stopped and started again.

    Args:
        folder: Where it lies; made by `postgresql`.
        tools: Where its programs are.
        port: Where it listens on 127.0.0.1.
    """

    def __init__(self, folder: Path, tools: Path, port: int) -> None:
        self._folder = folder
        self._tools = tools
        self.port = port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        self._run(
            "pg_ctl",
            "-D",
            str(self._folder / "data"),
            "-w",
            "-t",
            str(_PATIENCE),
            "-s",
            "-l",
            self._log,
            "start",
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop; "immediate" as a power cut would."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-s", "-m", mode, "stop")

    @property
    def _log(self) -> str:
        return str(self._folder / "log.txt")

    def make(self, *, fsync: bool) -> None:
        data = str(self._folder / "data")
        self._run(
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-instructions",
        )
        with (self._folder / "data" / "postgresql.conf").open("a", encoding="ascii") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\n"
                f"max_connections = 200\nshared_buffers = 64MB\nfsync = {'on' if fsync else 'off'}\n"
            )

    def _run(self, tool: str, *arguments: str) -> None:
        done = subprocess.run(
            [*_as_nobody(), str(self._tools / tool), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
        )
        if done.returncode:
            message = f"{tool} failed: {done.stdout}{done.stderr}"
            raise RuntimeError(message)


def _is_root() -> bool:
    return os.geteuid() == 0


def _as_nobody() -> list[str]:
    """The server refuses to be run by root."""
    return ["setpriv", f"--reuid={_NOBODY}", "--clear-groups", "--"] if _is_root() else []


def binaries() -> Path | None:
    """Where the programs of the newest version are; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return None if elsewhere is None else Path(elsewhere).resolve().parent


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def postgresql(*, fsync: bool = False) -> Iterator[Server]:
    """A running server, and nothing left of it after.

    Args:
        fsync: Whether what is committed survives a power cut: for figures, not for tests.

    Raises:
        RuntimeError: It is not installed, or does not start.
    """
    tools = binaries()
    if tools is None:
        message = "PostgreSQL is not installed; on Debian: apt-get install postgresql"
        raise RuntimeError(message)
    folder = Path(tempfile.mkdtemp(prefix="hamilton-postgresql-"))
    try:
        if _is_root():
            os.chown(folder, pwd.getpwnam(_NOBODY).pw_uid, -1)
        server = Server(folder, tools, _free_port())
        server.make(fsync=fsync)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
