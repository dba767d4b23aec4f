"""How a command ends: exit codes, and errors as people and as machines read them."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from hamilton_sdk.cli.plain import json_for, let_go, tolerate
from hamilton_sdk.errors import HamiltonError, StoreError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from hamilton_sdk.cli.report import Json

__all__ = [
    "BROKEN",
    "INTERRUPTED",
    "NOBODY_READS",
    "WRONG_INPUT",
    "ended_by_errors",
    "print_json",
    "reader",
    "refuse",
]

BROKEN: Final = 1
"""A promise was broken, a message is not genuine, a delivery or a database failed."""
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130
"""What shells report for Ctrl-C."""
NOBODY_READS: Final = 141
"""What shells report for a closed pipe: ``hamilton demo | head -1`` is no broken promise."""


def print_json(document: Json) -> None:
    """Print a document for machines."""
    typer.echo(json_for(sys.stdout, document))


@contextlib.contextmanager
def reader() -> Generator[None]:
    """End quietly when whoever reads the output has gone."""
    try:
        yield
    except BrokenPipeError:
        let_go(sys.stdout)
        raise typer.Exit(NOBODY_READS) from None


@contextlib.contextmanager
def ended_by_errors(*, as_json: bool) -> Generator[None]:
    """Say errors of the SDK and an interruption, and end with their codes, instead of a traceback."""
    tolerate(sys.stdout)
    try:
        with reader():
            yield
    except HamiltonError as error:
        refuse(error, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):  # the second while a person was asked
        typer.echo("Interrupted.", err=True)
        raise typer.Exit(INTERRUPTED) from None


@reader()
def refuse(
    error: HamiltonError,
    *,
    as_json: bool,
    first: Mapping[str, Json] | None = None,
    last: Mapping[str, Json] | None = None,
    details: Sequence[str] = (),
    code: int | None = None,
) -> NoReturn:
    """Say why something is not done, and end.

    Args:
        error: Why.
        as_json: Whether machines read it: then the standard output holds a document besides.
        first: What the document begins with.
        last: What it ends with.
        details: Lines between the error and its hint.
        code: The exit code; 1 for a database that cannot and 2 for anything else, if None.
    """
    if as_json:
        print_json({**(first or {}), "error": error.message, "hint": error.hint, **(last or {})})
    typer.echo(f"Error: {error.message}", err=True)
    for line in details:
        typer.echo(f"  {line}", err=True)
    if error.hint:
        typer.echo(f"Hint: {error.hint}", err=True)
    if code is None:
        code = BROKEN if isinstance(error, StoreError) else WRONG_INPUT
    raise typer.Exit(code)
