"""A third-party SOAP client, which shares no line with ours, talks to the simulator over a real socket.

It is driven by a description of our own (``aeos_wsdl``), checks what it sends against it and reads every
answer by it: what the simulator writes is what the description says.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import zeep

from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.testing.simulators import AeosSimulator

if TYPE_CHECKING:
    from collections.abc import Iterator


WSDL = Path(__file__).parent / "aeos_wsdl" / "aeos.wsdl"
SERVICE = "http://www.nedap.com/aeosws"
SCHEMA = f"{SERVICE}/schema"
NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)
BEGIN, END = datetime(2026, 3, 27, 8, 45), datetime(2026, 3, 27, 18)
BADGE = {"IdentifierType": 2, "BadgeNumber": "48213377"}
GRANT = {"Enabled": True, "TemplateId": 51, "DateFrom": BEGIN, "DateUntil": END}


@pytest.fixture(params=["newer", "older"])
def simulator(request: pytest.FixtureRequest) -> AeosSimulator:
    return AeosSimulator(generation=request.param, block_reply="identifier", administrator=True)


@pytest.fixture
def service(simulator: AeosSimulator) -> Iterator[Any]:
    """The operations, at the address where the simulator really is."""
    with LoopbackServer(simulator) as server, requests.Session() as session:
        session.auth = (simulator.username, simulator.password)
        client = zeep.Client(str(WSDL), transport=zeep.Transport(session=session))
        yield client.create_service(f"{{{SERVICE}}}AeosWebServiceSoap", server.url + simulator.path)


def test_a_visitor_is_let_in_and_out(simulator, service):
    visitor = service.addVisitor(
        UnitId=1,
        ArrivalDateTime=BEGIN,
        LeaveDateTime=END,
        Freefield=[{"DefinitionId": 12, "value": "HV-2026-000123"}],
        LastName="Durand",
        PersonnelNo="HV-2026-000123",
        FirstName="Zoé",
        Gender="Unknown",
        ContactPersonId=60,
        Company="Exemple & Fils",
    )
    assert (visitor.Id, visitor.CarrierType, visitor.FirstName) == (1201, "Visitor", "Zoé")
    assert visitor.ArrivalDateTime == BEGIN
    assert visitor.Freefield[0].Name == "ExternalId"

    visit = service.addVisit(
        VisitorId=visitor.Id,
        ContactPersonId=60,
        beginVisit=BEGIN,
        endVisit=END,
        Authorization={"TemplateAuthorisation": [GRANT]},
    )
    assert visit.Authorization.TemplateAuthorisation[0].DateUntil == END
    badge = service.assignToken(CarrierId=visitor.Id, **BADGE)
    assert (badge.Status, badge.Blocked) == (1, False)
    assert simulator.opens("48213377", NOON)

    [found] = service.findToken(IdentifierSearch=BADGE).IdentifierAndCarrierId
    assert (found.CarrierId, found.Identifier.Id) == (visitor.Id, badge.Id)
    [listed] = service.findVisitor(VisitorInfo={"LastName": "Dur"}).Visitor
    assert listed.VisitorInfo.Company == "Exemple & Fils"
    carrier = service.findCarrierByToken(IdentifierTypeId=2, BadgeNumber="48213377")
    assert (type(carrier).__name__, carrier.LastName) == ("VisitorInfo", "Durand")

    assert service.withdrawToken(**BADGE) == "(null)"
    assert not simulator.opens("48213377", NOON)
    assert service.removeVisit(visit.Id) == service.removeVisitor(visitor.Id) == "(null)"
    assert simulator.holders() == []


def test_a_badge_goes_through_its_states(simulator, service):
    visitor = service.addVisitor(LastName="Durand")
    service.addCarrierAuthorizations(
        CarrierId=visitor.Id, AuthorisationOnline={"TemplateAuthorisation": [GRANT]}
    )
    service.assignToken(CarrierId=visitor.Id, **BADGE)

    assert service.blockToken(**BADGE, Reason=5).Status == 3
    assert not simulator.opens("48213377", NOON)
    assert service.unblockToken(**BADGE).Status == 1
    new = service.replaceToken(
        CarrierId=visitor.Id,
        IdentifierTypeFrom=2,
        BadgeNumberFrom="48213377",
        IdentifierTypeTo=2,
        BadgeNumberTo="48213378",
        Reason=4,
    )
    assert new.Status == 4
    replaced, standing_in = service.findCarrierToken(visitor.Id)
    assert (replaced.Replaced, replaced.ReplacedBy, standing_in.Id) == (True, new.Id, new.Id)
    service.withdrawToken(IdentifierType=2, BadgeNumber="48213378", RestoreReplaced=True)
    assert service.withdrawAndBlockToken(**BADGE, Reason=6) == "(null)"
    assert service.releaseBlockedToken(**BADGE) == "(null)"


def test_a_holder_is_blocked_and_exempted(service):
    visitor = service.addVisitor(LastName="Durand")

    assert service.blockCarrier(CarrierId=visitor.Id, Reason=5).States.Blocked is True
    assert service.unblockCarrier(visitor.Id).States.Blocked is False
    exempt = service.changeCarrierAttribute(
        CarrierId=visitor.Id, State="ActivateVerification", Activated=False
    )
    assert exempt.States.ExcludedFromVerification is True
    assert service.findCarrierStates(visitor.Id).States.ExcludedFromVerification is True


def test_profiles_are_read_replaced_and_taken_back(simulator, service):
    visitor = service.addVisitor(LastName="Durand")
    online = {"TemplateAuthorisation": [GRANT, {**GRANT, "TemplateId": 52}]}
    service.changeCarrierProfile(CarrierId=visitor.Id, AuthorisationOnline=online)

    read = service.findCarrierProfile(visitor.Id).AuthorisationOnline.TemplateAuthorisation
    assert [grant.TemplateId for grant in read] == [51, 52]
    remove = {"TemplateAuthorisation": [{"TemplateId": 52}]}
    if service.findVisitor(VisitorInfo={}).SearchResultInfo is None:
        with pytest.raises(zeep.exceptions.Fault, match="Wrong function"):
            service.removeCarrierAuthorizations(CarrierId=visitor.Id, AuthorisationOnlineId=remove)
    else:
        service.removeCarrierAuthorizations(CarrierId=visitor.Id, AuthorisationOnlineId=remove)
        assert [held.grant.subject_id for held in simulator.authorisations()] == [51]


def test_people_and_reference_data_are_read(service):
    [host, *_] = service.findPerson(PersonInfo={"PersonnelNo": "E-1001"}).Person
    assert (type(host).__name__, host.LastName) == ("EmployeeInfo", "Moreau")
    templates = service.findTemplate(TemplateInfo={"UnitOfAuthType": "OnLine"}).Template
    assert templates[0].TemplateItem[0].AuthorisationType == "Entrance"
    assert service.findIdentifierType()[0].MaximumValue == "99999999"
    assert {reason.Description for reason in service.findBlockReason()} >= {"Suspended", "Visit ended"}
    assert service.findUnit()[0].Name == "Headquarters"
    assert service.findFreeFieldDefinition()[0].Name == "ExternalId"
    assert service.findEntrance(EntranceInfo={"UnitOfAuthType": "OnLine"}).Entrance[0].Id == 7
    groups = service.findEntranceGroup(EntranceGroupInfo={"UnitOfAuthType": "OnLine"}).EntranceGroup
    assert groups[0].EntranceIdList.EntranceId == [7]
    assert service.findDayTimeSchedule()[0].DayPeriod[0].EndDay == 6
    assert service.findEventType(Id=40)[0].Name == "BadgeNoAccessEvent"
    assert service.getVersion("").WebServiceBuild == "simulated"


def test_events_are_read(simulator, service):
    simulator.present("48213377", NOON)

    [event] = service.findEvent(EventSearch={"FromDateTime": BEGIN, "GreaterThanId": 0}).Event
    assert (event.EventTypeId, event.IntValue, event.DateTime) == (40, 25601, datetime(2026, 3, 27, 12))


def test_faults_carry_code_and_message(service):
    with pytest.raises(zeep.exceptions.Fault, match="Carrier not found") as fault:
        service.assignToken(CarrierId=5, **BADGE)

    [info] = fault.value.detail
    assert info.tag == f"{{{SCHEMA}}}StatusInfo"
    assert [child.text for child in info] == ["113", "Carrier not found"]
