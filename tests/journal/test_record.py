"""One record for each attempt, to the family's logger."""

from __future__ import annotations

import logging

import pytest

from hamilton_sdk.errors import Outcome
from hamilton_sdk.journal import Journal, Record


def record(outcome: Outcome = Outcome.DONE) -> Record:
    return Record(
        connector="acs.aeos",
        operation="findVisitor",
        peer="aeos.example:8443",
        attempt=2,
        outcome=outcome,
        status=200,
        duration_ms=12.34,
        request_id="c-1",
    )


def test_it_goes_to_the_familys_logger_with_all_its_fields(caplog):
    caplog.set_level(logging.INFO, "hamilton_sdk.acs")
    Journal("acs.aeos").write(record())
    (logged,) = caplog.records
    assert (logged.name, logged.levelno) == ("hamilton_sdk.acs", logging.INFO)
    assert logged.getMessage() == (
        "acs.aeos findVisitor at aeos.example:8443: done (status 200, attempt 2, 12.3 ms, request c-1)"
    )
    assert logged.hamilton["operation"] == "findVisitor"
    assert set(logged.hamilton) == {
        "connector",
        "operation",
        "peer",
        "attempt",
        "outcome",
        "status",
        "duration_ms",
        "request_id",
        "peer_request_id",
        "error",
    }


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.FINAL, Outcome.REFUSED, Outcome.NOT_SENT])
def test_what_was_not_done_is_a_warning(caplog, outcome):
    Journal("acs.aeos").write(record(outcome))
    assert caplog.records[0].levelno == logging.WARNING


def test_it_asks_whether_anybody_listens():
    journal = Journal("quiet.one")
    logger = logging.getLogger("hamilton_sdk.quiet")
    logger.setLevel(logging.WARNING)
    assert journal.wants(Outcome.UNKNOWN)
    assert not journal.wants(Outcome.DONE)
    logger.setLevel(logging.ERROR)
    assert not journal.wants(Outcome.UNKNOWN)


def test_an_application_without_logging_hears_nothing(capfd):
    logger = logging.getLogger("hamilton_sdk")
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
