"""Being told of changes: subscriptions. Flows."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.flow import Now, Page, Response, Safety, create
from hamilton_sdk.graph.exchange import faults, times
from hamilton_sdk.graph.exchange.nodes import Broken, Node, flag, nodes, text
from hamilton_sdk.graph.exchange.wire import Call, path, refusal
from hamilton_sdk.graph.models import Watch

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["Wanted", "renew", "unwatch", "watch", "watches_page"]

# Microsoft Graph, resource type subscription (2026): of events, in minutes; shorter ones are made that long.
_LONGEST: Final = timedelta(minutes=10_080)
_LONGEST_RICH: Final = timedelta(minutes=1_440)
_SHORTEST: Final = timedelta(minutes=45)
_MARGIN: Final = timedelta(minutes=1)
"""Between our clock and Graph's: a moment too long is refused."""
_LONGEST_TEXT: Final = 128
_CHANGES: Final = "created,updated,deleted"
_MEMBERS: Final = "id,subject,start,end,isCancelled,type,seriesMasterId,changeKey,iCalUId"
"""What a notification brings of the event: Outlook wants it said."""
_RESOURCE: Final = re.compile(
    r"/?users(?:/|\(')([^/')]+)(?:'\))?/(?:calendar/)?events(?:$|\?)", re.IGNORECASE
)
_PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


class Wanted:
    """A subscription that is asked for, checked.

    Args:
        room: Whose calendar.
        notify_url: Where notifications go.
        lifecycle_url: Where the subscription's own events go; `notify_url` if None.
        duration: How long; the longest if None.
        secret: Repeated in each notification; made if None.
        certificate: PEM, for events in the notification.
        certificate_id: Its name.

    Raises:
        Invalid: Something of it is not what Graph takes.
    """

    def __init__(
        self,
        room: str,
        notify_url: str,
        *,
        lifecycle_url: str | None,
        duration: timedelta | None,
        secret: str | None,
        certificate: str | None,
        certificate_id: str | None,
    ) -> None:
        self.room = room
        self.notify_url = notify_url
        self.lifecycle_url: str = lifecycle_url or notify_url
        for url in (self.notify_url, self.lifecycle_url):
            _check(url.startswith("https://"), "notifications go to https addresses only", "give one")
        given = secret is None or 0 < len(secret) <= _LONGEST_TEXT
        _check(given, f"the secret is empty or over {_LONGEST_TEXT} characters", "give none: one is made")
        self.secret: str = secret or secrets.token_urlsafe(32)
        both = (certificate is None) == (certificate_id is None)
        _check(both, "certificate and certificate_id belong together", "give both, or neither")
        fits = len(certificate_id or "") <= _LONGEST_TEXT
        _check(fits, f"certificate_id has more than {_LONGEST_TEXT} characters", "shorten it")
        self.certificate: str | None = None if certificate is None else _inside(certificate)
        self.certificate_id = certificate_id
        self.span: timedelta = _span(duration, rich=self.certificate is not None)

    @property
    def resource(self) -> str:
        """What is watched. Only this form and that of /me are documented."""
        plain = f"users/{quote(self.room, safe='@')}/events"
        return plain if self.certificate is None else f"{plain}?$select={_MEMBERS}"

    def body(self, expires_at: datetime) -> Node:
        """What is sent."""
        members: dict[str, object] = {
            "changeType": _CHANGES,
            "notificationUrl": self.notify_url,
            "lifecycleNotificationUrl": self.lifecycle_url,
            "resource": self.resource,
            "expirationDateTime": times.query(expires_at),
            "clientState": self.secret,
        }
        if self.certificate is not None:
            members |= {
                "includeResourceData": True,
                "encryptionCertificate": self.certificate,
                "encryptionCertificateId": self.certificate_id,
            }
        return members


def _check(right: bool, message: str, hint: str) -> None:  # noqa: FBT001 (reads as a sentence)
    if not right:
        raise refusal(Invalid, message, hint, "watch")


def _inside(certificate: str) -> str:
    """The base64 of the DER, which is what stands in a PEM."""
    found = _PEM.search(certificate)
    _check(
        found is not None,
        "certificate is no PEM of a certificate",
        "give its text, -----BEGIN CERTIFICATE-----",
    )
    return "" if found is None else "".join(found[1].split())


def _span(duration: timedelta | None, *, rich: bool) -> timedelta:
    longest = _LONGEST_RICH if rich else _LONGEST
    if duration is None:
        return longest - _MARGIN
    _check(duration > timedelta(), "the duration is not positive", "give a span of time")
    _check(
        duration <= longest, "no watch lasts that long", f"give {longest} at most, and renew before the end"
    )
    return min(max(duration, _SHORTEST), longest - _MARGIN)


