"""Webhooks: signed, verified, and delivered at least once.

Names load on first use (PEP 562): who only verifies loads neither pydantic nor an HTTP library.

Example:
    >>> hook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> headers = hook.sign("msg_1", b"{}")
    >>> hook.verify(b"{}", headers).id
    'msg_1'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.async_outbox import AsyncOutbox
    from hamilton_sdk.webhooks.breaker import BreakerPolicy
    from hamilton_sdk.webhooks.dispatcher import AsyncDispatcher, Dispatcher
    from hamilton_sdk.webhooks.events import (
        EVENTS,
        CheckinData,
        CheckinPerformed,
        Event,
        Person,
        ReservationCancelled,
        ReservationCreated,
        ReservationData,
        ReservationUpdated,
        RoomReleased,
        RoomReleaseData,
        ServiceAdded,
        ServiceData,
        UnknownEvent,
        VisitCheckedIn,
        VisitCheckedOut,
        VisitCreated,
        VisitData,
        asyncapi,
        openapi,
        parse_event,
    )
    from hamilton_sdk.webhooks.hooks import DeadLetter, DeliveryHooks, DisabledEndpoint, UnsentDelivery
    from hamilton_sdk.webhooks.http_signatures import HttpSignatures
    from hamilton_sdk.webhooks.inbox import AsyncInbox, Inbox
    from hamilton_sdk.webhooks.models import Attempt, Counters, Delivery, Endpoint, NewEndpoint
    from hamilton_sdk.webhooks.outbox import Outbox
    from hamilton_sdk.webhooks.presets import BodySignature, TimestampedSignature
    from hamilton_sdk.webhooks.schedule import SCHEDULE
    from hamilton_sdk.webhooks.signing import KeyPair, SignatureScheme, SignedTest, WeakSecretWarning, Webhook
    from hamilton_sdk.webhooks.verified import Verified, VerifiedBody, VerifiedMessage

__all__ = [
    "EVENTS",
    "SCHEDULE",
    "AsyncDispatcher",
    "AsyncInbox",
    "AsyncOutbox",
    "Attempt",
    "BodySignature",
    "BreakerPolicy",
    "CheckinData",
    "CheckinPerformed",
    "Counters",
    "DeadLetter",
    "Delivery",
    "DeliveryHooks",
    "DisabledEndpoint",
    "Dispatcher",
    "Endpoint",
    "Event",
    "HttpSignatures",
    "Inbox",
    "KeyPair",
    "NewEndpoint",
    "Outbox",
    "Person",
    "ReservationCancelled",
    "ReservationCreated",
    "ReservationData",
    "ReservationUpdated",
    "RoomReleaseData",
    "RoomReleased",
    "ServiceAdded",
    "ServiceData",
    "SignatureScheme",
    "SignedTest",
    "TimestampedSignature",
    "UnknownEvent",
    "UnsentDelivery",
    "Verified",
    "VerifiedBody",
    "VerifiedMessage",
    "VisitCheckedIn",
    "VisitCheckedOut",
    "VisitCreated",
    "VisitData",
    "WeakSecretWarning",
    "Webhook",
    "asyncapi",
    "openapi",
    "parse_event",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "async_outbox": ("AsyncOutbox",),
            "breaker": ("BreakerPolicy",),
            "dispatcher": ("AsyncDispatcher", "Dispatcher"),
            "events": (
                "EVENTS",
                "CheckinData",
                "CheckinPerformed",
                "Event",
                "Person",
                "ReservationCancelled",
                "ReservationCreated",
                "ReservationData",
                "ReservationUpdated",
                "RoomReleased",
                "RoomReleaseData",
                "ServiceAdded",
                "ServiceData",
                "UnknownEvent",
                "VisitCheckedIn",
                "VisitCheckedOut",
                "VisitCreated",
                "VisitData",
                "asyncapi",
                "openapi",
                "parse_event",
            ),
            "http_signatures": ("HttpSignatures",),
            "inbox": ("AsyncInbox", "Inbox"),
            "hooks": ("DeadLetter", "DeliveryHooks", "DisabledEndpoint", "UnsentDelivery"),
            "models": ("Attempt", "Counters", "Delivery", "Endpoint", "NewEndpoint"),
            "outbox": ("Outbox",),
            "schedule": ("SCHEDULE",),
            "presets": ("BodySignature", "TimestampedSignature"),
            "signing": ("KeyPair", "SignatureScheme", "SignedTest", "WeakSecretWarning", "Webhook"),
            "verified": ("Verified", "VerifiedBody", "VerifiedMessage"),
        },
    )
