"""Notifications in plain WSGI: by hand, and under a real server."""

from __future__ import annotations

import io
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import httpx
import pytest

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.graph.notifications.receiving.wsgi import notifications_wsgi, receive_request
from tests.graph.notifications.receiving.receivers import (
    HANDSHAKE,
    POSTED,
    REFUSED,
    TOKEN,
    TROUBLES,
    Keeper,
    receiver,
)
from tests.webhooks.receiving.servers import werkzeug_server


def environ(posted=b"", query="", method="POST", **more):
    return {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(posted)),
        "wsgi.input": io.BytesIO(posted),
        **more,
    }


def call(application, asked):
    started = []
    content = b"".join(application(asked, lambda *told: started.extend(told)))
    return int(started[0].split()[0]), dict(started[1]), content


def test_a_request_brings_what_it_holds():
    with receiver() as gate:
        received = receive_request(environ(POSTED), gate)
        assert (len(received.changes), len(received.lifecycle), len(received.refused)) == (1, 1, 1)
        assert receive_request(environ(query=HANDSHAKE), gate).validation == TOKEN
        without = environ(POSTED)
        del without["QUERY_STRING"]  # which a server may leave out
        assert not receive_request(without, gate).handshake
        with pytest.raises(RequestRefused):
            receive_request(environ(POSTED), gate, largest_body=10)


def test_the_handshake_is_answered():
    with receiver() as gate:
        status, headers, content = call(notifications_wsgi(gate, Keeper()), environ(query=HANDSHAKE))
    assert (status, content, headers["content-length"]) == (200, TOKEN, str(len(TOKEN)))
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"


def test_notifications_are_handed_over_once_and_answered_with_202():
    keeper = Keeper()
    with receiver() as gate:
        application = notifications_wsgi(gate, keeper)
        answers = [call(application, environ(POSTED)) for _ in range(2)]
    assert [(status, content) for status, _, content in answers] == [(202, b"")] * 2
    assert [len(each.changes) for each in keeper.got] == [1, 0]


@REFUSED
def test_what_is_not_taken_is_refused(query, posted, status):
    keeper = Keeper()
    with receiver() as gate:
        assert call(notifications_wsgi(gate, keeper), environ(posted, query))[0] == status
    assert keeper.got == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_another_method_is_refused(method):
    with receiver() as gate:
        status, headers, content = call(notifications_wsgi(gate, Keeper()), environ(method=method))
    assert (status, headers["allow"], content) == (405, "POST", b"")


def test_chunks_that_the_server_does_not_decode_are_refused():
    with receiver() as gate:
        chunked = environ(POSTED, HTTP_TRANSFER_ENCODING="chunked")
        assert call(notifications_wsgi(gate, Keeper()), chunked)[0] == 411


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_cannot_be_judged_is_answered_with_503(trouble):
    with receiver(trouble) as gate:
        assert call(notifications_wsgi(gate, Keeper()), environ(POSTED))[0] == 503


@pytest.mark.parametrize("does", [OSError("full"), 202])
def test_what_could_not_be_kept_is_the_servers_500_and_comes_again(does):
    keeper = Keeper(does)
    with receiver() as gate:
        for _ in range(2):
            with pytest.raises((OSError, TypeError)):
                call(notifications_wsgi(gate, keeper), environ(POSTED))
    assert [len(each.changes) for each in keeper.got] == [1, 1]


@pytest.mark.parametrize(
    ("posted", "query", "status"), [(POSTED, "", 202), (b"", HANDSHAKE, 200), (b"", "", 400)]
)
def test_every_rule_of_pep_3333_is_kept(posted, query, status):
    asked = environ(posted, query)
    setup_testing_defaults(asked)
    with receiver() as gate:
        answer = validator(notifications_wsgi(gate, Keeper()))
        started = []
        parts = answer(
            asked, lambda status, headers, failure=None: started.append(status) or (lambda _: None)
        )
        b"".join(parts)
        parts.close()
    assert started[0].startswith(str(status))


def test_under_a_real_server():
    keeper = Keeper()
    with receiver() as gate, werkzeug_server(notifications_wsgi(gate, keeper)) as port:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            assert client.post(f"/graph?{HANDSHAKE}", headers={"content-type": "text/plain"}).content == TOKEN
    assert keeper.got == []
