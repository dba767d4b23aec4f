"""Settings of the transport: wrong ones are refused in the constructor, and secrets do not show."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys

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
@pytest.mark.parametrize("seconds", [0, -1.0, math.inf, math.nan])
def test_a_limit_of_time_is_above_zero_and_finite(name: str, seconds: float) -> None:
    with pytest.raises(ConfigurationError, match=rf"Timeouts\.{name} is"):
        Timeouts(**{name: seconds})
    assert Timeouts(**{name: 0.001})


@pytest.mark.parametrize("name", ["largest_response", "connections"])
def test_a_limit_of_size_is_at_least_one(name: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"Http\.{name} is 0") as caught:
        Http(**{name: 0})
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
