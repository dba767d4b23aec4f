"""Settings of the transport: wrong ones are refused in the constructor, and secrets do not show."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from pathlib import Path

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.transport import Http, Timeouts


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert Http() == Http(
        ca=None,
        client_certificate=None,
        client_key_password=None,
        proxy=None,
        proxy_from_environment=False,
        timeouts=Timeouts(connect=5.0, read=20.0, write=20.0, pool=10.0, total=30.0),
        largest_response=16 * 1024 * 1024,
        connections=20,
        library="httpx",
    )


@pytest.mark.parametrize("name", ["connect", "read", "write", "pool", "total"])
@pytest.mark.parametrize("seconds", [0, -1.0, math.inf, math.nan, "5", None, True])
def test_a_limit_of_time_is_above_zero_and_finite(name: str, seconds: object) -> None:
    with pytest.raises(ConfigurationError, match=rf"Timeouts\.{name} is"):
        Timeouts(**{name: seconds})
    assert Timeouts(**{name: 0.001})


@pytest.mark.parametrize("name", ["largest_response", "connections"])
@pytest.mark.parametrize("value", [0, -3, 1.5, "7", None, True])
def test_a_limit_of_size_is_a_whole_number_of_at_least_one(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=rf"Http\.{name} is {value!r}") as caught:
        Http(**{name: value})
    assert name in (caught.value.hint or "")
    assert getattr(Http(**{name: 1}), name) == 1


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"Http\.library is 'requests'") as caught:
        Http(library="requests")
    assert caught.value.hint == "give one of httpx, httpx2"


def test_a_library_that_is_not_installed_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamilton_sdk.transport.base.find_spec", lambda _: None)
    assert Http().library == "httpx"
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        Http(library="httpx2")
    assert caught.value.hint == "pip install 'hamilton-apps-sdk[httpx2]'"


@pytest.mark.skipif(importlib.util.find_spec("httpx2") is None, reason="needs the extra httpx2")
def test_a_library_that_is_installed_is_taken() -> None:
    assert Http(library="httpx2").library == "httpx2"


def test_a_proxy_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"Http\.proxy is no http or https proxy but 'socks5'"):
        Http(proxy="socks5://proxy.example:1080")


def test_a_proxy_and_the_environments_contradict_each_other() -> None:
    with pytest.raises(ConfigurationError, match="both given"):
        Http(proxy="http://proxy.example:3128", proxy_from_environment=True)


def test_secrets_do_not_show() -> None:
    http = Http(proxy="http://user:hunter2@proxy.example:3128", client_key_password="hunter2")
    assert "hunter2" not in f"{http!r}{http}"


def test_settings_are_made_without_loading_what_sends() -> None:
    code = (
        "import sys; from hamilton_sdk.transport import Http; Http(proxy='http://proxy.example:3128');"
        "print(sorted({'httpx', 'httpcore', 'ssl', 'asyncio', 'anyio', 'tenacity'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.pem cannot be read"):
        Http(ca="missing.pem")


@pytest.mark.parametrize(
    "given",
    ["client.pem", ("client.pem",), ("client.pem", "client.key", "open sesame"), (None, "client.key"), 3],
)
def test_a_client_certificate_that_is_no_pair_of_files_is_refused_with_how_to_give_one(given: object) -> None:
    """Other clients take a single file that holds both: here it is named twice."""
    with pytest.raises(ConfigurationError, match="is not a pair of files") as caught:
        Http(client_certificate=given)
    assert caught.value.hint == "give (certificate file, key file); where one file holds both, name it twice"
    assert "open sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "what", "hint"),
    [
        ({"ca": True}, r"Http\.ca is no path but of type bool", "a PEM file"),
        ({"timeouts": 5}, r"Http\.timeouts is 5", "Timeouts(total=10)"),
        ({"timeouts": None}, r"Http\.timeouts is None", "Timeouts(total=10)"),
        ({"proxy": {"https": "http://user:hunter2@proxy.example"}}, r"Http\.proxy is no text", "address"),
    ],
)
def test_a_setting_of_another_kind_is_refused(settings: dict[str, object], what: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match=what) as caught:
        Http(**settings)
    assert hint in (caught.value.hint or "")
    assert "hunter2" not in str(caught.value)


def test_a_path_may_be_text_or_a_path() -> None:
    for ca in ("missing.pem", Path("missing.pem")):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            Http(ca=ca)
        with pytest.raises(ConfigurationError, match="cannot be read"):
            Http(client_certificate=(ca, ca))
