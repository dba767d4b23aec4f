"""Adapters that break one promise each, to see that a contract notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

from hamilton_sdk.flow import Now

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.testing.contracts.base import Contract

__all__ = ["Lie", "caught_by", "instead", "outcomes", "twisted"]

Lie = Callable[[type[Any]], type[Any]]
"""Makes an unfaithful class of a faithful fake."""


def outcomes(part: type[Contract[Any, Any]], run: type[Contract[Any, Any]]) -> dict[str, str]:
    """Run every test of a part of a contract; by name ``"passed"``, ``"skipped"`` or what went wrong.

    Args:
        part: Of the contract.
        run: The hooks.
    """
    joined = type("Joined", (run, part), {})
    return {name: _outcome(joined, name) for name in dir(part) if name.startswith("test_")}


def _outcome(joined: type[Contract[Any, Any]], name: str) -> str:
    case = joined()
    case.setup_method()
    try:
        getattr(case, name)()
    except SkipTest:
        return "skipped"
    except Exception as error:  # noqa: BLE001 (whatever a test fails with)
        return f"{type(error).__name__}: {error}"
    return "passed"


def caught_by(part: type[Contract[Any, Any]], lie: Lie, run: type[Any]) -> set[str]:
    """The tests that notice a lie.

    Args:
        part: Of the contract.
        lie: To tell.
        run: The hooks, with the fake's class as ``kind``.
    """
    lying = type("LyingRun", (run,), {"kind": lie(run.kind)})
    return {name for name, outcome in outcomes(part, lying).items() if outcome not in {"passed", "skipped"}}


def twisted(method: str, change: Callable[[Any], Any]) -> Lie:
    """A lie in the answer: the work is done, and something else is said."""

    def make(kind: type[Any]) -> type[Any]:
        honest = getattr(kind, method)

        def lying(self: Any, *args: Any, **kwargs: Any) -> Flow[Any]:
            answer = yield from honest(self, *args, **kwargs)
            return change(answer)

        return type("Twisted", (kind,), {method: lying})

    return make


def instead(method: str, work: Callable[..., Any]) -> Lie:
    """A lie in the work: something else is done.

    Args:
        method: Of the adapter.
        work: Gets the fake, the method's own arguments, and the time as ``now``.
    """

    def make(kind: type[Any]) -> type[Any]:
        def lying(self: Any, *args: Any, **kwargs: Any) -> Flow[Any]:
            now: datetime = yield Now()
            self._seen = now
            return work(self, *args, now=now, **kwargs)

        return type("Instead", (kind,), {method: lying})

    return make
