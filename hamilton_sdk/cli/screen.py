"""What a person sees of the demonstration: a timeline with a progress bar, and the promises at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.rule import Rule
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from hamilton_sdk.cli.wording import counted, happened, mishaps, short_name, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo
    from types import TracebackType
    from typing import Self

    from rich.console import RenderableType

    from hamilton_sdk.cli.demo import Opening, Outcome
    from hamilton_sdk.cli.record import Event, EventKind
    from hamilton_sdk.cli.visits import VisitFile

__all__ = ["Output", "Screen"]

_LABEL_WIDTH: Final = 10
_NAME_WIDTH: Final = 14
_SIGNS: Final[Mapping[EventKind, tuple[str, str]]] = {
    "reserved": ("·", ""),
    "ready": ("·", ""),
    "admitted": ("→", "green"),
    "left": ("←", "cyan"),
    "overstayed": ("!", "bold yellow"),
    "swept": ("·", ""),
    "expired": ("←", "bold yellow"),
    "closed": ("·", ""),
    "purged": ("·", ""),
}
_SEPARATORS: Final = {";": "semicolons", ",": "commas", "\t": "tabs"}


class Output(Console):
    """The standard output, which lets a reader that has gone be told from a broken promise."""

    def on_broken_pipe(self) -> None:
        """Say so, where rich would end the process with 1."""
        raise BrokenPipeError


class Screen:
    """Shows a play on a terminal, or in a file or pipe without colours and moving bars.

    Args:
        console: Where.
        name: Of the file.
        file: What is played.
        zone: For local times.
        setting: The strategy and the seed, in words.
    """

    def __init__(self, console: Console, *, name: str, file: VisitFile, zone: tzinfo, setting: str) -> None:
        self._console = console
        self._name = name
        self._file = file
        self._zone = zone
        self._setting = setting
        self._day: date | None = None
        self._bar = Progress(
            TextColumn("At the desk"),
            BarColumn(),
            TaskProgressColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def open(self, opening: Opening) -> None:
        """Say what is played, and that nothing of it is real."""
        file = self._file
        self._print(Rule(Text("hamilton demo"), style="dim"))
        self._print(Text("Visitors in and out of a building. AEOS is simulated: nothing real is touched."))
        self._print()
        separated = _SEPARATORS[file.separator]
        self._fact(
            "File", f"{self._name}: {counted(file.lines, 'line', 'lines')}, {file.encoding}, {separated}"
        )
        for name in file.ignored:
            self._fact("", f"column {name!r} is not used")
        for note in opening.notes:
            self._fact("", note)
        self._fact("Simulated", f"{opening.product} at {opening.url}, with an authority of its own")
        self._fact("Webhooks", f"signed, through an outbox in SQLite, to {opening.receiver}")
        self._fact("Strategy", self._setting)
        start = opening.clock.astimezone(self._zone)
        self._fact("Clock", f"set to {start:%d/%m/%Y %H:%M} {self._zone}, shortly before the first visit")
        self._bar.update(self._task, total=opening.events)
        if file.problems:
            self._heading("Not played: correct these lines")
            for problem in file.problems:
                self._columns((1, Text("·", "red")), last=Text(str(problem), "red"))

    def tell(self, event: Event) -> None:
        """Add an event to the timeline; a pre-registration only where something went wrong with it."""
        self._bar.advance(self._task)
        troubles = mishaps(event)
        if event.kind == "reserved" and not troubles:
            return
        local = event.at.astimezone(self._zone)
        self._show_day(local)
        sign, style = _SIGNS[event.kind]
        style = style if event.error is None else "bold red"
        lead = [(5, Text(f"{local:%H:%M}", "dim")), (1, Text(sign, style))]
        if event.stay is not None:
            lead.append((_NAME_WIDTH, Text(short_name(event.stay.order.holder))))
        self._columns(*lead, last=Text(happened(event), style))
        for trouble in troubles:
            style = "red" if event.error is not None else "magenta"
            self._columns((5, Text()), (1, Text("~", style)), last=Text(trouble, style))
        plain = sum(notice.is_plain for notice in event.notices)
        for number, (line, is_well) in enumerate(told(event.notices)):
            style = ("dim" if number < plain else "magenta") if is_well else "bold red"
            self._columns((5, Text()), (1, Text("»", style)), last=Text(line, style))

    def close(self, outcome: Outcome) -> None:
        """Show which promises held."""
        late = [problem for problem in outcome.problems if problem not in self._file.problems]
        if late:
            self._heading("Refused by the access-control system")
            for problem in late:
                self._columns((1, Text("·", "red")), last=Text(str(problem), "red"))
        self._heading("Promises, checked against the simulated system's and the receiver's own state")
        table = Table.grid(padding=(0, 1))
        for promise in outcome.promises:
            mark, style = ("✓", "green") if promise.kept else ("✗", "bold red")
            detail = Text(promise.detail, "dim" if promise.kept else "red")
            table.add_row(Text(mark, style), Text(promise.text), detail)
        self._print(table)
        self._print()
        self._verdict(outcome)

    def _verdict(self, outcome: Outcome) -> None:
        broken = sum(not promise.kept for promise in outcome.promises)
        all_of_them = counted(len(outcome.promises), "promise", "promises")
        if broken:
            self._print(Text(f"{broken} of {all_of_them} broken.", "bold red"))
        else:
            self._print(Text(f"All {all_of_them} kept.", "bold green"))

    # How it is laid out

    def _show_day(self, local: datetime) -> None:
        if local.date() != self._day:
            self._day = local.date()
            self._heading(f"{local:%A} {local.day} {local:%B %Y}")

    def _heading(self, text: str) -> None:
        self._print()
        self._print(Text(text, "bold"))

    def _fact(self, label: str, text: str) -> None:
        self._columns((_LABEL_WIDTH, Text(label, "dim")), last=Text(text))

    def _columns(self, *cells: tuple[int, Text], last: Text) -> None:
        """One line whose last column goes on below itself where the terminal is narrow."""
        # The space between columns is part of them: versions of rich add padding to widths in different ways.
        grid = Table.grid()
        for width, text in cells:
            text.truncate(width, overflow="ellipsis")
            grid.add_column(width=width + 1, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(*(text for _, text in cells), last)
        self._print(grid)

    def _print(self, what: RenderableType = "") -> None:
        """Print something without the spaces that tables and paragraphs fill their lines up with."""
        lines = self._console.render_lines(what, pad=False)
        pieces = [piece for line in lines for piece in (*_stripped(line), Segment.line())]
        self._console.print(Segments(pieces), end="")


def _stripped(line: list[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        text, style, control = kept.pop()
        kept.append(Segment(text.rstrip(), style, control))
    return kept
