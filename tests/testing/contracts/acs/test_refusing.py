"""The contract of bad input and discretion passes a faithful adapter and catches unfaithful ones."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential
from hamilton_sdk.errors import Conflict, Invalid
from hamilton_sdk.testing.contracts.acs.refusing import Refusing
from tests.testing.contracts.acs.faithful import BADGE_TYPE, FakeRun
from tests.testing.contracts.acs.unfaithful import instead
from tests.testing.contracts.unfaithful import Lie, caught_by, outcomes

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs._memory import Site

HOST = "test_a_host_is_asked_for_where_the_system_needs_one"


class RunWithHosts(FakeRun):
    host = "4711"

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = FakeAccessControl(
            profiles=("Visitors", "Contractors"), credential_types=(BADGE_TYPE,), needs_host=True
        )


class AsyncRunWithHosts(RunWithHosts):
    asynchronous = True


class RunWithoutLimits(FakeRun):
    longest_family_name = None
    wrong_numbers = ()


@pytest.mark.parametrize("run", [RunWithHosts, AsyncRunWithHosts])
def test_a_faithful_adapter_passes(run: type[FakeRun]) -> None:
    assert set(outcomes(Refusing, run).values()) == {"passed"}


def test_what_a_system_does_not_have_is_skipped() -> None:
    found = outcomes(Refusing, RunWithoutLimits)
    skipped = {name for name, outcome in found.items() if outcome == "skipped"}
    assert skipped == {
        "test_a_number_that_its_type_cannot_hold_is_refused",
        "test_a_name_that_is_too_long_is_refused_with_the_limit",
    }
    assert {found[name] for name in found.keys() - skipped} == {"passed"}


def test_a_host_that_is_not_asked_for_is_caught() -> None:
    def made_up(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
        holder = order.holder.model_copy(update={"host": "4711"})
        return site.reserve(order.model_copy(update={"holder": holder}), now)

    kind = instead("reserve", made_up)(FakeAccessControl)

    class Run(RunWithHosts):
        def adapter(self) -> FakeAccessControl:
            adapter = kind(needs_host=True)
            adapter._site = self.fake._site
            return adapter

    assert outcomes(Refusing, Run)[HOST].startswith("AssertionError: the call succeeded")


def test_a_host_that_is_asked_for_where_none_is_needed_is_caught() -> None:
    def asking(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
        if order.holder.host is None:
            raise Invalid("Holder.host is missing", hint="give one")
        return site.reserve(order, now)

    assert HOST in caught_by(Refusing, instead("reserve", asking), FakeRun)


def leaving_a_holder(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    """Check late: the holder is made before the rest is looked at."""
    bare = order.model_copy(update={"credential": None, "profiles": ("Visitors",)})
    with suppress(Conflict, Invalid):
        site.reserve(bare, now)
    return site.activate(order, now)


def accepting(error: type[Exception], words: str) -> Lie:
    """Take what should be refused for these words, and make something of it all the same."""

    def work(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
        try:
            return site.reserve(order, now)
        except error as refused:
            if words not in str(refused):
                raise
            return AccessGrant(reference=order.reference, holder_id="0", state="reserved")

    return instead("reserve", work)


def telling(**values: str) -> Lie:
    """Refuse with an error that says too much, or too little."""

    def work(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
        try:
            return site.activate(order, now)
        except (Conflict, Invalid) as error:
            number = order.credential.number if order.credential else ""
            told = {each: text.format(order.holder.family_name, number) for each, text in values.items()}
            kind = type(error)
            raise kind(told.get("message", error.message), hint=told.get("hint", error.hint)) from None

    return instead("activate", work)


def logging_names(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    logging.getLogger("hamilton_sdk.acs").debug("activate %s", order.holder.family_name)
    return site.activate(order, now)


class Loud(AccessGrant):
    """A grant that shows the number."""

    def __repr__(self) -> str:
        return f"Loud({self.credential and self.credential.number})"

    __str__ = __repr__


def loud(site: Site, reference: str, now: datetime) -> AccessGrant | None:
    record = site.records.get(reference)
    return None if record is None else Loud.model_validate(dict(record.grant(now)))


IN_HANDS = "test_a_credential_in_other_hands_is_refused"
PROFILE = "test_an_unknown_profile_is_refused_with_the_nearest"

LIES: dict[str, tuple[Lie, set[str]]] = {
    "a past window is taken": (
        accepting(Invalid, "window has ended"),
        {"test_a_window_that_has_ended_is_refused", "test_a_wrong_change_leaves_what_stands"},
    ),
    "an unknown profile is taken": (accepting(Invalid, "unknown access profile"), {PROFILE}),
    "an unknown type is taken": (
        accepting(Invalid, "unknown credential type"),
        {"test_an_unknown_credential_type_is_refused_with_the_nearest"},
    ),
    "any number is taken": (
        accepting(Invalid, "Credential.number"),
        {"test_a_number_that_its_type_cannot_hold_is_refused"},
    ),
    "a long name is taken": (
        accepting(Invalid, "Holder.family_name"),
        {"test_a_name_that_is_too_long_is_refused_with_the_limit"},
    ),
    "a badge in other hands is promised": (accepting(Conflict, "other hands"), {IN_HANDS}),
    "a holder is made of a wrong order": (
        instead("activate", leaving_a_holder),
        {IN_HANDS, PROFILE, "test_a_wrong_change_leaves_what_stands"},
    ),
    "an error has no hint": (telling(hint=""), {IN_HANDS, PROFILE}),
    "an error does not name the nearest": (telling(hint="look it up"), {PROFILE}),
    "an error does not name the limit": (
        telling(message="Holder.family_name is too long", hint="shorten it"),
        {"test_a_name_that_is_too_long_is_refused_with_the_limit"},
    ),
    "an error shows a name": (telling(message="refused for {0}"), {IN_HANDS}),
    "a hint shows a number": (telling(hint="who has {1}?"), {IN_HANDS}),
    "a log shows a name": (instead("activate", logging_names), {"test_nothing_shows_a_name_or_a_number"}),
    "a grant shows a number": (instead("find", loud), {"test_nothing_shows_a_name_or_a_number"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_broken_promise_is_caught(name: str) -> None:
    lie, tests = LIES[name]
    assert tests <= caught_by(Refusing, lie, FakeRun)


def test_loggers_are_left_as_they_were() -> None:
    logger = logging.getLogger("hamilton_sdk")
    before = (logger.level, list(logger.handlers))
    assert outcomes(Refusing, FakeRun)["test_nothing_shows_a_name_or_a_number"] == "passed"
    assert (logger.level, list(logger.handlers)) == before


def test_a_failed_test_does_not_show_what_it_looks_for() -> None:
    """Test logs are logs."""
    lie = telling(message="refused for {0} {1}")
    run = type("LyingRun", (FakeRun,), {"kind": lie(FakeAccessControl)})
    found = outcomes(Refusing, run)[IN_HANDS]
    assert found == "AssertionError: the Conflict shows a name, an address or a credential number"


def test_numbers_that_are_wrong_are_secret_too() -> None:
    class Run(FakeRun):
        wrong_numbers = (Credential("badge", "4821X"),)
        kind = telling(message="no number: {1}", hint="number")(FakeAccessControl)

    found = outcomes(Refusing, Run)["test_a_number_that_its_type_cannot_hold_is_refused"]
    assert found == "AssertionError: the Invalid shows a name, an address or a credential number"
