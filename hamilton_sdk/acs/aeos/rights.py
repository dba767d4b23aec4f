"""Giving and ending rights, by visit or by carrier profile. Flows.

A change is one request wherever AEOS allows it, so that no moment has more rights than before or after:
``changeVisit`` and ``changeCarrierProfile`` replace all at once and exist in both generations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos import messages
from hamilton_sdk.acs.aeos.authorisations import TEMPLATE, Ending, Wanted, as_read, differs, ended, given
from hamilton_sdk.acs.aeos.records import SECTIONS, Profile
from hamilton_sdk.acs.aeos.site import refusal, unless_already
from hamilton_sdk.acs.aeos.state import Held
from hamilton_sdk.errors import BadResponse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hamilton_sdk.acs.aeos.records import Authorisation, Section, Visit
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.soap import Content, Fields
    from hamilton_sdk.flow import Flow

__all__ = ["Rights", "rights_of"]


class Rights(ABC):
    """How one strategy keeps the rights of a holder."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @abstractmethod
    def read(self, holder_id: int) -> Flow[Held]:
        """Read what a holder has."""

    @abstractmethod
    def stands(self, host_id: int | None, wanted: Wanted, before: Held) -> bool:
        """Whether our templates are those wanted already, so that nothing needs to be sent."""

    @abstractmethod
    def give(self, holder_id: int, host_id: int | None, wanted: Wanted, before: Held) -> Flow[Held]:
        """Make our templates those wanted.

        Args:
            holder_id: Whose.
            host_id: The host's carrier id, where a visit needs one; that of the visit there is if None.
            wanted: Templates and dates.
            before: What stands.

        Returns:
            What stands then.
        """

    @abstractmethod
    def end(self, held: Held, now: datetime) -> Flow[None]:
        """End everything that gives access, now; what is over stays as it is."""

    @abstractmethod
    def restore(self, holder_id: int, before: Held) -> Flow[None]:
        """Bring back what was read before a change."""

    @abstractmethod
    def drop(self, holder_id: int) -> Flow[None]:
        """Delete what would stay behind when the holder is deleted."""

    def _ending(self, now: datetime) -> Ending:
        local = self._site.local
        end = local.write_end(now)
        # Where the clock repeats an hour, the end is earlier than now: the beginning must come before it.
        return Ending(end, local.write_end(local.read_end(end) - timedelta(seconds=1)))

    def _confirm(self, stand: Iterable[Authorisation], templates: Iterable[int], wanted: Wanted) -> None:
        """Check what the server made of a change: whether it replaces lists or adds to them is not said."""
        ours = [(each.subject, each.enabled) for each in stand if each.name == TEMPLATE and not each.rule]
        if set(ours) != {(each, wanted.enabled) for each in templates}:
            message = "other rights stand than those that were sent"
            hint = "look at the holder's rights in AEOS; the change is taken back"
            raise refusal(BadResponse, message, hint)


class VisitRights(Rights):
    """Rights that belong to a visit: for sites where visit management is licensed."""

    def read(self, holder_id: int) -> Flow[Held]:
        """See `Rights.read`."""
        found = yield from self._site.wire.every(
            lambda offset, size: messages.find_visits(holder_id, offset, size)
        )
        ours = [each for each in found if each.visitor_id == holder_id]
        return Held(visits=tuple(sorted(ours, key=lambda each: each.id)))

    def stands(self, host_id: int | None, wanted: Wanted, before: Held) -> bool:
        """See `Rights.stands`."""
        if not before.visits:
            return False
        first, local = before.visits[0], self._site.local
        return (
            host_id in {None, first.host_id}
            and local.read_start(first.begin) == local.read_start(wanted.begin)
            and local.read_end(first.end) == local.read_end(wanted.end)
            and not differs(first.rights, wanted.online, wanted, local)
        )

    def give(self, holder_id: int, host_id: int | None, wanted: Wanted, before: Held) -> Flow[Held]:
        """See `Rights.give`. The visit with the lowest id is ours; others were made by hand and stay."""
        if not before.visits:
            # No order comes this far without a host; 0 is no carrier, and AEOS would refuse it.
            return (yield from self._add(holder_id, host_id or 0, wanted))
        first, *rest = before.visits
        changed = replace(first, host_id=host_id or first.host_id, begin=wanted.begin, end=wanted.end)
        rights = given(first.rights, wanted.online, wanted, dated=True)
        visit = yield from self._site.wire.call(messages.change_visit(changed, rights))
        self._confirm(visit.rights, wanted.online, wanted)
        return Held(visits=(visit, *rest))

    def _add(self, holder_id: int, host_id: int, wanted: Wanted) -> Flow[Held]:
        def lookup() -> Flow[Visit | None]:
            held = yield from self.read(holder_id)
            return held.visits[0] if held.visits else None

        rights = given((), wanted.online, wanted, dated=True)
        message = messages.add_visit(holder_id, host_id, wanted.begin, wanted.end, rights)
        made = yield from self._site.wire.create(message, lookup)
        held = yield from self.read(holder_id)
        # Another process may have made one at the same time: the lowest id stays.
        for visit in held.visits[1:]:
            yield from self._remove(visit.id)
        first = held.visits[0] if held.visits else made
        if first.id != made.id and not self.stands(host_id, wanted, Held(visits=(first,))):
            return (yield from self.give(holder_id, host_id, wanted, Held(visits=(first,))))
        self._confirm(first.rights, wanted.online, wanted)
        return Held(visits=(first,))

    def _remove(self, visit_id: int) -> Flow[None]:
        def gone() -> Flow[bool]:
            left = yield from self._site.wire.call(messages.find_visit(visit_id))
            return not any(each.id == visit_id for each in left.items)

        return unless_already(self._site.wire.call(messages.remove_visit(visit_id)), gone)

    def end(self, held: Held, now: datetime) -> Flow[None]:
        """See `Rights.end`."""
        local, ending = self._site.local, self._ending(now)
        for visit in held.visits:
            ends = [visit.end, *(each.until for each in visit.rights if not each.rule)]
            if all(each is not None and local.read_end(each) <= now for each in ends):
                continue
            over = replace(
                visit, begin=ending.begin_of(visit.begin, local), end=ending.end_of(visit.end, local)
            )
            yield from self._site.wire.call(messages.change_visit(over, ended(visit.rights, ending, local)))

    def restore(self, holder_id: int, before: Held) -> Flow[None]:
        """See `Rights.restore`."""
        known = {each.id: each for each in before.visits}
        stand = yield from self.read(holder_id)
        for visit in stand.visits:
            if visit.id not in known:
                yield from self._remove(visit.id)
            elif visit != known[visit.id]:
                former = known[visit.id]
                yield from self._site.wire.call(messages.change_visit(former, as_read(former.rights)))

    def drop(self, holder_id: int) -> Flow[None]:
        """See `Rights.drop`."""
        held = yield from self.read(holder_id)
        for visit in held.visits:
            yield from self._remove(visit.id)


