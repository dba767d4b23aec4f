"""`hamilton store`: the tables of a store, made or brought up to date."""

from __future__ import annotations

import typer

from hamilton_sdk.cli.ending import ended_by_errors, print_json
from hamilton_sdk.cli.webhooks.options import (  # noqa: TC001 (typer reads them)
    AsJson,
    Schema,
    StoreAddress,
    TablePrefix,
)

__all__ = ["store"]

store: typer.Typer = typer.Typer(
    help="Look after the tables of outbox and inbox.", no_args_is_help=True, rich_markup_mode=None
)


@store.callback()
def _root() -> None:
    """Stand above the commands, so that a single one keeps its name."""


@store.command()
def upgrade(
    *,
    address: StoreAddress,
    schema: Schema = None,
    prefix: TablePrefix = "hamilton_",
    as_json: AsJson = False,
) -> None:
    """Make the tables, or bring those of an older version up to date, in one transaction.

    Exit codes: 0, 1 where the database cannot or its tables are newer than this package, 2 wrong input.
    """
    from hamilton_sdk.store import HEAD
    from hamilton_sdk.store import upgrade as bring_up_to_date
    from hamilton_sdk.store.address import parse_address

    with ended_by_errors(as_json=as_json):
        place = parse_address(address)
        found = bring_up_to_date(address, schema=schema, prefix=prefix)
        if as_json:
            print_json({"store": str(place), "found": found, "version": HEAD})
        elif found == HEAD:
            typer.echo(f"{place}: is of version {HEAD} already")
        else:
            did = f"made, version {HEAD}" if found is None else f"version {found} to {HEAD}"
            typer.echo(f"{place}: {did}")
