"""A receiver on loopback that goes on until it is interrupted, or has had enough."""

from __future__ import annotations

import signal
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from hamilton_sdk.cli.receiver import Arrival
from hamilton_sdk.cli.webhooks import listening as module
from hamilton_sdk.cli.webhooks.listening import listen
from hamilton_sdk.webhooks import Webhook
from tests.cli.webhooks.arrivals import EVENT

HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK", 0.01)


def _post(needed: dict[str, str], body: bytes) -> int:
    context = ssl.create_default_context(cafile=needed["ca"]) if "ca" in needed else None
    signed = HOOK.sign_test(EVENT)
    request = urllib.request.Request(needed["url"], body, signed.headers)  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, context=context) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


class _Sender:
    """A listener that sends, from another thread, once it is told where to."""

    def __init__(self, *bodies: bytes, then: Callable[[], None] = lambda: None) -> None:
        self.needed: dict[str, str] = {}
        self.told: list[Arrival] = []
        self.counts: Counter[str] = Counter()
        self.statuses: list[int] = []
        self._then = then
        self._bodies = bodies
        self._thread = threading.Thread(target=self._send)

    def open(self, needed: dict[str, str]) -> None:
        self.needed = needed
        self._thread.start()

    def _send(self) -> None:
        self.statuses += [_post(self.needed, body) for body in self._bodies]
        self._then()

    def tell(self, arrival: Arrival) -> None:
        self.told.append(arrival)

    def close(self, counts: Counter[str]) -> None:
        self._thread.join()
        self.counts = counts


@pytest.mark.parametrize("tls", [False, True])
def test_it_tells_of_each_message_until_it_had_enough(*, tls: bool) -> None:
    body = EVENT.to_bytes()
    sender = _Sender(body, body + b" ", body)
    listen(HOOK, sender, needed={"secret": "s"}, port=0, tls=tls, count=3)
    assert list(sender.needed) == (["url", "ca", "secret"] if tls else ["url", "secret"])
    assert sender.needed["url"].endswith("/webhooks")
    assert sender.statuses == [204, 400, 204]
    assert [(arrival.is_taken, arrival.is_new) for arrival in sender.told] == [
        (True, True),
        (False, False),
        (True, False),
    ]
    assert sender.counts == {"new": 1, "refused": 1, "again": 1}
    if tls:
        assert not Path(sender.needed["ca"]).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    sender = _Sender(then=lambda: signal.raise_signal(number))
    listen(HOOK, sender, needed={}, port=0, tls=False, count=None)
    assert sender.told == []
    assert sender.counts.total() == 0


def test_it_listens_where_it_is_told_and_a_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listen(HOOK, _Sender(), needed={}, port=port, tls=False, count=1)
    sender = _Sender(EVENT.to_bytes())
    listen(HOOK, sender, needed={}, port=port, tls=False, count=1)
    assert sender.needed["url"] == f"http://127.0.0.1:{port}/webhooks"
