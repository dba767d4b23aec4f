"""Reserving and activating. Flows.

The order of steps is fail-closed: holder, rights with an end, and the credential last. A credential that is
replaced is taken away first. Each step is noted with its way back before its request is sent.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos import holders, messages, tokens
from hamilton_sdk.acs.aeos.changes import change_fields, change_rights, unblock
from hamilton_sdk.acs.aeos.orders import prepare
from hamilton_sdk.acs.aeos.records import CarrierStates
from hamilton_sdk.acs.aeos.rights import rights_of
from hamilton_sdk.acs.aeos.site import refusal
from hamilton_sdk.acs.aeos.state import Held, Snapshot, grant, stand
from hamilton_sdk.acs.aeos.undo import undoing
from hamilton_sdk.errors import Conflict, ConnectorError, Interrupted, Invalid, Outcome

if TYPE_CHECKING:
    from hamilton_sdk.acs.aeos.orders import Plan
    from hamilton_sdk.acs.aeos.records import Identifier, Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.undo import Undo
    from hamilton_sdk.acs.models import AccessGrant, AccessOrder
    from hamilton_sdk.flow import Flow

__all__ = ["activate", "reserve"]


def activate(site: Site, order: AccessOrder) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.activate`."""
    return undoing("activate", lambda undo: _Admission(site, undo, active=True).perform(order))


def reserve(site: Site, order: AccessOrder) -> Flow[AccessGrant]:
    """See `AccessControlAdapter.reserve`."""
    return undoing("reserve", lambda undo: _Admission(site, undo, active=False).perform(order))


