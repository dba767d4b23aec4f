"""A worker's places: none is idle while something may begin, and no endpoint has them all."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.webhooks._places import Places
from hamilton_sdk.webhooks.delivering import Verdict
from tests.webhooks.claimed import AT, claimed, result


def _filled(count, **by_endpoint):
    places = Places(count)
    number = 0
    for endpoint, many in by_endpoint.items():
        places.add([claimed(number + each, endpoint) for each in range(many)])
        number += many
    return places


def _endpoints(deliveries):
    return Counter(each.target.id for each in deliveries)


def test_one_endpoint_gets_four_fifths_of_the_places():
    assert len(_filled(20, a=40).begin()) == 16


def test_what_one_endpoint_leaves_free_is_for_the_others():
    places = _filled(20, slow=40)
    places.begin()
    places.add([claimed(100, "quick")])
    assert _endpoints(places.begin()) == {"quick": 1}


def test_places_are_shared_out_evenly():
    assert _endpoints(_filled(20, a=30, b=30, c=2).begin()) == {"a": 8, "b": 8, "c": 2}


def test_a_single_place_is_used():
    places = _filled(1, a=2)
    assert len(places.begin()) == 1
    assert places.begin() == ()


def test_the_place_of_what_is_finished_goes_to_the_next():
    places = _filled(20, a=18)
    begun = places.begin()
    following, _ = places.finish(result(begun[0]), then_begin=True)
    assert following is not None
    assert following.id == 16


def test_nothing_follows_where_nothing_may_begin_or_nothing_is_left():
    places = _filled(20, a=17)
    first, second, *_ = places.begin()
    assert places.finish(result(first), then_begin=False)[0] is None
    assert places.finish(result(second), then_begin=True)[0] is not None
    assert places.finish(result(second), then_begin=True)[0] is None


def test_room_counts_what_runs_and_what_is_ready_but_not_what_is_to_be_written_down():
    places = _filled(20, a=18, b=1)
    begun = places.begin()
    room = places.room()
    assert (room.free, room.held) == (40 - 19, {"a": 18, "b": 1})
    (of_b,) = [each for each in begun if each.target.id == "b"]
    places.finish(result(of_b), then_begin=True)
    assert (places.room().free, places.room().held) == (22, {"a": 18})


def test_results_are_pressing_when_nothing_is_left_to_begin():
    places = _filled(20, a=2)
    begun = places.begin()
    assert not places.is_pressing
    assert places.finish(result(begun[0]), then_begin=True) == (None, True)
    assert places.is_pressing


def test_results_are_pressing_when_half_of_the_places_have_finished():
    places = _filled(4, a=40)
    first, second, *_ = places.begin()
    assert places.finish(result(first), then_begin=True)[1] is False
    assert places.finish(result(second), then_begin=True)[1] is True


def test_results_are_taken_once_and_may_be_put_back_in_front():
    places = _filled(20, a=3)
    one, two, three = places.begin()
    for each in (one, two):
        places.finish(result(each), then_begin=True)
    taken = places.take_results()
    assert [each.claimed for each in taken] == [one, two]
    assert not places.has_results
    places.finish(result(three), then_begin=True)
    places.put_back(taken)
    assert places.has_results
    assert [each.claimed for each in places.take_results()] == [one, two, three]


def test_the_stock_is_given_back_untried():
    places = _filled(20, a=18, b=1)
    places.begin()
    places.clear_stock(AT)
    results = places.take_results()
    assert {(each.verdict, each.at) for each in results} == {(Verdict.RELEASED, AT)}
    assert len(results) == 18 + 1 - 16
    assert places.begin() == ()


def test_it_is_clear_once_everything_is_written_down():
    places = _filled(20, a=1)
    assert not places.is_clear
    (only,) = places.begin()
    assert not places.is_clear
    places.finish(result(only), then_begin=True)
    assert not places.is_clear
    places.take_results()
    assert places.is_clear
    assert places.room().free == 40


@given(st.integers(1, 30), st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=120))
def test_whatever_comes_and_goes_no_place_is_lost_and_none_is_given_twice(count, steps):
    places, running, number = Places(count), [], 0
    for endpoint, finishes in steps:
        if finishes and running:
            following, _ = places.finish(result(running.pop(0)), then_begin=True)
            running += [] if following is None else [following]
        else:
            number += 1
            places.add([claimed(number, endpoint)])
        running += places.begin()
        assert len(running) <= count
        assert len({each.id for each in running}) == len(running)
        if count > 1 and len(_endpoints(running)) == 1:
            assert len(running) < count
    ready = number - len(running) - len(places.take_results())
    assert places.room().free == 2 * count - len(running) - ready


def test_results_are_pressing_when_a_place_has_nothing_to_do_although_there_is_a_stock():
    """Else a quick endpoint beside slow ones gets a place every twentieth of a second."""
    places = _filled(10, slow=12)
    places.begin()
    places.add([claimed(100, "quick")])
    (quick,) = places.begin()
    assert places.finish(result(quick), then_begin=True) == (None, True)
    assert places.is_pressing
    assert [each.claimed.id for each in places.take_results()] == [100]
    assert not places.is_pressing
