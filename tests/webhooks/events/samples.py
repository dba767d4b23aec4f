"""Events of every type, plain and full, for the tests of their family."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from hamilton_sdk.webhooks.events import EVENTS, Event, UnknownEvent

WHEN = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)

# The only field of the data that each type insists on.
OBJECTS = {
    "visit.created": ("visit_id", "visit:X-1"),
    "visit.checked_in": ("visit_id", "visit:X-1"),
    "visit.checked_out": ("visit_id", "visit:X-1"),
    "reservation.created": ("reservation_id", "reservation:X-1"),
    "reservation.updated": ("reservation_id", "reservation:X-1"),
    "reservation.cancelled": ("reservation_id", "reservation:X-1"),
    "checkin.performed": ("reservation_id", "reservation:X-1"),
    "room.released": ("room_id", "room:X-1"),
    "service.added": ("service_id", "service:X-1"),
}


def sample(kind: str, data: dict[str, Any] | None = None, **fields: Any) -> Event:
    """The shortest event of a type, and whatever more is asked for."""
    given = {OBJECTS[kind][0]: "X-1", **(data or {})}
    return EVENTS[kind](**{"timestamp": WHEN, "data": given, "id": "evt_1", **fields})


def content(**changed: Any) -> dict[str, Any]:
    """What stands in the body of a shortest `visit.created`, with changes; None takes a field away."""
    whole = {
        "id": "evt_1",
        "type": "visit.created",
        "version": 1,
        "timestamp": "2026-03-27T08:45:00Z",
        "data": {"visit_id": "X-1"},
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


moments = st.datetimes(timezones=st.just(UTC) | st.timezones()).filter(lambda each: 2 < each.year < 9998)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
identifiers = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
names = texts.map(lambda each: f"x_{each}")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
more = st.dictionaries(names, values, max_size=3)

people = st.none() | st.builds(
    lambda known, unknown: {**known, **unknown},
    st.fixed_dictionaries({}, optional={"id": identifiers, "name": texts, "email": texts, "company": texts}),
    more,
)
_OPTIONAL = {
    "visit": {"visit_type": identifiers, "start": moments, "visitor": people, "host": people},
    "reservation": {"room_id": identifiers, "end": moments, "title": texts, "organiser": people},
    "checkin": {"room_id": identifiers},
    "room": {"reservation_id": identifiers},
    "service": {"label": texts, "quantity": st.integers(1, 2**53 - 1), "reservation_id": identifiers},
}


@st.composite
def known_events(draw: st.DrawFn) -> Event:
    """Any event of any known type, with unknown fields at every level."""
    kind = draw(st.sampled_from(sorted(EVENTS)))
    data = draw(st.fixed_dictionaries({}, optional=_OPTIONAL[kind.partition(".")[0]]))
    envelope = draw(
        st.fixed_dictionaries(
            {"timestamp": moments},
            optional={"site": identifiers, "sequence": st.none() | st.integers(0, 2**53 - 1)},
        )
    )
    data[OBJECTS[kind][0]] = draw(identifiers)
    return EVENTS[kind].model_validate({**draw(more), **envelope, "data": {**data, **draw(more)}})


unknown_events = st.builds(
    lambda kind, version, timestamp, data, unknown: UnknownEvent.model_validate(
        {**unknown, "type": kind, "version": version, "timestamp": timestamp, "data": data}
    ),
    st.from_regex(r"x_[a-zA-Z0-9_.]{1,20}", fullmatch=True),
    st.integers(1, 10**6),
    moments,
    st.dictionaries(texts, values, max_size=3),
    more,
)
events = known_events() | unknown_events
