"""What stands for one holder, and what it amounts to: pure, from what the system itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos.authorisations import TEMPLATE
from hamilton_sdk.acs.models import AccessGrant, Credential
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hamilton_sdk.acs.aeos.lists import Lists
    from hamilton_sdk.acs.aeos.records import (
        Authorisation,
        CarrierStates,
        Identifier,
        Profile,
        Visit,
        Visitor,
    )
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.models import GrantState

__all__ = ["Held", "Snapshot", "Stand", "gone_at", "stand"]


@dataclass(frozen=True, slots=True)
class Held:
    """The rights of one holder, as its strategy keeps them.

    Attributes:
        visits: In the visit strategy, by id.
        profile: In the profile strategy; None where it was not read.
    """

    visits: tuple[Visit, ...] = ()
    profile: Profile | None = None

    @property
    def own(self) -> tuple[Authorisation, ...]:
        """Those where ours stand: in the first visit, or in the profile."""
        if self.visits:
            return self.visits[0].rights
        return self.rights

    @property
    def rights(self) -> tuple[Authorisation, ...]:
        """All that may give access and is not the rule engine's."""
        profile = () if self.profile is None else self.profile.sections.values()
        sections = [*(each.rights for each in self.visits), *profile]
        return tuple(each for section in sections for each in section if not each.rule)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read of one holder.

    Attributes:
        visitor: The holder.
        held: The rights.
        carrier: Whether the holder is blocked.
        tokens: What is in the holder's hands.
    """

    visitor: Visitor
    held: Held
    carrier: CarrierStates
    tokens: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class _Right:
    right: Authorisation
    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True)
class Stand:
    """What a snapshot amounts to at a moment.

    Attributes:
        state: See `AccessGrant.state`.
        shown: The rights that make the state: live ones, else reserved ones, else those that are over.
        live: Whether any right is enabled and not over.
        window: From the first beginning to the last end of the rights shown.
    """

    state: GrantState
    shown: tuple[Authorisation, ...]
    live: bool
    window: TimeWindow | None


def stand(site: Site, snapshot: Snapshot, now: datetime) -> Stand:
    """What a snapshot amounts to at a moment."""
    rights = [_timed(site, snapshot.visitor, each) for each in snapshot.held.rights]
    unfinished = [each for each in rights if each.end > now]
    live = [each for each in unfinished if each.right.enabled]
    shown = live or unfinished or rights
    window = _span(shown) or _visit_window(site, snapshot.held)
    return Stand(
        state=_state(snapshot, rights, unfinished, live),
        shown=tuple(each.right for each in shown),
        live=bool(live),
        window=window,
    )


def _state(
    snapshot: Snapshot, rights: Sequence[_Right], unfinished: Sequence[_Right], live: Sequence[_Right]
) -> GrantState:
    tokens = snapshot.tokens
    if not unfinished and (rights or not tokens):
        return "ended"
    if snapshot.carrier.blocked or (tokens and all(each.closed for each in tokens)):
        return "suspended"
    if unfinished and not live and not tokens:
        return "reserved"
    # A token without any right of ours is not what we leave behind: somebody gave it, and it may open
    # something.
    return "active"


def _timed(site: Site, visitor: Visitor, right: Authorisation) -> _Right:
    if right.start is not None:
        return _Right(right, site.local.read_start(right.start), site.local.read_end(right.until))
    # Offline rights have no dates of their own (schema): the holder's are all there is.
    start = None if visitor.arrival is None else site.local.read_start(visitor.arrival)
    leave = site.local.read_end(None) if visitor.leave is None else site.local.read_leave(visitor.leave)
    return _Right(right, start, leave)


def _span(rights: Sequence[_Right]) -> TimeWindow | None:
    starts = [each.start for each in rights if each.start is not None]
    if not starts:
        return None
    return _window(min(starts), max(each.end for each in rights))


def _visit_window(site: Site, held: Held) -> TimeWindow | None:
    if not held.visits:
        return None
    first = held.visits[0]
    return _window(site.local.read_start(first.begin), site.local.read_end(first.end))


def _window(start: datetime, end: datetime) -> TimeWindow | None:
    return TimeWindow(start, end) if start < end else None


def gone_at(site: Site, snapshot: Snapshot, window: TimeWindow | None) -> datetime | None:
    """When the access of an ended holder ended; None where nothing says so."""
    if window is not None:
        return window.end
    leave = snapshot.visitor.leave
    return None if leave is None else site.local.read_leave(leave)


def grant(
    site: Site, snapshot: Snapshot, lists: Lists, now: datetime, known: Credential | None = None
) -> AccessGrant:
    """What stands, in the words of every access-control system.

    Args:
        site: The server.
        snapshot: What was read.
        lists: What names stand for.
        now: Aware.
        known: The credential as the caller names it, where that is known: AEOS does not keep its kind.
    """
    found = stand(site, snapshot, now)
    shown = found.shown if found.state != "ended" else [each for each in found.shown if each.enabled]
    offline = {each.id for each in lists.templates if each.offline}
    profiles = {each.subject for each in shown if each.name == TEMPLATE}
    deferred = any(each.start is None for each in shown) or not profiles.isdisjoint(offline)
    return AccessGrant(
        reference=snapshot.visitor.personnel_no.removeprefix(site.settings.reference_prefix),
        holder_id=str(snapshot.visitor.id),
        state=found.state,
        profiles=tuple(sorted({lists.template_name(each) for each in profiles})),
        window=found.window,
        credential=_credential(site, snapshot.tokens, lists, known),
        revocation="deferred" if deferred else "immediate",
        visit_id=str(snapshot.held.visits[0].id) if snapshot.held.visits else None,
    )


def _credential(
    site: Site, tokens: Sequence[Identifier], lists: Lists, known: Credential | None
) -> Credential | None:
    if not tokens:
        return None
    # What opens doors comes first; after that, the one that was there first.
    token = min(tokens, key=lambda each: (each.closed, each.id))
    name = next((each.name for each in lists.types if each.id == token.type_id), str(token.type_id))
    kind = site.settings.kind_of(token.type_id, name)
    if known is not None and known.number == token.number:
        kind = known.kind
    return Credential(kind=kind, number=token.number, type=name)
