"""Every reason comes with what a person can do about it."""

from __future__ import annotations

from typing import get_args

import pytest

from hamilton_sdk.errors import VerificationReason, WebhookError
from hamilton_sdk.webhooks._refusals import HINTS, refusal

REASONS: tuple[VerificationReason, ...] = get_args(VerificationReason)


def test_the_reasons_are_a_closed_set_and_each_has_its_own_hint() -> None:
    assert tuple(HINTS) == REASONS
    assert len(set(HINTS.values())) == len(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_says_what_is_wrong_why_and_what_to_do(reason: VerificationReason) -> None:
    error = refusal("it is wrong", reason)
    assert isinstance(error, WebhookError)
    assert (str(error), error.reason, error.hint) == ("it is wrong", reason, HINTS[reason])
