"""Managing endpoints."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from hamilton_sdk.errors import ConfigurationError, NotFound
from hamilton_sdk.store.statements import endpoints as statements
from hamilton_sdk.webhooks._checks import check_place
from hamilton_sdk.webhooks._operations.keys import check_key, kept_secrets
from hamilton_sdk.webhooks._sealing import KeptSecret, rotated
from hamilton_sdk.webhooks._time import moment
from hamilton_sdk.webhooks.models import Endpoint, NewEndpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.store.operation import Execute, Row
    from hamilton_sdk.webhooks._sealing import Seal

__all__ = [
    "AddEndpoint",
    "ListEndpoints",
    "PauseEndpoint",
    "RemoveEndpoint",
    "ResumeEndpoint",
    "RotateSecret",
    "Settings",
    "UpdateEndpoint",
]

_SECOND = 1_000_000


class Settings(NamedTuple):
    """What a caller sets of an endpoint besides its secret; checked."""

    url: str
    events: tuple[str, ...]
    schedule: tuple[float, ...] | None
    in_flight_limit: int
    rate: float | None
    ordered: bool
    headers: Mapping[str, str]
    private_networks: tuple[str, ...]

    def columns(self, seal: Seal) -> dict[str, object]:
        """As they are kept."""
        return {
            "url": self.url,
            "events": json.dumps(self.events) if self.events else "",
            "schedule": None if self.schedule is None else json.dumps(self.schedule),
            "first_delay": 0 if self.schedule is None else round(self.schedule[0] * _SECOND),
            "in_flight_limit": self.in_flight_limit,
            "rate": self.rate,
            "ordered": int(self.ordered),
            "headers": seal.headers(self.headers),
            "private_networks": json.dumps(self.private_networks),
        }


def settings_of(endpoint: Endpoint) -> Settings:
    """What is set of an endpoint."""
    return Settings(*[getattr(endpoint, name) for name in Settings._fields])


@dataclass(frozen=True, slots=True)
class AddEndpoint:
    """Keep a new one."""

    writes: ClassVar[bool] = True

    id: str
    settings: Settings
    secret: str = field(repr=False)
    seal: Seal
    now: int

    def run(self, execute: Execute) -> NewEndpoint:
        """Do it."""
        check_key(execute, self.seal)
        sealed = self.seal.secrets([KeptSecret(self.secret, None)])
        columns = self.settings.columns(self.seal)
        given = {"id": self.id, "secrets": sealed, "created_at": self.now, **columns}
        execute(statements.insert_endpoint, given)
        return _with_secret(_locked(execute, self.id, self.seal), self.secret)


@dataclass(frozen=True, slots=True)
class ListEndpoints:
    """Read all."""

    writes: ClassVar[bool] = False

    seal: Seal

    def run(self, execute: Execute) -> tuple[Endpoint, ...]:
        """Do it."""
        return tuple([_endpoint(row, self.seal) for row in execute(statements.select_endpoints)])


@dataclass(frozen=True, slots=True)
class UpdateEndpoint:
    """Change some of what is set."""

    writes: ClassVar[bool] = True

    id: str
    changes: Mapping[str, Any] = field(repr=False)
    seal: Seal
    now: int

    def run(self, execute: Execute) -> Endpoint:
        """Do it."""
        row = _row(execute, self.id)
        settings = settings_of(_endpoint(row, self.seal))._replace(**self.changes)
        check_place(settings.url, settings.private_networks)
        columns = settings.columns(self.seal)
        if "headers" in self.changes:
            # With a key that does not fit they would be as unreadable to whoever has the right one.
            kept_secrets(self.id, row[_SECRETS], self.seal)
        else:
            columns["headers"] = row[_HEADERS]
        execute(
            statements.update_endpoint,
            {"id_": self.id, "secrets": row[_SECRETS], "updated_at": self.now, **columns},
        )
        if self.changes.get("ordered"):
            execute(statements.order_deliveries, {"endpoint": self.id})
        return _locked(execute, self.id, self.seal)


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Sign with a new secret as well, and with it alone once the overlap is over."""

    writes: ClassVar[bool] = True

    id: str
    secret: str = field(repr=False)
    until: int
    seal: Seal
    now: int

    def run(self, execute: Execute) -> NewEndpoint:
        """Do it."""
        row = _row(execute, self.id)
        check_key(execute, self.seal)
        kept = rotated(kept_secrets(self.id, row[_SECRETS], self.seal), self.secret, self.now, self.until)
        columns = settings_of(_endpoint(row, self.seal)).columns(self.seal)
        given = {"id_": self.id, "secrets": self.seal.secrets(kept), "updated_at": self.now}
        execute(statements.update_endpoint, {**columns, **given, "headers": row[_HEADERS]})
        return _with_secret(_locked(execute, self.id, self.seal), self.secret)


