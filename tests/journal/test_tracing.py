"""Whether there is anything to trace with."""

from __future__ import annotations

import sys

from hamilton_sdk.journal._opentelemetry import OpenTelemetryTracer
from hamilton_sdk.journal.tracing import open_tracer


def test_with_the_extra_there_is_a_tracer():
    assert isinstance(open_tracer(), OpenTelemetryTracer)


def test_without_the_extra_there_is_no_tracer(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert open_tracer() is None
