"""What Graph posts to an application: the handshake, notifications of changes and of subscriptions.

Each web framework has a module of its own in `hamilton_sdk.graph.notifications.receiving`.
"""

from __future__ import annotations

from hamilton_sdk.graph.notifications.connector import AsyncNotificationReceiver, NotificationReceiver
from hamilton_sdk.graph.notifications.decryption import DecryptionKey
from hamilton_sdk.graph.notifications.models import Change, Lifecycle, Received, Refused, RefusedReason

__all__ = [
    "AsyncNotificationReceiver",
    "Change",
    "DecryptionKey",
    "Lifecycle",
    "NotificationReceiver",
    "Received",
    "Refused",
    "RefusedReason",
]
