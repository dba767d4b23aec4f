"""What cannot be sent is told of: once for each endpoint and kind of trouble, and again each hour."""

from __future__ import annotations

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.webhooks._unsent import Unsent
from hamilton_sdk.webhooks.delivering import Verdict
from hamilton_sdk.webhooks.hooks import UnsentDelivery
from tests.webhooks.claimed import claimed, result

_NO_KEY = "ConfigurationError: no key decrypts it"
_REFUSED = "AddressRefused: 10.0.0.1 is private"


@pytest.fixture
def clock():
    return SettableClock()


@pytest.fixture
def unsent(clock):
    return Unsent(clock)


def _result(number=1, verdict=Verdict.PREVENTED, endpoint="ep_1", error=_NO_KEY):
    return result(claimed(number, endpoint), verdict, error=error)


def _told(unsent, *results):
    return [each.delivery_id for each in unsent.news(results)]


@pytest.mark.parametrize("verdict", [Verdict.PREVENTED, Verdict.UNREACHED])
def test_the_first_is_told_with_all_one_needs_to_find_it(unsent, verdict):
    assert unsent.news([_result(7, verdict)]) == (
        UnsentDelivery(
            event_type="visit.created", event_id="e7", endpoint_id="ep_1", delivery_id=7, error=_NO_KEY
        ),
    )


@pytest.mark.parametrize(
    "verdict", [Verdict.DELIVERED, Verdict.FAILED, Verdict.THROTTLED, Verdict.GONE, Verdict.RELEASED]
)
def test_what_was_sent_or_never_tried_is_no_such_news(unsent, verdict):
    assert _told(unsent, _result(1, verdict)) == []


def test_the_many_that_follow_are_not_told(unsent):
    assert _told(unsent, *[_result(number) for number in range(1000)]) == [0]
    assert _told(unsent, _result(1000)) == []


def test_each_endpoint_and_each_kind_of_trouble_is_told(unsent):
    assert _told(
        unsent, _result(1), _result(2, endpoint="ep_2"), _result(3, Verdict.UNREACHED, error=_REFUSED)
    ) == [1, 2, 3]
    other_words = "AddressRefused: 10.0.0.2 is private"
    assert _told(unsent, _result(4), _result(5, Verdict.UNREACHED, error=other_words)) == []


def test_it_is_told_again_each_hour(unsent, clock):
    assert _told(unsent, _result(1)) == [1]
    clock.advance(3599)
    assert _told(unsent, _result(2)) == []
    clock.advance(1)
    assert _told(unsent, _result(3)) == [3]
    clock.advance(3599)
    assert _told(unsent, _result(4)) == []


@pytest.mark.parametrize("verdict", [Verdict.DELIVERED, Verdict.FAILED])
def test_it_is_told_again_where_something_was_sent_in_between(unsent, verdict):
    assert _told(unsent, _result(1), _result(2, endpoint="ep_2")) == [1, 2]
    assert _told(unsent, _result(3, verdict), _result(4), _result(5, endpoint="ep_2")) == [4]


def test_what_was_given_back_untried_ends_no_trouble(unsent):
    assert _told(unsent, _result(1), _result(2, Verdict.RELEASED), _result(3)) == [1]


def test_an_error_without_words_is_told_as_well(unsent):
    (found,) = unsent.news([_result(1, error=None)])
    assert found.error == ""
