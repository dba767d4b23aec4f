"""Receiving notifications of Graph in a web framework.

Each framework has a module of its own here, which alone imports it: `asgi`, `wsgi`, `starlette`, `fastapi`,
`flask`, `django`.
"""

from hamilton_sdk.graph.notifications.receiving.answers import LARGEST_POST, AsyncReceives, Receives

__all__ = ["LARGEST_POST", "AsyncReceives", "Receives"]
