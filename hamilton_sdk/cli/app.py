"""The commands. Their work lies in the modules beside this one, and loads when a command runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

import hamilton_sdk
from hamilton_sdk.cli.ending import BROKEN, INTERRUPTED, print_json, reader, refuse
from hamilton_sdk.cli.plain import tolerate
from hamilton_sdk.cli.store import store
from hamilton_sdk.cli.visits import MEANINGS
from hamilton_sdk.cli.webhooks.app import webhooks
from hamilton_sdk.errors import HamiltonError, Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from hamilton_sdk.cli.visits import Problem, VisitFile

__all__ = ["app"]

_PROBLEMS_SHOWN: Final = 20

app: typer.Typer = typer.Typer(
    help="See and try out the Hamilton Apps SDK.",
    no_args_is_help=True,
    add_completion=False,
    # Plain help keeps the table of columns as it is, and a pretty traceback would show local variables.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Strategy(StrEnum):
    """How access is granted in AEOS."""

    VISIT = "visit"
    PROFILE = "profile"


def _show_version(asked: bool) -> None:  # noqa: FBT001 (typer's shape of a callback)
    if asked:
        typer.echo(f"hamilton {hamilton_sdk.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


_WIDTH: Final = max(len(column) for column in MEANINGS) + 2
_COLUMNS: Final = "\n".join(f"  {column:<{_WIDTH}}{meaning}" for column, meaning in MEANINGS.items())
_DEMO: Final = f"""Let a list of visitors in and out of a building, against a simulated AEOS.

Reads FILE, a pre-registration as a French reception exports it, or a sample. Starts a simulated AEOS on
this machine, over HTTPS with an authority of its own; pre-registers everybody, admits them, checks them
out and expires one who overstays, while faults are injected; then checks from the simulated system's own
state what the SDK promises. Nothing real is touched. The clock is set to shortly before the first visit,
so the dates in the file may be any.

Exit codes: 0 all promises kept, 1 a promise was broken, 2 the file cannot be used.

\b
FILE is text in Windows-1252 or UTF-8, separated by ; or , with a header line:
{_COLUMNS}
Their order, case and accents do not matter; other columns are ignored.
"""


@app.command(help=_DEMO)
def demo(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", show_default=False, help="A sample if not given.")
    ] = None,
    *,
    strategy: Annotated[Strategy, typer.Option(help="How access is granted in AEOS.")] = Strategy.VISIT,
    seed: Annotated[int, typer.Option(help="Of everything that happens by chance.")] = 1,
    faults: Annotated[bool, typer.Option(help="Let things go wrong on the way, or not.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a timeline.")] = False,
    timezone: Annotated[str, typer.Option(help="Of the times in the file.")] = "Europe/Paris",
) -> None:
    """Run `hamilton demo`; its help is above."""
    from hamilton_sdk.acs.aeos.settings import zone as zone_named
    from hamilton_sdk.cli.demo import PROFILE
    from hamilton_sdk.cli.source import SAMPLE, content_of
    from hamilton_sdk.cli.visits import read_visits

    tolerate(sys.stdout)
    name = SAMPLE if file is None else file.name
    try:
        zone = zone_named(timezone)
        content = content_of(file)
    except HamiltonError as error:
        _refuse(error, as_json=as_json)
    try:
        read = read_visits(content, zone=zone, profile=PROFILE)
    except Invalid as error:
        _refuse(Invalid(f"{name}: {error.message}", hint=error.hint), as_json=as_json)
    if not read.visits:
        _refuse(_without_visits(name, read), read.problems, as_json=as_json)
    run = _run_for_machines if as_json else _run_for_people
    try:
        with reader():
            kept = run(name, read, zone, strategy, seed, faults=faults)
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(0 if kept else BROKEN)


def _run_for_people(
    name: str, file: VisitFile, zone: ZoneInfo, strategy: Strategy, seed: int, *, faults: bool
) -> bool:
    from hamilton_sdk.cli.demo import play
    from hamilton_sdk.cli.screen import Output, Screen

    mode = f"seed {seed}" if faults else "no faults"
    with Screen(Output(), name=name, file=file, zone=zone, setting=f"{strategy}; {mode}") as screen:
        outcome = play(file, zone=zone, seed=seed, strategy=strategy.value, faults=faults, audience=screen)
    screen.close(outcome)
    return outcome.kept


def _run_for_machines(
    name: str, file: VisitFile, zone: ZoneInfo, strategy: Strategy, seed: int, *, faults: bool
) -> bool:
    from hamilton_sdk.cli.demo import play
    from hamilton_sdk.cli.report import Recorder

    recorder = Recorder()
    outcome = play(file, zone=zone, seed=seed, strategy=strategy.value, faults=faults, audience=recorder)
    print_json(recorder.document(name, file, outcome, seed=seed, strategy=strategy))
    return outcome.kept


def _without_visits(name: str, file: VisitFile) -> Invalid:
    if not file.lines:
        return Invalid(f"{name} holds no visits, only a header line", hint="export it again with its visits")
    return Invalid(f"{name} holds no line that can be used", hint="correct the lines and run it again")


def _refuse(error: HamiltonError, problems: Sequence[Problem] = (), *, as_json: bool) -> NoReturn:
    """Say why nothing is played, and end."""
    from hamilton_sdk.cli.report import problems_document

    more = len(problems) - _PROBLEMS_SHOWN
    refuse(
        error,
        as_json=as_json,
        first={"kept": False},
        last={"problems": problems_document(problems)},
        details=[*map(str, problems[:_PROBLEMS_SHOWN]), *([f"and {more} more"] if more > 0 else [])],
    )


@app.command()
def simulate(
    system: Annotated[str, typer.Argument(help="What to simulate: aeos, graph.", show_default=False)],
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to listen on 127.0.0.1; any free port if 0.")
    ] = 0,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS with a throw-away authority.")] = False,
) -> None:
    """Serve a simulated system on this machine until interrupted.

    Prints what a client needs as lines of "name: value": the url first, with --tls the file of the
    authority to trust, then credentials and sample objects.
    """
    from hamilton_sdk.cli.serve import serve

    tolerate(sys.stdout)
    try:
        with reader():
            serve(system, port=port, tls=tls, say=lambda line: print(line, flush=True))  # noqa: T201 (its output)
    except HamiltonError as error:
        _refuse(error, as_json=False)
    except OSError as error:
        hint = "choose another with --port, or 0 for any"
        _refuse(Invalid(f"port {port} cannot be used: {error.strerror}", hint=hint), as_json=False)


app.add_typer(webhooks, name="webhooks")
app.add_typer(store, name="store")
