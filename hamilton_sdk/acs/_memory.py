"""The site behind `hamilton_sdk.acs.FakeAccessControl`: holders, who has which credential, and the rules.

Plain methods over a given time. Each checks everything before it changes anything, so nothing is half done.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.checks import check_aware, check_lengths, check_number, check_window, nearest
from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, GrantState, Holder
from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.flow import Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hamilton_sdk.acs.models import AccessProfile, CredentialType
    from hamilton_sdk.model import TimeWindow

__all__ = ["Site"]

_NUMBER_LENGTH: Final = 32
_LENGTHS: Final[Mapping[str, int]] = MappingProxyType(
    {"reference": 50, "family_name": 50, "given_name": 40, "email": 128, "phone": 25, "language": 12}
)
"""AEOS manual v33: the narrowest limits known, so that what passes here passes there."""

_TOKEN: Final = "after-"  # noqa: S105 (a page token, no secret)

_Key = tuple[str, str]
"""What tells credentials apart: the type's id and the number."""


@dataclass(slots=True)
class Record:
    """What stands for one reference.

    Attributes:
        holder: Who.
        holder_id: The site's id.
        profiles: Names, sorted.
        window: When.
        given: Whether access was given; blocking and time are judged apart.
        blocked: Whether it is suspended.
        revoked_at: When it was revoked.
        credential: What is in the holder's hands.
    """

    holder: Holder
    holder_id: int
    profiles: tuple[str, ...]
    window: TimeWindow
    given: bool = False
    blocked: bool = False
    revoked_at: datetime | None = None
    credential: Credential | None = None

    def state(self, now: datetime) -> GrantState:
        """What it amounts to at a moment."""
        if self.revoked_at is not None or self.window.end <= now:
            return "ended"
        if self.blocked:
            return "suspended"
        return "active" if self.given else "reserved"

    def ended_at(self) -> datetime:
        """When its access ends or ended."""
        return self.window.end if self.revoked_at is None else min(self.revoked_at, self.window.end)

    def grant(self, now: datetime) -> AccessGrant:
        """How callers see it at a moment."""
        revoked = self.revoked_at is not None
        return AccessGrant(
            reference=self.holder.reference,
            holder_id=str(self.holder_id),
            state=self.state(now),
            profiles=() if revoked else self.profiles,
            window=None if revoked else self.window,
            credential=self.credential,
        )


