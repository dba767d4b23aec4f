"""What an application hears about deliveries."""

from __future__ import annotations

from hamilton_sdk.webhooks.hooks import DeadLetter, DeliveryHooks, DisabledEndpoint, UnsentDelivery

_DEAD = DeadLetter(
    event_type="visit.created",
    event_id="e1",
    endpoint_id="ep_1",
    delivery_id=7,
    attempts=10,
    status=None,
    error="TimedOut: no answer",
)
_DISABLED = DisabledEndpoint(
    endpoint_id="ep_1", reason="it answered 410", event_type="visit.created", event_id="e1"
)

_UNSENT = UnsentDelivery(
    event_type="visit.created",
    event_id="e1",
    endpoint_id="ep_1",
    delivery_id=7,
    error="ProxyFailed: it refused",
)


def test_no_hook_need_be_set():
    hooks = DeliveryHooks()
    assert hooks.on_dead_letter(_DEAD) is None
    assert hooks.on_endpoint_disabled(_DISABLED) is None
    assert hooks.on_unsent(_UNSENT) is None


def test_each_hook_gets_what_happened():
    heard = []
    hooks = DeliveryHooks(
        on_dead_letter=heard.append, on_endpoint_disabled=heard.append, on_unsent=heard.append
    )
    hooks.on_dead_letter(_DEAD)
    hooks.on_endpoint_disabled(_DISABLED)
    hooks.on_unsent(_UNSENT)
    assert heard == [_DEAD, _DISABLED, _UNSENT]