@dataclass(frozen=True, slots=True)
class PauseEndpoint:
    """Deliver nothing to one for now."""

    writes: ClassVar[bool] = True

    id: str
    reason: str | None
    seal: Seal
    now: int

    def run(self, execute: Execute) -> Endpoint:
        """Do it."""
        _row(execute, self.id)
        execute(statements.pause_endpoint, {"id_": self.id, "reason": self.reason, "updated_at": self.now})
        return _locked(execute, self.id, self.seal)


@dataclass(frozen=True, slots=True)
class ResumeEndpoint:
    """Deliver to one again."""

    writes: ClassVar[bool] = True

    id: str
    seal: Seal
    now: int

    def run(self, execute: Execute) -> Endpoint:
        """Do it."""
        _row(execute, self.id)
        execute(statements.resume_endpoint, {"id_": self.id, "updated_at": self.now})
        execute(statements.hasten_deliveries, {"endpoint": self.id, "now": self.now})
        return _locked(execute, self.id, self.seal)


@dataclass(frozen=True, slots=True)
class RemoveEndpoint:
    """Take one away, and leave out what it has not got."""

    writes: ClassVar[bool] = True

    id: str
    now: int

    def run(self, execute: Execute) -> None:
        """Do it."""
        _row(execute, self.id)
        execute(statements.delete_endpoint, {"id_": self.id})
        execute(statements.skip_deliveries, {"endpoint": self.id, "now": self.now})


_SECRETS = statements.ENDPOINT.index("secrets")
_HEADERS = statements.ENDPOINT.index("headers")


def _row(execute: Execute, id: str) -> Row:  # noqa: A002 (its name everywhere)
    """One endpoint's row, held until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    rows = execute(statements.lock_endpoint, {"id": id})
    if not rows:
        message = f"there is no endpoint {id!r}"
        raise NotFound(message, hint="endpoints() lists them", connector="webhooks.outbox")
    return rows[0]


def _locked(execute: Execute, id: str, seal: Seal) -> Endpoint:  # noqa: A002 (its name everywhere)
    return _endpoint(_row(execute, id), seal)


def _endpoint(row: Row, seal: Seal) -> Endpoint:
    kept: dict[str, Any] = dict(zip(statements.ENDPOINT, row, strict=True))
    for name in ("secrets", "first_delay"):
        del kept[name]
    for name in ("failing_since", "breaker_until", "created_at", "updated_at"):
        kept[name] = None if kept[name] is None else moment(kept[name])
    kept["events"] = tuple(json.loads(kept["events"])) if kept["events"] else ()
    kept["schedule"] = None if kept["schedule"] is None else tuple(json.loads(kept["schedule"]))
    kept["ordered"] = bool(kept["ordered"])
    headers = _opened_headers(row, seal)
    kept["headers"], kept["readable"] = headers or {}, headers is not None
    kept["private_networks"] = tuple(json.loads(kept["private_networks"]))
    return Endpoint(**kept)


def _with_secret(endpoint: Endpoint, secret: str) -> NewEndpoint:
    given: dict[str, Any] = {each.name: getattr(endpoint, each.name) for each in fields(endpoint)}
    return NewEndpoint(**given, secret=secret)


def _opened_headers(row: Row, seal: Seal) -> dict[str, str] | None:
    """An endpoint's headers; None where no key at hand opens all that is kept encrypted of it."""
    with suppress(ConfigurationError):
        seal.kept_secrets(row[_SECRETS])
        return seal.open_headers(row[_HEADERS])
    return None
