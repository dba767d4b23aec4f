"""Subscriptions to events: made after a handshake, renewed, ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from uuid import uuid4

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.testing.simulators.graph.errors import Refused, malformed
from hamilton_sdk.testing.simulators.graph.sealing import read_certificate
from hamilton_sdk.testing.simulators.graph.times import read_query_time, write_instant
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.x509 import Certificate

    from hamilton_sdk.testing.simulators.graph.routes import Route
    from hamilton_sdk.testing.simulators.graph.state import Mailbox
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["Subscription", "Subscriptions", "handshake"]

_RESOURCE: Final = re.compile(
    r"/?users/([^/?]+)/(?:calendar/)?events/?(?:\?(.*))?", re.IGNORECASE | re.DOTALL
)
_KINDS: Final = frozenset({"created", "updated", "deleted"})
_LONGEST: Final = timedelta(minutes=10_080)
_LONGEST_RICH: Final = timedelta(minutes=1_440)
_SHORTEST: Final = timedelta(minutes=45)
_LONGEST_TEXT: Final = 128
_MOST: Final = 1000
_RENEWABLE: Final = frozenset({"expirationDateTime", "notificationUrl"})


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One subscription.

    Attributes:
        document: As it is answered.
        mailbox: Whose events, lower case.
        kinds: Of changes.
        expires: Until when.
        immutable: Whether its ids are immutable: said at creation, for good.
        members: Of the event that a rich notification holds; None for all.
        certificate: Of a rich one.
    """

    document: dict[str, Any]
    mailbox: str
    kinds: frozenset[str]
    expires: datetime
    immutable: bool
    members: frozenset[str] | None
    certificate: Certificate | None

    @property
    def id(self) -> str:
        """Its own."""
        return str(self.document["id"])

    @property
    def url(self) -> str:
        """Where notifications go."""
        return str(self.document["notificationUrl"])

    @property
    def lifecycle_url(self) -> str | None:
        """Where lifecycle events go."""
        found: str | None = self.document.get("lifecycleNotificationUrl")
        return found


def handshake(url: str) -> tuple[Request, str]:
    """The question that validates an endpoint, and the text it must answer with."""
    text = f"Validation: Testing client application reachability for subscription Request-Id: {uuid4()}"
    joined = f"{url}{'&' if urlsplit(url).query else '?'}validationToken={quote(text, safe='')}"
    return (
        Request(
            method="POST",
            url=joined,
            operation="validate",
            safety=Safety.SAFE,
            headers={"content-type": "text/plain; charset=utf-8"},
        ),
        text,
    )


