"""A responder is served on this machine alone, and nothing of it is left behind."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest

from hamilton_sdk.cli.loopback import loopback
from hamilton_sdk.flow import Flow, Request, Response


class Greeting:
    """Answers everything alike."""

    def respond(self, _request: Request) -> Flow[Response]:
        return Response(status=200, body=b"hello")
        yield


def test_over_tls_the_authority_that_is_yielded_is_the_one_to_trust():
    with loopback(Greeting()) as (url, authority):
        assert urlsplit(url).scheme == "https"
        trusting = ssl.create_default_context(cafile=authority)
        assert httpx.get(url, verify=trusting, trust_env=False).content == b"hello"
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(url, trust_env=False)
    assert not authority.parent.exists()


def test_without_tls_there_is_no_authority():
    with loopback(Greeting(), tls=False) as (url, authority):
        assert (urlsplit(url).scheme, authority) == ("http", None)
        assert httpx.get(url, trust_env=False).content == b"hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_the_port_is_the_one_that_was_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with loopback(Greeting(), port=port, tls=False) as (url, _):
        assert urlsplit(url).port == port
        with pytest.raises(OSError, match="in use"), loopback(Greeting(), port=port):
            pass
