"""A request is read whole from Flask, whose own limits and caches keep working."""

from __future__ import annotations

import io
from typing import Any

import flask
import pytest
from werkzeug.wrappers import Request

from hamilton_sdk.errors import ConfigurationError, RequestRefused
from hamilton_sdk.serving.incoming.flask import read_request

FORM = "application/x-www-form-urlencoded"
CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


def environ(body: bytes = b"", **more: Any) -> dict[str, Any]:
    given = {
        "REQUEST_METHOD": "POST",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        **more,
    }
    return {name: value for name, value in given.items() if value is not None}


def request(body: bytes = b"", **more: Any) -> Request:
    return Request(environ(body, **more))


def test_method_headers_and_body_come_as_they_were_sent():
    incoming = read_request(request(b"a\x00\xff", REQUEST_METHOD="PUT", HTTP_X_A="1,é"))

    assert incoming.method == "PUT"
    assert sorted(incoming.headers) == [("content-length", "3"), ("x-a", "1,é")]
    assert incoming.body == b"a\x00\xff"


def test_a_form_is_bytes_like_any_other_and_is_parsed_later():
    asked = request(b"a=1", CONTENT_TYPE=FORM)
    assert read_request(asked).body == b"a=1"
    assert (asked.form["a"], asked.get_data()) == ("1", b"a=1")


@pytest.mark.parametrize("body", [b'{"a":1}', b""])
def test_bytes_that_were_kept_before_are_used(body):
    asked = request(body, CONTENT_TYPE="application/json")
    assert asked.get_data() == body
    assert read_request(asked).body == body


def test_bytes_that_were_kept_before_are_held_to_the_cap():
    asked = request(b"abcde", CONTENT_LENGTH=None, **CHUNKED)
    assert asked.get_data() == b"abcde"
    with pytest.raises(RequestRefused) as caught:
        read_request(asked, largest_body=4)
    assert caught.value.status == 413


@pytest.mark.parametrize("length", [None, "3"])
def test_chunks_that_the_server_decodes_are_read(length):
    assert read_request(request(b"abc", CONTENT_LENGTH=length, **CHUNKED)).body == b"abc"


def test_chunks_that_the_server_does_not_decode_are_refused():
    with pytest.raises(RequestRefused) as caught:
        read_request(request(b"3\r\nabc\r\n0\r\n\r\n", CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked"))
    assert caught.value.status == 411


@pytest.mark.parametrize("length", [None, "2"])
def test_a_body_over_the_cap_is_refused_while_it_is_read_whatever_was_promised(length):
    class Endless:
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0
            self.given += size
            return b"x" * size

    endless = Endless()
    asked = request(CONTENT_LENGTH=length, **CHUNKED)
    asked.environ["wsgi.input"] = endless
    with pytest.raises(RequestRefused, match="larger than 4 bytes") as caught:
        read_request(asked, largest_body=4)
    assert caught.value.status == 413
    assert endless.given <= 8


@pytest.mark.parametrize("more", [{}, {"CONTENT_LENGTH": None, **CHUNKED}])
def test_a_body_of_exactly_the_cap_is_taken_and_one_byte_more_is_not(more):
    assert read_request(request(b"abcd", **more), largest_body=4).body == b"abcd"
    with pytest.raises(RequestRefused) as caught:
        read_request(request(b"abcde", **more), largest_body=4)
    assert caught.value.status == 413


@pytest.mark.parametrize(("theirs", "ours"), [(3, 100), (100, 3), (None, 3)])
def test_the_lower_of_our_cap_and_the_applications_holds_and_theirs_stays(theirs, ours):
    asked = request(b"abcd")
    asked.max_content_length = theirs
    with pytest.raises(RequestRefused) as caught:
        read_request(asked, largest_body=ours)
    assert caught.value.status == 413
    assert asked.max_content_length == theirs


def test_a_stream_that_ran_into_the_applications_limit_before_is_refused():
    asked = request(b"abcde", CONTENT_LENGTH=None, **CHUNKED)
    asked.max_content_length = 4
    assert asked.stream.read() == b"abcd"
    with pytest.raises(RequestRefused, match="larger than 4 bytes") as caught:
        read_request(asked)
    assert caught.value.status == 413


def test_half_a_body_is_refused():
    with pytest.raises(RequestRefused, match="went away") as caught:
        read_request(request(b"ab", CONTENT_LENGTH="4"))
    assert caught.value.status == 400


@pytest.mark.parametrize("length", ["abc", "-1"])
def test_a_length_that_is_no_number_is_refused(length):
    """Werkzeug takes it for no length, and the body for empty."""
    with pytest.raises(RequestRefused) as caught:
        read_request(request(b"ab", CONTENT_LENGTH=length))
    assert caught.value.status == 400


def _form(asked: Request) -> object:
    return asked.form["a"]


def _data(asked: Request) -> object:
    """Empty for a form: the name misleads many."""
    return asked.data or asked.form


def _unkept(asked: Request) -> object:
    return asked.get_data(cache=False)


@pytest.mark.parametrize("reader", [_form, _data, _unkept])
@pytest.mark.parametrize("more", [{}, {"CONTENT_LENGTH": None, **CHUNKED}])
def test_a_body_that_was_read_before_is_named_as_the_mistake(reader, more):
    asked = request(b"a=1", CONTENT_TYPE=FORM, **more)
    assert reader(asked)
    if reader is _unkept and more:
        assert read_request(asked).body == b"", "nothing tells it from an empty one"
        return
    with pytest.raises(ConfigurationError, match="read before") as caught:
        read_request(asked)
    assert "request.form" in (caught.value.hint or "")


def test_files_that_were_parsed_before_are_named_as_the_mistake():
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\ncontent\r\n--x--\r\n'
    with request(
        body, CONTENT_LENGTH=None, CONTENT_TYPE="multipart/form-data; boundary=x", **CHUNKED
    ) as asked:
        assert list(asked.files) == ["f"]
        with pytest.raises(ConfigurationError, match="read before"):
            read_request(asked)


def test_it_works_through_flasks_own_proxy():
    app = flask.Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 50
    with app.test_request_context("/", method="POST", data=b"a=1", content_type=FORM):
        assert read_request(flask.request).body == b"a=1"
        assert flask.request.max_content_length == 50
        assert flask.request.form["a"] == "1"
    with app.test_request_context("/", method="POST", data=b"a=1", content_type=FORM):
        assert flask.request.form["a"] == "1"
        with pytest.raises(ConfigurationError):
            read_request(flask.request)
