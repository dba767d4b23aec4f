"""Entra ID's keys are fetched once a day, anew for one that is not known, and from Microsoft alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import BadResponse, ConnectorError, NotFound, ServerFailed
from hamilton_sdk.flow import Response
from hamilton_sdk.graph.notifications.discovery import SigningKeys
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.shell import Shell
from tests.graph.exchange.entra import LOGIN
from tests.graph.notifications.posted import DOCUMENT, JWKS, EntraKeys, json_web_key


@dataclass(frozen=True)
class Asking:
    keys: SigningKeys
    name: str = "graph.notifications"
    auth: None = None


class Asker(Shell[Asking]):
    def get(self, *wanted: str):
        return set(self._run(self._adapter.keys.get(wanted), "keys"))


@pytest.fixture
def entra() -> EntraKeys:
    return EntraKeys()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def asker(entra, clock):
    with Asker(
        Asking(SigningKeys(LOGIN)), transport=entra, clock=clock, retry=RetryPolicy(attempts=1)
    ) as made:
        yield made


def test_they_are_fetched_once(asker, entra):
    assert asker.get("entra") == {"entra"}
    assert asker.get("entra") == {"entra"}
    assert entra.asked == [DOCUMENT, JWKS]


def test_they_are_fetched_anew_after_a_day(asker, entra, clock):
    asker.get("entra")
    clock.advance(24 * 3600 - 1)
    asker.get("entra")
    assert len(entra.asked) == 2
    clock.advance(1)
    asker.get("entra")
    assert len(entra.asked) == 4


def test_a_key_that_is_not_known_is_looked_for(asker, entra, clock):
    """Entra ID rolled its keys over; a forged token's key makes one look-up in five minutes at most."""
    asker.get("entra")
    entra.keys.append(json_web_key("second"))
    clock.advance(299)
    assert asker.get("second") == {"entra"}
    clock.advance(1)
    assert asker.get("second") == {"entra", "second"}
    for _ in range(5):
        asker.get("forged")
    assert len(entra.asked) == 4


def test_only_rsa_keys_for_signing_count(asker, entra):
    entra.keys[:0] = [
        5,
        {},
        json_web_key("no use", use=None),
        json_web_key("encrypts", use="enc"),
        json_web_key("elliptic", kty="EC"),
        json_web_key("unnamed", kid=None),
    ]
    assert asker.get("entra") == {"entra"}


@pytest.mark.parametrize(
    "jwks",
    [JWKS, "https://login.windows.net/common/discovery/keys", "https://login.microsoftonline.us:443/keys"],
)
def test_keys_come_from_microsofts_hosts(asker, entra, jwks):
    entra.jwks = jwks
    assert asker.get("entra") == {"entra"}
    assert entra.asked == [DOCUMENT, jwks]


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        5,
        "",
        "https://evil.example/keys",
        "http://login.microsoftonline.com/keys",
        "https://login.microsoftonline.com:8443/keys",
        "https://login.microsoftonline.com@evil.example/keys",
        "https://login.windows.net.evil.example/keys",
        "https://[broken",
    ],
)
def test_and_from_nowhere_else(asker, entra, jwks):
    entra.jwks = jwks
    with pytest.raises(BadResponse, match="names no keys"):
        asker.get("entra")
    assert entra.asked == [DOCUMENT]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"keys": []}', b'{"keys": 5}', b"[" * 100_000]
)
def test_an_answer_without_keys_is_broken(asker, entra, body):
    good = EntraKeys()
    (document,) = [b'{"jwks_uri": "%s"}' % good.jwks.encode()]
    entra.script = [Response(200, {}, document), Response(200, {}, body)]
    with pytest.raises(BadResponse) as caught:
        asker.get("entra")
    assert "login_url" in caught.value.hint


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (503, ServerFailed)])
def test_a_failure_is_told_and_does_not_stick(asker, entra, status, kind):
    entra.script = [Response(status)]
    with pytest.raises(kind) as caught:
        asker.get("entra")
    assert caught.value.connector == "graph.notifications"
    assert asker.get("entra") == {"entra"}


def test_keys_at_hand_stand_while_new_ones_cannot_be_had(asker, entra, clock):
    """For a day; then nothing is believed any more."""
    asker.get("entra")
    entra.script = [Response(503)] * 2
    assert asker.get("entra") == {"entra"}
    clock.advance(24 * 3600)
    with pytest.raises(ConnectorError):
        asker.get("entra")
