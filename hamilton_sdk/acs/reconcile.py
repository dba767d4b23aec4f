"""What should stand against what stands: one pure comparison for every access-control system."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, Drift, DriftKind
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hamilton_sdk.model import TimeWindow

__all__ = ["compare"]

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def compare(
    expected: Sequence[AccessOrder],
    actual: Iterable[AccessGrant],
    now: datetime,
    resolution: timedelta,
    *,
    profiles: Mapping[str, str] = _NONE,
    types: Mapping[str, str] = _NONE,
) -> tuple[Drift, ...]:
    """Find the differences between orders and grants.

    An order in `expected` states that its grant should be active. What counts, by the order's window:

    * **It runs now.** No grant, or an ended one, is ``"missing"`` and nothing else; a reserved or suspended
      one is ``"state"``. Window, profiles and credential are compared besides.
    * **It has not begun.** The same, but reserved is as good as active.
    * **It is over.** There should be no access: an active grant, or a credential still out, is
      ``"unexpected"``.

    A grant that nobody ordered is ``"unexpected"`` where it is active, or reserved with a credential out; one
    that is suspended gives no access and is no difference. In both cases an ended grant that still shows a
    credential is ``"credential"``: the badge was not taken back.

    Two windows are the same where their starts, and their ends, are less than `resolution` apart. An order
    without a credential leaves it open which one is out; otherwise the number counts, and the type where
    order and grant both name one (the kind is the caller's own word and no system keeps it). A reserved grant
    has no credential yet. Of several grants for one reference the one with the most access is compared, and
    each other one is judged as if nobody had ordered it.

    Args:
        expected: Every order that should be active, each reference once.
        actual: All grants, ended ones included.
        now: Aware.
        resolution: The smallest difference between two windows that the system keeps.
        profiles: Names of access profiles by id, where orders may use ids.
        types: Names of credential types by id.

    Returns:
        The differences, by reference, then kind.

    Raises:
        Invalid: Two orders for one reference, or a naive `now`.
    """
    if now.utcoffset() is None:
        message = "now is naive: it has no time zone"
        raise Invalid(message, hint="give an aware datetime, e.g. datetime.now(UTC)")
    orders = _by_reference(expected)
    grants: defaultdict[str, list[AccessGrant]] = defaultdict(list)
    for grant in actual:
        grants[grant.reference].append(grant)
    comparison = _Comparison(now, resolution, profiles, types)
    drifts: list[Drift] = []
    for reference in sorted(orders.keys() | grants.keys()):
        found = sorted(grants.get(reference, ()), key=_access)
        drifts += comparison.of_reference(reference, orders.get(reference), found)
    return tuple(sorted(drifts, key=lambda drift: (drift.reference, drift.kind)))


def _by_reference(expected: Sequence[AccessOrder]) -> dict[str, AccessOrder]:
    orders = {order.reference: order for order in expected}
    if len(orders) != len(expected):
        message = f"expected holds {len(expected)} orders for {len(orders)} references"
        raise Invalid(message, hint="give one order per reference: two for one visit contradict each other")
    return orders


_STATES: Final = ("active", "suspended", "reserved", "ended")


def _access(grant: AccessGrant) -> tuple[int, bool, str]:
    """Sorts grants by how much access they give, the most first."""
    return _STATES.index(grant.state), grant.credential is None, grant.holder_id


class _Comparison:
    """The values that hold for one whole comparison."""

    def __init__(
        self, now: datetime, resolution: timedelta, profiles: Mapping[str, str], types: Mapping[str, str]
    ) -> None:
        self._now = now
        self._resolution = resolution
        self._profiles = profiles
        self._types = types

    def of_reference(
        self, reference: str, order: AccessOrder | None, grants: Sequence[AccessGrant]
    ) -> Iterator[Drift]:
        rest = grants
        if order is not None:
            grant, rest = (grants[0], grants[1:]) if grants else (None, ())
            for kind in self._kinds(order, grant):
                yield Drift(kind=kind, reference=reference, expected=order, actual=grant)
        for grant in rest:
            for kind in _unordered(grant):
                yield Drift(kind=kind, reference=reference, actual=grant)

    def _kinds(self, order: AccessOrder, grant: AccessGrant | None) -> Iterator[DriftKind]:
        if order.window.end <= self._now:
            yield from _over(grant)
        elif grant is None or grant.state == "ended":
            yield "missing"
        else:
            yield from self._details(order, grant)

    def _details(self, order: AccessOrder, grant: AccessGrant) -> Iterator[DriftKind]:
        early = grant.state == "reserved" and order.window.start > self._now
        if grant.state != "active" and not early:
            yield "state"
        if not self._same_window(order.window, grant.window):
            yield "window"
        if {self._profiles.get(name, name) for name in order.profiles} != set(grant.profiles):
            yield "profiles"
        if not self._same_credential(order.credential, grant):
            yield "credential"

    def _same_window(self, wanted: TimeWindow, found: TimeWindow | None) -> bool:
        if found is None:
            return False
        apart = max(abs(wanted.start - found.start), abs(wanted.end - found.end))
        return apart == timedelta() or apart < self._resolution

    def _same_credential(self, wanted: Credential | None, grant: AccessGrant) -> bool:
        found = grant.credential
        if grant.state == "reserved":
            return found is None
        if wanted is None:
            return True
        if found is None or found.number != wanted.number:
            return False
        if wanted.type is None or found.type is None:
            return True
        return self._types.get(wanted.type, wanted.type) == self._types.get(found.type, found.type)


def _over(grant: AccessGrant | None) -> Iterator[DriftKind]:
    """Where the order's window is over."""
    if grant is None:
        return
    if grant.state == "ended":
        if grant.credential is not None:
            yield "credential"
    elif grant.state == "active" or grant.credential is not None:
        yield "unexpected"


def _unordered(grant: AccessGrant) -> Iterator[DriftKind]:
    """Where nobody ordered anything. What was suspended on purpose has no access and keeps its badge."""
    if grant.state != "suspended":
        yield from _over(grant)
