"""What a play must have shown. Pure: each promise is checked against what was seen at the doors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hamilton_sdk.cli.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hamilton_sdk.cli.record import Ending, Notice, Stay

__all__ = ["Evidence", "Promise", "promises"]

_SHOWN: Final = 3
"""References named where a promise was broken for many."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        text: What is promised.
        kept: Whether it held.
        detail: The figures, or whom it failed for, by reference.
    """

    text: str
    kept: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen.

    Attributes:
        lines: Lines of the file that hold anything, without the header.
        reported_lines: Of them, those with a problem that was reported.
        stays: The visits as they went.
        ending: What was seen at the end.
        mishaps: How many faults happened.
        others_untouched: Whether employees and other programs' visitors are as they were.
        notices: What was published, and what became of it.
        arrived: Types of the events that the receiver verified, by visit, in the order of arrival.
    """

    lines: int
    reported_lines: Collection[int]
    stays: Sequence[Stay]
    ending: Ending
    mishaps: int
    others_untouched: bool
    notices: Sequence[Notice]
    arrived: Mapping[str, Sequence[str]]


def promises(seen: Evidence) -> tuple[Promise, ...]:
    """Check every promise, in the order in which the journey goes."""
    return tuple(check(seen) for check in _CHECKS)


def _expected(seen: Evidence) -> list[Stay]:
    """Whom the system took into its books."""
    return [stay for stay in seen.stays if stay.refused is None]


def _for_all(text: str, stays: Sequence[Stay], broken: Callable[[Stay], bool], figure: str) -> Promise:
    failed = [stay.order.reference for stay in stays if broken(stay)]
    detail = f"not for {_listed(failed)}" if failed else f"{len(stays)} {figure}"
    return Promise(text, not failed, detail)


def _listed(references: Sequence[str]) -> str:
    rest = len(references) - _SHOWN
    return ", ".join(references[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _nothing_lost(seen: Evidence) -> Promise:
    played, reported = len(_expected(seen)), len(seen.reported_lines)
    kept = played + reported == seen.lines and played > 0
    detail = f"{played} played, {reported} reported"
    return Promise(
        "Every line was played, or reported with its column",
        kept,
        detail if kept else f"{detail}, of {counted(seen.lines, 'line', 'lines')}",
    )


def _closed_before(seen: Evidence) -> Promise:
    return _for_all(
        "No credential opened a door before arrival",
        _expected(seen),
        lambda stay: stay.opened_before,
        "tried",
    )


def _admitted(seen: Evidence) -> Promise:
    return _for_all(
        "Everybody was admitted and the credential opened",
        _expected(seen),
        lambda stay: stay.admitted_at is None or not stay.opened_inside,
        "admitted",
    )


def _one_holder(seen: Evidence) -> Promise:
    asked_twice = sum(stay.same_grant is not None for stay in seen.stays)
    return _for_all(
        "One holder a visit, however often asked for",
        _expected(seen),
        lambda stay: stay.holders != 1 or stay.same_grant is False,
        f"holders, {asked_twice} asked twice",
    )


def _closed_after(seen: Evidence) -> Promise:
    return _for_all(
        "No credential opened a door after check-out",
        [stay for stay in _expected(seen) if stay.overstayed_at is None],
        lambda stay: stay.left_at is None or stay.opened_after,
        "checked out",
    )


def _expired(seen: Evidence) -> Promise:
    promise = _for_all(
        "Who overstayed was shut out, found and expired",
        [stay for stay in _expected(seen) if stay.overstayed_at is not None],
        lambda stay: stay.expired_at is None or stay.opened_after,
        "expired",
    )
    others = seen.ending.other_drifts
    if others:
        return Promise(promise.text, kept=False, detail=f"the sweep also found {_listed(others)}")
    return promise


def _arrived(seen: Evidence, stay: Stay) -> Sequence[str]:
    return seen.arrived.get(stay.order.reference, ())


def _told(seen: Evidence) -> Promise:
    promise = _for_all(
        "Every event arrived as a webhook that verifies",
        _expected(seen),
        lambda stay: set(stay.story) != set(_arrived(seen, stay)),
        "visits",
    )
    again = sum(notice.verified > 1 for notice in seen.notices)
    figures = f"{counted(len(seen.notices), 'event', 'events')}, {again} twice"
    return replace(promise, detail=figures) if promise.kept else promise


def _told_in_order(seen: Evidence) -> Promise:
    return _for_all(
        "The events of a visit arrived in their order",
        _expected(seen),
        lambda stay: list(_arrived(seen, stay)) != _in_order(stay, _arrived(seen, stay)),
        "in order",
    )


def _in_order(stay: Stay, arrived: Sequence[str]) -> list[str]:
    return [each for each in stay.story if each in arrived]


def _others(seen: Evidence) -> Promise:
    detail = "as before" if seen.others_untouched else "something of theirs changed"
    return Promise("Employees and others' visitors stayed untouched", seen.others_untouched, detail)


def _healed(seen: Evidence) -> Promise:
    given_up = seen.ending.given_up
    detail = (
        f"{seen.mishaps} happened"
        if not given_up
        else f"{counted(given_up, 'call was', 'calls were')} given up"
    )
    return Promise("Every fault on the way was healed", not given_up, detail)


def _nothing_open(seen: Evidence) -> Promise:
    left = seen.ending.open_credentials
    return Promise("At the end no credential is left open", left == 0, f"{left} open")


def _forgotten(seen: Evidence) -> Promise:
    left = seen.ending.remaining
    return Promise("After the purge nobody's data is left", left == 0, f"{left} left")


_CHECKS: Final = (
    _nothing_lost,
    _closed_before,
    _admitted,
    _one_holder,
    _closed_after,
    _expired,
    _told,
    _told_in_order,
    _others,
    _healed,
    _nothing_open,
    _forgotten,
)
