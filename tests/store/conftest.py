"""A store of the test's own, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hamilton_sdk.store import Store


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store(address) as opened:
        yield opened
