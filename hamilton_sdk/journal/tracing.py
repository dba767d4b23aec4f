"""One OpenTelemetry span per attempt, where the ``otel`` extra is installed; nothing otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hamilton_sdk.journal.record import Record

__all__ = ["Span", "Tracer", "open_tracer"]


class Span(Protocol):
    """An open span."""

    def finish(self, record: Record) -> None:
        """End it with the attempt's record as attributes."""
        ...


class Tracer(Protocol):
    """Opens spans."""

    def start(self, operation: str) -> Span | None:
        """Open a span under the caller's current one; None where nobody records it."""
        ...


def open_tracer() -> Tracer | None:
    """A tracer on the application's OpenTelemetry set-up; None where the package is not installed."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    from hamilton_sdk.journal._opentelemetry import OpenTelemetryTracer

    return OpenTelemetryTracer(trace.get_tracer("hamilton_sdk"))
