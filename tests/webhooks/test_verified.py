"""What was verified is kept as it is, shown without its body, and read as an event on demand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hamilton_sdk.errors import WebhookPayloadError
from hamilton_sdk.webhooks.verified import VerifiedBody, VerifiedMessage
from tests.webhooks.events.samples import sample

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
BOTH = pytest.mark.parametrize("kind", [VerifiedMessage, VerifiedBody])


@BOTH
def test_it_is_id_time_and_body_and_never_changes(kind: type[VerifiedMessage | VerifiedBody]) -> None:
    made = kind("msg_1", NOW, b"{}")
    assert (made.id, made.timestamp, made.body) == ("msg_1", NOW, b"{}")
    assert made == kind("msg_1", NOW, b"{}")
    with pytest.raises(AttributeError):
        made.body = b""  # type: ignore[misc]  # it is to be refused


@BOTH
def test_the_repr_shows_how_much_and_not_what(kind: type[VerifiedMessage | VerifiedBody]) -> None:
    shown = repr(kind("msg_1", NOW, b'{"name":"Durand"}'))
    assert shown == f"{kind.__name__}(id='msg_1', timestamp={NOW!r}, body=<17 bytes>)"
    assert str(kind("msg_1", NOW, b'{"name":"Durand"}')) == shown


@BOTH
def test_it_gives_the_body_as_an_event(kind: type[VerifiedMessage | VerifiedBody]) -> None:
    event = sample("visit.created")
    assert kind("msg_1", NOW, event.to_bytes()).event() == event


@BOTH
def test_what_is_no_event_says_so(kind: type[VerifiedMessage | VerifiedBody]) -> None:
    with pytest.raises(WebhookPayloadError):
        kind("msg_1", NOW, b"<html>").event()
