"""A request is read whole from plain WSGI, and never further than it goes."""

from __future__ import annotations

import io

import pytest

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.serving.incoming.wsgi import read_request


class Line:
    """A connection that is kept: reading further than the body would wait, and is an error here."""

    def __init__(self, sent: bytes, *, at_most: int = 7) -> None:
        self.left = sent
        self._at_most = at_most

    def read(self, size: int) -> bytes:
        assert self.left, "reads on, and would wait for ever"
        given = min(size, self._at_most)
        found, self.left = self.left[:given], self.left[given:]
        return found


def environ(body=b"", **more):
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    return {"REQUEST_METHOD": "POST", "wsgi.input": stream, **more}


def test_method_headers_and_body_come_as_they_were_sent():
    incoming = read_request(
        environ(
            b"a\x00\xff\n",
            REQUEST_METHOD="PUT",
            CONTENT_LENGTH="4",
            CONTENT_TYPE="application/json",
            HTTP_WEBHOOK_ID="1",
            HTTP_X="é",
            SERVER_NAME="here",
            HTTPS="on",
        )
    )

    assert incoming.method == "PUT"
    assert sorted(incoming.headers) == [
        ("content-length", "4"),
        ("content-type", "application/json"),
        ("webhook-id", "1"),
        ("x", "é"),
    ]
    assert incoming.body == b"a\x00\xff\n"


def test_nothing_is_read_beyond_the_promised_length():
    line = Line(b"0123456789the next request")
    assert read_request(environ(line, CONTENT_LENGTH="10")).body == b"0123456789"
    assert line.left == b"the next request"


@pytest.mark.parametrize("length", [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}])
def test_without_a_length_there_is_no_body_and_nothing_is_read(length):
    assert read_request(environ(Line(b"the next request"), **length)).body == b""


@pytest.mark.parametrize("length", [{}, {"CONTENT_LENGTH": "3"}])
def test_a_server_that_ends_the_input_itself_is_read_to_its_end(length):
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert read_request(environ(b"abcde", **chunked, **length)).body == b"abcde"


def test_chunks_that_the_server_does_not_decode_are_refused_unread():
    for length in ({}, {"CONTENT_LENGTH": "5"}):
        with pytest.raises(RequestRefused) as caught:
            read_request(environ(Line(b""), HTTP_TRANSFER_ENCODING="chunked", **length))
        assert caught.value.status == 411


@pytest.mark.parametrize("length", [{}, {"CONTENT_LENGTH": "2"}])
def test_a_body_over_the_cap_is_refused_while_it_is_read_whatever_was_promised(length):
    line = Line(b"0123456789", at_most=3)
    with pytest.raises(RequestRefused) as caught:
        read_request(environ(line, **{"wsgi.input_terminated": True}, **length), largest_body=4)
    assert caught.value.status == 413
    assert line.left == b"6789"


def test_a_promise_over_the_cap_is_refused_unread():
    line = Line(b"01234")
    with pytest.raises(RequestRefused) as caught:
        read_request(environ(line, CONTENT_LENGTH="5"), largest_body=4)
    assert (caught.value.status, line.left) == (413, b"01234")
    assert read_request(environ(b"0123", CONTENT_LENGTH="4"), largest_body=4).body == b"0123"


def test_half_a_body_is_refused():
    with pytest.raises(RequestRefused, match="after 2 of 4") as caught:
        read_request(environ(b"ab", CONTENT_LENGTH="4"))
    assert caught.value.status == 400


def test_a_line_that_breaks_is_refused_and_not_a_failure_of_ours():
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError("reset")

    with pytest.raises(RequestRefused, match="went away") as caught:
        read_request(environ(Broken(), CONTENT_LENGTH="4"))
    assert caught.value.status == 400
    assert isinstance(caught.value.__cause__, ConnectionResetError)
