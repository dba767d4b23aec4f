"""Rounds of changes: whole, joined, and begun anew where Graph has forgotten."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from itertools import permutations

import pytest

from hamilton_sdk.errors import BadResponse, Forbidden, Invalid, NotFound
from hamilton_sdk.graph.exchange.changes import changes_page
from hamilton_sdk.graph.exchange.cursors import Cursor
from hamilton_sdk.graph.interface import ChangePage
from tests.graph.exchange.world import (
    AT,
    HOUR,
    ROOM,
    URL,
    World,
    answer,
    event,
    fault,
    marked,
    tenant,
    utc,
    window,
)

TENANT = tenant()
WITHIN = window(AT - timedelta(days=7), 24 * 30)
DELTA = f"{URL}/v1.0/users/{ROOM}/calendarView/delta"
NEXT, DONE = f"{DELTA}?$skiptoken=n", f"{DELTA}?$deltatoken=d"
GONE = {"@odata.type": "#microsoft.graph.event", "id": "GONE=", "@removed": {"reason": "deleted"}}
EXPIRED = "The sync state generation is not found; generation=149;[highest=157][157][155][156]."


def page(*items, link=NEXT):
    return answer({"value": list(items), "@odata.nextLink": link})


def last(*items, link=DONE):
    return answer({"value": list(items), "@odata.deltaLink": link})


def server(*pages, **scripted):
    return World(scripted={"calendarViewDelta": list(pages), **scripted})


def told(world, within=WITHIN, cursor=None, token=None, of=TENANT):
    return world.run(changes_page(of, ROOM, within, cursor, token))


def whole_round(world, within=WITHIN, cursor=None):
    """All pages of a round, the last word about an id alone, as connectors fold them."""
    pages, token = [], None
    while True:
        pages.append(told(world, within, cursor, token))
        token = pages[-1].next
        if token is None:
            break
    items, restarted = {}, False
    for each in pages:
        if each.restarted and not restarted:
            items, restarted = {}, True
        for change in each.items:
            items.pop(change.id, None)
            items[change.id] = change
    assert [each.cursor is None for each in pages] == [True] * (len(pages) - 1) + [False]
    return ChangePage(tuple(items.values()), cursor=pages[-1].cursor, restarted=restarted)


def ids(found):
    return [(each.kind, each.id) for each in found.items]


def kept(link=DONE):
    return Cursor(ROOM, WITHIN, link).written()


OTHERS = {"isOrganizer": False, "responseStatus": {"response": "accepted"}}


def test_a_first_round_tells_all_that_stands_and_where_the_next_begins():
    world = server(last(event("A=", **OTHERS), event("B=", **OTHERS)))
    found = told(world)
    assert ids(found) == [("changed", "A="), ("changed", "B=")]
    assert found.items[0].booking.room == ROOM
    assert (found.next, found.restarted) == (None, False)
    asked = world.asked[0]
    assert asked.query == {
        "startDateTime": "2026-11-30T09:00:00.0000000Z",
        "endDateTime": "2026-12-30T09:00:00.0000000Z",
    }
    follow = server(last())
    told(follow, None, found.cursor)
    assert follow.asked[0].request.url == DONE


def test_every_page_asks_for_the_same():
    world = server(page(), page(), page(event("A=", **OTHERS)), last())
    assert ids(whole_round(world)) == [("changed", "A=")]
    assert [each.request.url for each in world.asked[1:]] == [NEXT] * 3
    preferred = {each.request.headers["prefer"] for each in world.asked}
    assert preferred == {'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=50'}


def test_of_an_id_that_is_told_twice_the_last_word_counts():
    first, second = event("A=", **OTHERS), event("A=", **OTHERS, subject="Later")
    found = whole_round(server(page(first, event("B=", **OTHERS)), last(second)))
    assert ids(found) == [("changed", "B="), ("changed", "A=")]
    assert found.items[1].booking.subject == "Later"
    removed = {**GONE, "id": "A="}
    assert ids(whole_round(server(page(first), last(removed)))) == [("removed", "A=")]
    assert ids(told(server(last(first, removed)))) == [("removed", "A=")]


def test_a_removal_of_an_id_never_told_is_told():
    found = told(server(last(GONE)))
    assert ids(found) == [("removed", "GONE=")]
    assert found.items[0].booking is None


def occurrence(number, **more):
    start = AT + timedelta(days=number)
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": f'W/"occ-{number}"',
        "id": f"O{number}=",
        "seriesMasterId": "M=",
        "type": "occurrence",
        "start": utc(start),
        "end": utc(start + HOUR),
        **more,
    }


MASTER = event(
    "M=",
    type="seriesMaster",
    subject="Stand-up",
    recurrence={"pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd"}},
    **OTHERS,
)


@pytest.mark.parametrize("order", list(permutations((MASTER, occurrence(0), occurrence(1)))))
def test_occurrences_take_from_their_series_what_they_lack_in_any_order(order):
    # On another page the series is read besides.
    world = server(page(*order[:1]), last(*order[1:]), inner=[answer(MASTER)] * 2)
    found = whole_round(world)
    bookings = {each.id: each.booking for each in found.items}
    assert bookings["M="].kind == "series"
    second = bookings["O1="]
    assert (second.kind, second.series_id, second.subject) == ("occurrence", "M=", "Stand-up")
    assert (second.response, second.state) == ("accepted", "confirmed")
    assert second.window == window(AT + timedelta(days=1))
    assert second.version == "occ-1"
    assert second.recurrence is None


def test_an_exception_keeps_its_own_members():
    moved = occurrence(1, type="exception", subject="Moved", isCancelled=False, **OTHERS)
    found = told(server(last(MASTER, moved)))
    assert found.items[1].booking.subject == "Moved"
    assert found.items[1].booking.kind == "exception"


def test_a_cancelled_meeting_that_still_stands_says_so():
    found = told(server(last(event("A=", isCancelled=True, **OTHERS))))
    assert found.items[0].booking.state == "cancelled"


def test_a_series_that_did_not_change_is_read_besides():
    world = server(last(occurrence(0)), inner=[answer(MASTER)])
    found = told(world)
    assert ids(found) == [("changed", "O0=")]
    assert found.items[0].booking.subject == "Stand-up"
    gone = told(server(last(occurrence(0))))
    assert gone.items[0].booking.subject is None


def test_whole_days_of_a_series_stay_dates():
    days = {"isAllDay": True, "originalStartTimeZone": "Romance Standard Time"}
    midnight = {"start": {"dateTime": "2026-12-08T00:00:00.0000000", "timeZone": "UTC"}}
    end = {"end": {"dateTime": "2026-12-09T00:00:00.0000000", "timeZone": "UTC"}}
    found = told(server(last({**MASTER, **days}, occurrence(1, **midnight, **end))))
    assert found.items[1].booking.all_day == (date(2026, 12, 8), date(2026, 12, 9))


def test_our_own_bookings_bring_their_reference_though_delta_does_not():
    world = server(last())
    ours = world.put(**marked("r-1"))
    bare = {name: value for name, value in ours.items() if name != "singleValueExtendedProperties"}
    world.scripted["calendarViewDelta"] = [last(bare, event("X=", **OTHERS))]
    found = told(world)
    assert [each.booking.reference for each in found.items] == ["r-1", None]


@pytest.mark.parametrize(
    "forgotten",
    [
        fault(410, "SyncStateNotFound", EXPIRED),
        fault(410, "syncStateNotFound", Location=f"{DELTA}?$deltatoken=new"),
        fault(410, "resyncRequired"),
        fault(410, "syncStateInvalid"),
        answer(None, 410),
        fault(400, "SyncStateNotFound"),
        fault(404, "syncStateInvalid"),
    ],
)
def test_a_forgotten_cursor_is_one_clean_round_from_the_start(forgotten):
    world = server(page(event("OLD=", **OTHERS)), forgotten, last(event("A=", **OTHERS)))
    found = whole_round(world, None, kept())
    assert ids(found) == [("changed", "A=")]
    assert found.restarted
    assert world.asked[2].query["startDateTime"] == "2026-11-30T09:00:00.0000000Z"
    assert Cursor.read(found.cursor, ROOM) == Cursor(ROOM, WITHIN, DONE)


def test_a_first_round_that_is_forgotten_half_way_begins_anew():
    gone = fault(410, "SyncStateNotFound")
    found = whole_round(server(page(event("OLD=", **OTHERS)), gone, page(), last(event("A=", **OTHERS))))
    assert ids(found) == [("changed", "A=")]
    assert found.restarted


def test_the_round_after_one_begun_anew_is_like_any_other():
    found = whole_round(server(fault(410, "SyncStateNotFound"), last()), None, kept())
    assert not told(server(last()), None, found.cursor).restarted


def test_it_begins_anew_once_only():
    gone = fault(410, "SyncStateNotFound")
    for pages, requests in (([gone, gone, gone], 2), ([gone, page(), gone, gone], 3)):
        world = server(*pages)
        with pytest.raises(NotFound):
            whole_round(world, None, kept())
        assert len(world.asked) == requests
    world = server(gone, gone)
    with pytest.raises(NotFound):
        told(world)
    assert len(world.asked) == 1


def test_the_same_window_goes_on_and_another_is_another_first_round():
    world = server(last(), last())
    told(world, WITHIN, kept())
    assert world.asked[0].request.url == DONE
    other = window(AT, 24 * 60)
    found = told(world, other, kept())
    assert world.asked[1].query["startDateTime"] == "2026-12-07T09:00:00.0000000Z"
    assert Cursor.read(found.cursor, ROOM).window == other
    assert not found.restarted


def test_a_first_round_needs_a_window():
    with pytest.raises(Invalid, match="window"):
        told(World(), None)


def test_a_page_goes_on_from_its_token_alone():
    first = told(server(page()))
    world = server(last())
    found = told(world, window(AT, 2), None, first.next)
    assert world.asked[0].request.url == NEXT
    assert Cursor.read(found.cursor, ROOM) == Cursor(ROOM, WITHIN, DONE)


@pytest.mark.parametrize("cursor", ["nonsense", Cursor("able@contoso.example", WITHIN, DONE).written()])
def test_a_cursor_of_another_room_is_refused(cursor):
    for given in ({"cursor": cursor}, {"token": cursor}):
        with pytest.raises(Invalid, match="cursor"):
            told(World(), None, **given)


@pytest.mark.parametrize("link", ["https://evil.example/v1.0/x", "http://169.254.169.254/v1.0/x"])
def test_no_link_leads_to_another_host(link):
    world = World()
    with pytest.raises(Invalid, match="another host"):
        told(world, None, kept(link))
    assert world.asked == []
    for pages in ([page(link=link)], [last(link=link)]):
        world = server(*pages)
        with pytest.raises(BadResponse, match="another host"):
            told(world)
        assert len(world.asked) == 1


@pytest.mark.parametrize(
    "broken",
    [answer({"value": []}), last({"id": "A=", "start": utc(AT)}), last(*[{"id": f"{n}="} for n in range(9)])],
)
def test_a_round_that_breaks_the_contract_gives_no_cursor(broken):
    with pytest.raises(BadResponse):
        told(server(broken))


def test_an_unknown_room_is_invalid_and_a_missing_right_forbidden():
    with pytest.raises(Invalid, match="no such room"):
        told(server(fault(404, "ErrorInvalidUser")))
    with pytest.raises(Forbidden):
        told(server(fault(403, "ErrorAccessDenied")))


def test_the_cursor_holds_nothing_but_where_to_go_on():
    cursor = told(server(last())).cursor
    content = json.loads(base64.urlsafe_b64decode(cursor))
    assert set(content) == {"form", "room", "start", "end", "link", "restarted"}
