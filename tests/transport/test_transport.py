"""What `hamilton_sdk.transport` shows, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hamilton_sdk import transport


def test_every_public_name_is_there() -> None:
    assert transport.__all__ == sorted(transport.__all__)
    assert dir(transport) == transport.__all__
    for name in transport.__all__:
        assert getattr(getattr(transport, name), "__name__", name) == name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        transport.Nothing  # noqa: B018


def test_the_retrying_transports_load_on_first_use_and_stay() -> None:
    code = (
        "import sys; from hamilton_sdk import transport;"
        "print('httpx' in sys.modules, 'RetryTransport' in vars(transport));"
        "transport.RetryTransport;"
        "print('httpx' in sys.modules, 'RetryTransport' in vars(transport))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False False", "True True"]
