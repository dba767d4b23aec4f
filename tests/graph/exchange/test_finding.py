"""Events are found by the caller's reference, by id, and in a window."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import BadResponse, Invalid, NotFound
from hamilton_sdk.graph.exchange import finding
from tests.graph.exchange.world import PERSON, ROOM, URL, World, answer, event, fault, marked, tenant, window

TENANT = tenant()


def test_it_is_found_by_reference_and_mailbox():
    world = World()
    world.put(**marked("r-1"), subject="Mine")
    world.put(**marked("r-2"))
    world.put(PERSON, **marked("r-1"))
    found = world.run(finding.find(TENANT, "r-1", ROOM))
    assert (found.subject, found.mailbox) == ("Mine", ROOM)
    assert world.run(finding.find(TENANT, "r-3", ROOM)) is None


def test_a_quote_in_a_reference_stays_inside():
    world = World()
    world.put(**marked("o'neil"))
    assert world.run(finding.find(TENANT, "o'neil", ROOM)).reference == "o'neil"
    assert "'o''neil'" in world.asked[0].query["$filter"]


def test_a_meeting_that_is_not_ours_is_not_taken_for_it_though_a_filter_was_lost():
    world = World(scripted={"findEvent": [answer({"value": [event(), event("X=", **marked("r-9"))]})]})
    assert world.run(finding.find(TENANT, "r-1", ROOM)) is None


def test_what_was_called_off_is_not_found():
    world = World()
    world.put(**marked("r-1"), isCancelled=True)
    assert world.run(finding.find(TENANT, "r-1", ROOM)) is None


def test_of_several_the_first_one_made_counts():
    world = World()
    world.put(**marked("r-1"), createdDateTime="2026-12-01T09:00:00Z")
    first = world.put(**marked("r-1"), createdDateTime="2026-12-01T08:00:00Z")
    assert world.run(finding.find(TENANT, "r-1", ROOM)).id == first["id"]


def test_what_is_needed_and_not_there_is_not_found():
    with pytest.raises(NotFound) as caught:
        World().run(finding.needed(TENANT, "r-1", ROOM, "cancel"))
    assert caught.value.operation == "cancel"
    assert "r-1" not in str(caught.value)


def test_by_id():
    world = World()
    made = world.put(**marked("r-1"))
    assert world.run(finding.by_id(TENANT, made["id"], ROOM)).booking.reference == "r-1"
    assert world.run(finding.by_id(TENANT, "gone", ROOM)) is None
    with pytest.raises(NotFound):
        world.run(finding.by_id(TENANT, made["id"], "nobody@contoso.example"))


def test_the_rooms_response():
    world = World()
    world.put(**marked("r-1"))
    assert world.run(finding.response(TENANT, "r-1", ROOM)) == "organizer"
    with pytest.raises(NotFound):
        world.run(finding.response(TENANT, "r-2", ROOM))


NEXT = f"{URL}/v1.0/users/{ROOM}/calendarView?$skip=1"


def test_a_page_of_bookings_has_peoples_meetings_too_and_resumes_by_its_link():
    first = answer({"value": [event("A="), event("B=", **marked("r-1"))], "@odata.nextLink": NEXT})
    world = World(scripted={"calendarView": [first, answer({"value": [event("C=")]})]})
    page = world.run(finding.bookings_page(TENANT, ROOM, window(), None))
    assert [(each.id, each.reference) for each in page.items] == [("A=", None), ("B=", "r-1")]
    assert page.next == NEXT
    last = world.run(finding.bookings_page(TENANT, ROOM, window(), page.next))
    assert last.next is None
    assert world.asked[0].query["$top"] == "50"
    assert world.asked[0].query["startDateTime"] == "2026-12-07T09:00:00.0000000Z"
    assert world.asked[1].request.url == NEXT
    assert world.asked[1].request.headers["prefer"] == world.asked[0].request.headers["prefer"]


def test_the_whole_window_is_read_over_empty_pages():
    pages = [answer({"value": [], "@odata.nextLink": NEXT}), answer({"value": [event()]})]
    assert len(World(scripted={"calendarView": pages}).run(finding.view(TENANT, ROOM, window()))) == 1


def test_a_mailbox_that_is_not_there_is_said():
    with pytest.raises(NotFound, match="ErrorInvalidUser"):
        World().run(finding.find(TENANT, "r-1", "nobody@contoso.example"))
    with pytest.raises(NotFound):
        scripted = World(scripted={"calendarView": [fault(404, "MailboxNotEnabledForRESTAPI")]})
        scripted.run(finding.view(TENANT, ROOM, window()))


def test_a_token_that_is_none_is_refused_and_a_link_elsewhere_not_told():
    world = World()
    for token in ("no token", "https://evil.example/v1.0/"):
        with pytest.raises(Invalid, match="token"):
            world.run(finding.bookings_page(TENANT, ROOM, window(), token))
    assert world.asked == []
    reply = answer({"value": [], "@odata.nextLink": "https://evil.example/v1.0/"})
    for read in (finding.bookings_page(TENANT, ROOM, window(), None), finding.view(TENANT, ROOM, window())):
        with pytest.raises(BadResponse, match="another host"):
            World(scripted={"calendarView": [reply]}).run(read)
