"""A post becomes what was received: read, judged, folded, opened."""

from __future__ import annotations

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, RequestRefused, ServerFailed
from hamilton_sdk.flow import Response
from hamilton_sdk.graph.notifications.adapter import Notifications
from hamilton_sdk.graph.notifications.decryption import DecryptionKey
from hamilton_sdk.graph.notifications.judging import identity
from hamilton_sdk.graph.notifications.parsing import parse
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.shell import Shell
from tests.graph.exchange.entra import CLIENT, TENANT, key_pem
from tests.graph.notifications.posted import (
    EVENT,
    NOW,
    SECRET,
    WATCH,
    EntraKeys,
    body,
    encrypted,
    item,
    lifecycle,
    token,
)

OTHER = "99999999-bbbb-3333-cccc-4444dddd5555"
GOOD = (token(),)
KEYS = (DecryptionKey("first", key_pem("first")),)


class Receiving(Shell[Notifications]):
    def receive(self, query, posted):
        return self._run(self._adapter.receive(query, posted), "receive")


def receive(posted=b"", query="", watches=None, entra=None, **more):
    adapter = Notifications({WATCH: SECRET} if watches is None else watches, **more)
    entra = EntraKeys() if entra is None else entra
    with Receiving(adapter, transport=entra, clock=SettableClock(NOW), retry=RetryPolicy(attempts=1)) as made:
        return made.receive(query, posted)


def rich(entra=None, tokens=GOOD, **content):
    posted = body(item(encryptedContent=encrypted(**content)), tokens=list(tokens))
    return receive(posted, client_id=CLIENT, keys=KEYS, entra=entra)


def test_a_handshake_needs_no_body_and_no_watch():
    received = receive(query=b"validationToken=Validation%3A+try", watches={})
    assert (received.validation, received.changes, received.refused) == (b"Validation: try", (), ())


def test_changes_and_lifecycle_come_mixed_and_forged_ones_are_left_out():
    received = receive(
        body(item(), lifecycle("missed"), item(clientState="forged"), item(subscriptionId="NA"), 5, item())
    )
    assert [each.kind for each in received.changes] == ["updated"]
    assert [each.kind for each in received.lifecycle] == ["missed"]
    assert [each.reason for each in received.refused] == ["wrong_secret", "unknown_watch", "malformed"]
    assert received.repeated == 1
    assert received.response.status == 202


def test_what_is_no_collection_is_refused():
    with pytest.raises(RequestRefused):
        receive(b"{}")


def test_a_function_may_tell_the_secrets_and_is_asked_once_for_each_watch():
    asked = []

    def told(watch_id):
        asked.append(watch_id)
        return SECRET if watch_id == WATCH else None

    received = receive(body(item(), lifecycle(), item(subscriptionId="other"), 5), watches=told)
    assert asked == [WATCH, "other"]
    assert (len(received.changes), len(received.lifecycle)) == (1, 1)
    assert [each.reason for each in received.refused] == ["unknown_watch", "malformed"]


def test_another_tenant_is_refused():
    received = receive(body(item()), tenant_id=OTHER)
    assert [each.reason for each in received.refused] == ["other_tenant"]


def test_what_was_taken_before_is_repeated():
    (one,) = parse(body(item())).items
    received = receive(body(item(), item(changeType="created")), recent={identity(one)})
    assert [each.kind for each in received.changes] == ["created"]
    assert received.repeated == 1


def test_only_a_change_with_a_version_can_be_known_again():
    """A second ``missed`` is another one, and so may be a change that tells no version."""
    received = receive(body(item(), item(resourceData={"id": "B"}), lifecycle()))
    (one,) = parse(body(item())).items
    assert received.marks == (identity(one),)


def test_a_rich_notification_is_opened():
    received = rich()
    assert [each.content for each in received.changes] == [EVENT]
    assert (received.changes[0].unread, received.refused) == (None, ())


def test_keys_are_fetched_once_for_many_posts():
    entra = EntraKeys()
    adapter = Notifications({WATCH: SECRET}, client_id=[CLIENT.upper(), OTHER], keys=KEYS)
    with Receiving(adapter, transport=entra, clock=SettableClock(NOW)) as receiving:
        for _ in range(3):
            posted = body(item(encryptedContent=encrypted()), tokens=[token()])
            assert receiving.receive("", posted).changes[0].content == EVENT
    assert len(entra.asked) == 2


