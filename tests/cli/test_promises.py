"""Each promise holds where the journey went well, and is broken by exactly what breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamilton_sdk.cli.promises import Evidence, Promise, promises
from hamilton_sdk.cli.record import Ending, Notice, Stay
from hamilton_sdk.errors import Invalid
from tests.cli.guests import EIGHT, visit


def _stay(line: int, **seen: object) -> Stay:
    stay = Stay(visit(line), admitted_at=EIGHT, left_at=EIGHT, opened_inside=True, holders=1)
    for name, value in seen.items():
        setattr(stay, name, value)
    return stay


def _overstayed(**seen: object) -> Stay:
    return _stay(9, **{"left_at": None, "overstayed_at": EIGHT, "expired_at": EIGHT, **seen})


def _seen(*stays: Stay, **more: object) -> Evidence:
    evidence = Evidence(
        lines=len(stays),
        reported_lines=(),
        stays=stays,
        ending=Ending(),
        mishaps=3,
        others_untouched=True,
        notices=[Notice(kind, stay.order.reference) for stay in stays for kind in stay.story],
        arrived={stay.order.reference: stay.story for stay in stays},
    )
    return replace(evidence, **more)


def _broken(seen: Evidence) -> list[Promise]:
    return [promise for promise in promises(seen) if not promise.kept]


def test_all_hold_where_all_went_well() -> None:
    found = promises(_seen(_stay(2, same_grant=True), _stay(3), _overstayed()))
    assert [promise.kept for promise in found] == [True] * 12
    assert [(promise.text, promise.detail) for promise in found] == [
        ("Every line was played, or reported with its column", "3 played, 0 reported"),
        ("No credential opened a door before arrival", "3 tried"),
        ("Everybody was admitted and the credential opened", "3 admitted"),
        ("One holder a visit, however often asked for", "3 holders, 1 asked twice"),
        ("No credential opened a door after check-out", "2 checked out"),
        ("Who overstayed was shut out, found and expired", "1 expired"),
        ("Every event arrived as a webhook that verifies", "9 events, 0 twice"),
        ("The events of a visit arrived in their order", "3 in order"),
        ("Employees and others' visitors stayed untouched", "as before"),
        ("Every fault on the way was healed", "3 happened"),
        ("At the end no credential is left open", "0 open"),
        ("After the purge nobody's data is left", "0 left"),
    ]


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ({"opened_before": True}, "before arrival"),
        ({"admitted_at": None}, "Everybody was admitted"),
        ({"opened_inside": False}, "Everybody was admitted"),
        ({"holders": 2}, "One holder"),
        ({"holders": 0}, "One holder"),
        ({"same_grant": False}, "One holder"),
        ({"opened_after": True}, "after check-out"),
        ({"left_at": None}, "after check-out"),
    ],
)
def test_one_visit_breaks_one_promise_and_is_named_by_its_reference(
    seen: dict[str, object], text: str
) -> None:
    (broken,) = _broken(_seen(_stay(2), _stay(3, **seen), _overstayed()))
    assert text in broken.text
    assert broken.detail == "not for V-3"


@pytest.mark.parametrize("seen", [{"opened_after": True}, {"expired_at": None}])
def test_who_overstayed_and_was_not_shut_out_breaks_one_promise(seen: dict[str, object]) -> None:
    (broken,) = _broken(_seen(_stay(2), _overstayed(**seen)))
    assert broken.text == "Who overstayed was shut out, found and expired"
    assert broken.detail == "not for V-9"


@pytest.mark.parametrize(
    ("more", "text", "detail"),
    [
        ({"lines": 5}, "Every line was played", "2 played, 0 reported, of 5 lines"),
        ({"others_untouched": False}, "Employees", "something of theirs changed"),
        ({"ending": Ending(open_credentials=2)}, "At the end", "2 open"),
        ({"ending": Ending(remaining=1)}, "After the purge", "1 left"),
        ({"ending": Ending(given_up=2)}, "Every fault", "2 calls were given up"),
        (
            {"ending": Ending(other_drifts=["V-2: state"])},
            "Who overstayed",
            "the sweep also found V-2: state",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_breaks_one_promise(
    more: dict[str, object], text: str, detail: str
) -> None:
    (broken,) = _broken(_seen(_stay(2), _overstayed(), **more))
    assert text in broken.text
    assert broken.detail == detail


def test_lines_that_were_reported_count_as_dealt_with_once_each() -> None:
    refused = _stay(4, refused=Invalid("too long"), admitted_at=None, left_at=None, holders=0)
    assert _broken(_seen(_stay(2), refused, _overstayed(), lines=4, reported_lines={3, 4})) == []


def test_a_refused_line_that_is_not_reported_is_missed() -> None:
    refused = _stay(4, refused=Invalid("too long"))
    (broken,) = _broken(_seen(_stay(2), refused, _overstayed()))
    assert broken.detail == "2 played, 0 reported, of 3 lines"


def test_a_file_of_which_nothing_is_played_keeps_no_promise() -> None:
    refused = _stay(2, refused=Invalid("too long"))
    (broken,) = _broken(_seen(refused, reported_lines={2}))
    assert broken.detail == "0 played, 1 reported, of 1 line"


def test_of_many_a_few_are_named() -> None:
    stays = [_stay(line, opened_before=True) for line in range(2, 8)]
    (broken,) = _broken(_seen(*stays, _overstayed()))
    assert broken.detail == "not for V-2, V-3, V-4 and 3 more"


_STORY = ("visit.created", "visit.checked_in", "visit.checked_out")


@pytest.mark.parametrize("arrived", [(), _STORY[:1], _STORY[:2], _STORY[1:]])
def test_an_event_that_did_not_arrive_breaks_one_promise(arrived: tuple[str, ...]) -> None:
    (broken,) = _broken(_seen(_stay(2), _overstayed(), arrived={"V-2": arrived, "V-9": _STORY}))
    assert (broken.text, broken.detail) == ("Every event arrived as a webhook that verifies", "not for V-2")


def test_a_visit_that_nothing_arrived_of_is_missed() -> None:
    (broken,) = _broken(_seen(_stay(2), _overstayed(), arrived={"V-9": _STORY}))
    assert broken.detail == "not for V-2"


def test_events_in_another_order_break_one_promise() -> None:
    swapped = (_STORY[0], _STORY[2], _STORY[1])
    (broken,) = _broken(_seen(_stay(2), _overstayed(), arrived={"V-2": swapped, "V-9": _STORY}))
    assert (broken.text, broken.detail) == ("The events of a visit arrived in their order", "not for V-2")


def test_events_that_came_twice_are_counted_and_break_nothing() -> None:
    seen = _seen(_stay(2), _overstayed(), notices=[Notice("visit.created", "V-2", 2, 2)])
    assert _broken(seen) == []
    assert "1 event, 1 twice" in [promise.detail for promise in promises(seen)]
