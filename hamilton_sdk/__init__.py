"""Integration SDK for Hamilton Apps: calendars, access control, guest Wi-Fi, people and webhooks.

Names load on first use (PEP 562), so that importing the package costs nothing. Families are imported by
name: ``from hamilton_sdk.acs import AccessControl, Aeos``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock, SettableClock, SystemClock
    from hamilton_sdk.errors import (
        ConfigurationError,
        ConnectorError,
        HamiltonError,
        PartialFailure,
        WebhookError,
    )
    from hamilton_sdk.journal import correlation
    from hamilton_sdk.model import Credential, TimeWindow
    from hamilton_sdk.retry import Hooks, RetryPolicy, Safety, retrying
    from hamilton_sdk.transport import Http

__all__ = [
    "Clock",
    "ConfigurationError",
    "ConnectorError",
    "Credential",
    "HamiltonError",
    "Hooks",
    "Http",
    "PartialFailure",
    "RetryPolicy",
    "Safety",
    "SettableClock",
    "SystemClock",
    "TimeWindow",
    "WebhookError",
    "__version__",
    "correlation",
    "retrying",
]

__version__ = "0.1.0"

_HOME = {
    "Clock": "clock",
    "ConfigurationError": "errors",
    "ConnectorError": "errors",
    "Credential": "model",
    "HamiltonError": "errors",
    "Hooks": "retry",
    "Http": "transport",
    "PartialFailure": "errors",
    "RetryPolicy": "retry",
    "Safety": "retry",
    "SettableClock": "clock",
    "SystemClock": "clock",
    "TimeWindow": "model",
    "WebhookError": "errors",
    "correlation": "journal",
    "retrying": "retry",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use."""
    home = _HOME.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
