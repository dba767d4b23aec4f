"""Where the commands get a secret from: never from their arguments, which everybody on a machine can see."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import typer

from hamilton_sdk.cli.webhooks.given import STANDARD_INPUT
from hamilton_sdk.cli.webhooks.options import FIVE_MINUTES
from hamilton_sdk.errors import ConfigurationError, Invalid
from hamilton_sdk.secrets import EnvironmentSecret, FileSecret, StaticSecret
from hamilton_sdk.webhooks.signing import Webhook

if TYPE_CHECKING:
    from pathlib import Path

    from hamilton_sdk.secrets import SecretSource
    from hamilton_sdk.webhooks.signing import HeaderPrefix

__all__ = ["USUAL", "check_streams", "hook_of", "secret_of", "secret_source", "tolerance"]

USUAL: Final = "HAMILTON_WEBHOOK_SECRET"
"""The variable that is looked at where nothing was said."""
_LARGEST_STEP: Final = 10**9


def secret_source(environment: str | None, file: Path | None) -> SecretSource | None:
    """The source that a person named, or the usual variable; None where there is neither.

    Args:
        environment: Name of a variable.
        file: A file, or ``-`` for the standard input.

    Raises:
        Invalid: Both were named.
    """
    if environment is not None and file is not None:
        message = "--secret-env and --secret-file are both given"
        raise Invalid(message, hint="give one of them")
    if file == STANDARD_INPUT:
        return StaticSecret(sys.stdin.read())
    if file is not None:
        return FileSecret(file)
    if environment is not None:
        return EnvironmentSecret(environment)
    return EnvironmentSecret(USUAL) if os.environ.get(USUAL) else None


def check_streams(body: Path | None, *others: Path | None) -> None:
    """Refuse to read two things from the standard input.

    Args:
        body: The file of the body; the standard input if None.
        others: Other files; none if None.

    Raises:
        Invalid: Two of them are the standard input.
    """
    if [body or STANDARD_INPUT, *others].count(STANDARD_INPUT) > 1:
        message = "two things are to be read from the standard input, which is there once"
        raise Invalid(message, hint="give a file for the body, the headers or the secret")


def secret_of(environment: str | None, file: Path | None) -> str:
    """The secret, asked for at a terminal where no source was named.

    Raises:
        ConfigurationError: There is none.
        Invalid: Two sources were named.
    """
    source = secret_source(environment, file)
    if source is None:
        if not sys.stdin.isatty():
            message = "there is no secret"
            hint = f"set {USUAL}, or give --secret-env NAME or --secret-file PATH (- for the standard input)"
            raise ConfigurationError(message, hint=hint)
        source = StaticSecret(str(typer.prompt("Secret", hide_input=True, err=True)))
    return source.get().get_secret_value()


def hook_of(
    secret: str,
    *,
    is_text: bool = False,
    prefix: HeaderPrefix = "webhook",
    past: int = FIVE_MINUTES,
    future: int = FIVE_MINUTES,
) -> Webhook:
    """What signs and verifies.

    Args:
        secret: One, or several with white space between them, the newest first; one alone if it `is_text`.
        is_text: Whether the key is the secret's text itself.
        prefix: What the headers begin with.
        past: Seconds a message may be old.
        future: Seconds the sender's clock may be ahead.

    Raises:
        ConfigurationError: A secret is of a wrong kind.
    """
    make = Webhook.from_text if is_text else Webhook
    return make(
        secret if is_text else secret.split(),
        past_tolerance=tolerance(past),
        future_tolerance=tolerance(future),
        header_prefix=prefix,
    )


def tolerance(seconds: int) -> timedelta:
    """So many seconds, where that is not longer than thirty years."""
    return timedelta(seconds=min(seconds, _LARGEST_STEP))
