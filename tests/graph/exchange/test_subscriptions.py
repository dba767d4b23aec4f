"""Being told of changes: making, renewing, ending and listing subscriptions."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from hamilton_sdk.errors import BadResponse, Forbidden, Invalid, NotFound, TimedOut
from hamilton_sdk.graph.exchange import subscriptions
from tests.graph.exchange.world import NOW, ROOM, URL, World, answer, fault, tenant

TENANT = tenant()
HOOK = "https://app.example/hooks"
DER = base64.b64encode(bytes(range(120))).decode()
PEM = f"-----BEGIN CERTIFICATE-----\n{DER[:64]}\n{DER[64:]}\n-----END CERTIFICATE-----\n"


def wanted(notify_url=HOOK, **changed):
    given = dict.fromkeys(("lifecycle_url", "duration", "secret", "certificate", "certificate_id"))
    return subscriptions.Wanted(ROOM, notify_url, **{**given, **changed})


def told(**changed):
    return {
        "id": "s-1",
        "resource": f"users/{ROOM}/events",
        "notificationUrl": HOOK,
        "expirationDateTime": "2026-12-08T07:59:00.0000000Z",
        "clientState": None,
        **changed,
    }


def made(what, *replies, **scripted):
    world = World(scripted={"createSubscription": list(replies), **scripted})
    return world, world.run(subscriptions.watch(TENANT, what))


def test_a_watch_is_asked_for_as_long_as_graph_allows_and_told_with_its_secret():
    world, watch = made(wanted(), answer(told(), 201))
    body = world.asked[0].body
    assert body == {
        "changeType": "created,updated,deleted",
        "notificationUrl": HOOK,
        "lifecycleNotificationUrl": HOOK,
        "resource": f"users/{ROOM}/events",
        "expirationDateTime": "2026-12-08T07:59:00.0000000Z",
        "clientState": watch.secret,
    }
    assert (watch.id, watch.room, watch.notify_url, watch.rich) == ("s-1", ROOM, HOOK, False)
    assert watch.expires_at == NOW + timedelta(minutes=10_079)
    assert len(watch.secret) >= 32
    assert world.asked[0].request.headers["prefer"].startswith('IdType="ImmutableId"')
    assert world.asked[0].request.safety.value == "unsafe"


def test_each_watch_gets_a_secret_of_its_own_unless_one_is_given():
    assert wanted().secret != wanted().secret
    assert wanted(secret="mine").body(NOW)["clientState"] == "mine"


def test_a_rich_watch_brings_its_certificate_and_says_which_members():
    what = wanted(certificate=PEM, certificate_id="2026", lifecycle_url="https://app.example/life")
    world, watch = made(what, answer(told(includeResourceData=True), 201))
    body = world.asked[0].body
    assert (body["includeResourceData"], body["encryptionCertificateId"]) == (True, "2026")
    assert base64.b64decode(body["encryptionCertificate"]) == bytes(range(120))
    assert "?$select=" in body["resource"]
    assert body["lifecycleNotificationUrl"] == "https://app.example/life"
    assert body["expirationDateTime"] == "2026-12-02T07:59:00.0000000Z"
    assert watch.rich


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"notify_url": "http://app.example/"}, "https"),
        ({"lifecycle_url": "ftp://app.example/"}, "https"),
        ({"secret": "x" * 129}, "128"),
        ({"secret": ""}, "secret"),
        ({"certificate": PEM}, "belong together"),
        ({"certificate_id": "x"}, "belong together"),
        ({"certificate": PEM, "certificate_id": "x" * 129}, "128"),
        ({"certificate": "nonsense", "certificate_id": "x"}, "PEM"),
        ({"duration": timedelta()}, "not positive"),
        ({"duration": timedelta(minutes=10_081)}, "lasts that long"),
        (
            {"duration": timedelta(minutes=1_441), "certificate": PEM, "certificate_id": "x"},
            "lasts that long",
        ),
    ],
)
def test_what_graph_does_not_take_is_refused_before_any_request(changed, said):
    with pytest.raises(Invalid, match=said):
        wanted(**changed)


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [(timedelta(minutes=1), 45), (timedelta(hours=2), 120), (timedelta(minutes=10_080), 10_079)],
)
def test_a_short_one_is_made_as_long_as_the_shortest(duration, minutes):
    assert wanted(duration=duration).span == timedelta(minutes=minutes)


def test_one_whose_answer_was_lost_is_found_and_not_made_twice():
    other = told(id="s-0", expirationDateTime="2026-12-08T07:58:00Z")
    link = f"{URL}/v1.0/subscriptions?$skiptoken=x"
    pages = [answer({"value": [other], "@odata.nextLink": link}), answer({"value": [told()]})]
    world, watch = made(wanted(secret="mine"), TimedOut("lost"), listSubscriptions=pages)
    assert (watch.id, watch.secret) == ("s-1", "mine")
    assert len(world.of("createSubscription")) == 1


def test_one_that_is_proven_absent_is_made_once_more():
    nobody = answer({"value": [told(clientState="another")]})
    world, watch = made(
        wanted(secret="mine"), TimedOut("lost"), answer(told(), 201), listSubscriptions=[nobody]
    )
    assert watch.id == "s-1"
    assert len(world.of("createSubscription")) == 2


def test_an_unknown_room_is_invalid_and_a_failed_handshake_too():
    with pytest.raises(Invalid, match="no such room"):
        made(wanted(), fault(404, "ResourceNotFound"))
    with pytest.raises(Invalid) as caught:
        made(wanted(), fault(400, "InvalidRequest", "Subscription validation request timed out."))
    assert caught.value.code == "InvalidRequest"


@pytest.mark.parametrize("missing", ["id", "expirationDateTime"])
def test_an_answer_that_says_no_end_breaks_the_contract(missing):
    broken = answer({**told(), missing: None}, 201)
    with pytest.raises(BadResponse):
        made(wanted(), broken, broken, listSubscriptions=[answer({"value": []})] * 2)


@pytest.mark.parametrize(
    ("rich", "duration", "until"),
    [
        (False, None, "2026-12-08T07:59:00.0000000Z"),
        (True, None, "2026-12-02T07:59:00.0000000Z"),
        (False, timedelta(hours=1), "2026-12-01T09:00:00.0000000Z"),
    ],
)
def test_it_is_prolonged_as_long_as_its_kind_allows(rich, duration, until):
    scripted = {
        "getSubscription": [answer(told(includeResourceData=rich))],
        "renewSubscription": [answer({"expirationDateTime": until, "@odata.context": "x"})],
    }
    world = World(scripted=scripted)
    watch = world.run(subscriptions.renew(TENANT, "s-1", duration))
    assert world.asked[1].body == {"expirationDateTime": until}
    assert (watch.id, watch.room, watch.rich, watch.secret) == ("s-1", ROOM, rich, None)


def test_one_that_is_gone_is_to_be_made_anew():
    world = World(scripted={"getSubscription": [fault(404, "ResourceNotFound")]})
    with pytest.raises(NotFound) as caught:
        world.run(subscriptions.renew(TENANT, "s-1", None))
    assert "watch anew" in (caught.value.hint or "")
    assert caught.value.code == "ResourceNotFound"


def test_ending_one_that_is_gone_is_success():
    for reply in (answer(None, 204), fault(404, "ResourceNotFound")):
        world = World(scripted={"deleteSubscription": [reply]})
        assert world.run(subscriptions.unwatch(TENANT, "s/1")) is None
        assert world.asked[0].request.url.endswith("/subscriptions/s%2F1")
    with pytest.raises(Forbidden):
        World(scripted={"deleteSubscription": [fault(403, "X")]}).run(subscriptions.unwatch(TENANT, "s-1"))


@pytest.mark.parametrize(
    ("resource", "room"),
    [
        (f"users/{ROOM}/events", ROOM),
        (f"/users/{ROOM}/events?$select=id", ROOM),
        (f"Users('{ROOM}')/Events", ROOM),
        ("users/baker%40contoso.example/calendar/events", ROOM),
        ("users/x/messages", None),
        ("me/events", None),
        (None, None),
    ],
)
def test_watches_of_calendars_are_listed(resource, room):
    link = f"{URL}/v1.0/subscriptions?$skiptoken=x"
    world = World(
        scripted={
            "listSubscriptions": [answer({"value": [told(resource=resource)], "@odata.nextLink": link})]
        }
    )
    page = world.run(subscriptions.watches_page(TENANT, None))
    assert [each.room for each in page.items] == ([] if room is None else [room])
    assert page.next == link


def test_a_token_that_is_none_is_refused():
    with pytest.raises(Invalid, match="token"):
        World().run(subscriptions.watches_page(TENANT, "no token"))