class _Admission:
    """One call of reserve or activate."""

    __slots__ = ("_active", "_assigned", "_back", "_gave", "_site", "_undo")

    def __init__(self, site: Site, undo: Undo, *, active: bool) -> None:
        self._site = site
        self._back = site.undoing()
        self._undo = undo
        self._active = active
        # What has been asked for, whether or not it was done
        self._gave = False
        self._assigned = False

    def perform(self, order: AccessOrder) -> Flow[AccessGrant]:
        plan, found = yield from prepare(self._site, order)
        if found:
            yield from self._remove_others(found[1:])
            after = yield from self._change(plan, found[0])
        else:
            after = yield from self._begin(plan)
        return grant(self._site, after, plan.lists, plan.now, plan.credential)

    def _remove_others(self, others: list[Visitor]) -> Flow[None]:
        """Of holders that raced for one reference the lowest id stays."""
        for each in others:
            yield from holders.dismantle(self._site, each.id)

    # A new holder

    def _begin(self, plan: Plan) -> Flow[Snapshot]:
        visitor = yield from self._create(plan)
        found = yield from holders.find(self._site, plan.mark)
        lowest = min([visitor, *found], key=lambda each: each.id)
        if lowest.id != visitor.id:
            yield from holders.dismantle(self._site, visitor.id)
            self._undo.forget()
            return (yield from self._change(plan, lowest))
        yield from self._remove_others([each for each in found if each.id != visitor.id])
        wanted = plan.wanted(enabled=self._active)
        self._gave = True
        held = yield from rights_of(self._site).give(visitor.id, plan.host_id, wanted, Held())
        yield from self._exempt(visitor.id)
        given = (yield from self._assign(plan, visitor.id)) if self._active else ()
        return Snapshot(visitor, held, CarrierStates(blocked=False, reason=None), given)

    def _create(self, plan: Plan) -> Flow[Visitor]:
        dates = {"ArrivalDateTime": plan.begin, "LeaveDateTime": plan.end}
        self._undo.add("a holder that may have been made", lambda: self._remove_bare(plan))
        try:
            visitor = yield from holders.create(
                self._site, plan.mark, {**plan.created, **plan.fields, **dates}
            )
        except ConnectorError as error:
            # A fault names the call and not the cause: whether it was made all the same, a look tells.
            if error.outcome is not Outcome.UNKNOWN and not isinstance(error, Invalid):
                self._undo.forget()
            raise
        self._undo.instead(
            f"holder {visitor.id}, with all it has", lambda: self._remove_made(plan, visitor.id)
        )
        return visitor

    def _remove_made(self, plan: Plan, holder_id: int) -> Flow[None]:
        """Take back the holder that this call made, unless another process has admitted it since.

        Where nothing tells, it goes: the next call makes it anew, and no access is left that nobody knows of.
        """
        if not (yield from self._is_taken_up(plan, holder_id)):
            yield from holders.dismantle(self._back, holder_id)

    def _is_taken_up(self, plan: Plan, holder_id: int) -> Flow[bool]:
        """Whether a holder has what this call cannot have put there.

        A credential that it has not asked for, or rights before it asked for any. Other rights than those it
        asked for are no proof: the server may have made them of its request.
        """
        try:
            in_hands = yield from tokens.held(self._back, holder_id)
            if any(not (self._assigned and _is_ordered(plan, each)) for each in in_hands):
                return True
            if self._gave:
                return False
            held = yield from rights_of(self._back).read(holder_id)
        except Interrupted:
            raise
        except ConnectorError:
            return False
        return bool(held.rights)

    def _remove_bare(self, plan: Plan) -> Flow[None]:
        """Remove the holder of an interrupted create, unless another process has got further with it."""
        for each in (yield from holders.find(self._back, plan.mark)):
            held = yield from rights_of(self._back).read(each.id)
            if not held.rights and not (yield from tokens.held(self._back, each.id)):
                yield from holders.dismantle(self._back, each.id)

    # A holder that was there before

    def _change(self, plan: Plan, visitor: Visitor) -> Flow[Snapshot]:
        before = yield from holders.snapshot(self._site, visitor)
        stood = stand(self._site, before, plan.now)
        if self._active and stood.state == "suspended":
            message = "the grant is suspended"
            raise refusal(Conflict, message, "resume it first, then change it", "activate")
        stays = stood.state in {"active", "suspended"}
        left = yield from self._take_others(plan, before, stays=stays)
        enabled = self._active or (stays and stood.live)
        dates = {"ArrivalDateTime": plan.begin, "LeaveDateTime": plan.end}
        visitor = yield from change_fields(
            self._site, self._undo, visitor, {**plan.fields, **dates}, stood.window, plan.window
        )
        wanted = plan.wanted(enabled=enabled)
        held = yield from change_rights(self._site, self._undo, before, plan.host_id, wanted)
        after = replace(before, visitor=visitor, held=held, tokens=left)
        if after.carrier.blocked and not stays:
            after = yield from unblock(self._site, self._undo, after)
        if self._active and not _ordered(plan, left):
            yield from self._exempt(visitor.id)
            after = replace(after, tokens=(*left, *(yield from self._assign(plan, visitor.id))))
        return after

    def _take_others(self, plan: Plan, before: Snapshot, *, stays: bool) -> Flow[tuple[Identifier, ...]]:
        """Take away what the order replaces; what is left in the holder's hands.

        An order without a credential leaves a live one alone. Where access had ended, or had not been given
        yet, nothing that is still out comes back to life.
        """
        replaced = self._active and plan.credential is not None and not _ordered(plan, before.tokens)
        if stays and not replaced:
            return before.tokens
        left: list[Identifier] = []
        for token in before.tokens:
            if stays and token.closed:
                # Withdrawn, it would be blocked for good; unblocked, it would open. It opens nothing as it
                # is.
                left.append(token)
            else:
                yield from self._take(plan, before, token, stays=stays)
        return tuple(left)

    def _take(self, plan: Plan, before: Snapshot, token: Identifier, *, stays: bool) -> Flow[None]:
        holder_id = before.visitor.id
        if stays:
            self._undo.add(f"credential {token.id}", partial(self._give_back, before, token))
        elif token.closed:
            # Rights are over or not given yet, so nothing opens; withdrawn as it is, it would be blocked for
            # good.
            yield from tokens.unblock(self._site, holder_id, token)
        if _is_ordered(plan, token):
            yield from tokens.withdraw(self._site, holder_id, token, None)
        else:
            yield from tokens.take(self._site, plan.lists, holder_id, token)

    def _give_back(self, before: Snapshot, token: Identifier) -> Flow[None]:
        left = yield from tokens.held(self._back, before.visitor.id)
        if all(each.id != token.id for each in left):
            message = messages.assign_token(
                before.visitor.id, token.type_id, token.number, before.visitor.unit_id
            )
            yield from self._back.wire.call(message)

    # For both

    def _exempt(self, holder_id: int) -> Flow[None]:
        if self._site.settings.exempt_from_verification:
            yield from self._site.wire.call(messages.exempt_from_verification(holder_id))

    def _assign(self, plan: Plan, holder_id: int) -> Flow[tuple[Identifier, ...]]:
        credential, kind = plan.credential, plan.kind
        if credential is None or kind is None:
            return ()

        def back() -> Flow[None]:
            for token in (yield from tokens.held(self._back, holder_id)):
                if _is_ordered(plan, token):
                    yield from tokens.withdraw(self._back, holder_id, token, None)

        self._undo.add("credential", back)
        self._assigned = True
        given = yield from tokens.assign(self._site, holder_id, kind, credential.number, plan.unit_id)
        return (given,)


def _ordered(plan: Plan, there: tuple[Identifier, ...]) -> bool:
    return any(_is_ordered(plan, each) for each in there)


def _is_ordered(plan: Plan, token: Identifier) -> bool:
    if plan.credential is None or plan.kind is None:
        return False
    folds = plan.kind.encoding == "Hexadecimal"
    return token.type_id == plan.kind.id and tokens.same_number(
        token.number, plan.credential.number, folds=folds
    )
