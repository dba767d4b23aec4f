"""What type checkers see of events; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_type

from hamilton_sdk.webhooks import (
    EVENTS,
    Event,
    Person,
    VisitCreated,
    VisitData,
    Webhook,
    openapi,
    parse_event,
)
from hamilton_sdk.webhooks.models import Publishable

DATA = VisitData(visit_id="HV-2026-1", host=Person(id="E-1001"))
EVENT = VisitCreated(timestamp=datetime(2026, 3, 27, tzinfo=UTC), site="Paris", sequence=3, data=DATA)
PUBLISHABLE: Publishable = EVENT


def fields() -> None:
    """An event knows its own data."""
    assert_type(EVENT.data, VisitData)
    assert_type(EVENT.data.visit_id, str)
    assert_type(EVENT.data.host, Person | None)
    assert_type(EVENT.timestamp, datetime)
    assert_type(EVENT.sequence, int | None)
    assert_type(EVENT.object, str)
    assert_type(EVENT.to_bytes(), bytes)
    assert_type(EVENT.model_copy(update={"site": "Lyon"}), VisitCreated)


def reading() -> None:
    """Matching on the class tells which event it is."""
    assert_type(EVENTS, Mapping[str, type[Event]])
    assert_type(openapi(events=[VisitCreated]), dict[str, object])
    event = parse_event(b"{}")
    assert_type(event, Event)
    assert_type(event.object, str | None)
    if isinstance(event, VisitCreated):
        assert_type(event.data, VisitData)
    Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign_test(event)


def refused() -> None:
    """What a type checker must refuse."""
    VisitCreated(data=DATA)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no time
    VisitData()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no id
    EVENT.site = "Lyon"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # it is frozen
    parse_event("{}")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # text
