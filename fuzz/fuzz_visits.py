"""Whatever file a reception hands in is read, with its problems by line, or refused as `Invalid`."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import atheris
from harness import start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.cli.visits import read_visits
    from hamilton_sdk.errors import Invalid

_PARIS = ZoneInfo("Europe/Paris")
_HEADER = "Référence;Nom;Prénom;Arrivée;Départ;Profil;Badge;Type\n".encode("cp1252")


def once(data: bytes) -> None:
    """Read one file; every other one has a proper header line already."""
    content = data if data[:1] < b"\x80" else _HEADER + data[1:]
    try:
        read_visits(content, zone=_PARIS, profile="Visitor")
    except Invalid as refusal:
        assert refusal.hint


if __name__ == "__main__":
    start(once)
