"""Instants become local texts that open within the second asked, never close later, and are read the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.aeos.localtime import LocalTime
from hamilton_sdk.errors import BadResponse, Invalid
from hamilton_sdk.model import TimeWindow

PARIS = LocalTime(ZoneInfo("Europe/Paris"))
ZONES = [
    LocalTime(ZoneInfo(name))
    for name in ("Europe/Paris", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
]
SECOND = timedelta(seconds=1)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))
zones = st.sampled_from(ZONES)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "start", "end"),
    [
        # An ordinary day
        ("2026-03-27T07:45:00", "2026-03-27T08:45:00", "2026-03-27T08:45:00"),
        ("2026-03-27T07:45:00.5", "2026-03-27T08:45:00", "2026-03-27T08:45:00"),
        # The spring gap, 2026-03-29 02:00 to 03:00: no instant falls into it
        ("2026-03-29T00:59:59", "2026-03-29T01:59:59", "2026-03-29T01:59:59"),
        ("2026-03-29T01:00:00", "2026-03-29T03:00:00", "2026-03-29T03:00:00"),
        # The autumn overlap, 2026-10-25 02:00 to 03:00, twice
        ("2026-10-24T23:59:59", "2026-10-25T01:59:59", "2026-10-25T01:59:59"),
        ("2026-10-25T00:00:00", "2026-10-25T03:00:00", "2026-10-25T01:59:59"),
        ("2026-10-25T00:30:00", "2026-10-25T03:00:00", "2026-10-25T01:59:59"),
        ("2026-10-25T01:30:00", "2026-10-25T03:00:00", "2026-10-25T01:59:59"),
        ("2026-10-25T01:59:59.9", "2026-10-25T03:00:00", "2026-10-25T01:59:59"),
        ("2026-10-25T02:00:00", "2026-10-25T03:00:00", "2026-10-25T03:00:00"),
    ],
)
def test_what_is_ambiguous_is_moved_to_the_safe_side(instant: str, start: str, end: str) -> None:
    assert PARIS.write_start(utc(instant)) == start
    assert PARIS.write_end(utc(instant)) == end


def test_a_shift_of_half_an_hour_is_found_too() -> None:
    lord_howe = LocalTime(ZoneInfo("Australia/Lord_Howe"))
    # 2026-04-05 02:00 goes back to 01:30.
    assert lord_howe.write_end(utc("2026-04-04T15:00:00")) == "2026-04-05T01:29:59"
    assert lord_howe.write_start(utc("2026-04-04T14:45:00")) == "2026-04-05T02:00:00"


@given(instants, zones)
def test_a_start_is_never_a_second_early_and_an_end_never_late(instant: datetime, local: LocalTime) -> None:
    start = local.read_start(local.write_start(instant))
    end = local.read_end(local.write_end(instant))
    assert instant - SECOND < start <= instant + timedelta(hours=2)
    assert instant - timedelta(hours=2) <= end <= instant


@given(instants, zones)
def test_what_was_written_is_read_as_one_instant_whichever_way(instant: datetime, local: LocalTime) -> None:
    for text in (local.write_start(instant), local.write_end(instant)):
        assert local.read_start(text) == local.read_end(text)


@given(instants, zones)
def test_what_the_server_holds_is_sent_again_unchanged(instant: datetime, local: LocalTime) -> None:
    text = local.write_end(instant)
    assert local.write_end(local.read_end(text)) == text
    assert local.write_start(local.read_start(text)) == text


def test_an_ambiguous_time_of_somebody_else_is_read_on_the_safe_side() -> None:
    """Somebody typed it into AEOS: access is said to begin late and to end early."""
    assert PARIS.read_start("2026-10-25T02:30:00") == utc("2026-10-25T01:30:00")
    assert PARIS.read_end("2026-10-25T02:30:00") == utc("2026-10-25T00:30:00")
    assert PARIS.read_start("2026-03-29T02:30:00") == utc("2026-03-29T01:30:00")
    assert PARIS.read_end("2026-03-29T02:30:00") == utc("2026-03-29T00:30:00")


@pytest.mark.parametrize(
    "text", [" 2026-03-27T08:45:00 ", "2026-03-27T08:45:00.000", "2026-03-27T08:45:00+05:00"]
)
def test_a_reply_is_local_time_whatever_it_says_besides(text: str) -> None:
    assert PARIS.read_start(text) == utc("2026-03-27T07:45:00")


def test_no_end_is_the_date_that_aeos_takes_for_none() -> None:
    assert PARIS.read_end(None) == PARIS.read_end("2149-05-29T00:00:00") == utc("2149-05-28T22:00:00")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-27T18:00:00", "2026-03-27T17:00:00"),
        ("2026-03-27T00:00:00", "2026-03-27T23:00:00"),
        ("2026-03-27", "2026-03-27T23:00:00"),
        ("2149-05-29T00:00:00", "2149-05-28T22:00:00"),
    ],
)
def test_a_leave_date_that_was_cut_to_midnight_means_the_end_of_its_day(text: str, instant: str) -> None:
    assert PARIS.read_leave(text) == utc(instant)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01T00:00:00", "10000-01-01T00:00:00"])
def test_a_date_that_cannot_be_read_is_a_bad_response(text: str) -> None:
    for read in (PARIS.read_start, PARIS.read_end, PARIS.read_leave):
        with pytest.raises(BadResponse, match="date that cannot be read") as caught:
            read(text)
        assert caught.value.connector == "acs.aeos"


def test_a_date_before_the_beginning_of_time_in_utc_is_a_bad_response() -> None:
    for read in (PARIS.read_start, PARIS.read_end):
        with pytest.raises(BadResponse, match="date that cannot be read"):
            read("0001-01-01T00:00:00")


@pytest.mark.parametrize("text", ["9999-12-31T00:00:00", "9999-12-31T23:59:59"])
def test_the_last_day_there_is_can_be_read(text: str) -> None:
    assert PARIS.read_leave(text).year == 9999


def test_an_end_that_aeos_would_take_for_none_is_refused() -> None:
    with pytest.raises(Invalid, match="outside what AEOS can keep") as caught:
        PARIS.write_end(utc("2149-05-28T22:00:00"))
    assert "2149-05-29" in (caught.value.hint or "")
    assert PARIS.write_end(utc("2149-05-28T21:59:59")) == "2149-05-28T23:59:59"


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_moments_at_the_ends_of_time_are_refused(moment: datetime) -> None:
    west = LocalTime(ZoneInfo("America/New_York"))
    with pytest.raises(Invalid, match="outside what AEOS can keep"):
        (PARIS if moment.year > 1 else west).write_start(moment)


def test_a_window_is_kept_as_the_server_holds_it() -> None:
    window = TimeWindow(utc("2026-03-27T07:45:00.5"), utc("2026-03-27T17:00:00.5"))
    assert PARIS.kept(window) == TimeWindow(utc("2026-03-27T07:45:00"), utc("2026-03-27T17:00:00"))
    assert PARIS.kept(PARIS.kept(window)) == PARIS.kept(window)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-25T00:15:00", "2026-10-25T01:45:00"),
        ("2026-03-27T08:00:00.1", "2026-03-27T08:00:00.9"),
    ],
)
def test_a_window_of_which_nothing_is_left_is_refused(start: str, end: str) -> None:
    with pytest.raises(Invalid, match="nothing is left") as caught:
        PARIS.kept(TimeWindow(utc(start), utc(end)))
    assert "whole seconds" in (caught.value.hint or "")
