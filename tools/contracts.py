"""Write the contracts of events into the documentation, or see that they are as published.

::

    python -m tools.contracts            write them; refuses to change a published version in a breaking way
    python -m tools.contracts --check    the same question without writing, for continuous integration
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import cast

from hamilton_sdk.webhooks.events import VisitCreated, asyncapi, event_schema, openapi
from hamilton_sdk.webhooks.events.registry import VERSIONS
from tools.compatibility import breaking_changes

FOLDER = Path(__file__).parent.parent / "docs" / "reference" / "contracts"
TITLE = "Webhooks of Hamilton Apps integrations"

_INDEX = """\
# Contracts of events

Made from the classes in `hamilton_sdk.webhooks.events`; `make contracts` sees that they agree. The `visit.*`
names are the SDK's own, and so are the envelope and all fields.

- [OpenAPI 3.1](openapi.json), for the documentation of a receiver
- [AsyncAPI 3.1](asyncapi.json), for the documentation of a sender

## Envelope

{envelope}

A published version only ever gets fields that may be missing; any other change is a new version, beside the
old one. So validate with these schemas, and leave unknown fields alone.
"""


def contracts() -> dict[str, str]:
    """The files by name."""
    schemas = {f"{kind}.v{version}.json": event_schema(event) for (kind, version), event in VERSIONS.items()}
    documents = {"openapi.json": openapi(title=TITLE), "asyncapi.json": asyncapi(title=TITLE), **schemas}
    written = {name: json.dumps(document, indent=2) + "\n" for name, document in documents.items()}
    sections = [_section(name, schema) for name, schema in schemas.items()]
    index = [_INDEX.format(envelope=_table(event_schema(VisitCreated))), *sections, _person()]
    return {**written, "index.md": "\n".join(index)}


def _section(name: str, schema: dict[str, object]) -> str:
    data = cast("dict[str, dict[str, str]]", schema["properties"])["data"]["$ref"].rpartition("/")[2]
    table = _table(cast("dict[str, dict[str, object]]", schema["$defs"])[data])
    return f"## {schema['title']}\n\n{schema['description']} [JSON Schema]({name})\n\n{table}\n"


def _person() -> str:
    described = cast("dict[str, dict[str, object]]", event_schema(VisitCreated)["$defs"])["Person"]
    return f"## A person\n\n{described['description']}\n\n{_table(described)}\n"


def _table(schema: dict[str, object]) -> str:
    required = cast("list[str]", schema.get("required", []))
    rows = [
        f"| `{field}` | {'always' if field in required else 'maybe'} | {each.get('description', '')} |"
        for field, each in cast("dict[str, dict[str, str]]", schema["properties"]).items()
    ]
    return "\n".join(["| field | there | |", "|---|---|---|", *rows])


def faults(made: dict[str, str], folder: Path) -> tuple[list[str], list[str]]:
    """What would break receivers, and what merely is not as it should be, by file."""
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*"))}
    broken = [
        f"{name}: {change}"
        for name in found
        if ".v" in name
        for change in _broken(found[name], made.get(name))
    ]
    drifted = [name for name in sorted(made.keys() | found.keys()) if made.get(name) != found.get(name)]
    return broken, drifted


def _broken(published: str, made: str | None) -> list[str]:
    if made is None:
        return ["is published, and no class makes it any more"]
    return breaking_changes(json.loads(published), json.loads(made))


def main(arguments: list[str] | None = None) -> int:
    """Write or check, and say what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.contracts", description="Contracts of events.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if anything would change")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are")
    chosen = parser.parse_args(arguments)
    made = contracts()
    broken, drifted = faults(made, chosen.folder)
    if broken:
        print("A published version would break its receivers:", *broken, sep="\n  ")
        print("Keep its class as it was, and make a class for a new version: version: Literal[2] = 2.")
        return 1
    if chosen.check:
        if drifted:
            print("Not as the classes say:", *drifted, sep="\n  ")
            print("Run `python -m tools.contracts` and commit what it writes.")
        return int(bool(drifted))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name in drifted:
        if name in made:
            (chosen.folder / name).write_text(made[name], encoding="utf-8")
        else:
            (chosen.folder / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