class ProfileRights(Rights):
    """Rights that belong to the holder's own profile: works at every site."""

    def read(self, holder_id: int) -> Flow[Held]:
        """See `Rights.read`."""
        profile = yield from self._site.wire.call(messages.find_profile(holder_id))
        return Held(profile=profile)

    def stands(self, host_id: int | None, wanted: Wanted, before: Held) -> bool:
        """See `Rights.stands`. A profile has no host."""
        del host_id
        if before.profile is None:
            return False
        online, offline = _sides(before.profile)
        local = self._site.local
        return not (
            differs(online, wanted.online, wanted, local) or differs(offline, wanted.offline, wanted, local)
        )

    def give(self, holder_id: int, host_id: int | None, wanted: Wanted, before: Held) -> Flow[Held]:
        """See `Rights.give`. A profile has no host."""
        del host_id
        if before.profile is None:
            return (yield from self._add(holder_id, wanted))
        profile = before.profile
        online, offline = _sides(profile)
        sections: dict[Section, Fields] = {
            "AuthorisationOnline": given(online, wanted.online, wanted, dated=True),
            "AuthorisationOffline": given(offline, wanted.offline, wanted, dated=False),
            "AuthorisationSoaa": as_read(profile.sections.get("AuthorisationSoaa", ())),
        }
        message = messages.change_profile(holder_id, (*_sections(sections), *profile.rest))
        changed = yield from self._site.wire.call(message)
        self._confirm_profile(changed, wanted)
        return Held(profile=changed)

    def _add(self, holder_id: int, wanted: Wanted) -> Flow[Held]:
        def lookup() -> Flow[Profile | None]:
            held = yield from self.read(holder_id)
            return held.profile if any(each.name == TEMPLATE for each in held.rights) else None

        sections: dict[Section, Fields] = {
            "AuthorisationOnline": given((), wanted.online, wanted, dated=True),
            "AuthorisationOffline": given((), wanted.offline, wanted, dated=False),
        }
        message = messages.add_rights(holder_id, _sections(sections))
        profile = yield from self._site.wire.create(message, lookup)
        self._confirm_profile(profile, wanted)
        return Held(profile=profile)

    def _confirm_profile(self, profile: Profile, wanted: Wanted) -> None:
        online, offline = _sides(profile)
        self._confirm(online, wanted.online, wanted)
        self._confirm(offline, wanted.offline, wanted)

    def end(self, held: Held, now: datetime) -> Flow[None]:
        """See `Rights.end`. Rights of other kinds (lockers, keys) are not sent back, and so end too."""
        profile, local = held.profile, self._site.local
        rest = (
            () if profile is None else tuple(each for each in profile.rest if not each[0].startswith(_RIGHTS))
        )
        over = all(each.start is not None and local.read_end(each.until) <= now for each in held.rights)
        if profile is None or (over and rest == profile.rest):
            return
        ending = self._ending(now)
        sections: dict[Section, Fields] = {
            name: ended(stand, ending, local) for name, stand in profile.sections.items()
        }
        yield from self._site.wire.call(
            messages.change_profile(profile.carrier_id, (*_sections(sections), *rest))
        )

    def restore(self, holder_id: int, before: Held) -> Flow[None]:
        """See `Rights.restore`."""
        former = before.profile or Profile(holder_id, {})
        sections: dict[Section, Fields] = {name: as_read(stand) for name, stand in former.sections.items()}
        yield from self._site.wire.call(
            messages.change_profile(holder_id, (*_sections(sections), *former.rest))
        )

    def drop(self, holder_id: int) -> Flow[None]:
        """See `Rights.drop`. The profile goes with its holder."""
        del holder_id
        yield from ()


_RIGHTS: Final = "Authorisation"


def _sides(profile: Profile) -> tuple[tuple[Authorisation, ...], tuple[Authorisation, ...]]:
    """The rights at online and at offline doors."""
    return profile.sections.get("AuthorisationOnline", ()), profile.sections.get("AuthorisationOffline", ())


def _sections(sections: dict[Section, Fields]) -> tuple[tuple[str, Content], ...]:
    """Sections in the order of the schema, empty ones left out."""
    return tuple((name, sections[name]) for name in SECTIONS if sections.get(name))


def rights_of(site: Site) -> Rights:
    """The strategy that a site is configured for."""
    return VisitRights(site) if site.settings.strategy == "visit" else ProfileRights(site)
