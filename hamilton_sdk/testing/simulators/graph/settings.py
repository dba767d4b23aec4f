"""What of the service is not known for certain, or differs between tenants: switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Switches"]


@dataclass(slots=True, kw_only=True)
class Switches:
    """How the service behaves where nobody outside knows, or where it varies. May be changed at any time.

    Attributes:
        honours_if_match: Whether PATCH of an event looks at If-Match; no page promises it.
        duplicate_status: Of ErrorDuplicateTransactionId; third parties know both.
        duplicate_names_event: Whether that error names the earlier event (``@event.existingEventId``).
        forgets_deleted_transactions: Whether a transactionId is free again once its event is gone.
        empty_pages: Empty pages with a nextLink that come before each round of delta.
        delta_life: How many rounds a deltaLink stays good while newer ones are made.
        gone_code: The code of the 410 for an old deltaLink.
        gone_has_location: Whether that 410 carries a fresh start in ``Location``.
        places_page: Places on a page, without nextLink, where no ``$top`` is given.
        mailbox_concurrency: Requests at the same time for each mailbox.
        mailbox_requests: Requests within ten minutes for each mailbox.
        retry_after: Header of a 429; none if None.
        latency: Seconds that each request takes.
        most_schedules: Of getSchedule: documented are 20, the server refuses above 100.
        delivery_retries: Deliveries of a notification before it is given up, and ``missed`` is owed.
        handshakes_at_renewal: Whether renewing a subscription validates its endpoint again.
        echoed_notifications: How often an update is notified again, as Outlook does.
    """

    honours_if_match: bool = False
    duplicate_status: Literal[400, 409] = 409
    duplicate_names_event: bool = False
    forgets_deleted_transactions: bool = False
    empty_pages: int = 1
    delta_life: int = 30
    gone_code: str = "SyncStateNotFound"
    gone_has_location: bool = False
    places_page: int = 100
    mailbox_concurrency: int = 4
    mailbox_requests: int = 10_000
    retry_after: str | None = "1"
    latency: float = 0.0
    most_schedules: int = 100
    delivery_retries: int = 5
    handshakes_at_renewal: bool = False
    echoed_notifications: int = 0
