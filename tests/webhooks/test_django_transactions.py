"""Django's own connection is taken as it is: what its transaction does, publishing does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hamilton_sdk.webhooks import Outbox
from tests.webhooks.boxes import KEY, URL

_APPLICATION = """
import json, sys
from dataclasses import dataclass
import django
from django.conf import settings
settings.configure(DATABASES={"default": json.loads(sys.argv[1])}, USE_TZ=True)
django.setup()
from django.db import connection, transaction
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import Outbox

@dataclass
class Happened:
    id: str
    type = "visit.created"
    site = object = sequence = None
    def to_bytes(self):
        return b"{}"

with Outbox.open(sys.argv[2]) as outbox:
    with transaction.atomic():
        outbox.publish(Happened("kept"), connection.connection)
    try:
        with transaction.atomic():
            outbox.publish(Happened("gone"), connection.connection)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    try:
        outbox.publish(Happened("alone"), connection.connection)
    except ConfigurationError as error:
        print(error)
connection.close()
"""


def databases(address: str) -> dict[str, object]:
    if "://" not in address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address}
    _, _, rest = address.partition("@")
    place, _, name = rest.partition("/")
    host, _, port = place.partition(":")
    engine = "django.db.backends.postgresql"
    return {"ENGINE": engine, "NAME": name, "USER": "postgres", "HOST": host, "PORT": port}


@pytest.mark.parametrize("kind", ["sqlite_address", "postgresql_address"])
def test_publishing_stands_or_falls_with_atomic(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    address = request.getfixturevalue(kind)
    with Outbox.open(address, key=KEY) as outbox:
        outbox.add_endpoint(URL)
        done = subprocess.run(
            [sys.executable, "-c", _APPLICATION, json.dumps(databases(address)), address],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        assert "no transaction is open" in done.stdout
        assert [each.event_id for each in outbox.deliveries()] == ["kept"]
