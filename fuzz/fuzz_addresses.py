"""An address as it is shown never holds user, password, query or fragment, however broken it is."""

from __future__ import annotations

import atheris
from harness import start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.failure import redacted_url


def once(data: bytes) -> None:
    """Show one address."""
    chance = atheris.FuzzedDataProvider(data)
    before, after = chance.ConsumeUnicodeNoSurrogates(20), chance.ConsumeUnicodeNoSurrogates(40)
    url = f"https://{before}:s3cret@{after}" if chance.ConsumeBool() else f"https://{before}/{after}?s3cret"
    if "s3cret" in before or "s3cret" in after:
        return
    shown = redacted_url(url)
    assert "s3cret" not in shown, url
    assert not set(shown) & set("@?#"), url


if __name__ == "__main__":
    start(once)
