"""What a person reads, one line a thing however narrow the terminal."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from hamilton_sdk.cli.receiver import Arrival
from hamilton_sdk.cli.webhooks.sending import Sent
from hamilton_sdk.cli.webhooks.showing import Watcher, show_attempts, show_listed, show_sent
from hamilton_sdk.cli.webhooks.stored import Listed
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks.models import Attempt, Counters, Delivery
from tests.cli.webhooks.arrivals import AGAIN, FORGED, NEW, NO_EVENT, NOW, WRONG_METHOD


def _shown(show: Callable[[Console], None]) -> list[str]:
    file = io.StringIO()
    show(Console(file=file, width=20))
    return file.getvalue().splitlines()


class TestListening:
    def test_first_what_a_sender_needs(self) -> None:
        needed = {
            "url": "https://127.0.0.1:40001/webhooks",
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
        assert _shown(lambda console: Watcher(console).open(needed)) == [
            "url: https://127.0.0.1:40001/webhooks",
            "secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ]

    @pytest.mark.parametrize(
        ("arrival", "lines"),
        [
            (NEW, ["08:45:00Z new       visit.created evt_1 signed 3 s ago"]),
            (AGAIN, ["08:45:00Z again     visit.created evt_1 signed 3 s ago"]),
            (NO_EVENT, ["08:45:00Z no event  msg_1 signed 3 s ago it is ? no event"]),
            (WRONG_METHOD, ["08:45:00Z refused   webhooks come by POST"]),
            (FORGED, ["08:45:00Z refused   it is not genuine", "          Hint: compare secrets"]),
        ],
        ids=["new", "again", "no event", "wrong method", "forged"],
    )
    def test_then_a_line_a_message(self, arrival: Arrival, lines: list[str]) -> None:
        assert _shown(lambda console: Watcher(console).tell(arrival)) == lines

    def test_at_last_how_many(self) -> None:
        counts = Counter(new=2, refused=1)
        assert _shown(lambda console: Watcher(console).close(counts)) == [
            "3 messages: 2 new, 0 again, 1 refused"
        ]


class TestSending:
    def test_status_and_duration(self) -> None:
        sent = Sent("msg_1", 12, Response(status=204), None)
        assert _shown(lambda console: show_sent(console, sent)) == [
            "id: msg_1",
            "status: 204",
            "duration: 12 ms",
        ]

    def test_of_the_answer_the_beginning(self) -> None:
        sent = Sent("msg_1", 12, Response(status=500, body=b"no\n" + 300 * b"x"), None)
        assert _shown(lambda console: show_sent(console, sent))[-1] == f"response: no?{197 * 'x'}…"


_DELIVERY = Delivery(
    id=7,
    event_id="evt_1",
    event_type="visit.created",
    endpoint_id="ep_1",
    object=None,
    sequence=None,
    state="pending",
    attempts=1,
    next_at=NOW,
    published_at=NOW,
    updated_at=NOW,
)


class TestDeliveries:
    def test_two_lines_each_and_how_many_there_are(self) -> None:
        dead = replace(_DELIVERY, id=6, state="dead", attempts=10, next_at=None)
        counters = Counters(pending=3, leased=1, delivered=2, dead=1, skipped=0, oldest_pending=NOW)
        listed = Listed(counters, (_DELIVERY, dead), more=True)
        assert _shown(lambda console: show_listed(console, listed)) == [
            "#7 pending   visit.created, 1 attempt, due 2026-03-27 08:45:00Z",
            "    event evt_1 to endpoint ep_1",
            "#6 dead      visit.created, 10 attempts, finished 2026-03-27 08:45:00Z",
            "    event evt_1 to endpoint ep_1",
            "older ones follow: --limit shows more",
            "3 pending (1 on their way), 2 delivered, 1 dead, 0 skipped",
            "the oldest pending one was published 2026-03-27 08:45:00Z",
        ]

    def test_of_none_the_counters_alone(self) -> None:
        counters = Counters(pending=0, leased=0, delivered=0, dead=0, skipped=0, oldest_pending=None)
        assert _shown(lambda console: show_listed(console, Listed(counters, (), more=False))) == [
            "0 pending (0 on their way), 0 delivered, 0 dead, 0 skipped"
        ]


class TestAttempts:
    def test_what_was_tried(self) -> None:
        first = Attempt(
            number=1,
            at=NOW,
            status=None,
            duration=timedelta(seconds=30),
            error="TimedOut: \x07",
            response=None,
        )
        second = Attempt(
            number=2, at=NOW, status=500, duration=timedelta(milliseconds=9), error=None, response=b"no"
        )
        assert _shown(lambda console: show_attempts(console, [first, second])) == [
            "1. 2026-03-27 08:45:00Z no answer after 30000 ms",
            "    TimedOut: ?",
            "2. 2026-03-27 08:45:00Z status 500 after 9 ms",
            "    no",
        ]

    def test_nothing_yet(self) -> None:
        assert _shown(lambda console: show_attempts(console, [])) == ["not tried yet"]
