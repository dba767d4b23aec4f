"""JSON is read strictly: one object, one meaning, and no other error than the documented one."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from hamilton_sdk.errors import WebhookPayloadError
from hamilton_sdk.webhooks.events._plain import LARGEST, plain, plain_text, read_object
from tests.webhooks.events.samples import values


def refused(body: bytes, limit: int = LARGEST) -> str:
    with pytest.raises(WebhookPayloadError) as caught:
        read_object(body, limit)
    assert caught.value.__suppress_context__
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"{'a': 1}", "is not JSON"),
        (b'{"a": 1} x', "is not JSON"),
        (b'{"a": 01}', "is not JSON"),
        (b'{"a": "\n"}', "is not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "is not JSON"),
        ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
        (b'{"a": "\xff"}', "is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "is not UTF-8"),
        (b"[]", "is no JSON object"),
        (b"null", "is no JSON object"),
        (b'"text"', "is no JSON object"),
        (b'{"a": NaN}', "holds a number that is not finite"),
        (b'{"a": Infinity}', "holds a number that is not finite"),
        (b'{"a": -Infinity}', "holds a number that is not finite"),
        (b'{"a": 1, "a": 1}', "holds an object with the same name twice"),
        (b'{"a": [{"b": 1, "\\u0062": 2}]}', "holds an object with the same name twice"),
        (b'{"\\ud800": 1}', "holds half of a surrogate pair, which UTF-8 cannot write"),
        (b'{"a": ' + b"9" * 301 + b"}", "holds an integer of more than 300 digits"),
        (b'{"a": ' + b"9" * 5000 + b"}", "holds an integer of more than 300 digits"),
        (b"[" * 200_000, "is nested more than 64 deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "is nested more than 64 deep"),
    ],
)
def test_what_has_no_single_meaning_is_refused_by_its_rule(body: bytes, rule: str) -> None:
    assert refused(body) == f"the body {rule}"


def test_digits_are_not_read_for_a_second_where_the_interpreter_s_own_limit_is_off() -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert (
            refused(b'{"a": ' + b"9" * 900_000 + b"}") == "the body holds an integer of more than 300 digits"
        )
    finally:
        sys.set_int_max_str_digits(limit)


def test_a_size_is_a_limit_to_the_byte() -> None:
    assert read_object(b"{}", 2) == {}
    assert refused(b"{ }", 2) == "the body has more than 2 bytes"


@given(
    st.binary(max_size=200) | st.text('[]{}":,0123456789eE+-.NaInfity\\u trlse\ud800'[:-1]).map(str.encode)
)
def test_any_bytes_are_an_object_or_the_one_error(body: bytes) -> None:
    try:
        assert isinstance(read_object(body, LARGEST), dict)
    except WebhookPayloadError:
        return


@given(st.dictionaries(st.text(), values))
def test_what_is_plain_comes_through_json_as_it_was(content: dict[str, object]) -> None:
    try:
        made = plain(content)
    except PydanticCustomError:
        return
    assert read_object(json.dumps(made).encode(), LARGEST) == content


def broken(value: object) -> str:
    with pytest.raises(PydanticCustomError) as caught:
        plain(value)
    assert caught.value.context
    assert caught.value.context["hint"]
    return caught.value.message()


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (float("nan"), "holds a number that is not finite"),
        ([float("-inf")], "holds a number that is not finite"),
        (10**300, "holds an integer of more than 300 digits"),
        (-(10**300), "holds an integer of more than 300 digits"),
        ("\ud800", "holds half of a surrogate pair, which UTF-8 cannot write"),
        ({"\udfff": 1}, "holds half of a surrogate pair, which UTF-8 cannot write"),
        ({1: 2}, "holds an object with a name that is no text"),
        (b"bytes", "holds what JSON has no form for"),
        ({"a": {1, 2}}, "holds what JSON has no form for"),
        (_nested(65), "is nested more than 64 deep"),
    ],
)
def test_what_json_cannot_carry_is_refused_by_its_rule(value: object, rule: str) -> None:
    assert broken(value) == rule


def test_what_is_at_the_limits_is_plain() -> None:
    for value in (10**300 - 1, -(10**300 - 1), _nested(64), sys.float_info.max, True, None, "é\U0001f600"):
        assert plain(value) == value


def test_values_are_as_json_gives_them_back() -> None:
    assert plain({"a": (1, (2,))}) == {"a": [1, [2]]}


def test_text_is_what_utf_8_can_write() -> None:
    assert plain_text("\U0001f600\n") == "\U0001f600\n"
    with pytest.raises(PydanticCustomError):
        plain_text("\ud83d")
