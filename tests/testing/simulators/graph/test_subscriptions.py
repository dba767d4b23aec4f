"""Subscriptions: made after a handshake with each endpoint, renewed within limits, over in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.flow import Cut, Response
from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from tests.testing.simulators.graph.certificate import der
from tests.testing.simulators.graph.client import NOW, ROOM, Client
from tests.testing.simulators.graph.endpoint import URL, Endpoint


def wanted(**members: Any) -> dict[str, Any]:
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": URL,
        "resource": f"users/{ROOM}/events",
        "expirationDateTime": (NOW + timedelta(days=2)).isoformat(),
        "clientState": "shared",
        **members,
    }


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def client(endpoint) -> Client:
    return Client(GraphSimulator(post=endpoint))


def test_one_is_made_after_a_handshake_that_keeps_the_query(client, endpoint):
    reply = client.ask("POST", "subscriptions", wanted(lifecycleNotificationUrl=URL))

    assert (reply.status, reply.json["clientState"]) == (201, "shared")
    assert len(endpoint.handshakes) == 2
    assert all(url.startswith(f"{URL}&validationToken=Validation%3A%20") for url in endpoint.handshakes)
    assert client.get(f"subscriptions/{reply.json['id']}").json["resource"] == f"users/{ROOM}/events"
    assert [each["id"] for each in client.get("subscriptions").value] == [reply.json["id"]]


def _silent(_: object) -> Response:
    raise Cut("timeout")


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (_silent, "timed out"),
        (lambda _: Response(403), "'403'"),
        (lambda _: Response(200, {"content-type": "text/plain"}, b"other"), "must respond"),
        (lambda _: Response(200, {"content-type": "text/html"}, b""), "must respond"),
    ],
)
def test_none_is_made_where_the_endpoint_does_not_echo(post, said):
    reply = Client(GraphSimulator(post=post)).ask("POST", "subscriptions", wanted())

    assert (reply.status, reply.code) == (400, "InvalidRequest")
    assert said in reply.json["error"]["message"]


@pytest.mark.parametrize(
    "members",
    [
        {"resource": "me/messages"},
        {"resource": f"users/{ROOM}/events?$top=1"},
        {"changeType": "moved"},
        {"changeType": None},
        {"notificationUrl": "http://subscriber.example/"},
        {"notificationUrl": None},
        {"clientState": "x" * 129},
        {"expirationDateTime": NOW.isoformat()},
        {"expirationDateTime": (NOW + timedelta(days=8)).isoformat()},
        {"expirationDateTime": 3},
        {"includeResourceData": True},
        {"includeResourceData": True, "encryptionCertificate": "eA==", "encryptionCertificateId": "1"},
        {"includeResourceData": True, "encryptionCertificate": der(), "encryptionCertificateId": "1"},
    ],
)
def test_what_cannot_be_is_refused(client, members):
    assert client.ask("POST", "subscriptions", wanted(**members)).status == 400


def test_an_unknown_mailbox_cannot_be_subscribed_to(client):
    assert client.ask("POST", "subscriptions", wanted(resource="users/nobody/events")).status == 404
    assert client.ask("POST", "subscriptions", b"{").code == "UnableToDeserializePostBody"


def test_a_short_life_is_raised_and_a_rich_one_is_a_day(client):
    short = wanted(expirationDateTime=(NOW + timedelta(minutes=1)).isoformat())
    assert (
        client.ask("POST", "subscriptions", short).json["expirationDateTime"].startswith("2026-01-05T08:45")
    )

    rich = {
        "resource": f"users/{ROOM}/events?$select=subject",
        "includeResourceData": True,
        "encryptionCertificate": der(),
        "encryptionCertificateId": "1",
    }
    assert client.ask("POST", "subscriptions", wanted(**rich)).status == 400
    day = (NOW + timedelta(hours=23)).isoformat()
    made = client.ask("POST", "subscriptions", wanted(**rich, expirationDateTime=day))
    assert (made.status, made.json["encryptionCertificate"]) == (201, None)


def test_one_is_renewed_reauthorized_deleted_and_ends_by_itself(client):
    first, second = (client.ask("POST", "subscriptions", wanted()).json["id"] for _ in range(2))
    later = {"expirationDateTime": (NOW + timedelta(days=3)).isoformat()}
    assert (
        client.ask("PATCH", f"subscriptions/{first}", later)
        .json["expirationDateTime"]
        .startswith("2026-01-08")
    )
    assert client.ask("PATCH", f"subscriptions/{first}", {"clientState": "x"}).status == 400
    assert client.ask("POST", f"subscriptions/{first}/reauthorize").status == 204
    assert client.ask("DELETE", f"subscriptions/{second}").status == 204
    assert client.ask("PATCH", f"subscriptions/{second}", later).code == "ResourceNotFound"

    client.clock.advance(4 * 86_400)
    client.token = client.simulator.entra.issue(client.clock.now())
    assert client.get("subscriptions").value == []


def test_renewing_may_validate_again(endpoint):
    client = Client(GraphSimulator(post=endpoint, switches=Switches(handshakes_at_renewal=True)))
    key = client.ask("POST", "subscriptions", wanted()).json["id"]

    client.ask("PATCH", f"subscriptions/{key}", {"expirationDateTime": (NOW + timedelta(days=3)).isoformat()})
    client.ask("PATCH", "subscriptions/unknown", {})

    assert len(endpoint.handshakes) == 2


def test_a_mailbox_has_room_for_a_thousand(client):
    for _ in range(1000):
        client.simulator.subscriptions.all[str(len(client.simulator.subscriptions.all))] = _one(client)

    assert client.ask("POST", "subscriptions", wanted()).status == 403


def _one(client: Client) -> Any:
    known = client.simulator.subscriptions.all
    if not known:
        client.ask("POST", "subscriptions", wanted())
    return next(iter(known.values()))
