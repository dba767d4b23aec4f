"""The contract of broken lines passes an adapter that heals and catches ones that do not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential
from hamilton_sdk.errors import ConnectionLost, ConnectorError
from hamilton_sdk.testing.contracts.acs.base import Base, Broken
from hamilton_sdk.testing.contracts.acs.breaking import Breaking
from tests.testing.contracts.acs.faithful import FakeRun
from tests.testing.contracts.unfaithful import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.flow import Flow

NAMES = {name for name in dir(Breaking) if name.startswith("test_")}


class Healing(FakeAccessControl):
    """A fake whose line can break, and that asks again as an adapter with idempotent calls does."""

    broken = 0
    after_work = False
    was_cut = False
    heals = True

    def _perform(self, operation: str, work: Any) -> Flow[Any]:
        for _ in range(2):
            self.broken -= 1
            if self.broken == 0:
                self.was_cut = True
                self.fail_next(ConnectionLost("cut", hint="ask again"), operation, after_work=self.after_work)
            try:
                return (yield from super()._perform(operation, work))
            except ConnectionLost:
                if not self.heals or not self.after_work:
                    raise
        raise AssertionError


class BreakingRun(FakeRun):
    kind = Healing
    fake: Healing

    @contextmanager
    def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
        self.fake.broken, self.fake.after_work, self.fake.was_cut = step, after_work, False
        with self.open() as acs:
            yield Broken(acs, lambda: self.fake.was_cut)
        self.fake.broken = 0


class AsyncBreakingRun(BreakingRun):
    asynchronous = True


@pytest.mark.parametrize("run", [BreakingRun, AsyncBreakingRun])
def test_an_adapter_that_heals_passes(run: type[FakeRun]) -> None:
    found = outcomes(Breaking, run)
    assert found == dict.fromkeys(NAMES, "passed")


def test_without_a_way_to_break_the_line_all_is_skipped() -> None:
    class Run(FakeRun):
        broken = Base.broken

    assert outcomes(Breaking, Run) == dict.fromkeys(NAMES, "skipped")


def test_a_line_that_is_never_cut_shows_nothing() -> None:
    class Run(BreakingRun):
        @contextmanager
        def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
            with self.open() as acs:
                yield Broken(acs, lambda: False)

    found = outcomes(Breaking, Run)
    assert set(found) == NAMES
    assert all("nothing was shown" in outcome for outcome in found.values())


def test_a_line_that_is_always_cut_comes_to_an_end() -> None:
    class Run(BreakingRun):
        @contextmanager
        def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
            with self.open() as acs:
                yield Broken(acs, lambda: True)

    found = outcomes(Breaking, Run)
    assert all("takes more than 100 exchanges" in outcome for outcome in found.values())


def failing(**members: object) -> dict[str, str]:
    kind = type("Unhealed", (Healing,), members)
    run = type("UnhealedRun", (BreakingRun,), {"kind": kind})
    return {name: outcome for name, outcome in outcomes(Breaking, run).items() if outcome != "passed"}


def test_access_left_open_by_a_lost_answer_is_caught() -> None:
    found = failing(heals=False)
    assert "still with" in found["test_a_broken_activate_leaves_nothing_open"]


def test_a_call_that_cannot_be_repeated_is_caught() -> None:
    def stubborn(method: str) -> dict[str, object]:
        def work(self: Healing, *args: Any) -> Flow[Any]:
            if self.__dict__.get("burnt"):
                raise ConnectorError("burnt")
            try:
                return (yield from getattr(Healing, method)(self, *args))
            except ConnectionLost:
                self.__dict__["burnt"] = True
                raise

        return {method: work}

    for method, name in (
        ("activate", "test_a_broken_activate_leaves_nothing_open"),
        ("suspend", "test_a_broken_suspend_can_be_repeated"),
        ("revoke", "test_a_broken_revoke_can_be_repeated"),
    ):
        assert failing(**stubborn(method))[name] == "ConnectorError: burnt"


def test_a_credential_out_that_no_grant_shows_is_caught() -> None:
    def hiding(self: Healing, reference: str) -> Flow[Any]:
        grant = yield from Healing.find(self, reference)
        return grant and grant.model_copy(update={"credential": None})

    found = failing(find=hiding)
    assert "a credential is out that the grant does not show" in found["test_a_broken_revoke_can_be_repeated"]


def test_two_credentials_out_are_caught() -> None:
    def both(self: Healing, credential: Credential) -> Flow[Any]:
        found = yield from Healing.find_by_credential(self, credential)
        return found or self.grants_now()[-1]

    found = failing(find_by_credential=both)
    assert "both credentials are out" in found["test_a_broken_change_leaves_one_credential_at_most"]


def test_a_credential_that_opens_what_the_grant_keeps_shut_is_caught() -> None:
    class Run(BreakingRun):
        def opens(self, credential: Credential) -> bool:
            return not super().opens(credential)

    found = outcomes(Breaking, Run)
    assert "AssertionError" in found["test_a_broken_suspend_can_be_repeated"]


def test_a_grant_left_active_by_a_failure_is_caught() -> None:
    def leaving(self: Healing, order: Any) -> Flow[Any]:
        self._site.reserve(order.model_copy(update={"credential": None}), self._seen)
        self._site.records[order.reference].given = True
        return (yield from Healing.activate(self, order))

    assert "AssertionError" in failing(activate=leaving)["test_a_broken_activate_leaves_nothing_open"]
