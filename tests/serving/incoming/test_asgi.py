"""A request is read whole from plain ASGI."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.serving.incoming.asgi import expected_length, read_request
from tests.serving.incoming.events import GONE, part, receiving, scope


async def test_method_headers_and_body_come_as_they_were_sent():
    asked = scope((b"X-A", b"1"), (b"x-a", b"\xe9"), (b"content-length", b"4"), method="PUT")
    incoming = await read_request(asked, receiving(part(b"a\x00", more=True), part(b"\xff\n")))

    assert incoming.method == "PUT"
    assert incoming.headers == (("x-a", "1"), ("x-a", "é"), ("content-length", "4"))
    assert incoming.body == b"a\x00\xff\n"


async def test_an_event_may_lack_what_it_has_by_default():
    incoming = await read_request(scope(), receiving({"type": "http.request"}))
    assert incoming.body == b""


@pytest.mark.parametrize("length", [[], [(b"content-length", b"2")]])
async def test_a_body_over_the_cap_is_refused_while_it_arrives_whatever_was_promised(length):
    """The third part is never asked for: it would not come."""
    events = receiving(part(b"ab", more=True), part(b"cde", more=True))
    with pytest.raises(RequestRefused) as caught:
        await read_request(scope(*length), events, largest_body=4)
    assert caught.value.status == 413


async def test_a_promise_over_the_cap_is_refused_unread():
    with pytest.raises(RequestRefused) as caught:
        await read_request(scope((b"content-length", b"5")), receiving(), largest_body=4)
    assert caught.value.status == 413


async def test_a_body_of_exactly_the_cap_is_taken():
    incoming = await read_request(scope((b"content-length", b"4")), receiving(part(b"abcd")), largest_body=4)
    assert incoming.body == b"abcd"


@pytest.mark.parametrize("last", [GONE, part()])
async def test_half_a_body_is_refused(last):
    with pytest.raises(RequestRefused) as caught:
        await read_request(scope((b"content-length", b"4")), receiving(part(b"ab", more=True), last))
    assert caught.value.status == 400


def test_of_several_lengths_the_largest_counts():
    assert expected_length([("content-length", "1"), ("content-length", "9"), ("x", "y")]) == 9
    assert expected_length([]) == 0
