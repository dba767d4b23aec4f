"""Options that several commands have. Typer reads them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "AsJson",
    "Body",
    "HeaderBeginning",
    "HeaderNames",
    "IsText",
    "Port",
    "Schema",
    "SecretEnv",
    "SecretFile",
    "State",
    "StoreAddress",
    "TablePrefix",
]


class HeaderNames(StrEnum):
    """What the three headers begin with."""

    WEBHOOK = "webhook"
    SVIX = "svix"


class State(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    SKIPPED = "skipped"


Body: TypeAlias = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        show_default=False,
        help="The body, byte for byte; the standard input if - or not given.",
    ),
]
SecretEnv: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--secret-env",
        metavar="NAME",
        show_default="HAMILTON_WEBHOOK_SECRET",
        help="Environment variable with the secret.",
    ),
]
SecretFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        metavar="PATH",
        show_default=False,
        help="File with the secret, - for the standard input. Several secrets: newest first, a line each.",
    ),
]
IsText: TypeAlias = Annotated[
    bool, typer.Option("--text-secret", help="The secret's text itself is the key: nothing is decoded.")
]
HeaderBeginning: TypeAlias = Annotated[
    HeaderNames, typer.Option("--headers-begin", help="What the three headers begin with.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="For machines.")]
Port: TypeAlias = Annotated[
    int, typer.Option(min=0, max=65535, help="Where to listen on 127.0.0.1; any free port if 0.")
]
StoreAddress: TypeAlias = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="HAMILTON_STORE",
        metavar="PATH|URL",
        show_default=False,
        help="The store: a SQLite file or postgresql://... A URL with a password belongs into the variable.",
    ),
]
Schema: TypeAlias = Annotated[
    str | None, typer.Option(show_default=False, help="PostgreSQL schema of the tables.")
]
TablePrefix: TypeAlias = Annotated[str, typer.Option("--prefix", help="What the tables' names begin with.")]
