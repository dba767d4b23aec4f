"""Watches last as long as they do at Microsoft Graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.graph._watching import Watches

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
URL = "https://hamilton.example.com/graph"


def add(watches: Watches, **given: Any):
    usual = dict.fromkeys(("lifecycle_url", "duration", "secret", "certificate", "certificate_id"))
    return watches.add("r@example.com", given.pop("notify_url", URL), NOW, **{**usual, **given})


def test_a_watch_is_as_long_as_can_be_and_has_a_secret_of_its_own():
    watches = Watches(10)
    one, other = add(watches), add(watches)
    assert one.expires_at == NOW + timedelta(minutes=10_080)
    assert not one.rich
    assert one.secret
    assert one.secret != other.secret
    assert one.id != other.id


def test_a_rich_one_is_shorter():
    rich = add(Watches(10), certificate="PEM", certificate_id="key-1")
    assert (rich.rich, rich.expires_at) == (True, NOW + timedelta(minutes=1_440))


def test_a_short_one_is_made_longer():
    assert add(Watches(10), duration=timedelta(minutes=1)).expires_at == NOW + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"notify_url": "http://x.org"}, "https"),
        ({"lifecycle_url": "ftp://x.org"}, "https"),
        ({"secret": "x" * 129}, "128 characters"),
        ({"certificate": "PEM"}, "belong together"),
        ({"certificate_id": "key-1"}, "belong together"),
        ({"duration": timedelta()}, "not positive"),
        ({"duration": timedelta(days=8)}, "that long"),
        ({"duration": timedelta(days=2), "certificate": "PEM", "certificate_id": "k"}, "that long"),
    ],
)
def test_what_graph_would_refuse_is_refused(given, words):
    watches = Watches(10)
    with pytest.raises(Invalid, match=words) as caught:
        add(watches, **given)
    assert caught.value.hint
    assert watches.page(None, NOW).items == ()


def test_they_are_listed_in_pages_without_their_secrets():
    watches = Watches(2)
    made = [add(watches, secret="s") for _ in range(3)]
    first = watches.page(None, NOW)
    rest = watches.page(first.next, NOW)
    assert [each.id for each in (*first.items, *rest.items)] == [each.id for each in made]
    assert {each.secret for each in (*first.items, *rest.items)} == {None}


def test_one_that_is_over_is_gone():
    watches = Watches(10)
    watch = add(watches, duration=timedelta(hours=1))
    assert watches.page(None, watch.expires_at).items == ()
    with pytest.raises(NotFound, match="gone") as caught:
        watches.renew(watch.id, None, watch.expires_at)
    assert caught.value.hint


def test_renewing_counts_from_now():
    watches = Watches(10)
    watch = add(watches, duration=timedelta(hours=1))
    later = NOW + timedelta(minutes=30)
    renewed = watches.renew(watch.id, timedelta(hours=2), later)
    assert renewed.expires_at == later + timedelta(hours=2)
    assert watches.page(None, later).items == (renewed,)


def test_removing_twice_is_success():
    watches = Watches(10)
    watch = add(watches)
    watches.remove(watch.id)
    watches.remove(watch.id)
    assert watches.page(None, NOW).items == ()
