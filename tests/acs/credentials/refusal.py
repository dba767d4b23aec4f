"""How the tests of credential numbers look at a refusal: its sentence and its hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.errors import HamiltonError


def refusal(kind: type[HamiltonError], call: Callable[[], object]) -> tuple[str, str | None]:
    """What an integrator reads when the call is refused."""
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    return str(caught.value), caught.value.hint
