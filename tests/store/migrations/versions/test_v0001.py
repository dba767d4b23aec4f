"""What the first version made: it never changes once databases out there have it."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations

from hamilton_sdk.store.migrations.versions import v0001


def test_it_is_the_first() -> None:
    assert (v0001.revision, v0001.down_revision) == ("0001", None)


def test_it_makes_the_tables_with_prefix_and_schema() -> None:
    made: list[str] = []
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": _Lines(made)}
    )
    with Operations.context(context):
        v0001.upgrade("hooks", "x_")
    text = " ".join(" ".join(made).split())
    for name in ("endpoint", "event", "delivery", "attempt", "processed"):
        assert f"CREATE TABLE hooks.x_{name} (" in text
    assert "REFERENCES hooks.x_delivery (id) ON DELETE CASCADE" in text
    assert (
        "CREATE INDEX x_delivery_due ON hooks.x_delivery (endpoint_id, next_at) WHERE state = 'pending'"
        in text
    )


class _Lines:
    """Where Alembic writes to."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, text: str) -> None:
        self._lines.append(text)

    def flush(self) -> None: ...
