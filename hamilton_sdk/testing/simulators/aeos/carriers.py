"""States of a carrier: blocking with all badges, and exemptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.identifiers import BLOCKED, IN_USE, REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Carrier, Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["block", "change_attribute", "find", "unblock"]

# State of a CarrierStateChange -> the element of CarrierStates, and whether activating makes it true.
_ATTRIBUTES: Final[Mapping[str, tuple[str, bool]]] = {
    "ActivateAutoBlock": ("AutoBlockEnabled", True),
    "ActivateApb": ("ExcludedFromApb", False),
    "ActivateVerification": ("ExcludedFromVerification", False),
    "Invisible": ("Invisible", True),
    "Special": ("Special", True),
}


def find(site: Site, asked: Record) -> Value:
    """FindCarrierStates."""
    return _elements(site.carrier(asked.key("Id")))


def block(site: Site, asked: Record) -> Value:
    """blockCarrier: the holder and every badge in use are blocked for now."""
    carrier = site.carrier(asked.key("CarrierId"))
    _block(site, carrier, asked.key("Reason"))
    site.effects["blockCarrier"] += 1
    return _elements(carrier)


def _block(site: Site, carrier: Carrier, reason_id: int) -> None:
    reason = site.reason(reason_id, "carrier")
    if carrier.block_reason is not None:
        raise Refused(because="Carrier is already blocked")
    carrier.block_reason = reason.id
    for badge in site.identifiers_of(carrier.id):
        if badge.status in (IN_USE, REPLACEMENT):
            badge.before_carrier_block = badge.status
            badge.status, badge.date_blocked, badge.block_reason = BLOCKED, site.now, reason.id


def unblock(site: Site, asked: Record) -> Value:
    """unblockCarrier: everything is as it was; badges that were blocked before stay blocked."""
    carrier = site.carrier(asked.key("Id"))
    _unblock(site, carrier)
    site.effects["unblockCarrier"] += 1
    return _elements(carrier)


def _unblock(site: Site, carrier: Carrier) -> None:
    if carrier.block_reason is None:
        raise Refused(because="Carrier is not blocked")
    carrier.block_reason = None
    for badge in site.identifiers_of(carrier.id):
        if badge.before_carrier_block is not None:
            badge.status, badge.before_carrier_block = badge.before_carrier_block, None
            badge.date_blocked = badge.block_reason = None


def change_attribute(site: Site, asked: Record) -> Value:
    """changeCarrierAttribute: exempt from PIN, from anti-pass-back and the like, or block."""
    carrier = site.carrier(asked.key("CarrierId"))
    state, activated = asked.text("State") or "", asked.flag("Activated")
    if state == "Block" and activated:
        _block(site, carrier, asked.number("ValueOrReason") or 0)
    elif state == "Block":
        _unblock(site, carrier)
    else:
        name, true_when = _ATTRIBUTES[state]
        if activated == true_when:
            carrier.flags.add(name)
        else:
            carrier.flags.discard(name)
    site.effects["changeCarrierAttribute"] += 1
    return _elements(carrier)


def _elements(carrier: Carrier) -> Value:
    exemptions: dict[str, Value] = {name: name in carrier.flags for name, _ in _ATTRIBUTES.values()}
    states = {"Blocked": carrier.block_reason is not None, "BlockReason": carrier.block_reason, **exemptions}
    return {"CarrierId": carrier.id, "States": states}
