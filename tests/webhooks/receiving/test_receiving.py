"""Frameworks are loaded by their own module alone, and verifying loads no HTTP library."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("django", "fastapi", "flask", "httpx", "pydantic", "sqlalchemy", "starlette", "werkzeug")


@pytest.mark.parametrize(
    ("module", "loaded"),
    [
        ("hamilton_sdk.webhooks.receiving", set()),
        ("hamilton_sdk.webhooks.receiving.asgi", set()),
        ("hamilton_sdk.webhooks.receiving.wsgi", set()),
        ("hamilton_sdk.webhooks.receiving.flask", {"werkzeug"}),
        ("hamilton_sdk.webhooks.receiving.django", {"django"}),
        ("hamilton_sdk.webhooks.receiving.starlette", {"starlette"}),
        ("hamilton_sdk.webhooks.receiving.fastapi", {"starlette"}),
        ("hamilton_sdk.webhooks.handshake", set()),
    ],
)
def test_a_framework_is_loaded_by_its_own_module_alone(module, loaded):
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == loaded
