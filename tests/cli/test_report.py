"""The document for machines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hamilton_sdk.cli.demo import Opening, Outcome
from hamilton_sdk.cli.promises import Promise
from hamilton_sdk.cli.record import Event, Mishap, Notice, Stay
from hamilton_sdk.cli.report import Recorder
from hamilton_sdk.cli.visits import Column, Problem
from hamilton_sdk.errors import TimedOut
from tests.cli.guests import EIGHT, read, visit

_PROBLEM = Problem(3, Column.EMAIL, 5, "is no e-mail address")
_KEPT = Promise("Nothing is open", kept=True, detail="0 open")


def _document(recorder: Recorder, *stays: Stay, promise: Promise = _KEPT) -> dict[str, Any]:
    outcome = Outcome(problems=[_PROBLEM], stays=stays, mishaps=1, promises=[promise])
    file = replace(read(visit(2), lines=2), ignored=("Parking",))
    document = recorder.document("own.csv", file, outcome, seed=4, strategy="profile")
    return json.loads(json.dumps(document))


def test_it_says_what_was_played_and_whether_all_promises_held() -> None:
    recorder = Recorder()
    recorder.open(
        Opening(
            url="https://x",
            product="Nedap AEOS",
            receiver="https://y",
            clock=EIGHT,
            notes=["a note"],
            events=9,
        )
    )
    document = _document(recorder)
    assert document["kept"] is True
    assert document["simulated"] == "Nedap AEOS"
    assert (document["strategy"], document["seed"]) == ("profile", 4)
    assert document["clock"] == "2026-03-27T08:00:00+00:00"
    assert document["notes"] == ["a note"]
    assert document["file"] == {
        "name": "own.csv",
        "encoding": "UTF-8",
        "separator": ";",
        "lines": 2,
        "ignored_columns": ["Parking"],
    }
    assert document["problems"] == [
        {"line": 3, "column": 5, "name": "E-mail", "message": "is no e-mail address"}
    ]
    assert document["promises"] == [{"promise": "Nothing is open", "kept": True, "detail": "0 open"}]


def test_a_broken_promise_is_seen_at_the_top() -> None:
    document = _document(Recorder(), promise=replace(_KEPT, kept=False))
    assert document["kept"] is False


def test_without_an_opening_nothing_is_made_up() -> None:
    document = _document(Recorder())
    assert (document["simulated"], document["clock"], document["notes"]) == (None, None, [])


def test_each_visit_is_told_without_name_or_number() -> None:
    stay = Stay(visit(2), admitted_at=EIGHT, left_at=EIGHT + timedelta(hours=1), holders=1)
    document = _document(Recorder(), stay)
    assert document["visits"] == [
        {
            "reference": "V-2",
            "line": 2,
            "visitor": "Gaël L.",
            "admitted_at": "2026-03-27T08:00:00+00:00",
            "left_at": "2026-03-27T09:00:00+00:00",
            "overstayed_at": None,
            "expired_at": None,
            "holders": 1,
        }
    ]
    assert "21000002" not in json.dumps(document)


def test_each_fault_is_told_with_what_it_happened_to() -> None:
    recorder = Recorder()
    mishap = Mishap("assignToken", "connection reset")
    recorder.tell(Event(EIGHT, "admitted", Stay(visit(2)), mishaps=(mishap,)))
    recorder.tell(Event(EIGHT, "left", Stay(visit(2))))
    recorder.tell(Event(EIGHT, "purged", mishaps=(mishap,), error=TimedOut("x")))
    common = {"operation": "assignToken", "fault": "connection reset"}
    assert _document(recorder)["faults"] == [
        {"during": "admitted", "reference": "V-2", "healed": True, **common},
        {"during": "purged", "reference": None, "healed": False, **common},
    ]


def test_each_webhook_is_told_with_what_became_of_it() -> None:
    recorder = Recorder()
    late = Notice("visit.checked_in", "V-2", 2, 1, ("status 500",))
    recorder.tell(
        Event(EIGHT, "ready", notices=(Notice("visit.created", "V-2"), Notice("visit.created", "V-3")))
    )
    recorder.tell(Event(EIGHT, "admitted", Stay(visit(2)), notices=(late,)))
    plain = {"type": "visit.created", "attempts": 1, "verified": 1, "faults": []}
    assert _document(recorder)["webhooks"] == [
        {"reference": "V-2", **plain},
        {"reference": "V-3", **plain},
        {
            "type": "visit.checked_in",
            "reference": "V-2",
            "attempts": 2,
            "verified": 1,
            "faults": ["status 500"],
        },
    ]
