"""Messages that came, for the tests of what is told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hamilton_sdk.cli.receiver import Arrival
from hamilton_sdk.errors import RequestRefused, WebhookPayloadError, WebhookVerificationError
from hamilton_sdk.webhooks.events import VisitCreated, VisitData

NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
SIGNED = NOW - timedelta(seconds=3)
EVENT = VisitCreated(id="evt_1", timestamp=NOW, data=VisitData(visit_id="HV-1"))
NEW = Arrival(NOW, 204, "evt_1", SIGNED, EVENT, is_new=True)
AGAIN = Arrival(NOW, 204, "evt_1", SIGNED, EVENT)
FORGED = Arrival(
    NOW, 400, error=WebhookVerificationError("it is not genuine", reason="no_match", hint="compare secrets")
)
NO_EVENT = Arrival(NOW, 422, "msg_1", SIGNED, is_new=True, error=WebhookPayloadError("it is \x1b no event"))
WRONG_METHOD = Arrival(NOW, 405, error=RequestRefused("webhooks come by POST", status=405))
