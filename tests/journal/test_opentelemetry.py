"""One span for each attempt, on the application's own OpenTelemetry set-up."""

from __future__ import annotations

import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectionLost, ConnectorError
from hamilton_sdk.flow import Response
from hamilton_sdk.journal import _opentelemetry
from hamilton_sdk.journal._opentelemetry import OpenTelemetryTracer
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner import Runner
from tests.runner.rig import Plain, Wire, one


@pytest.fixture
def spans(monkeypatch):
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    monkeypatch.setattr(_opentelemetry, "get_tracer_provider", lambda: provider)
    yield exporter
    provider.shutdown()


def run(*script):
    clock = SettableClock()
    wire = Wire(lambda _request, number: script[number - 1], clock)
    try:
        return Runner(Plain(), wire, clock).run(one("findVisitor"), "find", RetryPolicy())
    except ConnectorError as error:
        return error


def test_each_attempt_is_a_client_span(spans):
    run(ConnectionLost("cut"), Response(200))
    first, second = spans.get_finished_spans()
    assert [span.name for span in (first, second)] == ["findVisitor"] * 2
    assert {span.kind for span in (first, second)} == {SpanKind.CLIENT}
    assert first.status.status_code is StatusCode.ERROR
    assert first.attributes["error.type"] == "ConnectionLost"
    assert first.attributes["hamilton.outcome"] == "unknown"
    assert "http.response.status_code" not in first.attributes
    assert second.status.status_code is StatusCode.UNSET
    assert second.attributes["http.response.status_code"] == 200
    assert second.attributes["http.request.resend_count"] == 1
    assert second.attributes["server.address"] == "peer.example"
    assert second.attributes["server.port"] == 8443
    assert "error.type" not in second.attributes


def test_a_bad_status_is_the_type_of_the_error(spans):
    run(Response(404))
    (span,) = spans.get_finished_spans()
    assert span.attributes["error.type"] == "404"


def test_a_peer_without_port_has_none(spans):
    from hamilton_sdk.flow import Flow, Request, Safety

    def flow() -> Flow[None]:
        yield Request(method="GET", url="https://peer.example/", operation="read", safety=Safety.SAFE)

    clock = SettableClock()
    Runner(Plain(), Wire(lambda _request, _number: Response(200), clock), clock).run(
        flow(), "find", RetryPolicy()
    )
    (span,) = spans.get_finished_spans()
    assert "server.port" not in span.attributes


def test_an_application_that_does_not_trace_gets_no_span():
    assert OpenTelemetryTracer(trace.get_tracer("test")).start("findVisitor") is None


def test_an_application_may_set_tracing_up_after_a_connector_opened():
    """It is looked for ten times a second, and from then on each attempt has its span."""
    code = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.journal._opentelemetry import OpenTelemetryTracer
clock = SettableClock()
clock.advance(5.0)
tracer = OpenTelemetryTracer(trace.get_tracer("test"), clock.monotonic)
found = [tracer.start("findVisitor")]
trace.set_tracer_provider(TracerProvider())
clock.advance(0.09)
found.append(tracer.start("findVisitor"))
clock.advance(0.02)
found += [tracer.start("findVisitor"), tracer.start("findVisitor")]
print(*[span is not None for span in found])
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False False True True\n"
