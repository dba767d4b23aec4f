"""Outbox and inbox, sync and async, on both databases: what a test shows with one, it shows for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.webhooks.boxes import open_inbox, open_outbox
from tests.webhooks.receivers import Receiver, receiving


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def outbox(address: str, is_async: bool) -> Iterator[Any]:
    with open_outbox(address, is_async=is_async) as opened:
        yield opened


@pytest.fixture
def inbox(address: str, is_async: bool) -> Iterator[Any]:
    with open_inbox(address, is_async=is_async) as opened:
        yield opened


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "authority") as running:
        yield running
