"""Words and names for the reception's own screen: never a whole name, never a whole badge number. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hamilton_sdk.acs.models import Credential, CredentialKind, Holder
    from hamilton_sdk.cli.record import Event, Notice, Stay

__all__ = ["counted", "happened", "masked", "mishaps", "printable", "short_name", "told"]

_SHOWN: Final = 3
"""Characters of a number that are shown, where it is long enough to hide the rest."""
_KINDS: Final[Mapping[CredentialKind, str]] = {
    "badge": "badge",
    "qr": "QR code",
    "uid": "card",
    "mobile": "mobile pass",
}


def short_name(holder: Holder) -> str:
    """The given name and the family name's initial: ``Gaël L.``."""
    initial = f"{holder.family_name[0]}."
    return f"{holder.given_name} {initial}" if holder.given_name else initial


def masked(credential: Credential | None) -> str:
    """The kind of a credential and the end of its number: ``badge …817``."""
    if credential is None:
        return "no credential"
    kind = _KINDS[credential.kind]
    long = len(credential.number) > 2 * _SHOWN
    return f"{kind} …{credential.number[-_SHOWN:]}" if long else kind


def counted(count: int, one: str, many: str) -> str:
    """A number with its word.

    Example:
        >>> counted(2, "visit", "visits")
        '2 visits'
    """
    return f"{count} {one if count == 1 else many}"


def happened(event: Event) -> str:
    """What an event is, in words, without the visitor's name."""
    stay, count = event.stay, event.count
    if stay is not None:
        return _of_one(event, stay)
    match event.kind:
        case "ready":
            return f"{counted(count, 'visit', 'visits')} pre-registered, without access yet"
        case "swept":
            found = counted(count, "difference", "differences")
            return f"sweep: {found} between what should stand and what stands"
        case "closed":
            return "everybody is out; the doors are tried once more: " + (
                "all closed" if not count else f"{count} OPEN"
            )
        case _:
            return f"retention is over: {counted(count, 'visitor', 'visitors')} deleted"


def _of_one(event: Event, stay: Stay) -> str:
    what = masked(stay.order.credential)
    after = f"{what} STILL OPENS" if stay.opened_after else f"{what} opens nothing"
    match event.kind:
        case "reserved":
            return "is NOT taken" if stay.refused else "is pre-registered"
        case "admitted" if stay.admitted_at is None:
            return "is NOT admitted"
        case "admitted":
            return (
                f"arrives, {what} {'opens the door' if stay.opened_inside else 'does NOT open'}{_twice(stay)}"
            )
        case "left":
            return f"leaves, {after}"
        case "overstayed":
            return f"stays beyond the window, {after}"
        case _:
            return f"is expired by the sweep, {after}"


def _twice(stay: Stay) -> str:
    if stay.same_grant is None:
        return ""
    return "; asked twice" if stay.same_grant else "; asked twice, ANOTHER GRANT"


def mishaps(event: Event) -> list[str]:
    """What went wrong on the way to an event, and what became of it, a line each."""
    again = event.presses - 1 - (event.stay is not None and event.stay.same_grant is not None)
    ending = "NOT healed" if event.was_given_up else "healed"
    if not event.was_given_up and again > 0:
        ending = "healed by asking again"
    lines = [f"fault at {mishap.operation}: {mishap.what}; {ending}" for mishap in event.mishaps]
    if event.error is not None:
        lines.append(f"{type(event.error).__name__}: {event.error.message}")
    return lines


def told(notices: Sequence[Notice]) -> list[tuple[str, bool]]:
    """What became of what was published, and whether it is well; what went by itself in one line."""
    plain = Counter(notice.type for notice in notices if notice.is_plain)
    lines = [
        (f"webhook {kind} verified" if count == 1 else f"{count} webhooks {kind} verified", True)
        for kind, count in plain.items()
    ]
    return lines + [_trouble_of(notice) for notice in notices if not notice.is_plain]


def _trouble_of(notice: Notice) -> tuple[str, bool]:
    what = f"webhook {notice.type} of {notice.reference}"
    faults = ", ".join(notice.faults) or "no fault"
    if not notice.verified:
        return f"{what}: {faults}; NOT arrived after {counted(notice.attempts, 'attempt', 'attempts')}", False
    times = "once" if notice.verified == 1 else f"{notice.verified} times"
    return f"{what}: {faults}; sent {notice.attempts} times, verified {times}", True


def printable(text: str) -> str:
    """Text from elsewhere for one line, without what would move a terminal's cursor or change its colours."""
    return "".join(each if each.isprintable() else "?" for each in text)
