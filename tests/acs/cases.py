"""Every operation of access control, each with what stands before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hamilton_sdk.acs import AccessOrder
from tests.acs.building import BADGE, CARD, CODE, LONGER, SPARE, START, order


@dataclass(frozen=True)
class Case:
    """One operation.

    Attributes:
        name: Of the test.
        call: Makes it, of a connector; of an adapter it makes the flow.
        before: Makes what stands before it.
        reads: Whether it writes nothing.
        undone: Whether all is as it was before when it fails.
        goes_on: Whether it goes on past single failures.
        kills: Whether it blocks a one-shot number for good. That comes second to taking it away: a number
            that could not be blocked is free instead.
    """

    name: str
    call: Callable[[Any], object]
    before: Callable[[Any], object] = field(default=lambda _: None)
    reads: bool = False
    undone: bool = False
    goes_on: bool = False
    kills: bool = False

    def __str__(self) -> str:
        return self.name


def _several(*steps: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda acs: [step(acs) for step in steps]


def _activate(wanted: AccessOrder) -> Callable[[Any], object]:
    return lambda acs: acs.activate(wanted)


def _revoke(reference: str = "visit-1") -> Callable[[Any], object]:
    return lambda acs: acs.revoke(reference)


def _suspend(acs: Any) -> object:
    return acs.suspend("visit-1")


_ADMITTED = _activate(order())
_CROWD = _several(
    _ADMITTED, _activate(order("visit-2", CODE)), _activate(order("visit-3", SPARE)), _revoke("visit-3")
)
_OTHER = order(credential=SPARE, window=LONGER, profiles=("Contractors", "Visitors"))
_TOMORROW = START + timedelta(days=1)

CASES = (
    Case("check", lambda acs: acs.check(), reads=True),
    Case("profiles", lambda acs: acs.profiles(), reads=True),
    Case("credential_types", lambda acs: acs.credential_types(), reads=True),
    Case("find", lambda acs: acs.find("visit-1"), _ADMITTED, reads=True),
    Case("find_by_credential", lambda acs: acs.find_by_credential(BADGE), _CROWD, reads=True),
    Case("grants", lambda acs: list(acs.grants()), _CROWD, reads=True),
    Case(
        "reconcile",
        lambda acs: acs.reconcile([order(), _OTHER.model_copy(update={"holder": order("visit-9").holder})]),
        _CROWD,
        reads=True,
    ),
    Case("reserve", lambda acs: acs.reserve(order()), undone=True),
    Case("reserve-what-is-active", lambda acs: acs.reserve(_OTHER), _ADMITTED, undone=True),
    Case(
        "reserve-what-has-ended", lambda acs: acs.reserve(_OTHER), _several(_ADMITTED, _revoke()), undone=True
    ),
    Case("activate", _ADMITTED, undone=True),
    Case("activate-a-code", _activate(order(credential=CODE)), undone=True),
    Case("activate-without-credential", _activate(order(credential=None)), undone=True),
    Case("activate-again", _ADMITTED, _ADMITTED, undone=True),
    Case("activate-what-is-reserved", _ADMITTED, lambda acs: acs.reserve(order()), undone=True),
    Case(
        "activate-what-has-ended",
        _activate(order(credential=CARD)),
        _several(_ADMITTED, _revoke()),
        undone=True,
    ),
    Case("activate-a-change", _activate(_OTHER), _ADMITTED, undone=True),
    Case("extend", lambda acs: acs.extend("visit-1", LONGER), _ADMITTED, undone=True),
    Case("suspend", _suspend, _ADMITTED),
    Case("resume", lambda acs: acs.resume("visit-1"), _several(_ADMITTED, _suspend), undone=True),
    Case("revoke", _revoke(), _ADMITTED, goes_on=True),
    Case("revoke-a-code", _revoke(), _activate(order(credential=CODE)), goes_on=True, kills=True),
    Case("revoke-what-is-suspended", _revoke(), _several(_ADMITTED, _suspend), goes_on=True),
    Case("revoke-what-is-reserved", _revoke(), lambda acs: acs.reserve(order()), goes_on=True),
    Case("purge", lambda acs: acs.purge(_TOMORROW), _several(_CROWD, _revoke("visit-2")), goes_on=True),
)

WRITES = tuple(each for each in CASES if not each.reads)
