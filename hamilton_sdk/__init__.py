"""Integration SDK for Hamilton Apps: calendars, access control, guest Wi-Fi, people and webhooks.

Names load on first use (PEP 562), so that importing the package costs nothing. Families are imported by
name: ``from hamilton_sdk.acs import AccessControl, Aeos``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "clock": ("Clock", "SettableClock", "SystemClock"),
            "errors": (
                "ConfigurationError",
                "ConnectorError",
                "HamiltonError",
                "PartialFailure",
                "WebhookError",
            ),
            "journal": ("correlation",),
            "model": ("Credential", "TimeWindow"),
            "retry": ("Hooks", "RetryPolicy", "Safety", "retrying"),
            "transport": ("Http",),
        },
    )
