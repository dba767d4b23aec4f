"""A request is read whole from Starlette."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from hamilton_sdk.errors import ConfigurationError, RequestRefused
from hamilton_sdk.serving.incoming.starlette import read_request
from tests.serving.incoming.events import GONE, part, receiving, scope

FORM = (b"content-type", b"application/x-www-form-urlencoded")


async def test_method_headers_and_body_come_as_they_were_sent():
    asked = scope((b"X-A", b"1"), (b"x-a", b"\xe9"), method="PUT")
    incoming = await read_request(Request(asked, receiving(part(b"a\x00", more=True), part(b"\xff"))))

    assert incoming.method == "PUT"
    assert incoming.headers == (("x-a", "1"), ("x-a", "é"))
    assert incoming.body == b"a\x00\xff"


@pytest.mark.parametrize("length", [[], [(b"content-length", b"2")]])
async def test_a_body_over_the_cap_is_refused_while_it_arrives_whatever_was_promised(length):
    request = Request(scope(*length), receiving(part(b"ab", more=True), part(b"cde", more=True)))
    with pytest.raises(RequestRefused) as caught:
        await read_request(request, largest_body=4)
    assert caught.value.status == 413


async def test_a_promise_over_the_cap_is_refused_unread():
    with pytest.raises(RequestRefused) as caught:
        await read_request(Request(scope((b"content-length", b"5")), receiving()), largest_body=4)
    assert caught.value.status == 413


@pytest.mark.parametrize("last", [GONE, part()])
async def test_half_a_body_is_refused(last):
    request = Request(scope((b"content-length", b"4")), receiving(part(b"ab", more=True), last))
    with pytest.raises(RequestRefused) as caught:
        await read_request(request)
    assert caught.value.status == 400


async def test_bytes_that_were_kept_before_are_used_and_held_to_the_cap():
    request = Request(scope(), receiving(part(b'{"a": 1}')))
    assert await request.json() == {"a": 1}
    assert (await read_request(request)).body == b'{"a": 1}'
    with pytest.raises(RequestRefused):
        await read_request(request, largest_body=4)


async def test_a_stream_that_was_read_before_is_named_as_the_mistake():
    request = Request(scope(), receiving(part(b"a=1")))
    assert [each async for each in request.stream()] == [b"a=1", b""]
    with pytest.raises(ConfigurationError, match="read before") as caught:
        await read_request(request)
    assert "request.form()" in (caught.value.hint or "")
    assert "once for each request" in (caught.value.hint or "")
