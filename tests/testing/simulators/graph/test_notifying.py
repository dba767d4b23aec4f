"""Notifications: owed at each change, sent when due, tried again, given up; rich ones are sealed."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from hamilton_sdk.flow import Cut, Now, Request, Response
from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from hamilton_sdk.testing.simulators.graph.tokens import PUBLISHER
from tests.testing.simulators.graph.certificate import der, pair, thumbprint
from tests.testing.simulators.graph.client import BASE, NOW, ROOM, Client, event
from tests.testing.simulators.graph.endpoint import URL, Endpoint, opened

SOON = (NOW + timedelta(hours=20)).isoformat()
BODY = {
    "changeType": "created,updated,deleted",
    "notificationUrl": URL,
    "lifecycleNotificationUrl": f"{URL}&lifecycle",
    "resource": f"users/{ROOM}/events",
    "expirationDateTime": SOON,
    "clientState": "shared",
}
RICH = {
    "resource": f"users/{ROOM}/events?$select=subject,start",
    "includeResourceData": True,
    "encryptionCertificate": der(),
    "encryptionCertificateId": "first",
}


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


def _client(endpoint: Endpoint, switches: Switches | None = None, **members: object) -> Client:
    client = Client(GraphSimulator(post=endpoint, switches=switches))
    reply = client.ask("POST", "subscriptions", {**BODY, **members}, prefer='IdType="ImmutableId"')
    assert reply.status == 201, reply.json
    return client


def test_each_change_is_told_with_its_kind_state_and_immutable_id(endpoint):
    client = _client(endpoint)
    made = client.create()
    client.ask("PATCH", client.on(ROOM, made["id"]), {"subject": "x"})
    client.ask("DELETE", client.on(ROOM, made["id"]))

    assert client.simulator.deliver(NOW) == 1

    assert [each["changeType"] for each in endpoint.items] == ["created", "updated", "deleted"]
    assert {each["clientState"] for each in endpoint.items} == {"shared"}
    key = endpoint.items[0]["resourceData"]["id"]
    assert key != made["id"]
    assert endpoint.items[0]["resource"].endswith(f"/Events/{key}")
    assert client.simulator.deliver(NOW) == 0


def test_only_kinds_subscribed_to_are_told_and_updates_may_be_echoed(endpoint):
    client = _client(endpoint, Switches(echoed_notifications=1), changeType="updated")
    client.ask("PATCH", client.on(ROOM, client.create()["id"]), {"subject": "x"})
    client.simulator.deliver(NOW)

    assert [each["changeType"] for each in endpoint.items] == ["updated", "updated"]


def test_a_failed_delivery_is_tried_again_later_and_given_up_as_missed(endpoint):
    client = _client(endpoint, Switches(delivery_retries=2))
    client.create()
    endpoint.status = 503

    assert [client.simulator.deliver(NOW), client.simulator.deliver(NOW)] == [1, 0]
    assert client.simulator.deliver(NOW + timedelta(seconds=10)) == 1
    assert len(client.simulator.notifying.given_up) == 1
    endpoint.status = 202
    client.simulator.deliver(NOW + timedelta(seconds=10))

    assert endpoint.items[-1]["lifecycleEvent"] == "missed"


def test_due_is_a_flow_that_asks_for_each_request(endpoint):
    client = _client(endpoint)
    client.create()
    flow = client.simulator.due()
    assert isinstance(next(flow), Now)
    request = flow.send(NOW)
    assert isinstance(request, Request)
    with pytest.raises(StopIteration):
        flow.send(Response(202))

    assert client.simulator.deliver(NOW + timedelta(days=1)) == 0


def test_lifecycle_events_are_told_and_a_removed_subscription_is_gone(endpoint):
    client = _client(endpoint)
    client.simulator.lifecycle("reauthorizationRequired", NOW)
    client.simulator.lifecycle("missed", NOW, subscription="another")
    client.simulator.lifecycle("subscriptionRemoved", NOW)
    client.simulator.deliver(NOW)

    assert [each["lifecycleEvent"] for each in endpoint.items] == [
        "reauthorizationRequired",
        "subscriptionRemoved",
    ]
    assert client.get("subscriptions").value == []


def test_without_an_address_for_them_lifecycle_events_are_lost(endpoint):
    client = _client(endpoint, lifecycleNotificationUrl=None)
    client.simulator.lifecycle("missed", NOW)

    assert client.simulator.deliver(NOW) == 0


def test_rich_ones_are_sealed_for_the_subscriber(endpoint):
    client = _client(endpoint, **RICH)
    client.create(ROOM, event(subject="Secret"))
    client.simulator.deliver(NOW)

    content = endpoint.items[0]["encryptedContent"]
    data = opened(content, pair()[0])
    assert (data["subject"], set(data)) == ("Secret", {"@odata.type", "subject", "start"})
    assert content["encryptionCertificateId"] == "first"
    assert content["encryptionCertificateThumbprint"] == thumbprint()


def test_rich_ones_are_vouched_for_by_a_key_that_is_published(endpoint):
    client = _client(endpoint, **RICH)
    client.create()
    client.simulator.deliver(NOW)
    (token,) = endpoint.bodies[0]["validationTokens"]

    found = client.get(f"{BASE}/common/.well-known/openid-configuration").json
    keys = jwt.PyJWKSet.from_dict(client.get(found["jwks_uri"]).json)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    entra = client.simulator.entra
    claims = jwt.decode(token, key, ["RS256"], audience=entra.client_id, options=options)

    assert (claims["appid"], claims["iss"]) == (PUBLISHER, f"https://sts.windows.net/{entra.tenant_id}/")


def test_a_request_of_due_that_gets_no_answer_is_owed_again(endpoint):
    client = _client(endpoint)
    client.create()
    flow = client.simulator.due()
    next(flow)
    flow.send(NOW)
    with pytest.raises(StopIteration):
        flow.throw(Cut("timeout"))

    assert client.simulator.deliver(NOW + timedelta(seconds=10)) == 1
