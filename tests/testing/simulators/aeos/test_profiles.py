"""Carrier profiles: adding, replacing and taking back grants."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import BEGIN, END, NOON, Client, granted

LATER = "2026-03-28T08:45:00"


@pytest.fixture
def client() -> Client:
    client = Client(AeosSimulator())
    client.add_visitor()
    return client


def profile(client: Client) -> list[tuple[str, str]]:
    """Template and begin of each grant."""
    reply = client.ok("<CarrierIdProfile>1201</CarrierIdProfile>")
    return list(zip(reply.texts("TemplateId"), reply.texts("DateFrom"), strict=True))


def change(client: Client, grants: str, after: str = ""):
    return client.send(
        f"<ProfileChange><CarrierId>1201</CarrierId><AuthorisationOnline>{grants}</AuthorisationOnline>"
        f"{after}</ProfileChange>"
    )


def remove(client: Client, entries: str):
    return client.send(
        f"<ProfileRemove><CarrierId>1201</CarrierId><AuthorisationOnlineId>{entries}</AuthorisationOnlineId>"
        "</ProfileRemove>"
    )


def template(key: int, begin: str | None = None, end: str | None = None) -> str:
    dates = (f"<DateFrom>{begin}</DateFrom>" if begin else "") + (
        f"<DateUntil>{end}</DateUntil>" if end else ""
    )
    return f"<TemplateAuthorisation><TemplateId>{key}</TemplateId>{dates}</TemplateAuthorisation>"


def test_the_same_template_may_be_granted_several_times(client):
    client.grant(1201)
    client.grant(1201)

    assert profile(client) == [("51", BEGIN), ("51", BEGIN)]
    assert client.simulator.effects["addCarrierAuthorizations"] == 2


def test_a_profile_of_nothing_holds_the_carrier_alone(client):
    assert client.ok("<CarrierIdProfile>1201</CarrierIdProfile>").tree == [("CarrierId", "1201")]


def test_the_grants_of_a_visit_are_no_part_of_the_profile(client):
    client.visit(1201)

    assert profile(client) == []


def test_a_change_deletes_everything_that_is_not_sent(client):
    client.grant(1201, 51)
    client.grant(1201, 52)

    change(client, granted(53))

    assert profile(client) == [("53", BEGIN)]


def test_a_change_deletes_grants_of_the_other_kind_too(client):
    client.ok(
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOffline><TemplateAuthorisation>"
        "<Enabled>true</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation></AuthorisationOffline>"
        "</ProfileAdd>"
    )

    change(client, granted(53))

    assert [held.grant.subject_id for held in client.simulator.authorisations()] == [53]


def test_grants_of_the_rule_engine_outlast_every_call(client):
    client.simulator.grant(1201, 52, datetime(2026, 1, 1, tzinfo=UTC), rule_id=7)

    change(client, "")

    assert client.ok("<CarrierIdProfile>1201</CarrierIdProfile>").texts("RuleId") == ["7"]
    assert remove(client, template(52)).message == "Authorisation not found"
    assert [held.grant.rule_id for held in client.simulator.authorisations()] == [7]


def test_a_change_may_set_access_on_holidays(client):
    reply = change(client, "", "<AccessDuringHoliday>true</AccessDuringHoliday>")

    assert reply.text("AccessDuringHoliday") == "true"
    assert change(client, "").text("AccessDuringHoliday") == "true"


def test_without_a_date_one_of_several_equal_grants_is_removed(client):
    """The call is ambiguous: a client that wants them all gone has to look again."""
    client.grant(1201, 51, BEGIN)
    client.grant(1201, 51, LATER, None)

    remove(client, template(51))

    assert profile(client) == [("51", LATER)]


def test_dates_choose_the_grant(client):
    client.grant(1201, 51, BEGIN, END)
    client.grant(1201, 51, LATER, None)

    assert remove(client, template(51, BEGIN, LATER)).code == 117
    assert remove(client, template(51, LATER, "2149-05-29T00:00:00")).status == 200
    assert profile(client) == [("51", BEGIN)]
    client.assign(1201)
    assert client.simulator.opens("48213377", NOON)


def test_a_removal_that_fits_only_in_part_removes_nothing(client):
    client.grant(1201, 51)

    refused = remove(client, template(51) + template(52))

    assert refused.code == 117
    assert profile(client) == [("51", BEGIN)]
    assert "removeCarrierAuthorizations" not in client.simulator.effects


def test_entrances_and_offline_grants_are_removed_too(client):
    client.ok(
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOnline><EntranceAuthorisation>"
        "<Enabled>true</Enabled><EntranceId>7</EntranceId><DateTimeScheduleId>1</DateTimeScheduleId>"
        f"<DateFrom>{BEGIN}</DateFrom></EntranceAuthorisation></AuthorisationOnline>"
        "<AuthorisationOffline><TemplateAuthorisation><Enabled>true</Enabled><TemplateId>54</TemplateId>"
        "</TemplateAuthorisation></AuthorisationOffline></ProfileAdd>"
    )
    client.ok(
        "<ProfileRemove><CarrierId>1201</CarrierId><AuthorisationOnlineId><EntranceAuthorisation>"
        "<EntranceId>7</EntranceId><DateTimeScheduleId>1</DateTimeScheduleId></EntranceAuthorisation>"
        "</AuthorisationOnlineId><AuthorisationOfflineId><TemplateAuthorisation><TemplateId>54</TemplateId>"
        "</TemplateAuthorisation></AuthorisationOfflineId></ProfileRemove>"
    )

    assert client.simulator.authorisations() == []


def test_the_older_generation_cannot_remove_single_grants():
    """Code 904 tells a client to read the profile and to change it instead."""
    client = Client(AeosSimulator(generation="older"))
    client.add_visitor()
    client.grant(1201)

    assert remove(client, template(51)).code == 904
    assert change(client, "").tree == [("CarrierId", "1201")]


@pytest.mark.parametrize(
    "payload",
    [
        "<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationSoaa/></ProfileAdd>",
        "<ProfileChange><CarrierId>1201</CarrierId><AuthorisationLocker/></ProfileChange>",
        "<ProfileRemove><CarrierId>1201</CarrierId><AuthorisationLoXSId/></ProfileRemove>",
    ],
)
def test_doors_of_other_kinds_are_not_licensed(client, payload):
    assert client.send(payload).code == 902


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("<CarrierIdProfile>9</CarrierIdProfile>", 101),
        ("<ProfileAdd><CarrierId>9</CarrierId></ProfileAdd>", 116),
        ("<ProfileChange><CarrierId>9</CarrierId></ProfileChange>", 111),
        ("<ProfileRemove><CarrierId>9</CarrierId></ProfileRemove>", 117),
    ],
)
def test_an_unknown_carrier_is_refused_with_the_code_of_the_operation(client, payload, code):
    refused = client.send(payload)

    assert (refused.code, refused.message) == (code, "Carrier not found")
