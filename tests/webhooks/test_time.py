"""Times are kept to the microsecond, and come back as they went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._time import check_aware, micros, moment, span


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_as_it_went(at: datetime) -> None:
    assert moment(micros(at)) == at


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(0), timedelta(days=1)))
def test_durations_count_as_times_do(at: datetime, duration: timedelta) -> None:
    if at < datetime.max.replace(tzinfo=UTC) - duration:
        assert micros(at + duration) == micros(at) + span(duration)


def test_the_zone_does_not_matter() -> None:
    paris = datetime(2026, 3, 27, 9, tzinfo=timezone(timedelta(hours=1)))
    assert check_aware("since", paris) == micros(datetime(2026, 3, 27, 8, tzinfo=UTC))


def test_a_naive_time_names_no_moment() -> None:
    with pytest.raises(ConfigurationError, match="since has no time zone"):
        check_aware("since", datetime(2026, 3, 27))


@pytest.mark.parametrize("at", [None, "2026-03-27", 5])
def test_a_time_is_a_datetime(at: Any) -> None:
    with pytest.raises(TypeError, match="since must be datetime"):
        check_aware("since", at)
