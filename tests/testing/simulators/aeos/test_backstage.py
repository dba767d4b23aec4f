"""What tests may do behind the service's back, and that what they are given are copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import NOON, Client

NUMBER = "48213377"


@pytest.fixture
def simulator() -> AeosSimulator:
    return AeosSimulator()


def test_people_put_in_by_hand_are_found_by_the_service_and_are_no_effects(simulator):
    client = Client(simulator)
    employee = simulator.add_employee("Garnier", personnel_number="E-2", FirstName="Zoé")
    visitor = simulator.add_visitor("Durand")

    reply = client.ok(
        "<PersonSearchInfo><PersonInfo><PersonnelNo>E-2</PersonnelNo></PersonInfo></PersonSearchInfo>"
    )
    assert reply.texts("Id") == [str(employee)]
    assert reply.texts("FirstName") == ["Zoé"]
    assert [holder.id for holder in simulator.holders()] == [visitor]
    assert simulator.effects == {}


def test_holders_are_found_by_the_beginning_of_number_or_free_field(simulator):
    client = Client(simulator)
    simulator.add_visitor("Durand", personnel_number="HV-1")
    simulator.add_visitor("Petit", personnel_number="OTHER-1")
    simulator.add_employee("Garnier", personnel_number="HV-2")
    client.add_visitor(
        last_name="Martin",
        before="<Freefield><DefinitionId>12</DefinitionId><value>HV-3</value></Freefield>",
    )

    assert [holder.fields["LastName"] for holder in simulator.holders("HV-")] == ["Durand", "Martin"]
    assert len(simulator.holders()) == 3


def test_a_badge_given_by_hand_opens_with_a_grant_given_by_hand(simulator):
    visitor = simulator.add_visitor("Durand")
    badge = simulator.give_badge(visitor, NUMBER)
    grant = simulator.grant(visitor, 51, NOON, NOON + timedelta(hours=1))

    assert [one.id for one in simulator.tokens()] == [badge]
    assert [(held.carrier_id, held.visit_id, held.grant.id) for held in simulator.authorisations()] == [
        (visitor, None, grant)
    ]
    assert not simulator.opens(NUMBER, NOON - timedelta(seconds=1))
    assert simulator.opens(NUMBER, NOON)
    assert not simulator.opens(NUMBER, NOON + timedelta(hours=1))


def test_a_grant_by_hand_may_have_no_end(simulator):
    visitor = simulator.add_visitor("Durand")
    simulator.grant(visitor, 51, NOON)

    assert simulator.authorisations()[0].grant.date_until is None


def test_a_badge_that_is_not_free_is_not_given(simulator):
    visitor = simulator.add_visitor("Durand")
    simulator.give_badge(visitor, NUMBER)

    with pytest.raises(ValueError, match="not free"):
        simulator.give_badge(60, NUMBER)


def test_a_free_badge_is_given_again(simulator):
    client = Client(simulator)
    badge = simulator.give_badge(60, NUMBER)
    client.token("IdentifierWithdraw")

    assert simulator.give_badge(61, NUMBER) == badge


def test_what_is_given_away_are_copies(simulator):
    client = Client(simulator)
    client.visit(client.add_visitor())
    client.assign(1201)

    simulator.holders()[0].fields["LastName"] = "changed"
    simulator.employees()[0].fields["LastName"] = "changed"
    simulator.tokens()[0].status = 0
    simulator.open_credentials(NOON)[0].status = 0
    simulator.visits()[0].authorisations.clear()
    simulator.authorisations()[0].grant.enabled = False
    simulator.effects.clear()

    assert simulator.opens(NUMBER, NOON)
    assert simulator.holders()[0].fields["LastName"] == "Durand"
    assert simulator.employees()[0].fields["LastName"] == "Moreau"
    assert simulator.effects == {"addVisitor": 1, "addVisit": 1, "assignToken": 1}


def test_grants_of_visits_name_their_visit(simulator):
    client = Client(simulator)
    client.visit(client.add_visitor())

    assert [(held.carrier_id, held.visit_id) for held in simulator.authorisations()] == [(1201, 901)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda simulator, moment: simulator.opens(NUMBER, moment),
        lambda simulator, moment: simulator.open_credentials(moment),
        lambda simulator, moment: simulator.present(NUMBER, moment),
        lambda simulator, moment: simulator.update_card(NUMBER, moment),
        lambda simulator, moment: simulator.grant(60, 51, moment),
    ],
)
def test_moments_are_aware(simulator, ask):
    simulator.give_badge(60, NUMBER)

    with pytest.raises(ValueError, match="aware"):
        ask(simulator, datetime(2026, 3, 27, 12))


def test_presenting_a_badge_goes_by_its_type(simulator):
    visitor = simulator.add_visitor("Durand")
    simulator.grant(visitor, 51, datetime(2026, 1, 1, tzinfo=UTC))
    simulator.give_badge(visitor, NUMBER, identifier_type=4)

    assert not simulator.present(NUMBER, NOON, identifier_type=2)
    assert simulator.present(NUMBER, NOON, identifier_type=4)
    assert simulator.present(NUMBER, NOON)


def test_the_template_that_opens_can_be_asked_for(simulator):
    simulator.give_badge(60, NUMBER)
    simulator.grant(60, 52, NOON)

    assert simulator.opens(NUMBER, NOON, template="Visitors escorted")
    assert simulator.opens(NUMBER, NOON, template=52)
    assert not simulator.opens(NUMBER, NOON, template="Visitors")


def test_a_card_is_written_with_the_offline_rights_of_its_holder(simulator):
    client = Client(simulator)
    client.ok(
        "<ProfileAdd><CarrierId>60</CarrierId><AuthorisationOffline><TemplateAuthorisation>"
        "<Enabled>true</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation>"
        "<TemplateAuthorisation><Enabled>false</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation>"
        "</AuthorisationOffline></ProfileAdd>"
    )
    for kind in (2, 4):
        simulator.give_badge(60, NUMBER, identifier_type=kind)

    simulator.update_card(NUMBER, NOON, identifier_type=4)
    assert not simulator.opens(NUMBER, NOON, identifier_type=2)
    assert simulator.opens(NUMBER, NOON, identifier_type=4)
    simulator.update_card(NUMBER, NOON)
    assert [badge.type_id for badge in simulator.open_credentials(NOON)] == [2, 4]
    assert simulator.open_credentials(NOON + timedelta(days=1)) == []
