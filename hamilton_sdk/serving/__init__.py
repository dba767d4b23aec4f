"""The thin glue between responders and web frameworks; it knows none of them."""

from hamilton_sdk.serving.asgi import asgi
from hamilton_sdk.serving.driving import LARGEST_REQUEST, answer, answer_async

__all__ = ["LARGEST_REQUEST", "answer", "answer_async", "asgi"]
