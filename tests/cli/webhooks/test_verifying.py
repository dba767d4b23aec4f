"""Of a message it is said whether it is genuine and what it is, to people and to machines."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import typer

from hamilton_sdk.cli.webhooks.verifying import verify
from hamilton_sdk.webhooks import BodySignature, Webhook
from tests.cli.webhooks.arrivals import EVENT

NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
GATEWAY = BodySignature("a secret text", header="X-Signature")
BODY = EVENT.to_bytes()

Output = pytest.CaptureFixture[str]


def test_a_genuine_event_is_named(capsys: Output) -> None:
    verify(HOOK, BODY, [*HOOK.sign("msg_1", BODY, NOW).items()], NOW, as_json=False)
    assert capsys.readouterr().out == "id: msg_1\ntimestamp: 2026-03-27T08:45:00+00:00\ntype: visit.created\n"


def test_what_is_not_signed_is_said_so(capsys: Output) -> None:
    headers = [*GATEWAY.sign(None, BODY).items()]
    verify(GATEWAY, BODY, headers, None, as_json=False)
    assert capsys.readouterr().out == "id: none is signed\ntimestamp: none is signed\ntype: visit.created\n"
    verify(GATEWAY, BODY, headers, None, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["genuine"], document["id"], document["timestamp"]) == (True, None, None)
    assert document["type"] == "visit.created"


def test_what_is_genuine_and_no_event_says_why(capsys: Output) -> None:
    headers = [*HOOK.sign("msg_1", b"hello", NOW).items()]
    verify(HOOK, b"hello", headers, NOW, as_json=False)
    assert "\ntype: none: " in capsys.readouterr().out
    verify(HOOK, b"hello", headers, NOW, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["genuine"], document["type"]) == (True, None)
    assert document["problem"]


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_forged_ends_with_1_and_the_reason(capsys: Output, as_json: bool) -> None:
    with pytest.raises(typer.Exit) as caught:
        verify(HOOK, b"{}", [*HOOK.sign("msg_1", BODY, NOW).items()], NOW, as_json=as_json)
    assert caught.value.exit_code == 1
    output = capsys.readouterr()
    assert "Reason: no_match" in output.err
    if as_json:
        document = json.loads(output.out)
        assert (document["genuine"], document["reason"]) == (False, "no_match")
    else:
        assert output.out == ""
