"""Settings: what is wrong is said at once, with what to do about it, and never with the password."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.acs.aeos import settings
from hamilton_sdk.errors import ConfigurationError
from tests.acs.aeos.made import URL, adapter, site


@pytest.mark.parametrize(
    ("wrong", "words", "hint"),
    [
        ({"timezone": "Europe/Pari"}, "unknown timezone 'Europe/Pari'", "Europe/Paris"),
        ({"timezone": "Nowhere at all"}, "unknown timezone", "Europe/Paris"),
        ({"timezone": ""}, "unknown timezone", "Europe/Paris"),
        ({"timezone": "../etc/passwd"}, "unknown timezone", "Europe/Paris"),
        ({"strategy": "both"}, "strategy is 'both'", "profile"),
        ({"username": ""}, "username is empty", "system user"),
        ({"username": "a:b"}, "colon", "Basic"),
        ({"password": ""}, "password is empty", "password"),
        ({"reference_prefix": ""}, "reference_prefix is empty", "everybody else"),
        ({"reference_prefix": "  "}, "reference_prefix is empty", "everybody else"),
        ({"reference_prefix": " HV"}, "begins with a space", "trim"),
        ({"reference_prefix": "H" * 25}, "too long", "50 characters"),
        ({"reference_prefix": "H\nV"}, "not printable", "short"),
        ({"offline_profiles": True}, "offline_profiles needs strategy='profile'", "online"),
        ({"page_size": 0}, "page_size is 0", "1 to 1000"),
        ({"page_size": 1001}, "page_size is 1001", "1 to 1000"),
        ({"largest_answer": 0}, "largest_answer is 0", "bytes"),
        (
            {"one_shot_kinds": {"card"}},
            "one_shot_kinds names an unknown kind 'card'",
            "badge, qr, uid, mobile",
        ),
        ({"identifier_type": {"card": "X"}}, "identifier_type names an unknown kind 'card'", "badge"),
        ({"url": "aeos.example.org"}, "no https address", "https://<server>"),
        ({"url": "ftp://aeos.example.org/"}, "no https address", "https://<server>"),
        ({"url": "https:///aeosws"}, "no https address", "https://<server>"),
        ({"url": "https://aeos.example.org:port/"}, "url cannot be read", "https://<server>"),
        ({"url": "https://hv:hush-hush@aeos.example.org/"}, "holds a user", "username="),
        ({"url": f"{URL}?wsdl"}, "holds a query", "https://<server>"),
        ({"url": f"{URL}#x"}, "holds a query or a fragment", "https://<server>"),
        ({"url": "http://aeos.example.org:8080/aeosws"}, "url is http", "https"),
        ({"url": "http://192.0.2.1/aeosws"}, "url is http", "https"),
    ],
)
def test_a_wrong_setting_is_refused_when_the_adapter_is_made(
    wrong: dict[str, Any], words: str, hint: str
) -> None:
    given: dict[str, Any] = {
        "url": URL,
        "username": "hv",
        "password": "hush-hush",
        "timezone": "Europe/Paris",
    }
    given |= wrong
    with pytest.raises(ConfigurationError) as caught:
        type(adapter())(given.pop("url"), **given)
    assert words in str(caught.value)
    assert hint in (caught.value.hint or "")
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8080/aeosws", "http://127.0.0.1:1/", "http://127.9.9.9/", "http://[::1]:80/", URL],
)
def test_http_is_accepted_for_this_machine_alone(url: str) -> None:
    made = type(adapter())(url, username="hv", password="x", timezone="UTC")
    assert url in repr(made)


def test_a_type_for_all_kinds_or_one_by_kind() -> None:
    single = site(identifier_type="Badge").settings
    assert [single.type_for(kind) for kind in ("badge", "qr")] == ["Badge", "Badge"]
    by_kind = site(identifier_type={"badge": "Badge", "qr": "3"}).settings
    assert [by_kind.type_for(kind) for kind in ("badge", "qr", "uid")] == ["Badge", "3", None]
    assert site(identifier_type=None).settings.type_for("badge") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Badge 8 digits", "badge"),
        ("Anything", "badge"),
        ("QR code", "qr"),
        ("Visitor QR", "qr"),
        ("qrcode", "qr"),
        ("Mobile-key", "mobile"),
        ("UID_4_byte", "uid"),
        ("Guide", "badge"),  # holds "uid", but no word begins with it
    ],
)
def test_the_name_of_a_type_tells_its_kind_where_no_setting_does(name: str, kind: str) -> None:
    assert site(identifier_type="Badge").settings.kind_of(9, name) == kind


def test_a_setting_by_kind_comes_before_the_name() -> None:
    known = site(identifier_type={"qr": "Badge", "mobile": "9"}).settings
    assert known.kind_of(2, "Badge") == "qr"
    assert known.kind_of(9, "QR code") == "mobile"
    assert known.kind_of(10, "QR code") == "qr"


def test_the_settings_of_an_environment() -> None:
    environment = {
        "X_URL": URL,
        "X_USERNAME": "hv",
        "X_PASSWORD": "hush",
        "X_TIMEZONE": "Europe/Paris",
        "X_STRATEGY": "profile",
        "X_SEND_EMAIL": "True",
        "X_SEND_PHONE": "no",
        "X_PAGE_SIZE": "50",
        "X_ONE_SHOT_KINDS": "qr, mobile",
        "X_IDENTIFIER_TYPE": "badge=Badge 8, qr = QR code",
        "X_UNIT": "",
        "OTHER": "x",
    }
    assert settings.from_environment(environment, "X_") == {
        "url": URL,
        "username": "hv",
        "password": "hush",
        "timezone": "Europe/Paris",
        "strategy": "profile",
        "send_email": True,
        "send_phone": False,
        "page_size": 50,
        "one_shot_kinds": frozenset({"qr", "mobile"}),
        "identifier_type": {"badge": "Badge 8", "qr": "QR code"},
    }


def test_an_identifier_type_of_an_environment_may_be_one_for_all() -> None:
    needed = {"X_URL": "u", "X_USERNAME": "n", "X_PASSWORD": "p", "X_TIMEZONE": "t"}
    found = settings.from_environment({**needed, "X_IDENTIFIER_TYPE": "Badge"}, "X_")
    assert found["identifier_type"] == "Badge"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"X_PASSWORD": ""}, "X_PASSWORD is not set"),
        ({"X_SEND_EMAIL": "maybe"}, "X_SEND_EMAIL is neither true nor false"),
        ({"X_PAGE_SIZE": "many"}, "X_PAGE_SIZE is no whole number"),
        ({"X_PAGE_SIZE": "-1"}, "X_PAGE_SIZE is no whole number"),
    ],
)
def test_a_variable_that_is_missing_or_wrong_is_named(change: dict[str, str], words: str) -> None:
    environment = {"X_URL": URL, "X_USERNAME": "hv", "X_PASSWORD": "hush", "X_TIMEZONE": "UTC", **change}
    with pytest.raises(ConfigurationError, match=words):
        settings.from_environment(environment, "X_")
