"""The bridge to OpenTelemetry; imported only where its API is installed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import ProxyTracerProvider, SpanKind, Status, StatusCode, get_tracer_provider

from hamilton_sdk.errors import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import Span as OpenTelemetrySpan
    from opentelemetry.trace import Tracer

    from hamilton_sdk.journal.record import Record

__all__ = ["OpenTelemetryTracer"]

_LOOK_AGAIN: Final = 0.1
"""Seconds."""


class _Span:
    def __init__(self, span: OpenTelemetrySpan) -> None:
        self._span = span

    def finish(self, record: Record) -> None:
        # Attribute names of the semantic conventions for HTTP clients, ours under a prefix.
        host, _, port = record.peer.partition(":")
        self._span.set_attribute("server.address", host)
        if port:
            self._span.set_attribute("server.port", int(port))
        if record.status is not None:
            self._span.set_attribute("http.response.status_code", record.status)
        self._span.set_attribute("http.request.resend_count", record.attempt - 1)
        self._span.set_attribute("hamilton.outcome", record.outcome.value)
        self._span.set_attribute("hamilton.request_id", record.request_id)
        if record.outcome is not Outcome.DONE:
            self._span.set_attribute("error.type", record.error or str(record.status))
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class OpenTelemetryTracer:
    """Opens client spans on the application's tracer provider.

    Args:
        tracer: The application's.
        monotonic: Seconds that never go back.
    """

    def __init__(self, tracer: Tracer, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._tracer = tracer
        self._monotonic = monotonic
        self._idle_until = 0.0

    def start(self, operation: str) -> _Span | None:
        """Open a span under the caller's current one; None where nobody records it.

        An application may set tracing up later; it is looked for at most ten times a second, since the look,
        like the API's own no-op span, costs more than all the rest of a record.
        """
        now = self._monotonic()
        if now < self._idle_until:
            return None
        if isinstance(get_tracer_provider(), ProxyTracerProvider):
            self._idle_until = now + _LOOK_AGAIN
            return None
        span = self._tracer.start_span(operation, kind=SpanKind.CLIENT)
        return _Span(span) if span.is_recording() else None
