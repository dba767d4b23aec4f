"""Options that several commands have. Typer reads them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

__all__ = [
    "FIVE_MINUTES",
    "AsJson",
    "Authority",
    "Body",
    "FutureTolerance",
    "Header",
    "HeaderBeginning",
    "HeaderFile",
    "HeaderName",
    "HeaderNames",
    "IsText",
    "MessageId",
    "Networks",
    "PastTolerance",
    "Port",
    "Preset",
    "SampleType",
    "Schema",
    "SecretEnv",
    "SecretFile",
    "SignaturePrefix",
    "SignedBy",
    "State",
    "StoreAddress",
    "TablePrefix",
]

FIVE_MINUTES: Final = 300
"""Seconds that a message may be old, or its sender's clock ahead, unless told otherwise."""


class HeaderNames(StrEnum):
    """What the three headers begin with."""

    WEBHOOK = "webhook"
    SVIX = "svix"


class Preset(StrEnum):
    """The ways to sign that customers' gateways have."""

    TIMESTAMPED = "timestamped"
    BODY_HEX = "body-hex"
    BODY_BASE64 = "body-base64"


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
SignedBy: TypeAlias = Annotated[
    Preset | None,
    typer.Option(
        "--preset",
        show_default=False,
        help="As a gateway signs: t=,v1= with the time, or the body alone. The secret's text is the key.",
    ),
]
HeaderName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--header-name", metavar="NAME", show_default=False, help="The header of a preset: X-Signature, ..."
    ),
]
SignaturePrefix: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--signature-prefix",
        metavar="TEXT",
        show_default=False,
        help="What stands before the signature of --preset body-...: sha256=, ...",
    ),
]
MessageId: TypeAlias = Annotated[
    str | None,
    typer.Option("--id", show_default=False, help="Of the message; the event's own if not given."),
]
Header: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--header", "-H", metavar="'NAME: VALUE'", show_default=False, help="A header of the request."
    ),
]
HeaderFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="File of headers: a line each, or a JSON object."),
]
PastTolerance: TypeAlias = Annotated[
    int | None, typer.Option(min=0, show_default=str(FIVE_MINUTES), help="Seconds it may be old.")
]
FutureTolerance: TypeAlias = Annotated[
    int | None,
    typer.Option(min=0, show_default=str(FIVE_MINUTES), help="Seconds the sender's clock may be ahead."),
]
SampleType: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="TYPE", show_default=False, help="Send a sample of this type: visit.created, ..."),
]
Networks: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NETWORK", show_default=False, help="Private network it may go to: 127.0.0.0/8, ..."
    ),
]
Authority: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", show_default=False, help="PEM file of the authority to trust, and no other."
    ),
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
