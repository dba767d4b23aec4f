"""`hamilton simulate` as real clients and real signals meet it, each in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hamilton_sdk import Http, TimeWindow
from hamilton_sdk.acs import AccessControl, AccessOrder, Aeos, Credential, Holder
from hamilton_sdk.cli import serve as module
from hamilton_sdk.cli.serve import serve
from hamilton_sdk.errors import Invalid
from hamilton_sdk.transport.base import TransportLike

_COMMAND = (sys.executable, "-W", "error", "-c", "from hamilton_sdk.cli import main; main()", "simulate")
_LAST = "free_field"
"""The label of the last line; only its presence says that all were flushed."""

Start = Callable[..., "tuple[subprocess.Popen[str], dict[str, str]]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command and read what it prints for a client, first value of each name."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> tuple[subprocess.Popen[str], dict[str, str]]:
        process = subprocess.Popen(
            [*_COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        lines: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.rstrip("\n").partition(": ")
            lines.setdefault(name, value)
            if name == _LAST:
                break
        return process, lines

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def _visit(lines: dict[str, str], transport: TransportLike) -> list[str]:
    """Let somebody in and out with nothing but what was printed."""
    aeos = Aeos(
        lines["url"],
        username=lines["username"],
        password=lines["password"],
        timezone=lines["timezone"],
        identifier_type=lines["identifier_type"],
    )
    now = datetime.now(UTC)
    order = AccessOrder(
        Holder("V-1", "Lefèvre", host=lines["host"]),
        [lines["profile"]],
        TimeWindow(now, now + timedelta(hours=1)),
        Credential("badge", lines["badge_numbers"].partition(" ")[0]),
    )
    with AccessControl(aeos, transport=transport) as acs:
        return [acs.activate(order).state, acs.revoke("V-1").state]


def _end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def test_a_client_with_what_is_printed_lets_somebody_in_and_out(start: Start) -> None:
    process, lines = start("aeos")
    assert next(iter(lines)) == "url"
    assert lines["url"].startswith("http://127.0.0.1:")
    assert "ca" not in lines
    assert _visit(lines, Http()) == ["active", "ended"]
    assert _end(process, signal.SIGINT) == (0, "")


def test_over_tls_a_client_trusts_the_authority_that_is_printed(start: Start) -> None:
    process, lines = start("aeos", "--tls")
    assert list(lines)[:2] == ["url", "ca"]
    assert lines["url"].startswith("https://127.0.0.1:")
    assert _visit(lines, Http(ca=lines["ca"])) == ["active", "ended"]
    assert _end(process, signal.SIGTERM) == (0, "")
    assert not Path(lines["ca"]).parent.exists()


def test_it_listens_where_it_is_told(start: Start) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process, lines = start("aeos", "--port", str(port))
    assert lines["url"] == f"http://127.0.0.1:{port}/aeosws"
    assert _end(process, signal.SIGINT) == (0, "")


class TestInProcess:
    """The same within the test's own process, where what it does to signals can be looked at."""

    @pytest.mark.parametrize("tls", [False, True])
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_it_and_the_handlers_are_as_before(
        self, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, *, tls: bool
    ) -> None:
        monkeypatch.setattr(module, "_LOOK", 0.01)
        before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
        said: list[str] = []

        def say(line: str) -> None:
            said.append(line)
            if line.startswith(_LAST):
                signal.raise_signal(number)

        serve("aeos", port=0, tls=tls, say=say)
        assert [line.partition(":")[0] for line in said][: 1 + tls] == ["url", "ca"][: 1 + tls]
        assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before

    def test_it_goes_on_until_a_signal_comes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_LOOK", 0.01)
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        said: list[str] = []
        serve("aeos", port=0, tls=False, say=said.append)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        assert said

    def test_another_name_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(Invalid, match="no simulator 'aeso'") as caught:
            serve("aeso", port=0, tls=False, say=print)
        assert caught.value.hint == "did you mean 'aeos'?"

    def test_a_port_that_is_taken_is_an_error_of_the_system(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(OSError, match="in use"):
                serve("aeos", port=taken.getsockname()[1], tls=False, say=print)
