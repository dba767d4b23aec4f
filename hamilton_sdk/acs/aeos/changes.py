"""Changing what stands (another window, suspending, resuming) and the steps changes are made of. Flows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos import holders, messages, tokens
from hamilton_sdk.acs.aeos.authorisations import TEMPLATE, Wanted
from hamilton_sdk.acs.aeos.lists import carrier_reason, read_lists
from hamilton_sdk.acs.aeos.records import CarrierStates
from hamilton_sdk.acs.aeos.rights import rights_of
from hamilton_sdk.acs.aeos.site import refusal, unless_already
from hamilton_sdk.acs.aeos.state import Held, Snapshot, grant, stand
from hamilton_sdk.acs.aeos.undo import undoing
from hamilton_sdk.acs.aeos.values import changed_fields, personnel_no, present_fields
from hamilton_sdk.acs.aeos.wire import both
from hamilton_sdk.acs.checks import check_window
from hamilton_sdk.errors import BadResponse, Conflict, NotFound
from hamilton_sdk.flow import Now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hamilton_sdk.acs.aeos.lists import Lists
    from hamilton_sdk.acs.aeos.records import Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.soap import Content
    from hamilton_sdk.acs.aeos.undo import Undo
    from hamilton_sdk.acs.models import AccessGrant
    from hamilton_sdk.flow import Flow
    from hamilton_sdk.model import TimeWindow

__all__ = ["change_fields", "change_rights", "extend", "needed", "resume", "set_block", "suspend", "unblock"]


def needed(site: Site, reference: str, operation: str) -> Flow[list[Visitor]]:
    """The holders of a reference, by id.

    Raises:
        NotFound: There is none.
    """
    found = yield from holders.find(site, personnel_no(site.settings.reference_prefix, reference))
    if not found:
        message = "there is no holder for this reference"
        raise refusal(NotFound, message, "check the reference; `reserve` or `activate` makes one", operation)
    return found


def _single(site: Site, reference: str, operation: str) -> Flow[tuple[Snapshot, Lists, datetime]]:
    """Read what stands for a reference; of holders that raced for it the lowest id stays."""
    first, *others = yield from needed(site, reference, operation)
    for each in others:
        yield from holders.dismantle(site, each.id)
    snapshot, lists = yield from both(holders.snapshot(site, first), read_lists(site))
    now: datetime = yield Now()
    return snapshot, lists, now


def extend(site: Site, reference: str, window: TimeWindow) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.extend`."""
    return undoing("extend", lambda undo: _extend(site, undo, reference, window))


def _extend(site: Site, undo: Undo, reference: str, window: TimeWindow) -> Flow[AccessGrant]:
    kept = site.local.kept(window)
    moment: datetime = yield Now()
    check_window(kept, moment)
    before, lists, now = yield from _single(site, reference, "extend")
    found = stand(site, before, now)
    ours = [each for each in found.shown if each.name == TEMPLATE and each in before.held.own]
    if found.state == "ended" or not ours:
        message = "the grant has ended"
        raise refusal(Conflict, message, "activate it again", "extend")
    begin, end = site.local.write_start(kept.start), site.local.write_end(kept.end)
    wanted = Wanted(
        online=tuple(sorted({each.subject for each in ours if each.start is not None})),
        offline=tuple(sorted({each.subject for each in ours if each.start is None})),
        begin=begin,
        end=end,
        enabled=found.live,
    )
    dates: dict[str, Content] = {"ArrivalDateTime": begin, "LeaveDateTime": end}
    visitor = yield from change_fields(site, undo, before.visitor, dates, found.window, kept)
    held = yield from change_rights(site, undo, before, None, wanted)
    return grant(site, replace(before, visitor=visitor, held=held), lists, now)


def change_fields(
    site: Site,
    undo: Undo,
    visitor: Visitor,
    values: Mapping[str, Content],
    stood: TimeWindow | None,
    window: TimeWindow,
) -> Flow[Visitor]:
    """Change those fields of a holder that differ.

    Args:
        site: The server.
        undo: Learns how to put back what they were.
        visitor: As read.
        values: What the fields should be.
        stood: The window that stands.
        window: The window to come.
    """
    fields = changed_fields(visitor, values, same_window=stood == window)
    if not fields:
        return visitor
    former = {name: value for name, value in present_fields(visitor).items() if name in fields}
    if stood is not None and "LeaveDateTime" in fields:
        # The dates as read may be cut to midnight: those of the rights are whole.
        former["ArrivalDateTime"] = site.local.write_start(stood.start)
        former["LeaveDateTime"] = site.local.write_end(stood.end)

    def back() -> Flow[None]:
        yield from site.undoing().wire.call(messages.change_visitor(visitor.id, former))

    undo.add(f"fields of holder {visitor.id}", back)
    return (yield from site.wire.call(messages.change_visitor(visitor.id, fields)))


