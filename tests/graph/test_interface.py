"""The promises of calendar adapters are complete, and cannot be half kept."""

from __future__ import annotations

import inspect

import pytest

from hamilton_sdk.graph import CalendarAdapter, Capabilities, ChangePage


def test_an_adapter_must_keep_every_promise():
    with pytest.raises(TypeError, match="abstract"):
        CalendarAdapter()


@pytest.mark.parametrize("name", sorted(CalendarAdapter.__abstractmethods__ - {"name", "capabilities"}))
def test_every_method_says_what_it_promises(name):
    assert inspect.getdoc(getattr(CalendarAdapter, name))


def test_an_adapter_needs_no_token_unless_it_says_so():
    assert CalendarAdapter.auth.fget(object()) is None


def test_the_room_organises_unless_said_otherwise():
    assert Capabilities().mode == "organizer"
    assert not Capabilities().room_refuses


def test_a_page_of_changes_has_no_cursor_before_the_last():
    page = ChangePage(items=())
    assert (page.next, page.cursor, page.restarted) == (None, None, False)
