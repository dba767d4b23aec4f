"""`hamilton webhooks deliveries` and `replay`: what an outbox holds, and what of it is delivered again."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hamilton_sdk.cli.ending import ended_by_errors, print_json
from hamilton_sdk.cli.webhooks.options import (
    AsJson,
    Schema,
    State,
    StoreAddress,
    TablePrefix,
)
from hamilton_sdk.cli.wording import counted
from hamilton_sdk.errors import Invalid

__all__ = ["deliveries", "replay"]


def deliveries(
    *,
    store: StoreAddress,
    endpoint: Annotated[str | None, typer.Option(show_default=False, help="Only to this one.")] = None,
    event: Annotated[str | None, typer.Option(show_default=False, help="Only of this one.")] = None,
    state: Annotated[State | None, typer.Option(show_default=False, help="Only in this one.")] = None,
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up: --state dead.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    attempts: Annotated[
        int | None,
        typer.Option(metavar="ID", show_default=False, help="What was tried for this delivery, instead."),
    ] = None,
    schema: Schema = None,
    prefix: TablePrefix = "hamilton_",
    as_json: AsJson = False,
) -> None:
    """List deliveries of an outbox, the newest first, and how many there are in each state.

    Exit codes: 0, 1 where the database cannot, 2 wrong input. No key is needed: no secret is read.
    """
    from hamilton_sdk.cli.screen import Output
    from hamilton_sdk.cli.webhooks.documents import attempts_document, listed_document
    from hamilton_sdk.cli.webhooks.showing import show_attempts, show_listed
    from hamilton_sdk.cli.webhooks.stored import Wanted, deliveries_of, open_outbox

    chosen = State.DEAD if dead else state
    wanted = Wanted(endpoint=endpoint, event=event, state=None if chosen is None else chosen.value)
    with ended_by_errors(as_json=as_json), open_outbox(store, schema=schema, prefix=prefix) as outbox:
        if attempts is not None:
            tried = outbox.attempts(attempts)
            print_json(attempts_document(attempts, tried)) if as_json else show_attempts(Output(), tried)
            return
        listed = deliveries_of(outbox, wanted, limit)
        print_json(listed_document(listed)) if as_json else show_listed(Output(), listed)


def replay(
    *,
    store: StoreAddress,
    delivery: Annotated[int | None, typer.Option(show_default=False, help="This one.")] = None,
    endpoint: Annotated[str | None, typer.Option(show_default=False, help="To this one.")] = None,
    event: Annotated[str | None, typer.Option(show_default=False, help="Of this one.")] = None,
    since: Annotated[
        str | None, typer.Option(show_default=False, help="Published then or later, ISO 8601 or seconds.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(show_default=False, help="Published before, ISO 8601 or seconds.")
    ] = None,
    only: Annotated[State | None, typer.Option(show_default=False, help="Only in this state.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many there are.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    schema: Schema = None,
    prefix: TablePrefix = "hamilton_",
    as_json: AsJson = False,
) -> None:
    """Deliver again what fits all that is given, with a schedule that starts anew.

    A dispatcher delivers them; receivers know an event that comes again by its id. What is on its way at this
    moment is left alone. Exit codes: 0, 1 where the database cannot, 2 wrong input or not confirmed.
    """
    from hamilton_sdk.cli.webhooks.given import moment_of
    from hamilton_sdk.cli.webhooks.stored import Wanted, open_outbox, would_replay
    from hamilton_sdk.cli.webhooks.stored import replay as do_replay

    with ended_by_errors(as_json=as_json):
        wanted = Wanted(
            delivery=delivery,
            endpoint=endpoint,
            event=event,
            since=moment_of(since, "--since"),
            until=moment_of(until, "--until"),
            state=None if only is None else only.value,
        )
        with open_outbox(store, schema=schema, prefix=prefix) as outbox:
            if not dry_run and not yes:
                _confirm(would_replay(outbox, wanted))
            count = would_replay(outbox, wanted) if dry_run else do_replay(outbox, wanted)
        if as_json:
            print_json({"dry_run": dry_run, "count": count})
        else:
            said = counted(count, "delivery", "deliveries")
            typer.echo(f"{said} would be made due again" if dry_run else f"{said} made due again")


def _confirm(count: int) -> None:
    """Ask a person; anybody else must say --yes."""
    many = counted(count, "delivery", "deliveries")
    if not _is_person():
        message = f"nobody is there to confirm that {many} should go out again"
        raise Invalid(message, hint="give --yes, or --dry-run to see how many they are")
    if not typer.confirm(f"Send {many} again?", err=True):
        message = "nothing was replayed"
        raise Invalid(message)


def _is_person() -> bool:
    return sys.stdin.isatty()
