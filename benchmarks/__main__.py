"""Run every benchmark and print its rows; ``--json`` for machines."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import (
    aeos,
    imports,
    runner,
    webhooks_delivery,
    webhooks_dispatch,
    webhooks_events,
    webhooks_receiving,
    webhooks_signing,
    webhooks_store,
)
from benchmarks.measure import Row

BENCHMARKS = {
    "imports": imports.rows,
    "runner": runner.rows,
    "aeos": aeos.rows,
    "webhooks_delivery": webhooks_delivery.rows,
    "webhooks_dispatch": webhooks_dispatch.rows,
    "webhooks_events": webhooks_events.rows,
    "webhooks_receiving": webhooks_receiving.rows,
    "webhooks_signing": webhooks_signing.rows,
    "webhooks_store": webhooks_store.rows,
}


def main() -> int:
    """Measure, print, and say by the exit code whether every target was met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which of {', '.join(BENCHMARKS)}; all if none"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    chosen = arguments.names or list(BENCHMARKS)
    measured: list[Row] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("measuring", total=len(chosen))
        for name in chosen:
            progress.update(task, description=f"measuring {name}")
            measured += BENCHMARKS[name]()
            progress.advance(task)
    if arguments.json:
        print(json.dumps([{**asdict(row), "met": row.met} for row in measured], indent=2))
    else:
        _print(measured)
    return 0 if all(row.met is not False for row in measured) else 1


def _print(measured: list[Row]) -> None:
    table = Table(title=f"Python {platform.python_version()}, {platform.machine()}; medians, in turn")
    for column in ("what", "measured", "target", ""):
        table.add_column(column, justify="left" if column == "what" else "right")
    table.add_column("made of", overflow="fold")
    for row in measured:
        bound = "" if row.target is None else f"{'<=' if row.at_most else '>='} {row.target:g} {row.unit}"
        verdict = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met]
        table.add_row(row.name, f"{row.value:.1f} {row.unit}", bound, verdict, row.note)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


if __name__ == "__main__":
    sys.exit(main())
