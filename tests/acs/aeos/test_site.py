"""A failure counts as success only where the state says so."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.acs.aeos.site import refusal, unless_already
from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Forbidden,
    Interrupted,
    Invalid,
    NotFound,
    NotReachable,
    ServerFailed,
    TimedOut,
    Unauthorized,
)
from tests.acs.aeos.made import site
from tests.acs.aeos.scripted import Script

READ_AGAIN = [Conflict, Invalid, NotFound, TimedOut, ServerFailed, BadResponse]


def fails(error: ConnectorError) -> Any:
    yield from ()
    raise error


def says(answer: bool) -> Any:
    yield from ()
    return answer


@pytest.mark.parametrize("kind", READ_AGAIN)
def test_what_holds_already_is_success(kind: type[ConnectorError]) -> None:
    assert Script({}).run(unless_already(fails(kind("refused")), lambda: says(True))) is None


@pytest.mark.parametrize("kind", READ_AGAIN)
def test_what_does_not_hold_is_the_failure_itself(kind: type[ConnectorError]) -> None:
    with pytest.raises(kind, match="refused"):
        Script({}).run(unless_already(fails(kind("refused")), lambda: says(False)))


@pytest.mark.parametrize("kind", [NotReachable, Unauthorized, Forbidden, Interrupted])
def test_where_nothing_can_be_read_either_nothing_is_asked(kind: type[ConnectorError]) -> None:
    def never() -> Any:
        pytest.fail("the state was read")

    with pytest.raises(kind):
        Script({}).run(unless_already(fails(kind("no")), never))


def test_where_reading_fails_too_the_first_failure_is_told_with_the_second() -> None:
    with pytest.raises(Conflict, match="first") as caught:
        Script({}).run(unless_already(fails(Conflict("first")), lambda: fails(TimedOut("second"))))
    assert any("second" in note for note in caught.value.__notes__)
    assert isinstance(caught.value.__cause__, TimedOut)


def test_an_error_of_our_own_names_the_connector() -> None:
    error = refusal(Conflict, "in the way", "remove it", "activate")
    assert str(error) == "acs.aeos: in the way"
    assert (error.connector, error.operation, error.hint) == ("acs.aeos", "activate", "remove it")


def test_a_site_for_compensation_differs_in_its_requests_alone() -> None:
    found = site()
    back = found.undoing()
    assert back.wire.undo
    assert not found.wire.undo
    assert back.settings is found.settings
