"""Whatever bytes an AEOS server sends are read or refused as `Broken`."""

from __future__ import annotations

import atheris
from harness import start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.acs.aeos.soap import Broken, as_content, read_envelope

_LARGEST = 4096
_HEAD = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
_FOOT = b"</e:Body></e:Envelope>"


def once(data: bytes) -> None:
    """Read one answer; every other one has the frame of an envelope already."""
    body = data if data[:1] < b"\x80" else _HEAD + data[1:] + _FOOT
    try:
        reply = read_envelope(body, _LARGEST)
    except Broken:
        return
    assert len(body) <= _LARGEST
    assert reply.root is None or reply.fault is None
    if reply.root is not None:
        as_content(reply.root)


if __name__ == "__main__":
    start(once)
