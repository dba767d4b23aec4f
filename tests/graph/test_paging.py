"""Pages stay right while what they list changes."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph._paging import page_after, wrong_cursor


def test_pages_come_by_key_and_end():
    items = {"b": 2, "a": 1, "c": 3}
    first = page_after(items.items(), None, 2)
    assert first.items == (1, 2)
    second = page_after(items.items(), first.next, 2)
    assert (second.items, second.next) == ((3,), None)


def test_nothing_is_lost_when_items_go_meanwhile():
    items = {"a": 1, "b": 2, "c": 3, "d": 4}
    token = page_after(items.items(), None, 2).next
    del items["a"], items["b"]
    assert page_after(items.items(), token, 2).items == (3, 4)


def test_a_full_last_page_is_the_last():
    assert page_after({"a": 1, "b": 2}.items(), None, 2).next is None


def test_a_token_of_nobodys_is_refused():
    with pytest.raises(Invalid, match="no page token") as caught:
        page_after({}.items(), "a", 2)
    assert caught.value.hint


def test_a_cursor_of_nobodys_is_told_so():
    assert "cursor" in str(wrong_cursor())
    assert wrong_cursor().hint
