"""What was received says what to do and how to answer."""

from __future__ import annotations

import pytest

from hamilton_sdk.graph.notifications.models import Change, Lifecycle, Received


@pytest.mark.parametrize(
    ("kind", "reaction"),
    [
        ("reauthorizationRequired", "renew"),
        ("subscriptionRemoved", "watch_again"),
        ("missed", "resync"),
        ("somethingNew", None),
    ],
)
def test_a_lifecycle_notification_says_what_to_do(kind, reaction):
    assert Lifecycle(watch_id="1", kind=kind).reaction == reaction


def test_notifications_are_answered_with_202_whatever_they_hold():
    answer = Received().response
    assert (answer.status, answer.body, dict(answer.headers)) == (202, b"", {})
    assert not Received().handshake


def test_the_handshake_is_answered_with_its_token_as_plain_text():
    """And never as a page: the token is anybody's text."""
    received = Received(validation=b"<script>alert(1)</script>")
    assert received.handshake
    answer = received.response
    assert (answer.status, answer.body) == (200, b"<script>alert(1)</script>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_watches_whose_calendars_are_to_be_read_are_named_once():
    received = Received(
        changes=(Change(watch_id="2", kind="created"), Change(watch_id="1", kind="updated")),
        lifecycle=(
            Lifecycle(watch_id="2", kind="missed"),
            Lifecycle(watch_id="3", kind="subscriptionRemoved"),
            Lifecycle(watch_id="4", kind="reauthorizationRequired"),
            Lifecycle(watch_id="5", kind="somethingNew"),
        ),
    )
    assert received.watch_ids == ("2", "1", "3")


def test_content_and_names_are_not_shown():
    change = Change(watch_id="1", kind="created", mailbox="p@example.com", content={"subject": "Board"})
    assert "Board" not in repr(change)
    assert "example.com" not in repr(Received(changes=(change,), validation=b"p@example.com"))
