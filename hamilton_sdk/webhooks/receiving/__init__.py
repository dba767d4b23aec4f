"""Receiving webhooks: one call that verifies a request, for each web framework.

Each framework has a module of its own here, which alone imports it: `asgi`, `wsgi`, `starlette`, `fastapi`,
`flask`, `django`.
"""

from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.webhooks.receiving.answers import Refusal, refusal
from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["LARGEST_BODY", "Refusal", "Verifier", "refusal"]
