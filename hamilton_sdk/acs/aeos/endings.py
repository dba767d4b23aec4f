"""Revoking and purging. Flows.

Everything that can be taken away is, past single failures. A badge that is blocked for now (3B) is not
withdrawn as it is, since that would block it for good: rights end first, then the block is lifted, then it is
withdrawn, and at no moment does it open anything. Where the rights could not be ended it stays blocked and is
reported.

A block of the holder itself is left, as a lock more, unless a badge needs it lifted; activating again lifts
it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos import holders, messages, tokens
from hamilton_sdk.acs.aeos.changes import needed, set_block
from hamilton_sdk.acs.aeos.faults import CONNECTOR
from hamilton_sdk.acs.aeos.lists import read_lists
from hamilton_sdk.acs.aeos.rights import rights_of
from hamilton_sdk.acs.aeos.site import refusal
from hamilton_sdk.acs.aeos.state import gone_at, grant, stand
from hamilton_sdk.acs.aeos.wire import both, several
from hamilton_sdk.acs.checks import check_aware
from hamilton_sdk.errors import BadResponse, ConnectorError, Interrupted, PartialFailure
from hamilton_sdk.flow import Now

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs.aeos.lists import Lists
    from hamilton_sdk.acs.aeos.records import Identifier, Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.soap import Content
    from hamilton_sdk.acs.aeos.state import Snapshot
    from hamilton_sdk.acs.models import AccessGrant
    from hamilton_sdk.flow import Flow

__all__ = ["purge", "revoke"]


class _Steps:
    """What was done and what failed, in one call that goes on past failures."""

    __slots__ = ("_operation", "done", "failures", "left")

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self.done: list[str] = []
        self.left: list[str] = []
        self.failures: list[ConnectorError] = []

    def attempt(self, step: str, flow: Flow[None]) -> Flow[bool]:
        """Perform a step; whether it succeeded."""
        try:
            yield from flow
        except Interrupted:
            raise
        except ConnectorError as error:
            self.fail(step, error)
            return False
        self.done.append(step)
        return True

    def fail(self, step: str, error: ConnectorError) -> None:
        """Note a step that failed."""
        self.left.append(step)
        self.failures.append(error)

    def settle(self) -> None:
        """Raise what is left.

        Raises:
            PartialFailure: Something is.
        """
        if self.left:
            raise self.failure() from self.failures[0]

    def failure(self) -> PartialFailure:
        """The error that says what is left."""
        partial = PartialFailure(
            f"{CONNECTOR}: {self._operation} could not end everything: {', '.join(self.left)}",
            done=tuple(self.done),
            left=tuple(self.left),
            hint="repeat the call: what is done already is not done again",
            connector=CONNECTOR,
            operation=self._operation,
        )
        for each in self.failures:
            partial.add_note(f"It failed with: {each}")
        return partial


def revoke(site: Site, reference: str, reason: str | None) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.revoke`.

    A reason is used where a one-shot number is blocked for good; a name that the site does not know keeps no
    access alive: the first suitable reason stands in.
    """
    first, *others = yield from needed(site, reference, "revoke")
    lists = yield from read_lists(site)
    steps = _Steps("revoke")
    for each in others:
        # Of holders that raced for one reference the lowest id stays.
        yield from steps.attempt(f"holder {each.id}", _remove(site, lists, each, reason))
    after = yield from _Ending(site, lists, first, steps, reason).end()
    steps.settle()
    now: datetime = yield Now()
    return grant(site, after, lists, now)


def _remove(site: Site, lists: Lists, visitor: Visitor, reason: str | None) -> Flow[None]:
    steps = _Steps("revoke")
    yield from _Ending(site, lists, visitor, steps, reason).end()
    steps.settle()
    yield from holders.dismantle(site, visitor.id)


def purge(site: Site, ended_before: datetime) -> Flow[tuple[str, ...]]:
    """See `AccessControlAdapter.purge`."""
    check_aware(ended_before, "ended_before")
    lists, found = yield from both(read_lists(site), holders.find_marked(site))
    present = yield from several(tuple(holders.snapshot_if_there(site, each) for each in found))
    now: datetime = yield Now()
    steps = _Steps("purge")
    gone: list[str] = []
    for snapshot in present:
        if snapshot is not None and _is_due(site, snapshot, ended_before, now):
            yield from _delete(site, lists, snapshot, ended_before, steps, gone)
    steps.settle()
    return tuple(sorted(gone))


def _delete(
    site: Site, lists: Lists, found: Snapshot, ended_before: datetime, steps: _Steps, gone: list[str]
) -> Flow[None]:
    """Delete a holder and note its reference, unless it came back to life since it was found to be due."""
    visitor = found.visitor
    step = f"holder {visitor.id}"
    try:
        if not (yield from _is_still_due(site, found, ended_before)):
            return
    except Interrupted:
        raise
    except ConnectorError as error:
        steps.fail(step, error)
        return
    remove = _remove(site, lists, visitor, None) if found.tokens else holders.dismantle(site, visitor.id)
    if (yield from steps.attempt(step, remove)):
        gone.append(visitor.personnel_no.removeprefix(site.settings.reference_prefix))