class Site:
    """Everything the fake keeps; the caller holds a lock.

    Args:
        profiles: All access profiles.
        types: All credential types, the default first.
        hosts: Personnel numbers; empty to take any.
        needs_host: Whether an order without a host is refused.
        reasons: For suspending; empty to take any.
    """

    def __init__(
        self,
        profiles: tuple[AccessProfile, ...],
        types: tuple[CredentialType, ...],
        *,
        hosts: frozenset[str],
        needs_host: bool,
        reasons: tuple[str, ...],
    ) -> None:
        self.records: dict[str, Record] = {}
        self._profiles = {key: each.name for each in profiles for key in (each.id, each.name)}
        self._types = {key: each for each in types for key in (each.id, each.name)}
        self._default = types[0]
        self._hosts = hosts
        self._needs_host = needs_host
        self._reasons = reasons
        self._ids = count(1)
        self._in_hands: dict[_Key, str | None] = {}  # None: in the hands of somebody who is not ours
        self._dead: set[_Key] = set()

    def reserve(self, order: AccessOrder, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.reserve`."""
        profiles = self._checked(order, now)
        record = self.records.get(order.reference)
        if record is not None and record.state(now) == "ended":
            # What was only out of time may come back: a one-shot number that is reserved again stays good.
            self._take(record, reusable=self._same(record.credential, order.credential))
            record.given = record.blocked = False
        return self._put(order, profiles).grant(now)

    def activate(self, order: AccessOrder, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.activate`."""
        profiles = self._checked(order, now)
        record = self.records.get(order.reference)
        state = None if record is None else record.state(now)
        if state == "suspended":
            message = "the grant is suspended"
            raise Conflict(message, hint="resume it first, then change it")
        record = self._put(order, profiles)
        record.given, record.blocked = True, False
        # An order without a credential leaves a live one alone, but revives none.
        if not self._same(record.credential, order.credential) and (order.credential or state == "ended"):
            self._take(record)
        if order.credential is not None:
            self._in_hands[self._key(order.credential)] = order.reference
            record.credential = order.credential
        return record.grant(now)

    def extend(self, reference: str, window: TimeWindow, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.extend`."""
        record = self._record(reference)
        check_window(window, now)
        self._refuse_ended(record, now)
        record.window = window
        return record.grant(now)

    def suspend(self, reference: str, reason: str | None, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.suspend`."""
        record = self._record(reference)
        self._check_reason(reason)
        record.blocked = record.blocked or record.state(now) != "ended"
        return record.grant(now)

    def resume(self, reference: str, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.resume`."""
        record = self._record(reference)
        self._refuse_ended(record, now)
        record.blocked = False
        return record.grant(now)

    def revoke(self, reference: str, now: datetime) -> AccessGrant:
        """See `AccessControlAdapter.revoke`."""
        record = self._record(reference)
        self._take(record)
        record.given = record.blocked = False
        record.revoked_at = record.revoked_at or now
        return record.grant(now)

    def purge(self, ended_before: datetime, now: datetime) -> tuple[str, ...]:
        """See `AccessControlAdapter.purge`. What ends at that moment is over: windows are half open."""
        check_aware(ended_before, "ended_before")
        gone = [
            reference
            for reference, record in sorted(self.records.items())
            if record.state(now) == "ended" and record.ended_at() <= ended_before
        ]
        for reference in gone:
            self._take(self.records.pop(reference))
        return tuple(gone)

    def grants_page(self, token: str | None, size: int, now: datetime) -> Page[AccessGrant]:
        """See `AccessControlAdapter.grants_page`."""
        after = 0 if token is None else _after(token)
        ordered = sorted(self.records.values(), key=lambda each: each.holder_id)
        rest = [each for each in ordered if each.holder_id > after]
        last = rest[size - 1].holder_id if len(rest) > size else None
        return Page(
            items=tuple(each.grant(now) for each in rest[:size]),
            next=None if last is None else f"{_TOKEN}{last}",
        )

    def holder_of(self, credential: Credential) -> Record | None:
        """Whose credential it is; None where it is free or not with one of ours."""
        reference = self._in_hands.get(self._key(credential))
        return None if reference is None else self.records[reference]

    def give_to_others(self, credential: Credential) -> None:
        """Put a free credential into the hands of somebody who is not ours."""
        self._check_credential(credential, None)
        self._in_hands[self._key(credential)] = None

    def _put(self, order: AccessOrder, profiles: tuple[str, ...]) -> Record:
        record = self.records.get(order.reference)
        if record is None:
            record = Record(order.holder, next(self._ids), profiles, order.window)
            self.records[order.reference] = record
        record.holder, record.profiles, record.window = order.holder, profiles, order.window
        record.revoked_at = None
        return record

    def _take(self, record: Record, *, reusable: bool = False) -> None:
        """Take a holder's credential away. A QR code is one-shot, a physical badge goes back to the pile."""
        credential, record.credential = record.credential, None
        if credential is None:
            return
        key = self._key(credential)
        del self._in_hands[key]
        if credential.kind == "qr" and not reusable:
            self._dead.add(key)

    def _checked(self, order: AccessOrder, now: datetime) -> tuple[str, ...]:
        """Check a whole order; the names of its profiles, sorted."""
        check_lengths(order.holder, _LENGTHS)
        self._check_host(order.holder.host)
        check_window(order.window, now)
        for name in order.profiles:
            if name not in self._profiles:
                message = f"unknown access profile {name!r}"
                raise Invalid(message, hint=nearest(name, self._profiles.values()))
        if order.credential is not None:
            self._check_credential(order.credential, order.reference)
        return tuple(sorted({self._profiles[name] for name in order.profiles}))

    def _check_host(self, host: str | None) -> None:
        if host is None and self._needs_host:
            message = "Holder.host is missing, and this system refuses visits without a host"
            raise Invalid(message, hint="give the host's personnel number")
        if host is not None and self._hosts and host not in self._hosts:
            message = "Holder.host is no host that the system knows"
            raise Invalid(message, hint="give the personnel number as the access-control system has it")

    def _check_credential(self, credential: Credential, reference: str | None) -> None:
        check_number(credential.number, self._type(credential))
        if len(credential.number) > _NUMBER_LENGTH:
            message = f"Credential.number has more than {_NUMBER_LENGTH} characters"
            raise Invalid(message, hint=f"the system keeps {_NUMBER_LENGTH} characters at most")
        key = self._key(credential)
        if key in self._dead:
            message = "the credential is blocked for good: it was one-shot, and taken away"
            raise Conflict(message, hint="make a new number for each visit")
        if key in self._in_hands and (reference is None or self._in_hands[key] != reference):
            message = "the credential is in other hands"
            raise Conflict(message, hint="take it away from its holder first, or give another one")

    def _check_reason(self, reason: str | None) -> None:
        if reason is not None and self._reasons and reason not in self._reasons:
            message = f"unknown reason {reason!r}"
            raise Invalid(message, hint=nearest(reason, self._reasons))

    def _type(self, credential: Credential) -> CredentialType:
        if credential.type is None:
            return self._default
        found = self._types.get(credential.type)
        if found is None:
            message = f"unknown credential type {credential.type!r}"
            known = [each.name for each in self._types.values()]
            raise Invalid(message, hint=nearest(credential.type, known))
        return found

    def _key(self, credential: Credential) -> _Key:
        return self._type(credential).id, credential.number

    def _same(self, one: Credential | None, other: Credential | None) -> bool:
        return one is not None and other is not None and self._key(one) == self._key(other)

    def _record(self, reference: str) -> Record:
        record = self.records.get(reference)
        if record is None:
            message = "there is no holder for this reference"
            raise NotFound(message, hint="check the reference; `reserve` or `activate` makes one")
        return record

    def _refuse_ended(self, record: Record, now: datetime) -> None:
        if record.state(now) == "ended":
            message = "the grant has ended"
            raise Conflict(message, hint="activate it again")


def _after(token: str) -> int:
    number = token.removeprefix(_TOKEN)
    if number == token or not (number.isascii() and number.isdigit()):
        message = "this is no page token of this adapter"
        raise Invalid(message, hint="give the `next` of a page that came before, unchanged")
    return int(number)
