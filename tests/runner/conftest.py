"""Both runners as one fixture: what a test shows with `rig`, it shows for sync and async."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamilton_sdk.flow import Response
from tests.runner.rig import Rig, Script

OK = Response(200)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def rig(request: pytest.FixtureRequest) -> Callable[..., Rig]:
    def make(script: Script = lambda _request, _times: OK, **more: Any) -> Rig:
        return Rig(script, is_async=request.param, **more)

    return make