def _is_still_due(site: Site, found: Snapshot, ended_before: datetime) -> Flow[bool]:
    """Whether no other process has taken a holder up again.

    An admission begins with the holder's dates, before there are any rights, and ends with a credential.
    """
    visitor = yield from holders.find_by_id(site, found.visitor.id)
    if visitor is None or (visitor.arrival, visitor.leave) != (found.visitor.arrival, found.visitor.leave):
        return False
    snapshot = yield from holders.snapshot_if_there(site, visitor)
    now: datetime = yield Now()
    if snapshot is None or not _is_due(site, snapshot, ended_before, now):
        return False
    return {each.id for each in snapshot.tokens} <= {each.id for each in found.tokens}


def _is_due(site: Site, snapshot: Snapshot, ended_before: datetime, now: datetime) -> bool:
    found = stand(site, snapshot, now)
    ended = gone_at(site, snapshot, found.window)
    return found.state == "ended" and ended is not None and ended <= ended_before


class _Ending:
    """Ending the access of one holder, past single failures."""

    def __init__(self, site: Site, lists: Lists, visitor: Visitor, steps: _Steps, reason: str | None) -> None:
        self._site = site
        self._lists = lists
        self._visitor = visitor
        self._steps = steps
        self._reason = reason

    def end(self) -> Flow[Snapshot]:
        """End everything, and read what stands then."""
        before = yield from holders.snapshot(self._site, self._visitor)
        for token in before.tokens:
            if not token.closed:
                yield from self._steps.attempt(f"credential {token.id}", self._take(token))
        now: datetime = yield Now()
        rights = rights_of(self._site).end(before.held, now)
        over = yield from self._steps.attempt(f"rights of holder {self._visitor.id}", rights)
        if any(token.closed for token in before.tokens):
            yield from self._withdraw_closed(before, over=over)
        yield from self._steps.attempt(f"leave date of holder {self._visitor.id}", self._leave(before, now))
        return (yield from self._confirmed())

    def _take(self, token: Identifier) -> Flow[None]:
        return tokens.take(self._site, self._lists, self._visitor.id, token, self._reason)

    def _withdraw_closed(self, before: Snapshot, *, over: bool) -> Flow[None]:
        closed = [each for each in before.tokens if each.closed]
        badges = [each for each in closed if not tokens.is_one_shot(self._site, self._lists, each)]
        for token in closed:
            if token not in badges:
                yield from self._steps.attempt(f"credential {token.id}", self._take(token))
        if not badges:
            return
        if over and before.carrier.blocked:
            step = f"block of holder {self._visitor.id}"
            over = yield from self._steps.attempt(step, self._unblock_holder())
        for token in badges:
            step = f"credential {token.id}, which stays blocked"
            if over:
                yield from self._steps.attempt(step, self._unblock_and_withdraw(token))
            else:
                self._steps.left.append(step)

    def _unblock_holder(self) -> Flow[None]:
        yield from set_block(self._site, self._visitor.id, None)

    def _unblock_and_withdraw(self, token: Identifier) -> Flow[None]:
        in_hands = yield from tokens.held(self._site, self._visitor.id)
        present = next((each for each in in_hands if each.id == token.id), None)
        if present is None:
            return
        # One that a replacement stands in for (3RB) cannot be unblocked, only withdrawn.
        if present.closed and not present.replaced:
            yield from tokens.unblock(self._site, self._visitor.id, present)
        yield from tokens.withdraw(self._site, self._visitor.id, present, None)

    def _leave(self, before: Snapshot, now: datetime) -> Flow[None]:
        local, visitor = self._site.local, self._visitor
        over = stand(self._site, before, now).state == "ended"
        if over and visitor.leave is not None and local.read_end(visitor.leave) <= now:
            return
        values: dict[str, Content] = {"LeaveDateTime": local.write_end(now)}
        if visitor.arrival is not None and local.read_start(visitor.arrival) >= now:
            values["ArrivalDateTime"] = local.write_end(now - timedelta(seconds=1))
        yield from self._site.wire.call(messages.change_visitor(visitor.id, values))

    def _confirmed(self) -> Flow[Snapshot]:
        """What stands then: an answer that said done is not taken at its word."""
        try:
            after = yield from holders.snapshot(self._site, self._visitor)
        except Interrupted:
            raise
        except ConnectorError as error:
            self._steps.fail("reading what stands", error)
            raise self._steps.failure() from error
        now: datetime = yield Now()
        open_still = stand(self._site, after, now).state != "ended" or after.tokens
        if open_still and not self._steps.left:
            message = "access stands although everything was taken away"
            doubt = refusal(BadResponse, message, "look at the holder in AEOS", "revoke")
            self._steps.fail(f"access of holder {self._visitor.id}", doubt)
        return after
