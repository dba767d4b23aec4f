"""A line a message, each a document by itself."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from hamilton_sdk.cli.webhooks.documents import arrival_document
from hamilton_sdk.cli.webhooks.lines import Lines
from tests.cli.webhooks.arrivals import FORGED, NEW


def test_every_line_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.open({"url": "https://127.0.0.1:1/webhooks"})
    lines.tell(NEW)
    lines.tell(FORGED)
    lines.close(Counter(new=1, refused=1))
    assert list(map(json.loads, capsys.readouterr().out.splitlines())) == [
        {"url": "https://127.0.0.1:1/webhooks"},
        arrival_document(NEW),
        arrival_document(FORGED),
    ]
