"""What a person sees of the commands: a line a thing, coloured where the terminal can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from hamilton_sdk.cli.wording import counted, printable

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.console import Console

    from hamilton_sdk.cli.receiver import Arrival
    from hamilton_sdk.cli.webhooks.sending import Sent
    from hamilton_sdk.cli.webhooks.stored import Listed
    from hamilton_sdk.webhooks.models import Attempt, Delivery, DeliveryState

__all__ = ["Watcher", "show_attempts", "show_listed", "show_sent"]

_STYLES: Final[Mapping[DeliveryState, str]] = {
    "pending": "yellow",
    "delivered": "green",
    "dead": "bold red",
    "skipped": "dim",
}
_SHOWN: Final = 200
"""Characters of an answer's body."""


def _show(console: Console, *parts: str | tuple[str, str]) -> None:
    # Never wrapped: a terminal folds long lines by itself, and other programs get whole ones.
    console.print(Text.assemble(*parts), soft_wrap=True)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


class Watcher:
    """Tells a person what a receiver gets.

    Args:
        console: Where.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def open(self, needed: dict[str, str]) -> None:
        """Say what a sender needs."""
        for name, value in needed.items():
            _show(self._console, f"{name}: {value}")
        self._console.file.flush()

    def tell(self, arrival: Arrival) -> None:
        """Add a line; a second one where something is to be done."""
        verdict, style = _verdict(arrival)
        parts: list[str | tuple[str, str]] = [f"{arrival.at:%H:%M:%S}Z ", (f"{verdict:<9}", style)]
        if arrival.event is not None:
            parts.append(f" {arrival.event.type}")
        if arrival.signed_at is not None:
            age = int((arrival.at - arrival.signed_at).total_seconds())
            parts += [f" {arrival.id} ", (f"signed {age} s ago", "dim")]
        if arrival.error is not None:
            parts.append(f" {printable(arrival.error.message)}")
        _show(self._console, *parts)
        if arrival.error is not None and arrival.error.hint:
            _show(self._console, ("          " + f"Hint: {arrival.error.hint}", "dim"))
        self._console.file.flush()

    def close(self, counts: Counter[str]) -> None:
        """Sum up."""
        told = ", ".join(f"{counts[kind]} {kind}" for kind in ("new", "again", "refused"))
        _show(self._console, f"{counted(counts.total(), 'message', 'messages')}: {told}")


def _verdict(arrival: Arrival) -> tuple[str, str]:
    if arrival.reason is not None:
        return "refused", "bold red"
    if not arrival.is_taken:
        return ("refused", "bold red") if arrival.id is None else ("no event", "yellow")
    return ("new", "green") if arrival.is_new else ("again", "cyan")


def show_sent(console: Console, sent: Sent) -> None:
    """Show what came of an attempt that was answered."""
    assert sent.answer is not None  # noqa: S101 (what was not answered is an error)
    style = "green" if sent.is_delivered else "bold red"
    _show(console, f"id: {sent.id}")
    _show(console, "status: ", (str(sent.answer.status), style))
    _show(console, f"duration: {sent.milliseconds} ms")
    if sent.answer.body:
        _show(console, f"response: {_beginning(sent.answer.body)}")


def show_listed(console: Console, listed: Listed) -> None:
    """Show deliveries, two lines each, and how many there are in each state."""
    for delivery in listed.deliveries:
        _show_delivery(console, delivery)
    if listed.more:
        _show(console, ("older ones follow: --limit shows more", "dim"))
    counters = listed.counters
    told = [
        f"{counters.pending} pending ({counters.leased} on their way)",
        f"{counters.delivered} delivered",
        f"{counters.dead} dead",
        f"{counters.skipped} skipped",
    ]
    _show(console, ", ".join(told))
    if counters.oldest_pending is not None:
        _show(console, f"the oldest pending one was published {_moment(counters.oldest_pending)}")


def _show_delivery(console: Console, delivery: Delivery) -> None:
    state = (f"{delivery.state:<9}", _STYLES[delivery.state])
    tried = counted(delivery.attempts, "attempt", "attempts")
    when = (
        f"finished {_moment(delivery.updated_at)}"
        if delivery.next_at is None
        else f"due {_moment(delivery.next_at)}"
    )
    _show(console, f"#{delivery.id} ", state, f" {delivery.event_type}, {tried}, {when}")
    _show(console, (f"    event {delivery.event_id} to endpoint {delivery.endpoint_id}", "dim"))


def show_attempts(console: Console, attempts: Sequence[Attempt]) -> None:
    """Show what was tried for a delivery."""
    if not attempts:
        _show(console, "not tried yet")
    for attempt in attempts:
        answered = "no answer" if attempt.status is None else f"status {attempt.status}"
        milliseconds = round(attempt.duration.total_seconds() * 1000)
        _show(console, f"{attempt.number}. {_moment(attempt.at)} {answered} after {milliseconds} ms")
        if attempt.error:
            _show(console, f"    {printable(attempt.error)}")
        if attempt.response:
            _show(console, (f"    {_beginning(attempt.response)}", "dim"))


def _beginning(content: bytes) -> str:
    text = printable(content.decode("utf-8", "replace"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