def watch(tenant: Tenant, wanted: Wanted) -> Flow[Watch]:
    """See `CalendarAdapter.watch`."""
    now: datetime = yield Now()
    expires_at = now + wanted.span
    # Twice is two subscriptions (documented as 409, yet duplicates are made), and each notifies.
    request = tenant.wire.request(
        Call(
            operation="createSubscription",
            path="/subscriptions",
            method="POST",
            safety=Safety.UNSAFE,
            body=wanted.body(expires_at),
        )
    )

    def made(answer: Node) -> Watch:
        return _watch(answer, wanted)

    try:
        return (
            yield from create(
                request,
                lambda: _made_just_now(tenant, wanted, expires_at),
                lambda answer: tenant.wire.read(request, answer, made),
            )
        )
    except NotFound as error:
        raise refusal(Invalid, "there is no such room", "rooms() lists those there are", "watch") from error


def _made_just_now(tenant: Tenant, wanted: Wanted, expires_at: datetime) -> Flow[Watch | None]:
    """The subscription whose answer was lost: the same in all that is told again of it."""
    token: str | None = None
    while True:
        answer = yield from tenant.wire.ask(_list(token))
        for each in nodes(answer, "value"):
            same = (
                text(each, "resource") == wanted.resource
                and text(each, "notificationUrl") == wanted.notify_url
                and text(each, "clientState") in {None, wanted.secret}
                and times.stamp(text(each, "expirationDateTime")) == expires_at
            )
            if same:
                return _watch(each, wanted)
        token = tenant.wire.next_link(answer)
        if token is None:
            return None


def renew(tenant: Tenant, watch_id: str, duration: timedelta | None) -> Flow[Watch]:
    """See `CalendarAdapter.renew`."""
    where = path("subscriptions", watch_id)
    try:
        told = yield from tenant.wire.ask(Call(operation="getSubscription", path=where))
        span = _span(duration, rich=flag(told, "includeResourceData"))
        now: datetime = yield Now()
        renewed = Call(
            operation="renewSubscription",
            path=where,
            method="PATCH",
            safety=Safety.IDEMPOTENT,
            body={"expirationDateTime": times.query(now + span)},
        )
        return (yield from tenant.wire.ask_for(renewed, lambda answer: _watch({**told, **answer})))
    except NotFound as error:
        hint = "watch anew, and read changes() for what was missed"
        raise _gone(error, hint) from None


def _gone(error: NotFound, hint: str) -> NotFound:
    gone = refusal(NotFound, "the watch is gone", hint, error.operation)
    gone.status, gone.code, gone.peer_request_id = error.status, error.code, error.peer_request_id
    return gone


def unwatch(tenant: Tenant, watch_id: str) -> Flow[None]:
    """See `CalendarAdapter.unwatch`."""
    request = tenant.wire.request(
        Call(
            operation="deleteSubscription",
            path=path("subscriptions", watch_id),
            method="DELETE",
            safety=Safety.IDEMPOTENT,
        )
    )
    answer: Response = yield request
    if not answer.ok:
        error = faults.failed(request, answer)
        if not isinstance(error, NotFound):
            raise error


def watches_page(tenant: Tenant, token: str | None) -> Flow[Page[Watch]]:
    """See `CalendarAdapter.watches_page`. Graph lists those of this application alone."""
    tenant.wire.check_token(token)

    def page(answer: Node) -> Page[Watch]:
        ours = [each for each in nodes(answer, "value") if _room_of(each) is not None]
        return Page(tuple(_watch(each) for each in ours), tenant.wire.next_link(answer))

    return (yield from tenant.wire.ask_for(_list(token), page))


def _list(token: str | None) -> Call:
    return Call(operation="listSubscriptions", path=token or "/subscriptions")


def _room_of(subscription: Node) -> str | None:
    """Whose calendar is watched; None for a subscription to something else."""
    found = _RESOURCE.match(text(subscription, "resource") or "")
    return None if found is None else unquote(found[1])


def _watch(subscription: Node, wanted: Wanted | None = None) -> Watch:
    watch_id, expires_at = text(subscription, "id"), times.stamp(text(subscription, "expirationDateTime"))
    if watch_id is None or expires_at is None:
        reason = "a subscription without id or end"
        raise Broken(reason)
    return Watch(
        id=watch_id,
        room=wanted.room if wanted else _room_of(subscription) or "",
        notify_url=text(subscription, "notificationUrl") or "",
        expires_at=expires_at,
        rich=flag(subscription, "includeResourceData") or bool(wanted and wanted.certificate),
        secret=wanted.secret if wanted else None,
        resource=text(subscription, "resource"),
    )
