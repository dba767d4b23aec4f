"""Telling genuine notifications from others, and folding those that say the same. Pure."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from hamilton_sdk.graph.notifications.models import Change, Lifecycle, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from hamilton_sdk.graph.notifications.models import Item, RefusedReason

__all__ = ["LATE", "Identity", "Secrets", "changed", "ended", "folded", "identity", "objection", "refusals"]

T = TypeVar("T")

Secrets: TypeAlias = "str | Collection[str]"
"""The ``clientState`` of a watch; several while it is replaced."""

Identity: TypeAlias = tuple[object, ...]
"""What two notifications that say the same have in common."""

LATE: Final = timedelta(hours=4)
"""How long Graph goes on trying to deliver: what comes later than that after its subscription's end was
recorded and is played again."""

_NOBODY: Final = "no watch has this secret, and comparing it takes as long"


def objection(
    item: Item | None, secrets: Mapping[str, Secrets], tenant_id: str | None, now: datetime
) -> RefusedReason | None:
    """Why an item is not taken; None where nothing speaks against it so far.

    Args:
        item: As read; None where it could not be.
        secrets: Of the known watches, by their id.
        tenant_id: Ours; None for any.
        now: Aware.
    """
    if item is None:
        return "malformed"
    known = secrets.get(item.watch_id)
    right = _matches(item.secret or "", _NOBODY if known is None else known)
    if known is None:
        return "unknown_watch"
    if not right:
        return "wrong_secret"
    if tenant_id is not None and (item.tenant_id or "").lower() != tenant_id.lower():
        return "other_tenant"
    # What happened to a subscription may be told after its end.
    if item.change is not None and item.expires_at is not None and now > item.expires_at + LATE:
        return "too_late"
    return None


def _matches(given: str, known: Secrets) -> bool:
    """Whether it is one of the secrets, in a time that does not tell which, or how much of it is right."""
    several = (known,) if isinstance(known, str) else tuple(known)
    written = given.encode("utf-8", "surrogatepass")
    found = [hmac.compare_digest(written, each.encode()) for each in several if each]
    return any(found)


def changed(item: Item) -> Change:
    """A change whose item is genuine."""
    return Change(
        watch_id=item.watch_id,
        kind=item.change or "",
        resource=item.resource,
        mailbox=item.mailbox,
        event_id=item.event_id,
        version=item.version,
        tenant_id=item.tenant_id,
        expires_at=item.expires_at,
    )


def ended(item: Item) -> Lifecycle:
    """What happened to a subscription, whose item is genuine."""
    return Lifecycle(
        watch_id=item.watch_id,
        kind=item.lifecycle or "",
        tenant_id=item.tenant_id,
        expires_at=item.expires_at,
    )


def identity(item: Item) -> Identity:
    """By which duplicates are found. Ids differ by case, and are compared as they are."""
    what = item.change or item.lifecycle
    # Without a version only the content tells one alteration from the next.
    mark = item.version or (None if item.encrypted is None else item.encrypted.data)
    what_of = item.event_id or item.resource
    return (item.watch_id, item.lifecycle is None, what, what_of, mark, item.encrypted is None)


def folded(told: Iterable[tuple[Item, T]]) -> dict[Identity, T]:
    """What items came to, without those that say what an earlier one says."""
    found: dict[Identity, T] = {}
    for item, each in told:
        found.setdefault(identity(item), each)
    return found


def refusals(judged: Iterable[tuple[Item | None, RefusedReason | None]]) -> tuple[Refused, ...]:
    """Those of the items that something speaks against."""
    return tuple(
        Refused(reason, None if item is None else item.watch_id)
        for item, reason in judged
        if reason is not None
    )
