"""The handshake's token is found, decoded exactly once, and never guessed at."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.graph.notifications.handshake import validation_token

SEEN = "Validation: Testing client application reachability for subscription Request-Id: 522a8e7e-096a"


@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_what_graph_sends_is_decoded(encode):
    assert validation_token(f"validationToken={encode(SEEN)}") == SEEN.encode()


def test_it_is_decoded_once():
    assert validation_token("validationToken=a%2520b%252Bc+d%2Be") == b"a%20b%2Bc d+e"


def test_the_query_of_the_address_itself_is_passed_over():
    assert validation_token(b"room=5&validationToken=abc&x=") == b"abc"


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_comes_back_as_it_is(token):
    sent = token.encode("utf-8", "surrogatepass")
    assert validation_token(f"a=b&validationToken={quote(sent)}") == sent


@given(st.binary(min_size=1))
def test_any_bytes_come_back_as_they_are(token):
    """The token is opaque, and need not be text."""
    assert validation_token(f"validationToken={quote(token)}".encode()) == token


@pytest.mark.parametrize("query", ["", b"", "room=5", "validationtoken=abc", "x=validationToken"])
def test_other_requests_are_no_handshake(query):
    assert validation_token(query) is None


@pytest.mark.parametrize(
    "query",
    ["validationToken=", "validationToken", "validationToken=a&validationToken=b", "a=b&" * 101],
)
def test_what_cannot_be_read_is_refused(query):
    with pytest.raises(RequestRefused) as caught:
        validation_token(query)
    assert caught.value.status == 400
