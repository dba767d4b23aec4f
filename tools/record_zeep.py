"""Record what zeep, a third-party SOAP client, says to the simulator, and what it is answered.

Usage: ``python tools/record_zeep.py``. Writes ``tests/testing/cassettes/zeep.yaml``, without credentials. The
simulator is ours, the client is not: what the recording proves is the form of real requests.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import requests
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
import zeep

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.testing.simulators import AeosSimulator

TESTS = Path(__file__).parent.parent / "tests" / "testing"
SERVICE = "http://www.nedap.com/aeosws"
BEGIN, END = datetime(2026, 3, 27, 8, 45), datetime(2026, 3, 27, 18)  # noqa: DTZ001 (AEOS speaks local time)
NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)
BADGE = {"IdentifierType": 2, "BadgeNumber": "48213377"}
GRANT = {"Enabled": True, "TemplateId": 51, "DateFrom": BEGIN, "DateUntil": END}


def main() -> None:
    """Let one visitor in and out."""
    simulator = AeosSimulator(administrator=True)
    cassette = TESTS / "cassettes" / "zeep.yaml"
    cassette.unlink(missing_ok=True)
    recorder = vcr.VCR(
        filter_headers=["authorization", "user-agent", "host", "connection", "accept-encoding"],
        before_record_request=_at_example,
    )
    with (
        LoopbackServer(simulator, clock=SettableClock(NOON)) as server,
        requests.Session() as session,
        recorder.use_cassette(str(cassette)),
    ):
        session.auth = (simulator.username, simulator.password)
        client = zeep.Client(
            str(TESTS / "aeos_wsdl" / "aeos.wsdl"), transport=zeep.Transport(session=session)
        )
        _visit(client.create_service(f"{{{SERVICE}}}AeosWebServiceSoap", server.url + simulator.path))
    print(cassette)


def _at_example(request: vcr.request.Request) -> vcr.request.Request:
    request.uri = "http://aeos.example/aeosws"
    return request


def _visit(service: zeep.proxy.ServiceProxy) -> None:
    visitor = service.addVisitor(
        ArrivalDateTime=BEGIN,
        LeaveDateTime=END,
        LastName="Durand",
        PersonnelNo="HV-2026-000123",
        FirstName="Zoé",
        ContactPersonId=60,
        Company="Exemple & Fils",
    )
    visit = service.addVisit(
        VisitorId=visitor.Id,
        ContactPersonId=60,
        beginVisit=BEGIN,
        endVisit=END,
        Authorization={"TemplateAuthorisation": [GRANT]},
    )
    service.assignToken(CarrierId=visitor.Id, **BADGE)
    service.findToken(IdentifierSearch=BADGE)
    service.findVisitor(VisitorInfo={"LastName": "Dur"})
    service.withdrawToken(**BADGE)
    service.removeVisit(visit.Id)
    service.removeVisitor(visitor.Id)


if __name__ == "__main__":
    main()
