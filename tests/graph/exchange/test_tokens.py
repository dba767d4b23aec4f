"""Tokens of Entra ID: got once, refreshed early, and nothing of a failure sticks."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import (
    BadResponse,
    ConfigurationError,
    ConnectionFailed,
    ConnectorError,
    Outcome,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorized,
)
from hamilton_sdk.flow import Cut, Now, Offload, Request, Response, Safety, Token
from hamilton_sdk.graph.exchange.credentials import ClientCertificate, ClientSecret
from hamilton_sdk.retry import RetryPolicy
from tests.graph.exchange.entra import (
    CLIENT,
    GRAPH,
    LOGIN,
    SECRET,
    TENANT,
    Asker,
    Asking,
    AsyncAsker,
    Changing,
    Entra,
    auth,
    certificate,
    certificate_pem,
    key_pem,
    said,
)

ONCE = RetryPolicy(attempts=1)
REQUEST = Request(method="GET", url=f"{GRAPH}/ping", operation="ping", safety=Safety.SAFE)


def asker(entra: Entra, credential=None, clock=None, retry=None, **more):
    given = credential or ClientSecret(SECRET)
    adapter = Asking(auth(given, entra.login, entra.scope, **more))
    return Asker(adapter, transport=entra, clock=clock or SettableClock(), retry=retry)


def failure(entra: Entra, **more) -> ConnectorError:
    with asker(entra, retry=ONCE, **more) as calendar, pytest.raises(ConnectorError) as caught:
        calendar.ask()
    return caught.value


def test_a_secret_gives_a_token_that_is_put_on_requests():
    entra = Entra()
    with asker(entra) as calendar:
        assert calendar.ask() == 200
    (form,) = entra.posts
    assert form["client_secret"] == SECRET


async def test_async_too():
    entra = Entra()
    adapter = Asking(auth(ClientSecret(SECRET)))
    async with AsyncAsker(adapter, transport=entra, clock=SettableClock()) as calendar:
        assert await calendar.ask() == 200
    assert len(entra.posts) == 1


def test_a_certificate_signs_an_assertion():
    """The endpoint checks signature, audience, issuer and thumbprint."""
    entra = Entra(certificate=certificate())
    credential = ClientCertificate(key_pem(password="opens it"), certificate_pem(), password="opens it")
    with asker(entra, credential) as calendar:
        assert calendar.ask() == 200
    assert "client_secret" not in entra.posts[0]


def test_a_certificate_that_is_not_registered_is_refused():
    entra = Entra(certificate=certificate(), script=[said(700027)])
    other = ClientCertificate(key_pem("second"), certificate_pem("second"))
    error = failure(entra, credential=other)
    assert (type(error), error.code) == (Unauthorized, "AADSTS700027")
    assert "thumbprint" in error.hint


@pytest.mark.parametrize(
    ("login", "scope"),
    [
        ("https://login.microsoftonline.us", "https://graph.microsoft.us/.default"),
        ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"),
        ("https://127.0.0.1:8443", "https://graph.microsoft.com/.default"),
        ("http://127.0.0.1:8080", "https://graph.microsoft.com/.default"),
    ],
)
@pytest.mark.parametrize("by", ["secret", "certificate"])
def test_national_clouds_and_simulators_are_asked_at_their_own_address(login, scope, by):
    """And no other host is asked anything: no instance discovery, no document."""
    entra = Entra(login=login, scope=scope)
    credential = ClientSecret(SECRET)
    if by == "certificate":
        entra.certificate = certificate()
        credential = ClientCertificate(key_pem(), certificate_pem())
    with asker(entra, credential) as calendar:
        assert calendar.ask() == 200
    assert (len(entra.posts), entra.calls) == (1, 1)


def test_one_token_serves_until_shortly_before_its_end():
    entra, clock = Entra(), SettableClock()
    with asker(entra, clock=clock) as calendar:
        for _ in range(3):
            calendar.ask()
        clock.advance(3599 - 121)
        calendar.ask()
        assert len(entra.posts) == 1
        clock.advance(2)
        calendar.ask()
    assert len(entra.posts) == 2


def test_a_token_that_graph_refuses_is_replaced_once():
    """MSAL would give the same one again, out of its cache."""
    entra = Entra()
    with asker(entra) as calendar:
        calendar.ask()
        entra.revoke()
        assert calendar.ask() == 200
    assert len(entra.posts) == 2


def test_many_threads_ask_for_one_token():
    entra = Entra()
    with asker(entra) as calendar, ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: calendar.ask(), range(64))) == [200] * 64
        assert len(entra.posts) == 1
        entra.revoke()
        assert list(pool.map(lambda _: calendar.ask(), range(64))) == [200] * 64
    assert len(entra.posts) == 2


async def test_many_tasks_ask_for_one_token():
    entra = Entra()
    adapter = Asking(auth(ClientSecret(SECRET)))
    async with AsyncAsker(adapter, transport=entra, clock=SettableClock()) as calendar:
        assert await asyncio.gather(*(calendar.ask() for _ in range(64))) == [200] * 64
    assert len(entra.posts) == 1


@pytest.mark.parametrize(
    "trouble", [Response(503), Response(500), Response(429, {"retry-after": "2"}), Cut()]
)
def test_a_passing_failure_is_tried_again_by_the_policy(trouble):
    entra = Entra(script=[trouble, trouble])
    with asker(entra) as calendar:
        assert calendar.ask() == 200
    assert len(entra.posts) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Response(503), ServerFailed),
        (Response(429, {"retry-after": "60"}), RateLimited),
        (said(90033), ServerFailed),
        (Cut("refused"), ConnectionFailed),
        (Cut("timeout"), TimedOut),
    ],
)
def test_a_failure_does_not_stick(trouble, kind):
    """MSAL gives 5xx and 429 again for up to a minute without asking."""
    entra = Entra(script=[trouble])
    with asker(entra, retry=ONCE) as calendar:
        with pytest.raises(kind):
            calendar.ask()
        assert calendar.ask() == 200
    assert len(entra.posts) == 2


async def test_a_failure_does_not_stick_in_async_code_either():
    entra = Entra(script=[Response(503)])
    adapter = Asking(auth(ClientSecret(SECRET)))
    async with AsyncAsker(adapter, transport=entra, clock=SettableClock(), retry=ONCE) as calendar:
        with pytest.raises(ServerFailed):
            await calendar.ask()
        assert await calendar.ask() == 200


@pytest.mark.parametrize(
    "trouble", [Response(503), Response(503, {"retry-after": "1"}), Cut("refused"), Cut()]
)
def test_a_log_in_that_stays_away_is_asked_as_often_as_the_policy_says(trouble):
    """And not as often again for each try of the request that needs the token, which was never sent."""
    entra = Entra(script=[trouble] * 20)
    with asker(entra) as calendar, pytest.raises(ConnectorError) as caught:
        calendar.ask()
    assert (len(entra.posts), entra.calls) == (4, 0)
    assert (caught.value.operation, caught.value.outcome) == ("token", Outcome.FINAL)


def test_a_secret_is_rotated_without_a_restart():
    """The expired one is refused; the new one, from the same source, is good at once."""
    entra, source = Entra(secret="the new one"), Changing("the old one")
    with asker(entra, ClientSecret(source), retry=ONCE) as calendar:
        with pytest.raises(Unauthorized):
            calendar.ask()
        source.value = "the new one"
        assert calendar.ask() == 200
    assert source.asked == 2


def test_a_refusal_is_not_given_again_while_the_secret_stays_the_same():
    """An administrator may have put it right at the other side (MSAL keeps a 400 for a minute)."""
    entra = Entra(script=[said(700016)])
    with asker(entra, retry=ONCE) as calendar:
        with pytest.raises(Unauthorized):
            calendar.ask()
        assert calendar.ask() == 200
    assert len(entra.posts) == 2


def test_a_secret_that_cannot_be_had_is_told_and_nothing_is_sent(tmp_path):
    from hamilton_sdk.secrets import FileSecret

    entra = Entra()
    with asker(entra, ClientSecret(FileSecret(tmp_path / "missing"))) as calendar:
        with pytest.raises(ConfigurationError, match="cannot be read"):
            calendar.ask()
    assert entra.posts == []


def test_no_secret_and_no_token_stands_in_any_text(caplog):
    """Also where the endpoint echoes what it was sent, and in records of any logger."""
    caplog.set_level(logging.DEBUG)
    echo = Response(400, {}, f"client_secret={SECRET}&{SECRET}".encode())
    for answer in (echo, said(7000215, error_description=f"AADSTS7000215: {SECRET}")):
        error = failure(Entra(script=[answer]))
        shown = (str(error), repr(error), str(error.__notes__), str(error.raw), str(vars(error)))
        assert not any(SECRET in each or "person@" in each for each in shown)
        assert SECRET not in str(vars(copy.copy(error))) + pickle.dumps(error).decode("latin-1")
    entra = Entra()
    with asker(entra) as calendar:
        calendar.ask()
        assert SECRET not in repr(calendar)
    assert caplog.records
    texts = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert not any(SECRET in each or entra.issued[0] in each for each in texts)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>log in</html>",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"token_type": "Bearer", "access_token": ""}',
        b'{"token_type": "Bearer", "access_token": 5}',
        b'{"token_type": "pop", "access_token": "abc"}',
        b'{"access_token": "abc"}',
        b'{"token_type": "Bearer", "access_token": "a\\r\\nx-evil: 1"}',
        '{"token_type": "Bearer", "access_token": "é"}'.encode(),
    ],
)
def test_an_answer_without_a_bearer_token_is_broken(body):
    error = failure(Entra(script=[Response(200, {}, body)]))
    assert type(error) is BadResponse
    assert error.raw is None
    assert "proxy" in error.hint


@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [
        (3599, 3599),
        ("3599", 3599),
        (0, 0),
        (10**12, 604_800),
        ("9" * 400, None),
        (None, None),
        (-1, None),
        (True, None),
        ("soon", None),
        (3.5, None),
    ],
)
def test_the_end_of_a_token_is_as_told(lifetime, seconds):
    entra, asked = Entra(lifetime=lifetime), datetime(2026, 1, 5, 9, tzinfo=UTC)
    flow = auth(ClientSecret(SECRET)).acquire()
    assert isinstance(next(flow), Now)
    offload = flow.send(asked)
    assert isinstance(offload, Offload)

    def fetch(request: Request) -> Response:
        with pytest.raises(StopIteration) as stop:
            next(entra.respond(request))
        return stop.value.value

    with pytest.raises(StopIteration) as stop:
        flow.send(offload.function(fetch))
    expected = None if seconds is None else asked + timedelta(seconds=seconds)
    assert stop.value.value == Token("token.0", expected)


def test_a_token_replaces_one_that_is_on_the_request():
    applied = auth(ClientSecret(SECRET)).apply(
        replace(REQUEST, headers={"Authorization": "Bearer old", "accept": "a"}), Token("new")
    )
    assert applied.headers == {"accept": "a", "authorization": "Bearer new"}


@pytest.mark.parametrize(
    ("status", "body", "expired"),
    [
        (401, b"", True),
        (401, b'{"error": {"code": "InvalidAuthenticationToken", "message": ""}}', True),
        (401, b'{"error": {"code": "", "message": ""}}', True),
        (401, b'{"error": {"code": "SomethingElse", "message": ""}}', False),
        (403, b'{"error": {"code": "InvalidAuthenticationToken", "message": ""}}', False),
        (200, b"", False),
    ],
)
def test_a_401_without_another_reason_means_that_the_token_is_no_longer_good(status, body, expired):
    assert auth(ClientSecret(SECRET)).expired(Response(status, {}, body)) is expired


@pytest.mark.parametrize("tenant", ["common", "Organizations", "consumers"])
def test_a_word_for_any_tenant_is_no_tenant(tenant):
    with pytest.raises(ConfigurationError) as caught:
        auth(ClientSecret(SECRET), tenant_id=tenant)
    assert "Directory (tenant) ID" in caught.value.hint


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "msal", None)
    with asker(Entra()) as calendar, pytest.raises(ConfigurationError) as caught:
        calendar.ask()
    assert "hamilton-apps-sdk[graph]" in caught.value.hint


def test_it_shows_neither_secret_nor_token_in_its_repr():
    shown = repr(auth(ClientSecret(SECRET)))
    assert TENANT in shown
    assert CLIENT in shown
    assert LOGIN in shown
    assert SECRET not in shown


def test_msal_is_silent_about_its_use():
    """No deprecation, and no unclosed session of its own HTTP library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with asker(Entra()) as calendar:
            assert calendar.ask() == 200
