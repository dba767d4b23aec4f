"""Grants as they are read and echoed, in profiles and in visits."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import BEGIN, END, Client, granted


@pytest.fixture
def client() -> Client:
    client = Client(AeosSimulator())
    client.add_visitor()
    return client


def add(client: Client, grants: str, kind: str = "AuthorisationOnline"):
    return client.send(f"<ProfileAdd><CarrierId>1201</CarrierId><{kind}>{grants}</{kind}></ProfileAdd>")


def test_an_end_in_2149_is_read_back_as_no_end(client):
    reply = client.grant(1201, end="2149-05-29T00:00:00")

    assert reply.texts("DateFrom") == [BEGIN]
    assert reply.texts("DateUntil") == []
    assert client.simulator.authorisations()[0].grant.date_until is None


def test_a_rule_id_is_ignored_on_write(client):
    entry = granted().replace("<TemplateId>", "<RuleId>7</RuleId><TemplateId>")

    assert add(client, entry).texts("RuleId") == []


def test_entrances_and_groups_are_granted_with_a_schedule(client):
    reply = add(
        client,
        "<EntranceGroupAuthorisation><Enabled>true</Enabled><EntranceGroupId>9</EntranceGroupId>"
        f"<DateTimeScheduleId>1</DateTimeScheduleId><DateFrom>{BEGIN}</DateFrom>"
        "<SpecialDays>true</SpecialDays></EntranceGroupAuthorisation>"
        "<EntranceAuthorisation><Enabled>false</Enabled><EntranceId>7</EntranceId>"
        f"<DateTimeScheduleId>1</DateTimeScheduleId><DateFrom>{BEGIN}</DateFrom></EntranceAuthorisation>",
    )

    [(_, [(group, first), (entrance, second)])] = reply.tree[1:]
    assert (group, entrance) == ("EntranceGroupAuthorisation", "EntranceAuthorisation")
    assert dict(first)["SpecialDays"] == "true"
    assert dict(second)["Enabled"] == "false"
    assert "SpecialDays" not in dict(second)


def test_offline_grants_have_no_dates(client):
    entry = (
        "<TemplateAuthorisation><Enabled>true</Enabled><TemplateId>54</TemplateId></TemplateAuthorisation>"
    )
    reply = add(client, entry, "AuthorisationOffline")

    assert reply.tree[1][0] == "AuthorisationOffline"
    assert reply.texts("TemplateId") == ["54"]
    assert add(client, granted(54), "AuthorisationOffline").code == 116


@pytest.mark.parametrize(
    ("grants", "kind", "message"),
    [
        (granted(999), "AuthorisationOnline", "Template not found"),
        (granted(54), "AuthorisationOnline", "Template not found"),
        (
            "<TemplateAuthorisation><Enabled>true</Enabled><TemplateId>51</TemplateId></TemplateAuthorisation>",
            "AuthorisationOffline",
            "Template not found",
        ),
        (granted(51, END, BEGIN), "AuthorisationOnline", "Authorisation ends before it begins"),
        (
            (
                "<EntranceAuthorisation><Enabled>true</Enabled><EntranceId>7</EntranceId>"
                f"<DateTimeScheduleId>9</DateTimeScheduleId><DateFrom>{BEGIN}</DateFrom></EntranceAuthorisation>"
            ),
            "AuthorisationOnline",
            "Schedule not found",
        ),
    ],
)
def test_what_is_granted_must_exist_and_be_of_that_kind(client, grants, kind, message):
    refused = add(client, grants, kind)

    assert (refused.code, refused.message) == (116, message)
    assert client.simulator.authorisations() == []
