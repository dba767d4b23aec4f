"""How the tests of signatures see a refusal: the one error, with its reason and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hamilton_sdk.errors import VerificationReason, WebhookVerificationError
from hamilton_sdk.webhooks._refusals import HINTS


@contextmanager
def refused(reason: VerificationReason, match: str | None = None) -> Iterator[None]:
    """Expect that a message is refused for a reason, with what to do about it."""
    with pytest.raises(WebhookVerificationError, match=match) as caught:
        yield
    assert caught.value.reason == reason
    assert caught.value.hint == HINTS[reason]
