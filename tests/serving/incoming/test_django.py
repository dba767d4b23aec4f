"""A request is read whole from Django, under WSGI and under ASGI."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import RawPostDataException
from django.test import override_settings

from hamilton_sdk.errors import ConfigurationError, RequestRefused
from hamilton_sdk.serving.incoming.django import read_request
from tests.serving.incoming.django_site import ready
from tests.serving.incoming.events import scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

ready()
FILES = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
MULTIPART = "multipart/form-data; boundary=x"


def wsgi(body: bytes, **more: Any) -> WSGIRequest:
    length = str(len(body))
    given = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": length, **more}
    return WSGIRequest({name: value for name, value in given.items() if value is not None})


def asgi(body: bytes, **more: Any) -> ASGIRequest:
    """As Django makes it of a request in chunks, unless a length is given."""
    named = {"transfer_encoding": "chunked"} if "CONTENT_LENGTH" not in more else {}
    named |= {name.removeprefix("HTTP_").lower(): value for name, value in more.items() if value}
    headers = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in named.items()]
    file = tempfile.SpooledTemporaryFile(max_size=1000)  # noqa: SIM115 (Django closes it with the request)
    file.write(body)
    file.seek(0)
    return ASGIRequest(scope(*headers), file)


@pytest.fixture(params=[wsgi, asgi])
def make(request) -> Iterator[Any]:
    made: list[HttpRequest] = []

    def remembered(body: bytes, **more: Any) -> HttpRequest:
        made.append(request.param(body, **more))
        return made[-1]

    yield remembered
    for each in made:
        each.close()


def test_method_headers_and_body_come_as_they_were_sent(make):
    incoming = read_request(make(b"a\x00\xff", HTTP_X_A="1,é", CONTENT_TYPE="text/plain"))

    assert incoming.method == "POST"
    assert {("x-a", "1,é"), ("content-type", "text/plain")} <= set(incoming.headers)
    assert incoming.body == b"a\x00\xff"


def test_a_body_of_exactly_the_cap_is_taken_and_one_byte_more_is_not(make):
    assert read_request(make(b"abcd"), largest_body=4).body == b"abcd"
    with pytest.raises(RequestRefused) as caught:
        read_request(make(b"abcde"), largest_body=4)
    assert caught.value.status == 413


def test_no_more_than_the_cap_and_a_block_is_read_into_memory():
    request = asgi(b"x" * 300_000)
    with pytest.raises(RequestRefused) as caught:
        read_request(request, largest_body=4)
    assert caught.value.status == 413
    assert len(request.read()) == 300_000 - 65_536
    request.close()


@pytest.mark.parametrize("allowed", [2, None])
def test_djangos_own_limit_is_another_matter(make, allowed):
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=allowed):
        assert read_request(make(b"abcd")).body == b"abcd"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", MULTIPART])
def test_bytes_that_were_kept_before_are_used_and_held_to_the_cap(make, kind):
    request = make(FILES, CONTENT_TYPE=kind)
    assert request.body == FILES
    request.POST  # noqa: B018 (parsed from the bytes that are kept)
    assert read_request(request).body == FILES
    assert request.body == FILES
    with pytest.raises(RequestRefused) as caught:
        read_request(request, largest_body=4)
    assert caught.value.status == 413


def test_an_urlencoded_form_keeps_its_bytes(make):
    request = make(b"a=1", CONTENT_TYPE="application/x-www-form-urlencoded")
    assert request.POST["a"] == "1"
    assert read_request(request).body == b"a=1"


def test_files_that_were_parsed_before_are_named_as_the_mistake(make):
    request = make(FILES, CONTENT_TYPE=MULTIPART, CONTENT_LENGTH=str(len(FILES)))
    assert request.POST["a"] == "1"
    with pytest.raises(ConfigurationError, match="read before") as caught:
        read_request(request)
    assert "request.POST" in (caught.value.hint or "")


def test_afterwards_django_says_that_the_body_was_read(make):
    request = make(b"a=1")
    read_request(request)
    with pytest.raises(RawPostDataException):
        request.body  # noqa: B018 (asked for)


def test_half_a_body_is_refused(make):
    with pytest.raises(RequestRefused, match="after 2 of 4") as caught:
        read_request(make(b"ab", CONTENT_LENGTH="4"))
    assert caught.value.status == 400


def test_a_length_that_is_no_number_is_refused(make):
    """Django itself takes it for 0, and the body for empty."""
    with pytest.raises(RequestRefused) as caught:
        read_request(make(b"ab", CONTENT_LENGTH="2,2"))
    assert caught.value.status == 400


@pytest.mark.parametrize("more", [{}, {"wsgi.input_terminated": True}])
def test_chunks_under_wsgi_are_refused_since_django_reads_none(more):
    with pytest.raises(RequestRefused) as caught:
        read_request(wsgi(b"ab", CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked", **more))
    assert caught.value.status == 411


def test_a_line_that_breaks_is_refused_and_not_a_failure_of_ours():
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("reset")

    with pytest.raises(RequestRefused, match="went away") as caught:
        read_request(wsgi(b"", CONTENT_LENGTH="4", **{"wsgi.input": Broken()}))
    assert caught.value.status == 400