def change_rights(
    site: Site, undo: Undo, before: Snapshot, host_id: int | None, wanted: Wanted
) -> Flow[Held]:
    """Make a holder's rights those wanted, where they are not so already.

    Args:
        site: The server.
        undo: Learns how to bring back those that stood.
        before: What stands.
        host_id: The host's carrier id; None to leave it.
        wanted: Templates and dates.
    """
    rights, holder_id = rights_of(site), before.visitor.id
    if rights.stands(host_id, wanted, before.held):
        return before.held
    undo.add(
        f"rights of holder {holder_id}", lambda: rights_of(site.undoing()).restore(holder_id, before.held)
    )
    return (yield from rights.give(holder_id, host_id, wanted, before.held))


def suspend(site: Site, reference: str, reason: str | None) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.suspend`. The holder is blocked, and with it all badges in its hands."""
    before, lists, now = yield from _single(site, reference, "suspend")
    if stand(site, before, now).state in {"ended", "suspended"}:
        return grant(site, before, lists, now)
    reason_id = yield from carrier_reason(site, reason)
    carrier = yield from set_block(site, before.visitor.id, reason_id)
    return grant(site, replace(before, carrier=carrier), lists, now)


def resume(site: Site, reference: str) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.resume`."""
    return undoing("resume", lambda undo: _resume(site, undo, reference))


def _resume(site: Site, undo: Undo, reference: str) -> Flow[AccessGrant]:
    before, lists, now = yield from _single(site, reference, "resume")
    state = stand(site, before, now).state
    if state == "ended":
        message = "the grant has ended"
        raise refusal(Conflict, message, "activate it again", "resume")
    if state != "suspended":
        return grant(site, before, lists, now)
    after = yield from unblock(site, undo, before)
    return grant(site, after, lists, now)


def unblock(site: Site, undo: Undo, before: Snapshot) -> Flow[Snapshot]:
    """Lift the blocks of a holder and of the badges in its hands; the way back is to block the holder."""
    undo.add(f"block of holder {before.visitor.id}", lambda: _block_again(site.undoing(), before))
    carrier, in_hands = before.carrier, before.tokens
    if carrier.blocked:
        carrier = yield from set_block(site, before.visitor.id, None)
        # Blocking a holder blocks all badges in its hands, and unblocking it restores them.
        in_hands = yield from tokens.held(site, before.visitor.id)
    closed = [each for each in in_hands if each.closed and not each.replaced]
    for token in closed:
        yield from tokens.unblock(site, before.visitor.id, token)
    if closed:
        in_hands = yield from tokens.held(site, before.visitor.id)
    return replace(before, carrier=carrier, tokens=in_hands)


def _block_again(site: Site, before: Snapshot) -> Flow[None]:
    reason = before.carrier.reason
    if reason is None:
        reason = yield from carrier_reason(site, None)
    yield from set_block(site, before.visitor.id, reason)


def set_block(site: Site, holder_id: int, reason: int | None) -> Flow[CarrierStates]:
    """Block a holder, or lift the block; that it is so already is success.

    Args:
        site: The server.
        holder_id: Whose.
        reason: Why it is blocked; None to lift the block.
    """
    wanted = CarrierStates(blocked=reason is not None, reason=reason)
    message = (
        messages.unblock_carrier(holder_id) if reason is None else messages.block_carrier(holder_id, reason)
    )

    def act() -> Flow[None]:
        states = yield from site.wire.call(message)
        if states.blocked != wanted.blocked:
            text = "the holder is blocked still" if states.blocked else "the holder is not blocked"
            raise refusal(BadResponse, text, "look at the holder in AEOS", message.operation)

    def already() -> Flow[bool]:
        states = yield from site.wire.call(messages.carrier_states(holder_id))
        return states.blocked == wanted.blocked

    yield from unless_already(act(), already)
    return wanted
