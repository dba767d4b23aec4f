"""The fault script: what goes wrong at which call, and what each kind does to an answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut, Now, Response, Sleep
from hamilton_sdk.retry_after import retry_after_seconds
from hamilton_sdk.testing.faults import Fault, FaultScript

NOW = datetime(2026, 3, 27, 11, tzinfo=UTC)
RIGHT = Response(status=200, headers={"content-type": "text/xml"}, body=b"<right/>")


class Peer:
    """Counts what it did."""

    def __init__(self, script: FaultScript) -> None:
        self.script = script
        self.done = 0
        self.slept: list[float] = []

    def call(self, operation: str = "read") -> Response:
        flow = self.script.around(operation, self._work, lambda fault: Response(status=500, body=b"own"))
        known: object = None
        try:
            while True:
                effect = flow.send(known)
                if isinstance(effect, Sleep):
                    self.slept.append(effect.seconds)
                    known = None
                else:
                    assert isinstance(effect, Now)
                    known = NOW
        except StopIteration as stop:
            return stop.value

    def _work(self) -> Response:
        self.done += 1
        return RIGHT


@pytest.fixture
def peer() -> Peer:
    return Peer(FaultScript())


def statuses(peer: Peer, calls: int, operation: str = "read") -> list[int]:
    return [peer.call(operation).status for _ in range(calls)]


def test_an_empty_script_changes_nothing(peer):
    assert peer.call() is RIGHT
    assert (peer.done, peer.script.drawn) == (1, [])


def test_a_fault_happens_at_the_next_call_and_once(peer):
    peer.script.add(Fault("status", status=503))

    assert statuses(peer, 3) == [503, 200, 200]
    assert peer.script.drawn == [("read", Fault("status", status=503))]


def test_a_fault_happens_at_its_operation_only(peer):
    peer.script.add(Fault("status", status=503), operation="write")

    assert statuses(peer, 2) == [200, 200]
    assert statuses(peer, 2, "write") == [503, 200]


def test_a_fault_waits_for_its_turn_and_repeats(peer):
    peer.script.add(Fault("status", status=503), nth=2, times=2)

    assert statuses(peer, 5) == [200, 503, 503, 200, 200]


def test_a_fault_can_happen_always(peer):
    peer.script.add(Fault("status", status=503), nth=3, times=None)

    assert statuses(peer, 5) == [200, 200, 503, 503, 503]


def test_the_first_added_counts_and_the_others_count_on(peer):
    peer.script.add(Fault("status", status=501))
    peer.script.add(Fault("status", status=502), nth=2)
    peer.script.add(Fault("status", status=503))

    assert statuses(peer, 4) == [501, 502, 503, 200]


def test_a_cleared_script_lets_nothing_go_wrong_and_remembers(peer):
    peer.script.add(Fault("status", status=503), times=None)
    peer.call()
    peer.script.clear()

    assert peer.call() is RIGHT
    assert len(peer.script.drawn) == 1


@pytest.mark.parametrize("kind", ["refused", "reset", "timeout", "truncated"])
def test_a_cut_gives_no_answer_and_does_not_work_first(peer, kind):
    peer.script.add(Fault(kind))

    with pytest.raises(Cut) as cut:
        peer.call()

    assert (cut.value.kind, cut.value.after_work, peer.done) == (kind, False, 0)


@pytest.mark.parametrize("kind", ["reset", "timeout", "truncated"])
def test_a_cut_can_come_after_the_work(peer, kind):
    peer.script.add(Fault(kind, after_work=True))

    with pytest.raises(Cut) as cut:
        peer.call()

    assert (cut.value.after_work, peer.done) == (True, 1)


def test_a_slow_answer_is_the_right_one_late(peer):
    peer.script.add(Fault("slow", seconds=1.5))

    assert peer.call() is RIGHT
    assert (peer.done, peer.slept) == (1, [1.5])


def test_any_fault_can_be_slow(peer):
    peer.script.add(Fault("reset", seconds=2))

    with pytest.raises(Cut):
        peer.call()

    assert peer.slept == [2]


def test_a_wrong_content_type_comes_with_the_right_body(peer):
    peer.script.add(Fault("content_type"))
    peer.script.add(Fault("content_type", headers={"Content-Type": "application/json"}))

    wrong, chosen = peer.call(), peer.call()

    assert wrong.body == chosen.body == RIGHT.body
    assert wrong.headers["content-type"].startswith("text/html")
    assert chosen.headers == {"content-type": "application/json"}
    assert peer.done == 2


@pytest.mark.parametrize("after_work", [False, True])
def test_a_status_has_its_headers_and_body_before_or_after_the_work(peer, after_work):
    peer.script.add(
        Fault("status", status=429, headers={"Retry-After": "3"}, body=b"slow down", after_work=after_work)
    )

    answer = peer.call()

    assert (answer.status, answer.body) == (429, b"slow down")
    assert answer.headers == {"retry-after": "3"}
    assert peer.done == int(after_work)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("status", status=503, headers={"Retry-After": "3"}), 3),
        (Fault("status", status=503, headers={"Retry-After": "2.5"}), 2.5),
        (Fault("status", status=503, headers={"Retry-After-Ms": "1500"}), 1.5),
        (Fault("status", status=503, headers={"X-MS-Retry-After-MS": "700"}), 0.7),
        (Fault("status", status=503, retry_after=90), 90),
        (Fault("status", status=503), None),
    ],
)
def test_a_wait_can_be_asked_for_in_every_form(peer, fault, seconds):
    peer.script.add(fault)

    assert retry_after_seconds(peer.call().headers, NOW) == seconds


def test_garbage_is_no_text_and_no_markup(peer):
    peer.script.add(Fault("garbage"))
    peer.script.add(Fault("garbage", body=b"{", status=201))

    first, second = peer.call(), peer.call()

    assert first.status == 200
    with pytest.raises(UnicodeDecodeError):
        first.body.decode()
    assert (second.status, second.body) == (201, b"{")
    assert peer.done == 0


def test_the_protocols_own_failure_is_made_by_the_peer(peer):
    peer.script.add(Fault("fault", code=5))

    assert peer.call() == Response(status=500, body=b"own")
    assert peer.done == 0


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"kind": "explode"}, "kind is unknown"),
        ({"kind": "status"}, "needs a status"),
        ({"kind": "refused", "after_work": True}, "cannot have done the work"),
        ({"kind": "slow", "seconds": -1}, "negative"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault, problem):
    with pytest.raises(ConfigurationError, match=problem):
        Fault(**fault)


@given(seed=st.integers(), rate=st.floats(0, 1))
def test_chance_repeats_with_its_seed(seed, rate):
    faults = [Fault("reset"), Fault("timeout")]
    first, second = FaultScript.random(seed, rate, faults), FaultScript.random(seed, rate, faults)

    assert [first.draw("read") for _ in range(20)] == [second.draw("read") for _ in range(20)]


def test_chance_follows_its_rate_and_every_fault_has_a_chance():
    faults = [Fault("reset"), Fault("timeout")]
    never, always, half = (FaultScript.random(7, rate, faults) for rate in (0, 1, 0.5))

    assert [never.draw("read") for _ in range(50)] == [None] * 50
    assert {always.draw("read") for _ in range(50)} == set(faults)
    drawn = [half.draw("read") for _ in range(1000)]
    assert 400 < drawn.count(None) < 600


def test_a_rule_goes_before_chance():
    script = FaultScript.random(7, 1, [Fault("reset")])
    script.add(Fault("timeout"))

    assert [script.draw("read"), script.draw("read")] == [Fault("timeout"), Fault("reset")]
    script.clear()
    assert script.draw("read") is None


@pytest.mark.parametrize(("rate", "faults"), [(-0.1, [Fault("reset")]), (1.1, [Fault("reset")]), (0.5, [])])
def test_chance_needs_a_rate_and_a_fault(rate, faults):
    with pytest.raises(ConfigurationError, match="rate from 0 to 1"):
        FaultScript.random(1, rate, faults)


def test_threads_share_a_script():
    script = FaultScript()
    script.add(Fault("reset"), times=100)
    drawn: list[Fault | None] = []
    threads = [
        threading.Thread(target=lambda: drawn.extend(script.draw("read") for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert drawn.count(None) == 100
    assert len(script.drawn) == 100
