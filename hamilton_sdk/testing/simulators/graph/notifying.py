"""Change notifications that are owed: queued at each change, sent by `due`, tried again, given up."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.testing.simulators.graph.documents import event_document, event_id
from hamilton_sdk.testing.simulators.graph.sealing import seal
from hamilton_sdk.testing.simulators.graph.times import write_instant
from hamilton_sdk.testing.simulators.graph.wire import Preferences

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Event, Mailbox
    from hamilton_sdk.testing.simulators.graph.subscriptions import Subscription, Subscriptions
    from hamilton_sdk.testing.simulators.graph.tokens import Entra
    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["Notifying", "Owed"]

_BACKOFF: Final = timedelta(seconds=10)


@dataclass(slots=True)
class Owed:
    """One item for one subscriber."""

    subscription: Subscription
    url: str
    item: dict[str, Any]
    rich: bool
    due_at: datetime
    tries: int = 0


class Notifying:
    """What is owed to subscribers.

    Args:
        entra: Signs validation tokens.
        subscriptions: Who is told.
        switches: Retries and echoes.
    """

    def __init__(self, entra: Entra, subscriptions: Subscriptions, switches: Switches) -> None:
        self._entra = entra
        self._subscriptions = subscriptions
        self._switches = switches
        self.owed: deque[Owed] = deque()
        self.given_up: list[Owed] = []

    def tell(self, kind: str, event: Event, mailbox: Mailbox, now: datetime) -> None:
        """Queue what subscribers to a mailbox are to hear of a change."""
        for each in self._subscriptions.all.values():
            if each.mailbox == mailbox.address.lower() and kind in each.kinds and each.expires > now:
                item = self._item(each, kind, event, mailbox)
                times = 1 + (self._switches.echoed_notifications if kind == "updated" else 0)
                self.owed.extend(
                    Owed(each, each.url, item, each.certificate is not None, now) for _ in range(times)
                )

    def lifecycle(self, subscription: Subscription, event: str, now: datetime) -> None:
        """Queue a lifecycle event, where the subscription has an address for them."""
        if subscription.lifecycle_url is None:
            return
        item = {
            "lifecycleEvent": event,
            "subscriptionId": subscription.id,
            "subscriptionExpirationDateTime": write_instant(subscription.expires),
            "clientState": subscription.document["clientState"],
            "tenantId": self._entra.tenant_id,
        }
        self.owed.append(Owed(subscription, subscription.lifecycle_url, item, rich=False, due_at=now))

    def _item(self, subscription: Subscription, kind: str, event: Event, mailbox: Mailbox) -> Document:
        prefer = Preferences(immutable=subscription.immutable)
        key = event_id(event, prefer)
        resource = f"Users/{mailbox.guid}/Events/{key}"
        item: Document = {
            "subscriptionId": subscription.id,
            "subscriptionExpirationDateTime": write_instant(subscription.expires),
            "changeType": kind,
            "resource": resource,
            "resourceData": {
                "@odata.type": "#Microsoft.Graph.Event",
                "@odata.id": resource,
                "@odata.etag": f'W/"{event.change_key}"',
                "id": key,
            },
            "clientState": subscription.document["clientState"],
            "tenantId": self._entra.tenant_id,
        }
        if subscription.certificate is not None:
            assert subscription.members is not None
            whole = event_document(event, prefer)
            chosen = {name: value for name, value in whole.items() if name.lower() in subscription.members}
            data = {"@odata.type": "#Microsoft.Graph.Event", **chosen}
            name = str(subscription.document["encryptionCertificateId"])
            item["encryptedContent"] = seal(data, subscription.certificate, name)
        return item

    def take(self, now: datetime) -> list[tuple[Request, list[Owed]]]:
        """What is to be sent now: items for one address together, those of several subscriptions mixed."""
        ready: dict[str, list[Owed]] = {}
        later: deque[Owed] = deque()
        for each in self.owed:
            if each.due_at <= now:
                ready.setdefault(each.url, []).append(each)
            else:
                later.append(each)
        self.owed = later
        return [(self._request(url, items, now), items) for url, items in ready.items()]

    def _request(self, url: str, items: list[Owed], now: datetime) -> Request:
        document: Document = {"value": [each.item for each in items]}
        if any(each.rich for each in items):
            document["validationTokens"] = [self._entra.validation_token(now)]
        return Request(
            method="POST",
            url=url,
            operation="notify",
            safety=Safety.IDEMPOTENT,
            headers={"content-type": "application/json; charset=utf-8"},
            body=json.dumps(document).encode(),
            authenticate=False,
        )

    def settle(self, items: list[Owed], now: datetime, *, delivered: bool) -> None:
        """What became of a delivery: any 2xx is one; others are tried again, and given up in the end."""
        if delivered:
            return
        for each in items:
            each.tries += 1
            each.due_at = now + _BACKOFF * 2 ** (each.tries - 1)
            if each.tries < self._switches.delivery_retries:
                self.owed.append(each)
            else:
                self.given_up.append(each)
                if "lifecycleEvent" not in each.item:
                    self.lifecycle(each.subscription, "missed", now)
