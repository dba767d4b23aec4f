"""A weak secret is warned of at the line that gave it; apart, as mutated code has more frames to count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hamilton_sdk.webhooks import HttpSignatures, WeakSecretWarning, Webhook
from tests.webhooks.vectors import KNOWN_ANSWERS

WEAK = KNOWN_ANSWERS[3].secret


@pytest.mark.parametrize(
    "made",
    [
        lambda: Webhook(WEAK),
        lambda: Webhook([Webhook.generate_secret(), WEAK]),
        lambda: HttpSignatures({"k": WEAK}, url="https://receiver.example/hooks"),
    ],
)
def test_the_warning_points_at_whoever_gave_the_secret(made: Callable[[], object]) -> None:
    with pytest.warns(WeakSecretWarning) as caught:
        made()
    assert [warning.filename for warning in caught] == [__file__]
