"""Badges and other identifiers: finding, giving and taking them. Flows.

The states and what each call does to them are in the AEOS manual v33, states of an identifier. Two of them
decide the order here: withdrawing a temporarily blocked identifier (3B) blocks it for good (2B), and only a
free or unknown number may be given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.acs.aeos import messages
from hamilton_sdk.acs.aeos.lists import withdrawal_reason
from hamilton_sdk.acs.aeos.site import refusal, unless_already
from hamilton_sdk.errors import Conflict, ConnectorError, Interrupted, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hamilton_sdk.acs.aeos.lists import Lists
    from hamilton_sdk.acs.aeos.records import Identifier, IdentifierType
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.flow import Flow

__all__ = [
    "assign",
    "find",
    "held",
    "is_one_shot",
    "refuse_others",
    "same_number",
    "take",
    "unblock",
    "withdraw",
]


def find(site: Site, kind: IdentifierType | None, number: str) -> Flow[list[Identifier]]:
    """All identifiers with exactly this number: the server's search also gives longer ones."""
    type_id = None if kind is None else kind.id
    found = yield from site.wire.every(
        lambda offset, size: messages.find_tokens(type_id, number, offset, size)
    )
    folds = kind is not None and kind.encoding == "Hexadecimal"
    return [
        each
        for each in found
        if same_number(each.number, number, folds=folds) and type_id in {None, each.type_id}
    ]


def same_number(one: str, other: str, *, folds: bool) -> bool:
    """Whether two numbers are the same; hexadecimal digits in either case."""
    return one.casefold() == other.casefold() if folds else one == other


def held(site: Site, holder_id: int) -> Flow[tuple[Identifier, ...]]:
    """What is in a holder's hands."""
    found = yield from site.wire.call(messages.carrier_tokens(holder_id))
    return tuple(each for each in found if not each.dead)


def refuse_others(found: Iterable[Identifier], own: Collection[int]) -> None:
    """Refuse a credential that cannot be given to a holder.

    Args:
        found: All identifiers with its number.
        own: Carrier ids of the holder.

    Raises:
        Conflict: It is in other hands, or blocked for good.
    """
    for each in found:
        if each.carrier_id is not None and each.carrier_id not in own:
            message = "the credential is in other hands"
            raise refusal(
                Conflict, message, "take it from its holder first, or give another one", "findToken"
            )
        if each.carrier_id is None and (each.dead or each.blocked):
            message = "the credential is blocked for good"
            hint = "give another number; only a system administrator can release this one in AEOS"
            raise refusal(Conflict, message, hint, "findToken")


def assign(
    site: Site, holder_id: int, kind: IdentifierType, number: str, unit_id: int | None
) -> Flow[Identifier]:
    """Give a credential; one that the holder has already is left as it is.

    Raises:
        Conflict: It is in other hands, or blocked for good.
    """

    def lookup() -> Flow[Identifier | None]:
        found = yield from find(site, kind, number)
        return next((each for each in found if each.carrier_id == holder_id), None)

    message = messages.assign_token(holder_id, kind.id, number, unit_id)
    try:
        return (yield from site.wire.create(message, lookup))
    except Interrupted:
        raise
    except ConnectorError as error:
        if error.outcome is not Outcome.FINAL or error.code is None:
            raise
        # The fault names the call, not the cause: read the state, which does.
        found = yield from find(site, kind, number)
        own = next((each for each in found if each.carrier_id == holder_id), None)
        if own is not None:
            return own
        refuse_others(found, (holder_id,))
        raise


def withdraw(site: Site, holder_id: int, token: Identifier, reason: int | None) -> Flow[None]:
    """Take a credential away; that it is no longer there is success.

    Args:
        site: The server.
        holder_id: Whose it is.
        token: Which.
        reason: Blocks it for good, for this reason; None leaves it free to be given again.
    """
    if reason is None:
        message = messages.withdraw_token(token.type_id, token.number)
    else:
        message = messages.withdraw_and_block_token(token.type_id, token.number, reason)

    def gone() -> Flow[bool]:
        left = yield from held(site, holder_id)
        return not any(each.id == token.id for each in left)

    return unless_already(site.wire.call(message), gone)


def is_one_shot(site: Site, lists: Lists, token: Identifier) -> bool:
    """Whether a number must not come back to life once it was taken away."""
    name = next((each.name for each in lists.types if each.id == token.type_id), "")
    return site.settings.kind_of(token.type_id, name) in site.settings.one_shot_kinds


def take(
    site: Site, lists: Lists, holder_id: int, token: Identifier, reason: str | None = None
) -> Flow[None]:
    """Take a credential away, and kill it where it is one-shot.

    What cannot be killed, for want of a reason or a right, is at least withdrawn.

    Args:
        site: The server.
        lists: What names stand for.
        holder_id: Whose it is.
        token: Which.
        reason: Name of the reason for killing it, where the caller has one.
    """
    if is_one_shot(site, lists, token):
        try:
            reason_id = yield from withdrawal_reason(site, reason)
            if reason_id is not None:
                yield from withdraw(site, holder_id, token, reason_id)
                return
        except Interrupted:
            raise
        except ConnectorError:
            pass  # the withdrawal that follows fails for the same cause, or succeeds, which is better
    yield from withdraw(site, holder_id, token, None)


def unblock(site: Site, holder_id: int, token: Identifier) -> Flow[None]:
    """Lift the temporary block of a credential; that there is none is success."""

    def open_again() -> Flow[bool]:
        left = yield from held(site, holder_id)
        return not any(each.id == token.id and each.closed for each in left)

    return unless_already(site.wire.call(messages.unblock_token(token.type_id, token.number)), open_again)
