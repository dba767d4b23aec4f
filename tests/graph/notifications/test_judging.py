"""Forged, foreign and late items are told apart; duplicates fold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.graph.notifications import judging
from hamilton_sdk.graph.notifications.models import Refused
from hamilton_sdk.graph.notifications.parsing import parse
from tests.graph.exchange.entra import TENANT
from tests.graph.notifications.posted import NOW, SECRET, WATCH, body, encrypted, item, lifecycle

KNOWN = {WATCH: SECRET}


def read(*items):
    return list(parse(body(*items)).items)


def objection(given, known=KNOWN, tenant=None, now=NOW):
    (one,) = read(given)
    return judging.objection(one, known, tenant, now)


@pytest.mark.parametrize("known", [SECRET, [SECRET], ("the next one", SECRET), {"old", SECRET}])
@pytest.mark.parametrize("given", [item, lifecycle])
def test_the_secret_of_its_watch_makes_it_genuine(known, given):
    assert objection(given(), {WATCH: known}) is None


@pytest.mark.parametrize(
    "given",
    [None, "", "another", SECRET.upper(), SECRET + " ", SECRET[:-1], 5, "\ud800", "é"],
)
def test_any_other_secret_is_refused(given):
    assert objection(item(clientState=given)) == "wrong_secret"


@pytest.mark.parametrize("known", ["", [], [""], ()])
def test_a_watch_without_a_secret_takes_nothing(known):
    """Not even a notification that has none either."""
    assert objection(item(clientState=None), {WATCH: known}) == "wrong_secret"
    assert objection(item(clientState=""), {WATCH: known}) == "wrong_secret"


def test_the_secret_of_another_watch_is_no_good():
    known = {WATCH: "its own", "other": SECRET}
    assert objection(item(), known) == "wrong_secret"


@pytest.mark.parametrize("state", [SECRET, judging._NOBODY])
def test_a_watch_that_is_not_known_is_refused_whatever_its_secret(state):
    assert objection(item(subscriptionId="NA", clientState=state)) == "unknown_watch"


def test_what_cannot_be_read_is_malformed():
    assert objection({}) == "malformed"


@pytest.mark.parametrize(
    ("tenant", "expected"), [(TENANT, None), (TENANT.upper(), None), ("other", "other_tenant")]
)
def test_another_tenant_is_refused(tenant, expected):
    assert objection(item(), tenant=tenant) == expected
    assert objection(item(tenantId=None), tenant=tenant) == "other_tenant"


def test_a_change_played_again_after_its_subscription_is_too_late():
    """Graph delivers up to four hours late; the subscription ended at 09:00."""
    (one,) = read(item())
    last = one.expires_at + timedelta(hours=4)
    assert judging.objection(one, KNOWN, None, last) is None
    assert judging.objection(one, KNOWN, None, last + timedelta(microseconds=1)) == "too_late"


def test_the_end_of_a_subscription_may_be_told_after_it():
    assert objection(lifecycle("subscriptionRemoved"), now=NOW + timedelta(days=30)) is None


def test_a_date_that_cannot_be_read_refuses_nothing():
    assert objection(item(subscriptionExpirationDateTime="NA"), now=NOW + timedelta(days=30)) is None


def fold(*items) -> list[int]:
    """Which of the items are left, by their place."""
    return list(judging.folded((each, place) for place, each in enumerate(items)).values())


def test_items_that_say_the_same_fold_and_the_first_stands():
    given = read(item(), lifecycle(), item(), item(changeType="created"), lifecycle(), item())
    assert fold(*given) == [0, 1, 3]


def data(**more):
    return {"resourceData": {"id": "AAMk", "@odata.etag": 'W/"1"', **more}}


@pytest.mark.parametrize(
    "other",
    [
        item(**data(id="AAMK")),
        item(**data(**{"@odata.etag": 'W/"2"'})),
        item(changeType="deleted", **data()),
        item(subscriptionId="other", **data()),
        item(encryptedContent=encrypted(), **data()),
        lifecycle("updated"),
    ],
)
def test_items_that_differ_stay(other):
    """Ids that differ by case alone are two."""
    assert fold(*read(item(**data()), other)) == [0, 1]


def test_without_a_version_the_content_tells_alterations_apart():
    first, second = (item(resourceData={"id": "A"}, encryptedContent=encrypted()) for _ in range(2))
    assert fold(*read(first, second, first)) == [0, 1]


def test_what_is_refused_is_listed_with_its_reason():
    (one,) = read(item())
    judged = [(one, None), (None, "malformed"), (one, "wrong_secret")]
    assert judging.refusals(judged) == (Refused("malformed"), Refused("wrong_secret", WATCH))


def test_what_is_genuine_is_made_public():
    change, ended = read(item(), lifecycle())
    public = judging.changed(change)
    assert (public.watch_id, public.kind, public.mailbox) == (WATCH, "updated", "room-guid")
    assert (public.event_id, public.version, public.content) == ("AAMk/ev+1=", "DwAAABYAAA==", None)
    told = judging.ended(ended)
    assert (told.watch_id, told.kind, told.tenant_id) == (WATCH, "missed", TENANT)
    assert told.expires_at == public.expires_at
