"""The truth about access: every condition closes the door on its own, and clocks may be put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import BEGIN, END, NOON, Client, granted

START_UTC = datetime(2026, 3, 27, 7, 45, tzinfo=UTC)
END_UTC = datetime(2026, 3, 27, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NUMBER = "48213377"


@pytest.fixture
def client() -> Client:
    """A visitor with a badge, a window and a grant."""
    client = Client(AeosSimulator())
    client.grant(client.add_visitor())
    client.assign(1201)
    return client


def bounds(client: Client, number: str = NUMBER) -> list[bool]:
    """Whether it opens just before and at the start, just before and at the end."""
    moments = (START_UTC - SECOND, START_UTC, END_UTC - SECOND, END_UTC)
    return [client.simulator.opens(number, moment) for moment in moments]


def test_a_grant_is_half_open_in_server_local_time(client):
    assert bounds(client) == [False, True, True, False]


def test_a_visits_grant_counts_by_its_own_dates(client):
    other = client.add_visitor()
    client.visit(other, "2026-03-27T08:00:00", "2026-03-27T20:00:00", granted(51, BEGIN, END))
    client.assign(other, "48213378")

    assert bounds(client, "48213378") == [False, True, True, False]


def test_a_grant_without_an_end_goes_on():
    client = Client()
    client.grant(client.add_visitor(), end=None)
    client.assign(1201)

    assert client.simulator.opens(NUMBER, datetime(2149, 1, 1, tzinfo=UTC))


def test_arrival_and_leave_bound_every_grant():
    client = Client()
    stay = f"<ArrivalDateTime>{BEGIN}</ArrivalDateTime><LeaveDateTime>{END}</LeaveDateTime>"
    client.grant(client.add_visitor(before=stay), begin="2026-01-01T00:00:00", end=None)
    client.assign(1201)

    assert bounds(client) == [False, True, True, False]


def test_a_disabled_grant_opens_nothing():
    client = Client()
    client.add_visitor()
    client.assign(1201)
    client.send(
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOnline>"
        f"{granted(enabled='false')}</AuthorisationOnline></ProfileAdd>"
    )

    assert not client.simulator.opens(NUMBER, NOON)


def test_a_badge_without_a_grant_and_a_grant_without_a_badge_open_nothing():
    client = Client()
    client.grant(client.add_visitor())
    client.assign(client.add_visitor())

    assert not client.simulator.opens(NUMBER, NOON)
    assert client.simulator.open_credentials(NOON) == []


def test_one_holding_grant_is_enough(client):
    client.grant(1201, 52, "2026-04-01T00:00:00", None)

    assert client.simulator.opens(NUMBER, NOON)


def test_the_template_and_the_type_can_be_asked_for(client):
    simulator = client.simulator

    assert simulator.opens(NUMBER, NOON, template=51)
    assert simulator.opens(NUMBER, NOON, template="Visitors")
    assert not simulator.opens(NUMBER, NOON, template=52)
    assert not simulator.opens(NUMBER, NOON, template="No such")
    assert simulator.opens(NUMBER, NOON, identifier_type=2)
    assert not simulator.opens(NUMBER, NOON, identifier_type=3)


def test_a_number_in_use_under_two_types_opens_if_either_does(client):
    client.assign(client.add_visitor(), NUMBER, 4)

    assert client.simulator.opens(NUMBER, NOON)
    assert not client.simulator.opens(NUMBER, NOON, identifier_type=4)


@pytest.mark.parametrize(
    "closing",
    [
        (
            "<IdentifierWithdraw><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber>"
            "</IdentifierWithdraw>"
        ),
        (
            "<IdentifierBlock><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber>"
            "<Reason>5</Reason></IdentifierBlock>"
        ),
        "<CarrierIdBlock><CarrierId>1201</CarrierId><Reason>5</Reason></CarrierIdBlock>",
        "<ProfileChange><CarrierId>1201</CarrierId></ProfileChange>",
        "<VisitorId>1201</VisitorId>",
    ],
)
def test_each_way_to_take_access_away_takes_it_away(client, closing):
    assert client.simulator.opens(NUMBER, NOON)

    client.ok(closing)

    assert not client.simulator.opens(NUMBER, NOON)
    assert client.simulator.open_credentials(NOON) == []


def test_an_ambiguous_end_is_read_as_the_later_instant():
    """On 25 October 2026 half past two comes twice in Paris, at 00:30 and at 01:30 UTC."""
    client = Client()
    client.grant(client.add_visitor(), begin=BEGIN, end="2026-10-25T02:30:00")
    client.assign(1201)

    assert client.simulator.opens(NUMBER, datetime(2026, 10, 25, 1, 29, 59, tzinfo=UTC))
    assert not client.simulator.opens(NUMBER, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_a_start_that_does_not_exist_is_read_as_the_earlier_instant():
    """On 29 March 2026 there is no half past two in Paris: 00:30 or 01:30 UTC may be meant."""
    client = Client()
    client.grant(client.add_visitor(), begin="2026-03-29T02:30:00", end=None)
    client.assign(1201)

    assert client.simulator.opens(NUMBER, datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    assert not client.simulator.opens(NUMBER, datetime(2026, 3, 29, 0, 29, 59, tzinfo=UTC))


def test_offline_doors_hear_of_a_revocation_only_when_the_card_expires():
    client = Client(AeosSimulator(update_interval=timedelta(hours=6)))
    client.add_visitor()
    client.assign(1201)
    client.ok(
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOffline><TemplateAuthorisation>"
        "<Enabled>true</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation></AuthorisationOffline>"
        "</ProfileAdd>"
    )
    simulator = client.simulator
    assert not simulator.opens(NUMBER, NOON), "nothing is written on the card yet"

    simulator.update_card(NUMBER, NOON)
    client.token("IdentifierWithdraw")

    assert simulator.opens(NUMBER, NOON, template="Meeting rooms")
    assert len(simulator.open_credentials(NOON + timedelta(hours=6) - SECOND)) == 1
    assert not simulator.opens(NUMBER, NOON + timedelta(hours=6))


def test_a_card_that_is_written_after_the_revocation_holds_nothing(client):
    client.ok(
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOffline><TemplateAuthorisation>"
        "<Enabled>true</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation></AuthorisationOffline>"
        "</ProfileAdd>"
    )
    client.simulator.update_card(NUMBER, NOON)
    client.token("IdentifierWithdraw")
    client.simulator.update_card(NUMBER, NOON)

    assert not client.simulator.opens(NUMBER, NOON)


def test_a_replacement_counts_until_its_end(client):
    client.ok(
        "<IdentifierReplace><CarrierId>1201</CarrierId><IdentifierTypeFrom>2</IdentifierTypeFrom>"
        f"<BadgeNumberFrom>{NUMBER}</BadgeNumberFrom><IdentifierTypeTo>2</IdentifierTypeTo>"
        "<BadgeNumberTo>48213378</BadgeNumberTo><Reason>4</Reason>"
        "<EndValidity>2026-03-27T12:30:00</EndValidity></IdentifierReplace>"
    )
    half_past = NOON + timedelta(minutes=30)

    assert not client.simulator.opens(NUMBER, NOON)
    assert client.simulator.opens("48213378", half_past - SECOND)
    assert not client.simulator.opens("48213378", half_past)
