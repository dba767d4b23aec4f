"""What comes to the store has been checked, and takes its time from the clock given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._desk import UNSET, Desk, cutoff
from hamilton_sdk.webhooks._time import micros
from tests.webhooks.boxes import KEY, URL, Happened

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
SETTINGS = {
    "events": (),
    "schedule": None,
    "in_flight_limit": 10,
    "rate": None,
    "ordered": False,
    "headers": {},
    "private_networks": (),
}


@pytest.fixture
def desk() -> Desk:
    return Desk(KEY, SettableClock(START))


def test_an_event_is_written_as_it_is_and_at_its_time(desk: Desk) -> None:
    made = desk.publish(Happened("a", site="paris", object="visit:1", sequence=2, body=b"{ }"))
    assert (made.id, made.type, made.site, made.object, made.sequence) == (
        "a",
        "visit.created",
        "paris",
        "visit:1",
        2,
    )
    assert (made.body, made.now) == (b"{ }", micros(START))


@pytest.mark.parametrize("given", [{"id": "a"}, b"{}", "visit.created", None])
def test_what_is_no_event_is_said_to_be_none(desk: Desk, given: Any) -> None:
    with pytest.raises(TypeError, match=f"event must be an event, and a {type(given).__name__} has no id"):
        desk.publish(given)


def test_each_endpoint_has_an_id_and_a_secret_of_its_own(desk: Desk) -> None:
    one, two = (desk.add_endpoint(URL, None, SETTINGS) for _ in range(2))
    assert one.id != two.id
    assert one.secret != two.secret
    assert one.secret not in repr(one)


def test_headers_are_not_shown_by_what_changes_them(desk: Desk) -> None:
    made = desk.update_endpoint("ep_1", {"headers": {"Authorization": "Bearer s3cret"}, "url": UNSET})
    assert dict(made.changes) == {"headers": {"Authorization": "Bearer s3cret"}}
    assert "s3cret" not in repr(made)


def test_the_real_time_is_the_default() -> None:
    before = micros(datetime.now(UTC))
    assert before <= Desk(None, None).now() <= micros(datetime.now(UTC))


def test_what_is_old_is_counted_from_now() -> None:
    assert cutoff(timedelta(seconds=2), 5_000_000) == 3_000_000
    with pytest.raises(ConfigurationError, match="older_than"):
        cutoff(timedelta(0), 5_000_000)


def test_unset_says_so_in_signatures() -> None:
    assert repr(UNSET) == "UNSET"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": "{}"}, r"the event's to_bytes\(\) must be bytes, not str"),
        ({"sequence": "abc"}, "the event's sequence must be int or None, not str"),
        ({"site": 5}, "the event's site must be str or None, not int"),
        ({"object": b"x"}, "the event's object must be str or None, not bytes"),
    ],
)
def test_an_event_of_an_applications_own_is_checked_before_it_is_kept(
    desk: Desk, wrong: dict[str, Any], said: str
) -> None:
    """SQLite would keep it, and every claim would fail on it."""
    with pytest.raises(TypeError, match=said):
        desk.publish(Happened("a", **wrong))


@pytest.mark.parametrize("wrong", [{"sequence": 2**70}, {"site": "a\x00"}, {"object": "\ud800"}])
def test_what_no_database_keeps_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        desk.publish(Happened("a", **wrong))


def test_numbers_and_texts_of_callers_fit_the_database(desk: Desk) -> None:
    for ask in (
        lambda: desk.attempts(2**70),
        lambda: desk.skip(-(2**70)),
        lambda: desk.replay(2**70, None, None, None, None, None),
        lambda: desk.list_deliveries(None, None, None, "9" * 30),
        lambda: desk.pause("ep_1", "a\x00"),
        lambda: desk.list_deliveries("\ud800", None, None, None),
    ):
        with pytest.raises(ConfigurationError):
            ask()


def test_everything_is_younger_than_the_longest_time(desk: Desk) -> None:
    assert cutoff(timedelta.max, desk.now()) == 0


def test_settings_of_a_wrong_type_are_named(desk: Desk) -> None:
    for name, wrong in (("headers", 5), ("schedule", 5)):
        with pytest.raises(TypeError, match=f"{name} must be"):
            desk.add_endpoint(URL, None, {**SETTINGS, name: wrong})
