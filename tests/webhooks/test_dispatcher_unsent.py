"""What a dispatcher cannot send waits, costs nothing, and is heard of."""

from __future__ import annotations

from hamilton_sdk.errors import AddressRefused, NameNotResolved, ProxyFailed
from hamilton_sdk.webhooks import DeliveryHooks
from tests.webhooks.boxes import URL, Happened, listed
from tests.webhooks.dispatchers import open_dispatcher
from tests.webhooks.receivers import InProcess

_HOUR = 3600


def _published(outbox, *names):
    for name in names:
        outbox.publish(Happened(name))


def test_attempts_are_numbered_whatever_came_of_them_and_after_a_replay(outbox):
    outbox.add_endpoint(URL, schedule=[0, 1])
    _published(outbox, "e")
    answers = [ProxyFailed("it refused"), 500, NameNotResolved("no such host"), 500, 200]
    receivers = InProcess(lambda request: answers.pop(0))
    with open_dispatcher(outbox, transport=receivers) as dispatcher:
        for _ in range(4):
            dispatcher.deliver_due()
            outbox.clock.advance(_HOUR)
        (found,) = listed(outbox.dead_letters())
        assert found.attempts == 2
        outbox.replay(delivery=found.id)
        dispatcher.deliver_due()
    attempts = outbox.attempts(found.id)
    assert [(each.number, each.counts) for each in attempts] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
        (5, True),
    ]
    (found,) = listed(outbox.deliveries())
    assert (found.state, found.attempts) == ("delivered", 1)


def test_what_cannot_be_sent_is_heard_of_once_with_no_secret(outbox, caplog):
    """A hook and the log tell of it; in a dispatcher's life not each of many, nor at each try."""
    made = outbox.add_endpoint(URL, headers={"Authorization": "Bearer tip-top"})
    _published(outbox, "a", "b", "c")
    heard = []
    receivers = InProcess(lambda request: ProxyFailed("it refused"))
    hooks = DeliveryHooks(on_unsent=heard.append)
    with open_dispatcher(outbox, transport=receivers, hooks=hooks) as dispatcher:
        for _ in range(3):
            dispatcher.deliver_due()
            outbox.clock.advance(70)
        assert [each.endpoint_id for each in heard] == [made.id]
        receivers.answer = lambda request: 200
        dispatcher.deliver_due()
        _published(outbox, "d")
        receivers.answer = lambda request: AddressRefused("it is private")
        dispatcher.deliver_due()
    assert [each.error for each in heard] == ["ProxyFailed: it refused", "AddressRefused: it is private"]
    assert (heard[1].event_id, heard[1].event_type) == ("d", "visit.created")
    said = [each.message for each in caplog.records if each.message.startswith("nothing can be sent")]
    assert said == [f"nothing can be sent to endpoint {made.id}: {each.error}" for each in heard]
    assert not any(secret in f"{heard}{caplog.text}" for secret in (made.secret, "tip-top"))
