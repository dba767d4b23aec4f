"""The adapter for Exchange Online by Microsoft Graph; its wire format stays in here."""

from __future__ import annotations

from hamilton_sdk.graph.exchange.adapter import Graph

__all__ = ["Graph"]
