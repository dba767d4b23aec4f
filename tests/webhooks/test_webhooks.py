"""The package's face: each name loads on first use, and verifying needs the standard library alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hamilton_sdk import webhooks

_VERIFY = """
import json, sys
before = set(sys.modules)
from hamilton_sdk.webhooks import Webhook
hook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
hook.verify(b"{}", hook.sign("msg_1", b"{}"))
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(code: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return set(json.loads(result.stdout))


def test_verifying_needs_the_standard_library_alone() -> None:
    loaded = {name.partition(".")[0] for name in loaded_by(_VERIFY)}
    assert loaded - sys.stdlib_module_names == {"hamilton_sdk"}
    assert not loaded & {"asyncio", "dataclasses", "email", "http", "logging", "random", "socket", "ssl"}


def test_verifying_loads_nothing_of_the_rest_of_the_sdk() -> None:
    loaded = {name for name in loaded_by(_VERIFY) if name.startswith("hamilton_sdk")}
    assert loaded == {
        "hamilton_sdk",
        "hamilton_sdk._lazy",
        "hamilton_sdk.errors",
        "hamilton_sdk.webhooks",
        "hamilton_sdk.webhooks._headers",
        "hamilton_sdk.webhooks._keys",
        "hamilton_sdk.webhooks._refusals",
        "hamilton_sdk.webhooks._window",
        "hamilton_sdk.webhooks.signing",
        "hamilton_sdk.webhooks.verified",
    }


def test_ed25519_loads_cryptography_on_use() -> None:
    code = _VERIFY.replace("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "a" * 42)
    assert "cryptography" not in {name.partition(".")[0] for name in loaded_by(code)}
    code = code.replace("hook.verify", "Webhook.generate_key_pair(); hook.verify")
    assert "cryptography" in {name.partition(".")[0] for name in loaded_by(code)}


@pytest.mark.parametrize("name", webhooks.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(webhooks, name) is not None


def test_the_list_of_public_names_is_sorted_and_shown() -> None:
    assert dir(webhooks) == sorted(webhooks.__all__)


def test_any_other_name_is_missing() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Webhooks'"):
        webhooks.Webhooks  # noqa: B018 (it is the asking that raises)
