"""The two receivers: alike, silent about content, and quick to give up."""

from __future__ import annotations

import inspect
import logging
from datetime import timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ServerFailed
from hamilton_sdk.flow import Response
from hamilton_sdk.graph.notifications import AsyncNotificationReceiver, DecryptionKey, NotificationReceiver
from tests.graph.exchange.entra import CLIENT, key_pem
from tests.graph.notifications.posted import (
    NOW,
    SECRET,
    WATCH,
    EntraKeys,
    body,
    encrypted,
    item,
    lifecycle,
    token,
)

RICH = body(item(encryptedContent=encrypted()), tokens=[token()])


def made(kind, entra=None, **more):
    clock = SettableClock(NOW)
    return kind({WATCH: SECRET}, transport=entra or EntraKeys(), clock=clock, **more), clock


def test_what_is_done_is_not_handed_over_again():
    receiver, clock = made(NotificationReceiver)
    with receiver:
        first = receiver.receive("", body(item(), lifecycle()))
        again = receiver.receive("", body(item(), lifecycle()))
        assert (len(first.changes), len(again.changes)) == (1, 1)
        receiver.done(again)
        third = receiver.receive("", body(item(), lifecycle()))
        assert (third.changes, len(third.lifecycle), third.repeated) == ((), 1, 1)
        clock.advance(4 * 3600)
        receiver.done(receiver.receive("", body(item(changeType="created"))))
        assert len(receiver.receive("", body(item())).changes) == 1


async def test_async_too():
    receiver, _ = made(AsyncNotificationReceiver)
    async with receiver:
        first = await receiver.receive("", body(item()))
        receiver.done(first)
        again = await receiver.receive("", body(item()))
        assert (len(first.changes), again.changes, again.repeated) == (1, (), 1)


@pytest.mark.parametrize("span", [timedelta(), timedelta(hours=1)])
def test_how_long_it_is_remembered_can_be_said(span):
    receiver, _ = made(NotificationReceiver, remember=span)
    with receiver:
        receiver.done(receiver.receive("", body(item())))
        assert len(receiver.receive("", body(item())).changes) == (0 if span else 1)


async def test_both_open_rich_notifications():
    keys = [DecryptionKey("first", key_pem())]
    receiver, _ = made(NotificationReceiver, client_id=CLIENT, keys=keys)
    with receiver:
        assert receiver.receive("", RICH).changes[0].content
    waiting, _ = made(AsyncNotificationReceiver, client_id=CLIENT, keys=keys)
    async with waiting:
        assert (await waiting.receive("", RICH)).changes[0].content


def test_it_gives_up_within_the_ten_seconds_of_graph():
    entra = EntraKeys(script=[Response(503, {"retry-after": "9"})] * 9)
    receiver, clock = made(
        NotificationReceiver, entra, client_id=CLIENT, keys=[DecryptionKey("first", key_pem())]
    )
    with receiver, pytest.raises(ServerFailed):
        receiver.receive("", RICH)
    assert clock.now() - NOW < timedelta(seconds=10)


def test_refused_items_are_counted_in_the_log_without_their_content(caplog):
    receiver, _ = made(NotificationReceiver)
    with receiver:
        receiver.receive("", body(item(clientState="forged"), item(clientState="forged too"), 5))
        receiver.receive("", body(item()))
    (record,) = caplog.records
    assert (record.levelno, record.name) == (logging.WARNING, "hamilton_sdk.graph")
    assert record.hamilton == {"refused": {"wrong_secret": 2, "malformed": 1}}
    assert "forged" not in record.getMessage()
    assert SECRET not in str(vars(record))


@pytest.mark.parametrize("name", ["__init__", "receive", "done"])
def test_both_have_the_same_arguments(name):
    sync, waiting = (getattr(kind, name) for kind in (NotificationReceiver, AsyncNotificationReceiver))
    assert inspect.signature(sync) == inspect.signature(waiting)
    assert sync.__doc__ == waiting.__doc__
