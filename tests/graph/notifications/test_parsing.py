"""Posts are read as they come: mixed, in both spellings, with members missing; nothing of them is trusted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.graph.notifications.parsing import moment, parse, place
from tests.graph.notifications.posted import SECRET, TENANT, WATCH, body, encrypted, item, lifecycle


def one(given_item):
    (found,) = parse(body(given_item)).items
    return found


def test_a_change_is_read():
    found = one(item())
    assert (found.watch_id, found.secret, found.tenant_id, found.change) == (WATCH, SECRET, TENANT, "updated")
    assert found.expires_at == datetime(2026, 1, 8, 9, 0, 0, 123456, tzinfo=UTC)
    assert (found.mailbox, found.event_id, found.version) == ("room-guid", "AAMk/ev+1=", "DwAAABYAAA==")
    assert (found.lifecycle, found.encrypted) == (None, None)


def test_secret_and_names_are_not_shown():
    found = one(item(resource="Users/person@example.com/Events/1"))
    assert SECRET not in repr(found)
    assert "person@" not in repr(found)


def test_items_of_all_kinds_come_mixed_and_in_order():
    found = parse(body(item(), lifecycle(), item(changeType="created"), tokens=["a.b.c", 5])).items
    assert [each.change or each.lifecycle for each in found] == ["updated", "missed", "created"]
    assert parse(body(tokens=["a.b.c", 5])).tokens == ("a.b.c",)
    assert parse(body(tokens="a.b.c")).tokens == ()


@pytest.mark.parametrize("word", ["archived", "CREATED"])
def test_words_not_known_yet_are_kept(word):
    assert one(item(changeType=word)).change == word
    assert one(lifecycle(word)).lifecycle == word


def test_what_happened_to_the_subscription_goes_first():
    assert (one(item(lifecycleEvent="missed")).lifecycle, one(item(lifecycleEvent="missed")).change) == (
        "missed",
        None,
    )


def test_a_subscriptions_tenant_has_two_names():
    assert one(lifecycle(tenantId=None, organizationId=TENANT)).tenant_id == TENANT
    assert one(lifecycle(organizationId="other")).tenant_id == TENANT


def test_encrypted_content_is_read():
    content = encrypted()
    found = one(item(encryptedContent=content)).encrypted
    assert (found.data, found.key) == (content["data"], content["dataKey"])
    assert (found.signature, found.certificate_id) == (content["dataSignature"], "first")
    assert content["dataKey"] not in repr(found)


@pytest.mark.parametrize("etag", [None, "", "plain"])
def test_an_etag_of_another_form_is_kept_as_it_is(etag):
    assert one(item(resourceData={"@odata.etag": etag, "id": "1"})).version == (etag or None)


@pytest.mark.parametrize("data", [None, 5, [], {"id": 5}])
def test_without_resource_data_the_resource_tells_the_event(data):
    found = one(item(resourceData=data, resource="users('room-guid')/events('AAMk=')"))
    assert (found.event_id, found.version) == ("AAMk=", None)


@pytest.mark.parametrize(
    "given_item",
    [
        None,
        5,
        [],
        {},
        item(subscriptionId=None),
        item(subscriptionId=5),
        item(changeType=None),
        item(encryptedContent={}),
        item(encryptedContent=encrypted(dataSignature=None)),
        item(encryptedContent="abc"),
        lifecycle(encryptedContent=encrypted()),
    ],
)
def test_an_item_that_is_not_whole_spoils_no_other(given_item):
    first, second = parse(body(given_item, item())).items
    assert first is None
    assert second is not None


def test_the_probe_of_the_documentation_is_read():
    """Every member is "NA", the change says that it tests whether the address is reached."""
    words = "Validation: Testing client application reachability for subscription Request-Id: 522a8e7e"
    found = one(
        {
            "subscriptionId": "NA",
            "subscriptionExpirationDateTime": "NA",
            "clientState": "NA",
            "changeType": words,
            "resource": "NA",
            "resourceData": {"@odata.type": "NA", "@odata.id": "NA", "id": "NA"},
        }
    )
    assert (found.change, found.expires_at, found.mailbox) == (words, None, None)


@pytest.mark.parametrize(
    "posted",
    [b"", b"{", b"\xff", b"[]", b"5", b"{}", b'{"value": {}}', b'{"value": null}', b"[" * 100_000],
)
def test_what_is_no_collection_is_refused_without_its_content(posted):
    with pytest.raises(RequestRefused) as caught:
        parse(posted)
    assert caught.value.status == 400
    assert caught.value.__cause__ is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["value", "subscriptionId", "changeType", "resourceData", "id", "encryptedContent"]
                ),
                inner,
            )
        ),
    )
)
def test_nothing_else_is_ever_raised(posted):
    try:
        parse(json.dumps(posted).encode())
    except RequestRefused as refused:
        assert refused.status == 400


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("Users/guid/Events/AAMk=", ("guid", "AAMk=")),
        ("users('guid')/events('AAMk=')", ("guid", "AAMk=")),
        ("/USERS/guid/EVENTS/AAMk=", ("guid", "AAMk=")),
        ("Users('a@example.com')/Events/AA_-k", ("a@example.com", "AA_-k")),
        ("users/guid@tenant/calendar/events/1", ("guid@tenant", "1")),
        ("users/guid/events", ("guid", None)),
        ("users/guid/events?$select=subject", ("guid", None)),
        ("users/guid/messages/1", (None, None)),
        ("me/events/1", (None, None)),
        ("users//events/1", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_resource_is_read_in_both_spellings(resource, expected):
    assert place(resource) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-05T09:00:00Z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T09:00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2016-03-19T22:11:09.952Z", datetime(2016, 3, 19, 22, 11, 9, 952000, tzinfo=UTC)),
        ("2020-04-12T23:20:50.52Z", datetime(2020, 4, 12, 23, 20, 50, 520000, tzinfo=UTC)),
        ("2019-09-18T00:52:45.9696658+00:00", datetime(2019, 9, 18, 0, 52, 45, 969665, tzinfo=UTC)),
        ("2026-01-05T09:00:00.1234567+05:30", datetime(2026, 1, 5, 3, 30, 0, 123456, tzinfo=UTC)),
        ("2026-01-05T09:00:00.0000000-08:00", datetime(2026, 1, 5, 17, tzinfo=UTC)),
    ],
)
def test_an_instant_has_up_to_nine_digits_and_any_offset(written, expected):
    assert moment(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "NA", "2026-01-05", "2026-13-05T09:00:00Z", "0001-01-01T00:00:00+14:00", "2026-01-05T09:00:00Z "],
)
def test_what_is_no_instant_is_none(written):
    assert moment(written) is None