class Subscriptions:
    """All subscriptions of the application.

    Args:
        application: Its id.
        mailbox: Finds a mailbox that the application may use.
    """

    def __init__(self, application: str, mailbox: Callable[[str], Mailbox]) -> None:
        self._application = application
        self._mailbox = mailbox
        self.all: dict[str, Subscription] = {}

    def endpoints(self, call: Call, at: Route, *, renewal: bool) -> list[str]:
        """Which endpoints must be validated before a request is done; both, also where they are equal."""
        if at.name == "subscriptions.create":
            try:
                document = call.document()
            except Refused:
                return []
            urls = [document.get(name) for name in ("notificationUrl", "lifecycleNotificationUrl")]
            return [each for each in urls if isinstance(each, str) and self._is_url(each)]
        known = self.all.get(at.key)
        if renewal and known is not None and at.name in ("subscriptions.update", "subscriptions.reauthorize"):
            return [known.url]
        return []

    def _is_url(self, text: str) -> bool:
        parts = urlsplit(text)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))

    def answer(self, call: Call, at: Route) -> Reply:
        """Do what is asked of subscriptions; endpoints have been validated."""
        self._forget(call.now)
        if at.name == "subscriptions.list":
            return Reply(200, {"value": [self._shown(each) for each in self.all.values()]})
        if at.name == "subscriptions.create":
            return self._create(call)
        known = self.all.get(at.key)
        if known is None:
            raise Refused(404, "ResourceNotFound", "The object was not found.")
        match at.name.rpartition(".")[2]:
            case "get":
                return Reply(200, self._shown(known))
            case "update":
                return self._renew(call, known)
            case "delete":
                del self.all[at.key]
                return Reply(204)
            case _:
                return Reply(204)

    def _forget(self, now: datetime) -> None:
        for each in [each for each in self.all.values() if each.expires <= now]:
            del self.all[each.id]

    @staticmethod
    def _shown(subscription: Subscription) -> Document:
        return {**subscription.document, "encryptionCertificate": None}

    def _create(self, call: Call) -> Reply:
        document = call.document()
        mailbox, options = self._resource(document.get("resource"))
        kinds = _kinds(document.get("changeType"))
        rich = bool(document.get("includeResourceData"))
        members = _selected(options)
        certificate = _certificate(document) if rich else None
        if rich and members is None:
            _refuse("Outlook resources with resource data need $select.")
        for name in ("clientState", "encryptionCertificateId"):
            if len(str(document.get(name) or "")) > _LONGEST_TEXT:
                _refuse(f"{name} is longer than 128 characters.")
        urls = [document.get("notificationUrl"), document.get("lifecycleNotificationUrl")]
        if not isinstance(urls[0], str) or not all(
            self._is_url(str(each)) for each in urls if each is not None
        ):
            _refuse("The notification URL must be an HTTPS address.")
        if sum(each.mailbox == mailbox for each in self.all.values()) >= _MOST:
            raise Refused(
                403, "ExtensionError", "The number of subscriptions of the mailbox is at its limit."
            )
        expires = _expiry(document.get("expirationDateTime"), call.now, rich=rich)
        shown: Document = {
            "id": str(uuid4()),
            "resource": document["resource"],
            "applicationId": self._application,
            "changeType": document["changeType"],
            "clientState": document.get("clientState"),
            "notificationUrl": urls[0],
            "lifecycleNotificationUrl": urls[1],
            "expirationDateTime": write_instant(expires),
            "includeResourceData": rich or None,
            "encryptionCertificateId": document.get("encryptionCertificateId"),
            "latestSupportedTlsVersion": document.get("latestSupportedTlsVersion", "v1_2"),
            "creatorId": self._application,
        }
        made = Subscription(
            document=shown,
            mailbox=mailbox,
            kinds=kinds,
            expires=expires,
            immutable=call.prefer.immutable,
            members=members,
            certificate=certificate,
        )
        self.all[made.id] = made
        return Reply(
            201, {"@odata.context": f"{call.base}/v1.0/$metadata#subscriptions/$entity", **self._shown(made)}
        )

    def _resource(self, given: object) -> tuple[str, dict[str, str]]:
        match = _RESOURCE.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            _refuse("The resource is not one that can be subscribed to.")
        options = {name.lower(): value for name, value in parse_qsl(match[2] or "")}
        if not options.keys() <= {"$select", "$filter", "$expand"}:
            _refuse("The resource has a query option that is not supported.")
        return self._mailbox(unquote(match[1])).address.lower(), options

    @staticmethod
    def _renew(call: Call, known: Subscription) -> Reply:
        document = call.document()
        if not document.keys() <= _RENEWABLE or "expirationDateTime" not in document:
            _refuse("Only the expiry of a subscription can be changed.")
        known.expires = _expiry(document["expirationDateTime"], call.now, rich=known.certificate is not None)
        known.document["expirationDateTime"] = write_instant(known.expires)
        return Reply(200, Subscriptions._shown(known))


def _kinds(given: object) -> frozenset[str]:
    words = given.split(",") if isinstance(given, str) else []
    kinds = frozenset(each.strip().lower() for each in words)
    if not kinds or not kinds <= _KINDS:
        _refuse("The change type is not supported.")
    return kinds


def _selected(options: dict[str, str]) -> frozenset[str] | None:
    select = options.get("$select")
    return None if select is None else frozenset(each.strip().lower() for each in select.split(","))


def _certificate(document: Document) -> Certificate:
    text = document.get("encryptionCertificate")
    if not isinstance(text, str) or not document.get("encryptionCertificateId"):
        _refuse("Resource data need an encryption certificate and its id.")
    try:
        return read_certificate(text)
    except ValueError:
        _refuse("The encryption certificate is not valid.")


def _expiry(given: object, now: datetime, *, rich: bool) -> datetime:
    if not isinstance(given, str):
        raise malformed()
    expires = read_query_time(given, "expirationDateTime")
    if expires <= now:
        _refuse("The expiry is in the past.")
    if expires - now > (_LONGEST_RICH if rich else _LONGEST):
        _refuse("The expiry is too far in the future.")
    # Less than 45 minutes is raised to 45.
    return max(expires, now + _SHORTEST)


def _refuse(message: str) -> NoReturn:
    raise Refused(400, "InvalidRequest", message)
