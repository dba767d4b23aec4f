"""What a person sees, on a terminal and in a file, wide and narrow."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from hamilton_sdk.cli.demo import Opening, Outcome
from hamilton_sdk.cli.promises import Promise
from hamilton_sdk.cli.record import Event, EventKind, Mishap, Notice, Stay
from hamilton_sdk.cli.screen import Output, Screen
from hamilton_sdk.cli.visits import Column, Problem, VisitFile
from hamilton_sdk.errors import TimedOut
from tests.cli.guests import EIGHT, read, visit

_OPENING = Opening(
    url="https://127.0.0.1:1/aeosws",
    product="Nedap AEOS",
    receiver="https://127.0.0.1:2/webhooks",
    clock=EIGHT,
    notes=["1 host was added"],
    events=4,
)
_PROBLEM = Problem(3, Column.EMAIL, 5, "is no e-mail address")
_MISHAP = Mishap("assignToken", "connection reset")
_KEPT = Promise("Nothing is open", kept=True, detail="0 open")
_BROKEN = Promise("One holder a visit", kept=False, detail="not for V-2")


class _Seen:
    """A screen, and what stands on it."""

    def __init__(self, file: VisitFile | None = None, *, width: int = 80, terminal: bool = False) -> None:
        self._output = io.StringIO()
        console = Console(file=self._output, width=width, force_terminal=terminal, color_system=None)
        self.screen = Screen(
            console,
            name="own.csv",
            file=file or read(visit(2)),
            zone=ZoneInfo("Europe/Paris"),
            setting="visit; seed 1",
        )

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._output.getvalue().splitlines()]

    @property
    def raw(self) -> str:
        return self._output.getvalue()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())


def _outcome(*promises: Promise, problems: tuple[Problem, ...] = ()) -> Outcome:
    return Outcome(problems=problems, stays=(), mishaps=0, promises=promises)


def _admitted(minutes: float = 0, **more: object) -> Event:
    stay = Stay(visit(2), admitted_at=EIGHT, opened_inside=True)
    return Event(EIGHT + timedelta(minutes=minutes), "admitted", stay, **more)


class TestOpening:
    def test_says_plainly_that_aeos_is_simulated_and_which_time_it_is(self) -> None:
        seen = _Seen()
        seen.screen.open(_OPENING)
        assert "AEOS is simulated: nothing real is touched." in seen.text
        assert "Simulated Nedap AEOS at https://127.0.0.1:1/aeosws" in seen.text
        assert "Webhooks signed, through an outbox in SQLite, to https://127.0.0.1:2/webhooks" in seen.text
        assert "Clock set to 27/03/2026 09:00 Europe/Paris, shortly before the first visit" in seen.text
        assert "Strategy visit; seed 1" in seen.text

    @pytest.mark.parametrize(("separator", "said"), [(";", "semicolons"), (",", "commas"), ("\t", "tabs")])
    def test_says_how_the_file_was_understood(self, separator: str, said: str) -> None:
        file = replace(read(visit(2)), separator=separator, ignored=("Parking",))
        seen = _Seen(file)
        seen.screen.open(_OPENING)
        assert (
            f"File own.csv: 1 line, UTF-8, {said} column 'Parking' is not used 1 host was added" in seen.text
        )

    def test_lists_what_is_wrong_by_line_and_column(self) -> None:
        seen = _Seen(replace(read(visit(2)), problems=(_PROBLEM,)))
        seen.screen.open(_OPENING)
        heading = seen.lines.index("Not played: correct these lines")
        assert seen.lines[heading + 1] == "· line 3, column 5 (E-mail): is no e-mail address"

    def test_says_nothing_of_problems_where_there_are_none(self) -> None:
        seen = _Seen()
        seen.screen.open(_OPENING)
        assert "Not played" not in seen.text


class TestTimeline:
    def test_has_local_time_visitor_and_what_happened(self) -> None:
        seen = _Seen()
        seen.screen.tell(_admitted())
        assert seen.lines == [
            "",
            "Friday 27 March 2026",
            "09:00 → Gaël L.        arrives, badge …002 opens the door",
        ]

    def test_names_each_day_once(self) -> None:
        seen = _Seen()
        for minutes in (0, 1, 24 * 60, 24 * 60 + 1):
            seen.screen.tell(_admitted(minutes))
        assert [line for line in seen.lines if "March" in line] == [
            "Friday 27 March 2026",
            "Saturday 28 March 2026",
        ]

    def test_shows_webhooks_below_what_they_tell_of(self) -> None:
        seen = _Seen(terminal=True)
        late = Notice("visit.checked_in", "V-2", 2, 1, ("status 500",))
        lost = Notice("visit.checked_in", "V-3", 5, 0, ("no answer",))
        seen.screen.tell(_admitted(notices=(Notice("visit.checked_in", "V-4"), late, lost)))
        assert seen.lines[-3:] == [
            "      » webhook visit.checked_in verified",
            "      » webhook visit.checked_in of V-2: status 500; sent 2 times, verified once",
            "      » webhook visit.checked_in of V-3: no answer; NOT arrived after 5 attempts",
        ]

    def test_shows_faults_below_what_they_happened_to(self) -> None:
        seen = _Seen()
        seen.screen.tell(_admitted(mishaps=(_MISHAP,)))
        assert seen.lines[-1] == "      ~ fault at assignToken: connection reset; healed"

    def test_shows_what_was_given_up(self) -> None:
        seen = _Seen()
        seen.screen.tell(Event(EIGHT, "left", Stay(visit(2)), error=TimedOut("no answer"), presses=5))
        assert seen.lines[-1] == "      ~ TimedOut: no answer"

    def test_leaves_out_pre_registrations_that_went_well(self) -> None:
        seen = _Seen()
        seen.screen.tell(Event(EIGHT, "reserved", Stay(visit(2))))
        assert seen.lines == []
        seen.screen.tell(Event(EIGHT, "reserved", Stay(visit(2)), mishaps=(_MISHAP,)))
        assert seen.lines[-2] == "09:00 · Gaël L.        is pre-registered"

    def test_cuts_a_long_name_and_goes_on_below_where_it_is_narrow(self) -> None:
        seen = _Seen(width=50)
        stay = Stay(visit(2, given="Marie-Antoinette-Josèphe"), admitted_at=EIGHT, opened_inside=True)
        seen.screen.tell(Event(EIGHT, "admitted", stay))
        assert seen.lines[2] == "09:00 → Marie-Antoine… arrives, badge …002 opens"
        assert seen.lines[3] == "                       the door"

    def test_takes_names_as_they_are_and_not_as_markup(self) -> None:
        seen = _Seen()
        stay = Stay(visit(2, given="[red]:x:"), admitted_at=EIGHT, opened_inside=True)
        seen.screen.tell(Event(EIGHT, "admitted", stay))
        assert "[red]:x: L." in seen.text

    @pytest.mark.parametrize("kind", get_args(EventKind))
    def test_knows_every_kind_of_event(self, kind: EventKind) -> None:
        seen = _Seen()
        stay = None if kind in ("ready", "swept", "closed", "purged") else Stay(visit(2))
        seen.screen.tell(Event(EIGHT, kind, stay, mishaps=(_MISHAP,)))
        assert any(line.startswith("09:00 ") for line in seen.lines)

    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_no_line_is_wider_than_the_terminal(self, width: int) -> None:
        seen = _Seen(replace(read(visit(2)), problems=(_PROBLEM,)), width=width)
        seen.screen.open(_OPENING)
        seen.screen.tell(_admitted(mishaps=(_MISHAP,)))
        seen.screen.close(_outcome(_KEPT, _BROKEN))
        assert max(map(len, seen.lines)) <= width

    def test_no_line_ends_in_spaces(self) -> None:
        """Some tools mark them, and a copy of the screen would keep them."""
        seen = _Seen(replace(read(visit(2)), problems=(_PROBLEM,), ignored=("Parking",)), width=50)
        seen.screen.open(_OPENING)
        seen.screen.tell(_admitted(mishaps=(_MISHAP,)))
        seen.screen.close(_outcome(_KEPT, _BROKEN))
        written = seen.raw.split("\n")
        assert len(written) > 20
        assert [line for line in written if line != line.rstrip()] == []


class TestProgress:
    def test_a_terminal_has_a_bar_that_goes_away_at_the_end(self) -> None:
        seen = _Seen(terminal=True)
        with seen.screen:
            seen.screen.open(_OPENING)
            for _ in range(2):
                seen.screen.tell(_admitted())
            seen.screen._bar.refresh()
            assert "At the desk" in seen.text
            assert "50%" in seen.text
        assert "\x1b[2K" in seen.lines[-1]

    def test_a_file_or_a_pipe_has_none(self) -> None:
        seen = _Seen()
        with seen.screen:
            seen.screen.open(_OPENING)
            seen.screen.tell(_admitted())
        assert "At the desk" not in seen.text
        assert "\x1b" not in seen.text


class TestPromises:
    def test_each_has_a_check_or_a_cross_and_its_figures(self) -> None:
        seen = _Seen()
        seen.screen.close(_outcome(_KEPT, _BROKEN))
        heading = seen.lines.index(
            "Promises, checked against the simulated system's and the receiver's own state"
        )
        assert seen.lines[heading + 1 :] == [
            "✓ Nothing is open    0 open",
            "✗ One holder a visit not for V-2",
            "",
            "1 of 2 promises broken.",
        ]

    def test_all_kept_is_said_in_a_line(self) -> None:
        seen = _Seen()
        seen.screen.close(_outcome(_KEPT, _KEPT))
        assert seen.lines[-1] == "All 2 promises kept."

    def test_what_the_system_refused_is_listed_apart_from_what_the_reader_found(self) -> None:
        seen = _Seen(replace(read(visit(2)), problems=(_PROBLEM,)))
        late = Problem(9, Column.BADGE, 10, "has more than 32 characters")
        seen.screen.close(_outcome(_KEPT, problems=(_PROBLEM, late)))
        heading = seen.lines.index("Refused by the access-control system")
        assert seen.lines[heading + 1 : heading + 3] == [
            "· line 9, column 10 (Badge): has more than 32 characters",
            "",
        ]


class _Gone(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_a_reader_that_has_gone_is_told_and_ends_no_process() -> None:
    """Rich by itself would end it, with the exit code of a broken promise."""
    screen = Screen(Output(file=_Gone()), name="own.csv", file=read(visit(2)), zone=UTC, setting="")
    with pytest.raises(BrokenPipeError):
        screen.open(_OPENING)
