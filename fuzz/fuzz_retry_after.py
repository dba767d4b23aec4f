"""Whatever a peer sends as Retry-After is a wait of a sensible length or nothing."""

from __future__ import annotations

import math

import atheris
from harness import NOW, start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.retry_after import RETRY_AFTER_HEADERS, retry_after_seconds


def once(data: bytes) -> None:
    """Send one set of headers."""
    chance = atheris.FuzzedDataProvider(data)
    headers = {
        name: chance.ConsumeUnicodeNoSurrogates(60) for name in RETRY_AFTER_HEADERS if chance.ConsumeBool()
    }
    seconds = retry_after_seconds(headers, NOW)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0), headers


if __name__ == "__main__":
    start(once)
