"""Frameworks are loaded by their own module alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRAMEWORKS = ("django", "fastapi", "flask", "starlette", "werkzeug")


@pytest.mark.parametrize(
    ("module", "loaded"),
    [
        ("hamilton_sdk.serving.incoming", set()),
        ("hamilton_sdk.serving.incoming.asgi", set()),
        ("hamilton_sdk.serving.incoming.wsgi", set()),
        ("hamilton_sdk.serving.incoming.starlette", {"starlette"}),
        ("hamilton_sdk.serving.incoming.flask", {"werkzeug"}),
        ("hamilton_sdk.serving.incoming.django", set()),
    ],
)
def test_a_framework_is_loaded_by_its_own_module_alone(module, loaded):
    code = f"import sys, {module}; print(*[name for name in {FRAMEWORKS} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == loaded
