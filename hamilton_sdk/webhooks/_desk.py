"""What both outboxes do before they go to the store: checks arguments and makes operations of them."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.arguments import check_number, check_text
from hamilton_sdk.webhooks import _checks as checks
from hamilton_sdk.webhooks._operations import deliveries, endpoints, keys
from hamilton_sdk.webhooks._operations.publishing import Publish
from hamilton_sdk.webhooks._sealing import Seal
from hamilton_sdk.webhooks._time import check_aware, micros, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.secrets import SecretSource
    from hamilton_sdk.webhooks.models import DeliveryState, Publishable

__all__ = ["PURGED_AT_ONCE", "UNSET", "Desk", "Unset"]

PURGED_AT_ONCE: Final = 500
"""How many events one transaction of a purge deletes: publishers wait no longer than that takes."""

_ID: Final = re.compile(r"[\x21-\x2b\x2d\x2f-\x7e]{1,256}")
"""It becomes ``webhook-id``, which is signed with full stops between (Standard Webhooks 1.0.0)."""
_TYPE: Final = re.compile(r"[a-zA-Z0-9_.]{1,128}")
_TOKEN: Final = re.compile(r"[0-9]{1,18}")
_NONE: Final = type(None)
_PARTS: Final = ("id", "type", "site", "object", "sequence", "to_bytes")
_STATES: Final = ("pending", "delivered", "dead", "skipped")


class Unset:
    """The type of `UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()
"""Tells "not given" from None, which means "none" for some settings."""


class Desk:
    """Makes operations.

    Args:
        key: Of the secrets that are kept.
        clock: Where time comes from.
    """

    def __init__(self, key: SecretSource | None, clock: Clock | None) -> None:
        self.seal: Seal = Seal(key)
        self.clock: Clock = clock or SystemClock()

    def now(self) -> int:
        """Microseconds."""
        return micros(self.clock.now())

    def publish(self, event: Publishable) -> Publish:
        """See `Outbox.publish`."""
        missing = [name for name in _PARTS if not hasattr(event, name)]
        if missing:
            message = f"event must be an event, and a {event.__class__.__name__} has no {', '.join(missing)}"
            raise TypeError(message)
        id, type = event.id, event.type  # noqa: A001 (their names everywhere)
        if not _ID.fullmatch(id):
            message = "an event's id must be 1 to 256 visible ASCII characters without a full stop or a comma"
            raise ConfigurationError(message, hint="a UUID does, or what the SDK's own events have")
        if not _TYPE.fullmatch(type):
            message = "an event's type must be letters, digits, underscores and full stops, 128 at most"
            raise ConfigurationError(message, hint='such as "visit.created"')
        site, object, sequence, body = event.site, event.object, event.sequence, event.to_bytes()  # noqa: A001
        # SQLite would keep anything, and a claim fail on it for every endpoint.
        check_text("the event's site", site, _NONE)
        check_text("the event's object", object, _NONE)
        check_number("the event's sequence", sequence, _NONE)
        check_type("the event's to_bytes()", body, bytes)
        return Publish(id, type, site, object, sequence, body, self.now())

    def add_endpoint(
        self, url: str, secret: str | None, settings: Mapping[str, Any]
    ) -> endpoints.AddEndpoint:
        """See `Outbox.add_endpoint`."""
        self.seal.box()
        checked = {name: _CHECKS[name](value) for name, value in settings.items()}
        whole = endpoints.Settings(url=checks.check_url(url), **checked)
        checks.check_place(whole.url, whole.private_networks)
        id = f"ep_{secrets.token_hex(12)}"  # noqa: A001 (its name everywhere)
        return endpoints.AddEndpoint(id, whole, self._secret(secret), self.seal, self.now())

    def list_endpoints(self) -> endpoints.ListEndpoints:
        """See `Outbox.endpoints`."""
        return endpoints.ListEndpoints(self.seal)

    def update_endpoint(self, endpoint: str, changes: Mapping[str, Any]) -> endpoints.UpdateEndpoint:
        """See `Outbox.update_endpoint`."""
        check_text("endpoint", endpoint)
        self.seal.box()
        given = {name: value for name, value in changes.items() if value is not UNSET}
        if not given:
            message = "nothing to change was given"
            raise ConfigurationError(message, hint="name what is to be set, such as in_flight_limit=5")
        checked = {name: _CHECKS[name](value) for name, value in given.items()}
        return endpoints.UpdateEndpoint(endpoint, checked, self.seal, self.now())

    def rotate_secret(self, endpoint: str, secret: str | None, overlap: timedelta) -> endpoints.RotateSecret:
        """See `Outbox.rotate_secret`."""
        check_text("endpoint", endpoint)
        self.seal.box()
        check_type("overlap", overlap, timedelta)
        if not timedelta(0) <= overlap <= _LONGEST_OVERLAP:
            message = f"overlap is {overlap}"
            raise ConfigurationError(message, hint="zero to 30 days; a day gives the receiver time to change")
        now = self.now()
        return endpoints.RotateSecret(endpoint, self._secret(secret), now + span(overlap), self.seal, now)

    def reencrypt(self) -> keys.Reencrypt:
        """See `Outbox.reencrypt`."""
        self.seal.box().encrypt(
            b""
        )  # a key that is none is told here, and not taken for one that does not fit
        return keys.Reencrypt(self.seal)

    def pause(self, endpoint: str, reason: str | None) -> endpoints.PauseEndpoint:
        """See `Outbox.pause`."""
        check_text("endpoint", endpoint)
        check_text("reason", reason, type(None))
        return endpoints.PauseEndpoint(endpoint, reason, self.seal, self.now())

    def resume(self, endpoint: str) -> endpoints.ResumeEndpoint:
        """See `Outbox.resume`."""
        check_text("endpoint", endpoint)
        return endpoints.ResumeEndpoint(endpoint, self.seal, self.now())

    def remove_endpoint(self, endpoint: str) -> endpoints.RemoveEndpoint:
        """See `Outbox.remove_endpoint`."""
        check_text("endpoint", endpoint)
        return endpoints.RemoveEndpoint(endpoint, self.now())

    def list_deliveries(
        self, endpoint: str | None, event: str | None, state: DeliveryState | None, token: str | None
    ) -> deliveries.ListDeliveries:
        """See `Outbox.deliveries`."""
        check_text("endpoint", endpoint, type(None))
        check_text("event", event, type(None))
        check_type("token", token, str, type(None))
        if token is not None and not _TOKEN.fullmatch(token):
            message = "the token is none that this list gave"
            raise ConfigurationError(message, hint="give back the pager's own `token`, unchanged")
        before = None if token is None else int(token)
        return deliveries.ListDeliveries(endpoint, event, _state("state", state), before)

    def attempts(self, delivery: int) -> deliveries.ListAttempts:
        """See `Outbox.attempts`."""
        check_number("delivery", delivery)
        return deliveries.ListAttempts(delivery)

    def replay(
        self,
        delivery: int | None,
        endpoint: str | None,
        event: str | None,
        since: datetime | None,
        until: datetime | None,
        only: DeliveryState | None,
    ) -> deliveries.Replay:
        """See `Outbox.replay`."""
        check_number("delivery", delivery, type(None))
        check_text("endpoint", endpoint, type(None))
        check_text("event", event, type(None))
        criteria = {
            "delivery": delivery,
            "endpoint": endpoint,
            "event": event,
            "since": None if since is None else check_aware("since", since),
            "until": None if until is None else check_aware("until", until),
        }
        given = {name: value for name, value in criteria.items() if value is not None}
        if not given:
            message = "nothing says what to replay"
            raise ConfigurationError(message, hint="name a delivery, an endpoint, an event, or since when")
        return deliveries.Replay(given, _state("only", only), self.now())

    def skip(self, delivery: int) -> deliveries.Skip:
        """See `Outbox.skip`."""
        check_number("delivery", delivery)
        return deliveries.Skip(delivery, self.now())

    def skip_orphans(self) -> deliveries.SkipOrphans:
        """See `Outbox.purge`."""
        return deliveries.SkipOrphans(self.now())

    def purge(self, older_than: timedelta, *, dead_letters: bool) -> deliveries.PurgeSome:
        """See `Outbox.purge`."""
        check_type("dead_letters", dead_letters, bool)
        return deliveries.PurgeSome(cutoff(older_than, self.now()), dead_letters, PURGED_AT_ONCE)

    def counters(self, endpoint: str | None) -> deliveries.Count:
        """See `Outbox.counters`."""
        check_text("endpoint", endpoint, type(None))
        return deliveries.Count(endpoint, self.now())

    def _secret(self, secret: str | None) -> str:
        if secret is not None:
            return checks.check_secret(secret)
        from hamilton_sdk.webhooks.signing import Webhook

        return Webhook.generate_secret()


_LONGEST_OVERLAP: Final = timedelta(days=30)


def cutoff(older_than: timedelta, now: int) -> int:
    """Microseconds before which something is old.

    Raises:
        ConfigurationError: The duration is not above zero.
        TypeError: It is none.
    """
    check_type("older_than", older_than, timedelta)
    if older_than <= timedelta(0):
        message = f"older_than is {older_than}"
        raise ConfigurationError(message, hint="give how long to keep, such as timedelta(days=30)")
    return max(0, now - span(older_than))


def _schedule(schedule: Sequence[float] | None) -> tuple[float, ...] | None:
    from hamilton_sdk.webhooks.schedule import check_schedule

    return None if schedule is None else check_schedule(schedule)


def _ordered(ordered: bool) -> bool:  # noqa: FBT001 (one of a table of checks)
    check_type("ordered", ordered, bool)
    return ordered


def _state(name: str, state: DeliveryState | None) -> DeliveryState | None:
    if state is not None and state not in _STATES:
        message = f"{name} must be one of {', '.join(_STATES)}"
        raise ConfigurationError(message, hint="leave it out for all of them")
    return state


_CHECKS: Final[Mapping[str, Any]] = {
    "url": checks.check_url,
    "events": checks.check_events,
    "schedule": _schedule,
    "in_flight_limit": checks.check_in_flight_limit,
    "rate": checks.check_rate,
    "ordered": _ordered,
    "headers": checks.check_headers,
    "private_networks": checks.check_networks,
}
