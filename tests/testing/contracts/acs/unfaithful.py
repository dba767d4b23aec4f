"""Adapters that break one promise each, to see that the contract notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, CredentialType
from hamilton_sdk.flow import Now, Page
from hamilton_sdk.testing.contracts.acs.base import Base

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow

__all__ = ["FakeRun", "Lie", "caught_by", "instead", "outcomes", "twisted"]

BADGE_TYPE = CredentialType(id="60", name="Badge", encoding="decimal", minimum="1", maximum="99999999")

Lie = Callable[[type[FakeAccessControl]], type[FakeAccessControl]]
"""Makes an unfaithful class of a faithful one."""


class FakeRun(Base):
    """The hooks of a contract for a fake; a subclass joins it with the part of the contract under test."""

    kind: type[FakeAccessControl] = FakeAccessControl
    more_than_a_page = 3
    reason = "Lost"
    wrong_numbers = (Credential("badge", "4821X"), Credential("badge", "100000000"))

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = self.kind(
            profiles=("Visitors", "Contractors"),
            credential_types=(BADGE_TYPE, "Card"),
            reasons=("Lost", "Stolen"),
            page_size=2,
        )

    def adapter(self) -> FakeAccessControl:
        return self.fake

    def add_foreign_holder(self, credential: Credential) -> None:
        self.fake.give_to_others(credential)

    def opens(self, credential: Credential) -> bool:
        return self.fake.opens(credential, self.now())


def outcomes(part: type[Base], run: type[FakeRun] = FakeRun) -> dict[str, str]:
    """Run every test of a part of the contract; by name ``"passed"``, ``"skipped"`` or what went wrong."""
    joined = type("Joined", (run, part), {})
    return {name: _outcome(joined, name) for name in dir(part) if name.startswith("test_")}


def _outcome(joined: type[FakeRun], name: str) -> str:
    case = joined()
    case.setup_method()
    try:
        getattr(case, name)()
    except SkipTest:
        return "skipped"
    except Exception as error:  # noqa: BLE001 (whatever a test fails with)
        return f"{type(error).__name__}: {error}"
    return "passed"


def caught_by(part: type[Base], lie: Lie) -> set[str]:
    """The tests that notice a lie."""
    run = type("LyingRun", (FakeRun,), {"kind": lie(FakeAccessControl)})
    return {name for name, outcome in outcomes(part, run).items() if outcome not in {"passed", "skipped"}}


def twisted(method: str, change: Callable[[Any], Any]) -> Lie:
    """A lie in the answer: the work is done, and something else is said."""

    def make(kind: type[FakeAccessControl]) -> type[FakeAccessControl]:
        honest = getattr(kind, method)

        def lying(self: FakeAccessControl, *args: Any) -> Flow[Any]:
            answer = yield from honest(self, *args)
            return change(answer)

        return type("Twisted", (kind,), {method: lying})

    return make


def instead(method: str, work: Callable[..., Any]) -> Lie:
    """A lie in the work: something else is done.

    Args:
        method: Of the adapter.
        work: Gets the fake's site, the method's own arguments, and the time.
    """

    def make(kind: type[FakeAccessControl]) -> type[FakeAccessControl]:
        def lying(self: FakeAccessControl, *args: Any) -> Flow[Any]:
            now: datetime = yield Now()
            self._seen = now
            return work(self._site, *args, now)

        return type("Instead", (kind,), {method: lying})

    return make


def changed_grant(**fields: object) -> Callable[[AccessGrant], AccessGrant]:
    """A change of what a grant says."""
    return lambda grant: grant.model_copy(update=fields)


def changed_order(order: AccessOrder, **fields: object) -> AccessOrder:
    """Another order than the one given."""
    return order.model_copy(update=fields)


def shortened(page: Page[AccessGrant]) -> Page[AccessGrant]:
    """A page that is the last one, whatever follows."""
    return Page(page.items)
