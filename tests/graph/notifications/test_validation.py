"""A validation token is good only if everything about it is."""

from __future__ import annotations

import sys
from datetime import timedelta

import jwt
import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.notifications.validation import PUBLISHER, InvalidToken, Validator, key_id
from tests.graph.exchange.entra import CLIENT, LOGIN, TENANT, certificate_pem, key
from tests.graph.notifications import posted
from tests.graph.notifications.posted import NOW, json_web_key, token

KEYS = {"entra": json_web_key()}
VALIDATOR = Validator(frozenset({CLIENT}), LOGIN)
OTHER = "99999999-bbbb-3333-cccc-4444dddd5555"


def test_the_publisher_is_microsofts():
    assert PUBLISHER == posted.PUBLISHER


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {
            "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
            "appid": None,
            "azp": PUBLISHER,
            "ver": "2.0",
        },
        {"iss": f"https://sts.chinacloudapi.cn/{TENANT}/"},
        {"exp": NOW - timedelta(minutes=4)},
        {"nbf": NOW + timedelta(minutes=4)},
        {"aud": CLIENT.upper()},
    ],
)
def test_a_good_token_vouches_for_its_tenant(claims):
    assert VALIDATOR.tenant(token(**claims), KEYS, NOW) == TENANT


def test_the_log_in_that_is_configured_is_an_issuer():
    ours = Validator(frozenset({CLIENT}), "https://127.0.0.1:8443")
    written = token(iss=f"https://127.0.0.1:8443/{TENANT}/v2.0")
    assert ours.tenant(written, KEYS, NOW) == TENANT
    with pytest.raises(InvalidToken):
        VALIDATOR.tenant(written, KEYS, NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - timedelta(minutes=5)},
        {"nbf": NOW + timedelta(minutes=5, seconds=1)},
        {"exp": None},
        {"nbf": None},
        {"aud": OTHER},
        {"aud": None},
        {"aud": [CLIENT]},
        {"iss": f"https://sts.windows.net/{OTHER}/"},
        {"iss": f"https://sts.windows.net/{TENANT}"},
        {"iss": f"https://evil.example/{TENANT}/v2.0"},
        {"iss": None},
        {"tid": OTHER},
        {"tid": None},
        {"tid": "../common", "iss": "https://sts.windows.net/../common/"},
        {"appid": OTHER},
        {"appid": None},
        {"appid": None, "azp": OTHER},
        {"azp": OTHER},
        {"azp": PUBLISHER},
    ],
)
def test_one_wrong_claim_is_enough(claims):
    with pytest.raises(InvalidToken):
        VALIDATOR.tenant(token(**claims), KEYS, NOW)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a.b.c",
        "é",
        token()[:-6] + "AAAAAA",
        token(signed_with="second", kid="entra"),
        token(kid="another"),
        token(algorithm="PS256"),
        token(algorithm="RS512"),
        jwt.encode({"tid": TENANT}, None, "none", headers={"kid": "entra"}),
        # The public key taken for a shared secret.
        jwt.encode({"tid": TENANT}, "0" * 32, "HS256", headers={"kid": "entra"}),
        "a" * 20_000,
        token() + "." + token(),
    ],
)
def test_a_signature_by_anybody_else_is_none(written):
    with pytest.raises(InvalidToken):
        VALIDATOR.tenant(written, KEYS, NOW)


@pytest.mark.parametrize(
    "public", [{}, {"kty": "RSA"}, {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "*", "e": "*"}]
)
def test_a_key_of_another_kind_verifies_nothing(public):
    with pytest.raises(InvalidToken):
        VALIDATOR.tenant(token(), {"entra": public}, NOW)


def test_of_several_tokens_each_vouches_for_its_own_tenant():
    second = token(tid=OTHER, iss=f"https://sts.windows.net/{OTHER}/")
    forged = token(signed_with="second", kid="entra")
    assert VALIDATOR.tenants([token(), forged, second], KEYS, NOW) == {TENANT, OTHER}
    assert VALIDATOR.tenants([forged], KEYS, NOW) == frozenset()
    assert VALIDATOR.tenants([], KEYS, NOW) == frozenset()


def test_the_key_is_named_by_the_header():
    assert key_id(token()) == "entra"
    assert key_id(token(algorithm="PS256")) is None
    assert key_id(jwt.encode({}, key("entra"), "RS256")) is None
    assert key_id("a" * 20_000) is None
    assert certificate_pem()  # no key, and no token


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(ConfigurationError) as caught:
        key_id("a.b.c")
    assert "hamilton-apps-sdk[graph]" in caught.value.hint