@pytest.mark.parametrize(
    "tokens",
    [
        (),
        (token(aud=OTHER),),
        (token(signed_with="second", kid="entra"),),
        (token(appid=OTHER),),
        (token(tid=OTHER, iss=f"https://sts.windows.net/{OTHER}/"),),
        ("no token",),
    ],
)
def test_an_encrypted_item_without_a_good_token_of_its_tenant_is_refused(tokens):
    received = rich(tokens=tokens)
    assert received.changes == ()
    assert [each.reason for each in received.refused] == ["no_valid_token"]
    assert received.response.status == 202


def test_each_encrypted_item_needs_a_token_of_its_own_tenant():
    posted = body(
        item(encryptedContent=encrypted()),
        item(tenantId=OTHER, changeType="created", encryptedContent=encrypted()),
        item(tenantId=None, changeType="deleted", encryptedContent=encrypted()),
        item(changeType="deleted"),
        tokens=[token()],
    )
    received = receive(posted, client_id=CLIENT, keys=KEYS)
    assert [(each.kind, each.content) for each in received.changes] == [("updated", EVENT), ("deleted", None)]
    assert [each.reason for each in received.refused] == ["no_valid_token"] * 2


def test_a_forged_copy_does_not_take_the_place_of_a_genuine_one():
    """And two genuine copies, encrypted each with a key of its own, fold."""
    content, broken = encrypted(), encrypted(dataSignature="AAAA")
    posted = body(*(item(encryptedContent=each) for each in (broken, content, encrypted())), tokens=[token()])
    received = receive(posted, client_id=CLIENT, keys=KEYS)
    assert [each.content for each in received.changes] == [EVENT]
    assert ([each.reason for each in received.refused], received.repeated) == (["undecryptable"], 1)


def test_lifecycle_and_rich_notifications_come_mixed():
    posted = body(lifecycle(), item(encryptedContent=encrypted()), tokens=[token()])
    received = receive(posted, client_id=CLIENT, keys=KEYS)
    assert (len(received.lifecycle), len(received.changes)) == (1, 1)


def test_content_that_was_changed_is_refused():
    received = rich(dataSignature=encrypted()["dataSignature"])
    assert [each.reason for each in received.refused] == ["undecryptable"]
    assert received.changes == ()


def test_content_for_a_certificate_without_a_key_is_left_unread():
    """The change is genuine, and not lost: the calendar tells the rest."""
    (change,) = rich(certificate_id="second").changes
    assert (change.content, change.unread) == (None, "unknown_certificate")


def test_without_keys_content_is_left_unread_and_nothing_is_asked():
    entra = EntraKeys()
    (change,) = receive(body(item(encryptedContent=encrypted())), entra=entra).changes
    assert (change.content, change.unread) == (None, "unknown_certificate")
    assert entra.asked == []


def test_plain_notifications_ask_for_no_keys():
    entra = EntraKeys()
    receive(body(item(), tokens=[token()]), client_id=CLIENT, keys=KEYS, entra=entra)
    assert entra.asked == []


def test_a_forged_item_makes_no_look_up():
    entra = EntraKeys()
    forged = item(clientState="forged", encryptedContent=encrypted())
    receive(body(forged, tokens=[token()]), client_id=CLIENT, keys=KEYS, entra=entra)
    assert entra.asked == []


def test_where_keys_cannot_be_had_graph_has_to_try_again():
    with pytest.raises(ServerFailed):
        rich(entra=EntraKeys(script=[Response(503)]))


def test_keys_without_a_client_id_are_a_mistake():
    with pytest.raises(ConfigurationError, match="client_id"):
        Notifications({}, keys=KEYS)


def test_the_log_in_is_that_of_the_cloud():
    entra = EntraKeys()
    posted = body(item(encryptedContent=encrypted()), tokens=[token()])
    receive(posted, client_id=CLIENT, keys=KEYS, entra=entra, login_url="https://127.0.0.1:8443")
    assert entra.asked[0].startswith("https://127.0.0.1:8443/common/")
    with pytest.raises(ConfigurationError, match="national_cloud"):
        Notifications({}, national_cloud="moon")


def test_its_repr_shows_no_secret():
    assert repr(Notifications({WATCH: SECRET})) == "Notifications(...)"
    assert TENANT not in repr(Notifications({}))
