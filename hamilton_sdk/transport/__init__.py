"""How requests reach the peer: settings, TLS policy, proxies, limits, one small file per HTTP library."""

from hamilton_sdk.transport.base import AsyncTransport, Http, HttpClient, Timeouts, Transport, TransportLike

__all__ = ["AsyncTransport", "Http", "HttpClient", "Timeouts", "Transport", "TransportLike"]
