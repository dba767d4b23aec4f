"""Identifiers: the state machine of the manual's drawing (AEOS manual v33, on identifiers).

=====================  ===================  ==============================================
from                   call                 to
=====================  ===================  ==============================================
never seen, 0 free     assignToken          1 in use
1                      withdrawToken        0
1                      withdrawAndBlockToken  2 permanently blocked, in nobody's hands
1                      blockToken           3 temporarily blocked, still in its holder's hands
3                      unblockToken         1
3                      withdrawToken        2, not 0
1                      replaceToken         forgotten: old 3 and replaced, new 4; else old 2, new 1
4                      withdrawToken        with RestoreReplaced: the old one is 1 again, the new one 0
2                      releaseBlockedToken  0
anything else                               a fault
=====================  ===================  ==============================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.people import REMOVED, typed
from hamilton_sdk.testing.simulators.aeos.search import begins, paged

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Carrier, Identifier, IdentifierType, Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = [
    "assign",
    "block",
    "find",
    "find_carrier",
    "find_of_carrier",
    "release",
    "replace",
    "unblock",
    "withdraw",
    "withdraw_and_block",
]

FREE: Final = 0
IN_USE: Final = 1
BLOCKED_FOR_GOOD: Final = 2
BLOCKED: Final = 3
REPLACEMENT: Final = 4

_ALPHABETS: Final = {
    "Number": re.compile(r"[0-9]+"),
    "BCD": re.compile(r"[0-9]+"),
    "Hexadecimal": re.compile(r"[0-9A-Fa-f]+"),
    "String": re.compile(r".+", re.DOTALL),
}


def assign(site: Site, asked: Record) -> Value:
    """assignToken: there are no dates; a number never seen is made an identifier."""
    carrier = site.carrier(asked.key("CarrierId"))
    unit = _unit(site, asked.number("UnitId"), carrier)
    badge = _hand_out(site, asked.key("IdentifierType"), asked.text("BadgeNumber") or "", carrier, unit)
    site.effects["assignToken"] += 1
    return elements(badge)


def _hand_out(site: Site, type_id: int, number: str, carrier: Carrier, unit: int) -> Identifier:
    _check_number(site, type_id, number)
    badge = site.identifier(type_id, number)
    if badge is not None and badge.status != FREE:
        raise Refused(because="Identifier is already in use" if badge.carrier_id else "Identifier is blocked")
    badge = badge or site.add_identifier(type_id, number, unit)
    badge.status, badge.carrier_id, badge.unit_id = IN_USE, carrier.id, unit
    return badge


def _unit(site: Site, asked: int | None, carrier: Carrier) -> int:
    """Units partition carriers and identifiers alike; what names none belongs to the first."""
    first = min(site.units)
    unit, home = asked or first, carrier.fields.get("UnitId", first)
    if unit != home:
        raise Refused(because="Unit of the identifier is not the unit of the carrier")
    return unit


def _check_number(site: Site, type_id: int, number: str) -> None:
    kind = site.identifier_types.get(type_id)
    if kind is None:
        raise Refused(because="Identifier type not found")
    if not _ALPHABETS[kind.identification].fullmatch(number):
        raise Refused(because=f"Badge number is not a {kind.identification}")
    if kind.identification != "String" and not _in_range(kind, number):
        raise Refused(because="Badge number is out of range")


def _in_range(kind: IdentifierType, number: str) -> bool:
    base = 16 if kind.identification == "Hexadecimal" else 10
    low = kind.minimum is None or int(number, base) >= int(kind.minimum, base)
    high = kind.maximum is None or (
        len(number) <= len(kind.maximum) and int(number, base) <= int(kind.maximum, base)
    )
    return low and high


def withdraw(site: Site, asked: Record) -> Value:
    """withdrawToken: free again, but a blocked one becomes blocked for good."""
    badge = _known(site, asked)
    if badge.status == REPLACEMENT and asked.flag("RestoreReplaced"):
        _restore(site, badge)
    elif badge.status == BLOCKED and badge.replaced_by is None:
        badge.status = BLOCKED_FOR_GOOD
    else:
        _expect(badge, IN_USE)
        badge.status = FREE
    _take_back(badge)
    site.effects["withdrawToken"] += 1
    return REMOVED


def _restore(site: Site, replacement: Identifier) -> None:
    replaced = [badge for badge in site.identifiers.values() if badge.replaced_by == replacement.id]
    for badge in replaced:
        badge.status, badge.replaced_by, badge.date_blocked, badge.block_reason = IN_USE, None, None, None
    replacement.status, replacement.end_validity = FREE, None


def _take_back(badge: Identifier) -> None:
    badge.carrier_id, badge.before_carrier_block = None, None


def withdraw_and_block(site: Site, asked: Record) -> Value:
    """withdrawAndBlockToken: in nobody's hands, and never again in anybody's."""
    badge = _known(site, asked)
    reason = site.reason(asked.key("Reason"), "withdraw")
    _expect(badge, IN_USE)
    _block(site, badge, BLOCKED_FOR_GOOD, reason.id)
    _take_back(badge)
    site.effects["withdrawAndBlockToken"] += 1
    return REMOVED


def _block(site: Site, badge: Identifier, status: int, reason_id: int) -> None:
    badge.status, badge.date_blocked, badge.block_reason = status, site.now, reason_id


def block(site: Site, asked: Record) -> Value:
    """blockToken: for now only, whatever the reason; its holder keeps it."""
    badge = _known(site, asked)
    reason = site.reason(asked.key("Reason"), "identifier")
    _expect(badge, IN_USE)
    _block(site, badge, BLOCKED, reason.id)
    site.effects["blockToken"] += 1
    return _reply(site, badge)


def unblock(site: Site, asked: Record) -> Value:
    """unblockToken: in use again."""
    badge = _known(site, asked)
    if badge.replaced_by is not None:
        raise Refused(because="Identifier is replaced")
    _expect(badge, BLOCKED)
    badge.status, badge.before_carrier_block = badge.before_carrier_block or IN_USE, None
    badge.date_blocked = badge.block_reason = None
    site.effects["unblockToken"] += 1
    return _reply(site, badge)


def _reply(site: Site, badge: Identifier) -> Value:
    """The declared answer, or the empty Body that the manual shows."""
    return None if site.settings.block_reply == "empty" else elements(badge)


def release(site: Site, asked: Record) -> Value:
    """releaseBlockedToken: a permanently blocked number is free again."""
    badge = _known(site, asked)
    _expect(badge, BLOCKED_FOR_GOOD)
    badge.status, badge.date_blocked, badge.block_reason = FREE, None, None
    site.effects["releaseBlockedToken"] += 1
    return REMOVED


def replace(site: Site, asked: Record) -> Value:
    """replaceToken: a forgotten badge comes back, any other does not."""
    carrier = site.carrier(asked.key("CarrierId"))
    reason = site.reason(asked.key("Reason"), "replacement")
    old = site.identifier(asked.key("IdentifierTypeFrom"), asked.text("BadgeNumberFrom") or "")
    if old is None or old.carrier_id != carrier.id:
        raise Refused(because="Identifier not found")
    _expect(old, IN_USE)
    new = _hand_out(
        site, asked.key("IdentifierTypeTo"), asked.text("BadgeNumberTo") or "", carrier, old.unit_id
    )
    new.end_validity = asked.moment("EndValidity")
    if reason.forgotten:
        _block(site, old, BLOCKED, reason.id)
        old.replaced_by, new.status = new.id, REPLACEMENT
    else:
        _block(site, old, BLOCKED_FOR_GOOD, reason.id)
        _take_back(old)
    site.effects["replaceToken"] += 1
    return elements(new)


def _known(site: Site, asked: Record) -> Identifier:
    badge = site.identifier(asked.key("IdentifierType"), asked.text("BadgeNumber") or "")
    if badge is None:
        raise Refused(because="Identifier not found")
    return badge


def _expect(badge: Identifier, status: int) -> None:
    if badge.status != status:
        raise Refused(because=f"Identifier has status {badge.status}")


def find(site: Site, asked: Record) -> Value:
    """findToken: wants a criterion, finds numbers by their beginning, and cannot tell blocked ones apart."""
    criteria = asked.child("IdentifierSearch")
    number, wanted = criteria.text("BadgeNumber"), criteria.number
    if not criteria.scalars():
        raise Refused(because="At least one search value is needed")
    found = [
        badge
        for badge in site.identifiers.values()
        if (number is None or begins(badge.number, number))
        and wanted("Id") in (None, badge.id)
        and wanted("IdentifierType") in (None, badge.type_id)
        and wanted("UnitId") in (None, badge.unit_id)
    ]
    return paged(
        site,
        asked,
        "IdentifierAndCarrierId",
        found,
        lambda badge: {"Identifier": elements(badge), "CarrierId": badge.carrier_id},
    )


def find_of_carrier(site: Site, asked: Record) -> Value:
    """findCarrierToken: what a carrier holds."""
    carrier = site.carrier(asked.key("Id"))
    return {"Identifier": [elements(badge) for badge in site.identifiers_of(carrier.id)]}


def find_carrier(site: Site, asked: Record) -> Value:
    """findCarrierByToken: the number counts as a whole; the answer names the carrier's real type."""
    badge = site.identifier(asked.key("IdentifierTypeId"), asked.text("BadgeNumber") or "")
    if badge is None or badge.carrier_id is None:
        raise Refused(because="Carrier not found")
    return typed(site.carrier(badge.carrier_id), site)


def elements(badge: Identifier) -> Value:
    """An identifier as it is echoed: ``Replaced`` only where it is true."""
    return {
        "Id": badge.id,
        "IdentifierType": badge.type_id,
        "BadgeNumber": badge.number,
        "Blocked": badge.blocked,
        "Replaced": True if badge.replaced_by is not None else None,
        "ReplacedBy": badge.replaced_by,
        "DateBlocked": badge.date_blocked,
        "BlockReason": badge.block_reason,
        "Status": badge.status,
        "UnitId": badge.unit_id,
    }
