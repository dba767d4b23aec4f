"""Settings: what is wrong is said at once, with what to do about it, and never with the password."""

from __future__ import annotations

import inspect
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from hamilton_sdk.acs.aeos import Aeos, settings
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
        ({"default_host": "7" * 51}, "default_host has more than 50 characters", "50"),
        # Values of another type, which would be taken for something else later, or in silence
        ({"timezone": ZoneInfo("Europe/Oslo")}, "timezone is ZoneInfo, not text", "'Europe/Oslo'"),
        ({"timezone": None}, "timezone is NoneType, not text", "'Europe/Paris'"),
        ({"url": None}, "url is NoneType, not text", "text"),
        ({"username": b"hv"}, "username is bytes, not text", "text"),
        ({"password": None}, "password is no text", "SecretStr"),
        ({"password": SecretStr(4821)}, "password is no text", "SecretStr"),  # type: ignore[arg-type]  # the wrong value
        ({"strategy": None}, "strategy is NoneType, not text", "text"),
        ({"reference_prefix": None}, "reference_prefix is NoneType, not text", "text"),
        ({"identifier_type": 60}, "identifier_type is int, not text", "ids as well"),
        ({"identifier_type": ["Badge"]}, "identifier_type is list, not text", "text"),
        ({"identifier_type": {"badge": 60}}, "identifier_type names a type that is no text", "as text"),
        ({"identifier_type": {"badge": " "}}, "identifier_type names a type that is no text, or empty", "id"),
        ({"unit": 4}, "unit is int, not text", "ids as well"),
        ({"default_host": 10042}, "default_host is int, not text", "ids as well"),
        ({"free_field": 7}, "free_field is int, not text", "ids as well"),
        ({"block_reason": 5}, "block_reason is int, not text", "ids as well"),
        ({"identifier_type": ""}, "identifier_type is empty", "leave it out"),
        ({"unit": " "}, "unit is empty", "leave it out"),
        ({"default_host": ""}, "default_host is empty", "leave it out"),
        ({"page_size": "5"}, "page_size is no whole number", "int"),
        ({"page_size": True}, "page_size is no whole number", "int"),
        ({"largest_answer": 1e6}, "largest_answer is no whole number", "int"),
        ({"one_shot_kinds": "qr"}, "one_shot_kinds is str, no collection", "{'qr'}"),
        ({"one_shot_kinds": None}, "one_shot_kinds is NoneType, no collection", "set()"),
        ({"one_shot_kinds": [1]}, "one_shot_kinds names an unknown kind 1", "badge, qr, uid, mobile"),
        ({"send_email": "no"}, "send_email is no truth", "True or False"),
        ({"send_phone": 0}, "send_phone is no truth", "True or False"),
        ({"offline_profiles": None}, "offline_profiles is no truth", "True or False"),
        ({"exempt_from_verification": "false"}, "exempt_from_verification is no truth", "True or False"),
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


def test_the_longest_host_and_no_one_shot_kind_at_all_are_settings_too() -> None:
    known = site(default_host="7" * 50, one_shot_kinds=()).settings
    assert (known.default_host, known.one_shot_kinds) == ("7" * 50, frozenset())


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
        ({"X_IDENTIFIER_TYPE": "badge=Badge,qr"}, "X_IDENTIFIER_TYPE holds a pair that is not whole"),
        ({"X_IDENTIFIER_TYPE": "badge="}, "X_IDENTIFIER_TYPE holds a pair that is not whole"),
        ({"X_IDENTIFIER_TYPE": "=Badge"}, "X_IDENTIFIER_TYPE holds a pair that is not whole"),
        ({"X_IDENTIFIER_TYPE": "badge=Badge,"}, "X_IDENTIFIER_TYPE holds a pair that is not whole"),
        ({"X_IDENTIFIER_TYPE": "badge=A,badge=B"}, "X_IDENTIFIER_TYPE holds a kind twice"),
    ],
)
def test_a_variable_that_is_missing_or_wrong_is_named(change: dict[str, str], words: str) -> None:
    environment = {"X_URL": URL, "X_USERNAME": "hv", "X_PASSWORD": "hush", "X_TIMEZONE": "UTC", **change}
    with pytest.raises(ConfigurationError, match=words) as caught:
        settings.from_environment(environment, "X_")
    assert caught.value.hint
    assert "hush" not in f"{caught.value} {caught.value.hint}"


NEEDED = {"X_URL": URL, "X_USERNAME": "hv", "X_PASSWORD": "hush", "X_TIMEZONE": "UTC"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("X_IDENTIFER_TYPE", "did you mean X_IDENTIFIER_TYPE?"),
        ("X_SEND_MAIL", "did you mean X_SEND_EMAIL?"),
        ("X_page_size", "did you mean X_PAGE_SIZE?"),
        ("X_", "known are X_BLOCK_REASON, X_DEFAULT_HOST,"),
        ("X_QQQQ", "known are X_BLOCK_REASON, X_DEFAULT_HOST,"),
    ],
)
def test_a_variable_that_nothing_reads_is_refused_with_the_nearest_name(name: str, hint: str) -> None:
    """It would be misspelt, and its setting keep the default in silence; its value is not repeated."""
    with pytest.raises(ConfigurationError) as caught:
        settings.from_environment({**NEEDED, name: "true-secret"}, "X_")
    assert f"{name} is set, and there is no such setting" in str(caught.value)
    assert hint in (caught.value.hint or "")
    assert "true-secret" not in f"{caught.value} {caught.value.hint}"


def test_a_misspelt_name_is_told_before_the_one_that_is_missing_for_it() -> None:
    environment = {"X_URL": URL, "X_USERNAME": "hv", "X_PASWORD": "hush", "X_TIMEZONE": "UTC"}
    with pytest.raises(ConfigurationError) as caught:
        settings.from_environment(environment, "X_")
    assert caught.value.hint == "did you mean X_PASSWORD?"


def test_without_a_prefix_the_rest_of_the_environment_is_not_ours_to_judge() -> None:
    bare = {name.removeprefix("X_"): value for name, value in NEEDED.items()}
    assert settings.from_environment({**bare, "PATH": "/usr/bin"}, "")["url"] == URL


def test_there_is_a_variable_for_each_parameter() -> None:
    parameters = set(inspect.signature(Aeos).parameters)
    for name in parameters - {each.removeprefix("X_").lower() for each in NEEDED}:
        value = {"page_size": "5", "largest_answer": "5"}.get(name, "true")
        assert name in settings.from_environment({**NEEDED, f"X_{name.upper()}": value}, "X_")
