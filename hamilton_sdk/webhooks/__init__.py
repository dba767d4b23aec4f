"""Webhooks: signed, verified, and delivered at least once.

Names load on first use (PEP 562): who only verifies loads neither pydantic nor an HTTP library.

Example:
    >>> hook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> headers = hook.sign("msg_1", b"{}")
    >>> hook.verify(b"{}", headers).id
    'msg_1'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.signing import (
        KeyPair,
        SignatureScheme,
        SignedTest,
        WeakSecretWarning,
        Webhook,
    )
    from hamilton_sdk.webhooks.verified import Verified, VerifiedBody, VerifiedMessage

__all__ = [
    "KeyPair",
    "SignatureScheme",
    "SignedTest",
    "Verified",
    "VerifiedBody",
    "VerifiedMessage",
    "WeakSecretWarning",
    "Webhook",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "signing": ("KeyPair", "SignatureScheme", "SignedTest", "WeakSecretWarning", "Webhook"),
            "verified": ("Verified", "VerifiedBody", "VerifiedMessage"),
        },
    )
