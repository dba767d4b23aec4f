"""A body is gathered under a cap, and no length that is only promised is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError, RequestRefused
from hamilton_sdk.serving.incoming.received import (
    LARGEST_BODY,
    Gathering,
    Incoming,
    SenderWentAway,
    declared_length,
    read_before,
    too_large,
)

PARTS = st.lists(st.binary(max_size=8), max_size=8)


def test_one_mebibyte_is_taken_unless_told_otherwise():
    assert LARGEST_BODY == 1_048_576


def test_what_came_in_is_not_shown():
    """A body holds visitors' names, and headers hold signatures."""
    assert repr(Incoming("POST", (("authorization", "Bearer x"),), b"Durand")) == "Incoming(method='POST')"


@given(PARTS, st.integers(0, 40))
def test_a_body_is_whole_or_refused_by_its_size_alone(parts, largest):
    gathering = Gathering(largest)
    if sum(map(len, parts)) <= largest:
        for each in parts:
            gathering.add(each)
        assert gathering.whole() == b"".join(parts)
    else:
        with pytest.raises(RequestRefused) as caught:
            for each in parts:
                gathering.add(each)
        assert caught.value.status == 413


def test_the_part_that_is_too_much_is_refused_at_once():
    gathering = Gathering(4)
    gathering.add(b"ab")
    with pytest.raises(RequestRefused, match="larger than 4 bytes") as caught:
        gathering.add(b"cde")
    assert caught.value.status == 413


def test_a_promise_of_too_much_is_refused_before_anything_is_read():
    with pytest.raises(RequestRefused) as caught:
        Gathering(4, 5)
    assert caught.value.status == 413
    Gathering(4, 4)


def test_less_than_promised_is_refused():
    gathering = Gathering(10, 4)
    gathering.add(b"abc")
    with pytest.raises(RequestRefused, match="after 3 of 4 bytes") as caught:
        gathering.whole()
    assert caught.value.status == 400
    assert "read the body before" in (caught.value.hint or "")


def test_more_than_promised_is_counted_like_any_other_byte():
    gathering = Gathering(4, 1)
    gathering.add(b"abcd")
    assert gathering.whole() == b"abcd"
    with pytest.raises(RequestRefused):
        gathering.add(b"e")


@pytest.mark.parametrize(
    ("value", "length"), [(None, None), ("", None), ("0", 0), ("007", 7), ("1048576", 1_048_576)]
)
def test_a_length_is_plain_digits(value, length):
    assert declared_length(value) == length


@pytest.mark.parametrize(
    "value", ["9" * 19, "9" * 5000, "-1", "+1", "1_0", "1.0", " 1", "1,1", "0x1", "abc", "\u0661", "²"]
)
def test_any_other_length_is_refused(value):
    with pytest.raises(RequestRefused, match="Content-Length") as caught:
        declared_length(value)
    assert caught.value.status == 400


def test_the_other_errors_say_what_happened():
    assert (SenderWentAway().status, too_large(1).status) == (400, 413)
    error = read_before("request.form()")
    assert isinstance(error, ConfigurationError)
    assert error.hint == "verify first, before request.form()"
