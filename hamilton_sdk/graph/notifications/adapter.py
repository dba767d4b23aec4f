"""How a post of Graph becomes what was received: read, judged, folded, opened. A flow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Now, Offload
from hamilton_sdk.graph.exchange.settings import Cloud, addresses
from hamilton_sdk.graph.notifications import judging
from hamilton_sdk.graph.notifications.decryption import DecryptionKeys, Undecryptable, UnknownCertificate
from hamilton_sdk.graph.notifications.discovery import CONNECTOR, SigningKeys
from hamilton_sdk.graph.notifications.handshake import validation_token
from hamilton_sdk.graph.notifications.models import Change, Item, Lifecycle, Received, Refused
from hamilton_sdk.graph.notifications.parsing import parse
from hamilton_sdk.graph.notifications.validation import PUBLISHER, Validator, key_id

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.notifications.decryption import DecryptionKey
    from hamilton_sdk.graph.notifications.judging import Secrets
    from hamilton_sdk.graph.notifications.models import RefusedReason

__all__ = ["Notifications", "Watches"]

Watches: TypeAlias = "Mapping[str, Secrets] | Callable[[str], Secrets | None]"
"""The secrets of the known watches by their id; or who tells them, and may block: None for no such watch."""

_Opened: TypeAlias = "Change | Lifecycle | Refused"


class Notifications:
    """What is taken for genuine, and how it is opened; see `NotificationReceiver` for the arguments."""

    auth: None = None
    name: str = CONNECTOR

    def __init__(
        self,
        watches: Watches,
        *,
        tenant_id: str | None = None,
        client_id: str | Iterable[str] | None = None,
        keys: Iterable[DecryptionKey] = (),
        national_cloud: Cloud = "global",
        login_url: str | None = None,
        publisher: str = PUBLISHER,
        recent: Container[object] = (),
    ) -> None:
        given = tuple(keys)
        clients = (client_id,) if isinstance(client_id, str) else tuple(client_id or ())
        if given and not clients:
            message = "rich notifications are opened only where client_id says whom they are for"
            raise ConfigurationError(message, hint="give the Application (client) ID that watches the rooms")
        login = addresses(national_cloud, None, login_url)[1]
        self._watches = watches
        self._tenant_id = tenant_id
        self._keys = DecryptionKeys(given)
        self._opens = bool(given)
        self._signing_keys = SigningKeys(login)
        self._validator = Validator(frozenset(each.lower() for each in clients), login, publisher)
        self._recent = recent

    def __repr__(self) -> str:
        return "Notifications(...)"

    def receive(self, query: str | bytes, body: bytes) -> Flow[Received]:
        """Read and judge one post.

        Args:
            query: Of the request's address.
            body: Of the request.

        Raises:
            RequestRefused: It is neither a handshake nor a collection of notifications.
            ConnectorError: The keys to check validation tokens with cannot be had: let Graph try again.
        """
        token = validation_token(query)
        if token is not None:
            return Received(validation=token)
        post = parse(body)
        now: datetime = yield Now()
        secrets = yield from self._secrets(post.items)
        judged: list[tuple[Item | None, RefusedReason | None]] = [
            (each, judging.objection(each, secrets, self._tenant_id, now)) for each in post.items
        ]
        good = [each for each, reason in judged if each is not None and reason is None]
        new = [each for each in good if judging.identity(each) not in self._recent]
        opened = yield from self._opened(new, post.tokens, now)
        unfit = [each for each in opened if isinstance(each, Refused)]
        # After opening, so that a forged item never takes a genuine one's place.
        taken = judging.folded(
            (item, each) for item, each in zip(new, opened, strict=True) if not isinstance(each, Refused)
        )
        return Received(
            changes=tuple(each for each in taken.values() if isinstance(each, Change)),
            lifecycle=tuple(each for each in taken.values() if isinstance(each, Lifecycle)),
            refused=(*judging.refusals(judged), *unfit),
            repeated=len(good) - len(unfit) - len(taken),
            marks=tuple(mark for mark, each in taken.items() if isinstance(each, Change) and each.version),
        )

    def _secrets(self, items: Iterable[Item | None]) -> Flow[Mapping[str, Secrets]]:
        watches = self._watches
        if not callable(watches):
            return watches
        ids = dict.fromkeys(each.watch_id for each in items if each is not None)
        told: dict[str, Secrets | None] = yield Offload(lambda _: {each: watches(each) for each in ids})
        return {each: secrets for each, secrets in told.items() if secrets is not None}

    def _opened(self, items: Sequence[Item], tokens: tuple[str, ...], now: datetime) -> Flow[list[_Opened]]:
        if not (self._opens and any(each.encrypted is not None for each in items)):
            return [_plain(each) for each in items]
        keys = yield from self._signing_keys.get(filter(None, map(key_id, tokens)))
        tenants = self._validator.tenants(tokens, keys, now)
        # Keys are read from files, and RSA takes its time.
        opened: list[_Opened] = yield Offload(lambda _: [self._open(each, tenants) for each in items])
        return opened

    def _open(self, item: Item, tenants: Container[str]) -> _Opened:
        if item.encrypted is None:
            return _plain(item)
        if (item.tenant_id or "").lower() not in tenants:
            return Refused("no_valid_token", item.watch_id)
        try:
            content = self._keys.open(item.encrypted)
        except UnknownCertificate:
            return _plain(item)
        except Undecryptable:
            return Refused("undecryptable", item.watch_id)
        return replace(judging.changed(item), content=content)


def _plain(item: Item) -> Change | Lifecycle:
    """What an item says without its content; one that had some says why it is not there."""
    if item.change is None:
        return judging.ended(item)
    change = judging.changed(item)
    return change if item.encrypted is None else replace(change, unread="unknown_certificate")
