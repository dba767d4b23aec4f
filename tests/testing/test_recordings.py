"""What a third-party client once said and heard holds against the simulator of today."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.serving import answer
from hamilton_sdk.testing.simulators import AeosSimulator

RECORDING = Path(__file__).parent / "cassettes" / "zeep.yaml"
NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)


def exchanges() -> list[dict[str, Any]]:
    return yaml.safe_load(RECORDING.read_text(encoding="utf-8"))["interactions"]


def test_the_recording_holds_the_whole_visit_and_no_secret() -> None:
    bodies = [each["request"]["body"] for each in exchanges()]
    assert len(bodies) == 8
    assert ("VisitorAdd" in bodies[0], "VisitAdd" in bodies[1]) == (True, True)
    text = RECORDING.read_text(encoding="utf-8").lower()
    assert "authorization:" not in text
    assert "basic " not in text


def test_the_simulator_answers_what_zeep_sends_as_it_did_when_zeep_read_it() -> None:
    simulator = AeosSimulator(administrator=True)
    clock = SettableClock(NOON)
    password = f"{simulator.username}:{simulator.password}".encode()
    for each in exchanges():
        asked = each["request"]
        request = Request(
            method=asked["method"],
            url=asked["uri"],
            operation="recorded",
            safety=Safety.UNSAFE,
            headers={
                **{name: values[0] for name, values in asked["headers"].items()},
                "Authorization": f"Basic {base64.b64encode(password).decode()}",
            },
            body=asked["body"].encode(),
        )
        found = answer(simulator, request, clock)
        then = each["response"]
        assert (found.status, found.text()) == (then["status"]["code"], then["body"]["string"])
    assert simulator.holders() == []
