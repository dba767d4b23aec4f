"""Pages, sort orders and prefixes, whatever is searched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators import AeosSimulator
from hamilton_sdk.testing.simulators.aeos.search import begins, matches
from tests.testing.simulators.aeos.client import Client


def site(generation="newer", page_cap=1000) -> Client:
    """Five visitors, A to E."""
    client = Client(AeosSimulator(generation=generation, page_cap=page_cap))
    for name in "ABCDE":
        client.simulator.add_visitor(name, FirstName="x" if name in "AE" else "y")
    return client


def find(client: Client, after: str = ""):
    return client.send(f"<VisitorSearchInfo><VisitorInfo/>{after}</VisitorSearchInfo>")


def span(start: int, size: int | None = None) -> str:
    records = "" if size is None else f"<nrOfRecords>{size}</nrOfRecords>"
    return f"<SearchRange><startRecordNo>{start}</startRecordNo>{records}</SearchRange>"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("", "ABCDE"),
        (span(0), "ABCDE"),
        (span(0, 2), "AB"),
        (span(3), "DE"),
        (span(3, 2), "DE"),
        (span(4, 2), "E"),
        (span(5, 2), ""),
        (span(0, 0), ""),
    ],
)
def test_the_start_is_an_offset_from_0_and_may_exceed_the_size(page, names):
    assert find(site(), page).texts("LastName") == list(names)


def test_no_answer_holds_more_than_the_cap():
    client = site(page_cap=2)

    assert find(client).texts("LastName") == ["A", "B"]
    assert find(client, span(1, 1000)).texts("LastName") == ["B", "C"]


@pytest.mark.parametrize("page", [span(-1), span(0, -1)])
def test_negative_pages_are_refused(page):
    assert find(site(), page).code == 70


def test_the_newer_generation_describes_its_page():
    reply = find(site(page_cap=2), span(3, 7))
    info = [reply.text(name) for name in ("startRecordNo", "requestedSize", "resultSize", "totalSize")]

    assert info == ["3", "7", "2", "5"]
    assert "SearchResultInfo" not in find(site("older"), span(3, 7)).xml


@given(size=st.integers(1, 7))
@settings(max_examples=7)
def test_paging_neither_loses_nor_repeats(size):
    client = site()
    seen: list[str] = []
    while page := find(client, span(len(seen), size)).texts("LastName"):
        seen += page

    assert seen == list("ABCDE")


def order(direction: str, field: str) -> str:
    return f"<SortOrder><Order>{direction}</Order><FieldName>{field}</FieldName></SortOrder>"


@pytest.mark.parametrize(
    ("orders", "names"),
    [
        (order("A", "LastName"), "ABCDE"),
        (order("D", "LastName"), "EDCBA"),
        (order("D", "FirstName") + order("A", "LastName"), "BCDAE"),
        (order("A", "FirstName") + order("D", "LastName"), "EADCB"),
    ],
)
def test_the_first_sort_order_counts_most(orders, names):
    assert find(site(), orders).texts("LastName") == list(names)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        (order("A", "LastName") + order("D", "LastName"), 302),
        (order("up", "LastName"), 303),
        (order("A", "Company"), 70),
    ],
)
def test_wrong_sort_orders_are_refused(orders, code):
    assert find(site(), orders).code == code


def test_the_older_generation_knows_no_sort_order():
    assert find(site("older"), order("A", "LastName")).code == 70


@given(st.text(), st.text())
def test_a_text_begins_with_each_of_its_beginnings_and_no_wildcard_counts(start, rest):
    assert begins(start + rest, start)
    assert not begins(start, f"{start}%")
    assert not begins(start, f"{start}_")


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("Durand", "dur", True),
        ("Durand", "and", False),
        (None, "", False),
        (5, "5", False),
        (5, 5, True),
        (None, 5, False),
        (True, True, True),
        (False, True, False),
    ],
)
def test_texts_match_by_prefix_and_all_else_exactly(value, wanted, expected):
    assert matches(value, wanted) is expected


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("", ["North", "Northwest", "South"]),
        ("<Id>2</Id>", ["Northwest"]),
        ("<Name>north</Name>", ["North", "Northwest"]),
        ("<Id>1</Id><Name>South</Name>", []),
    ],
)
def test_every_find_supports_id_and_name(criteria, names):
    client = Client(AeosSimulator(units={1: "North", 2: "Northwest", 3: "South"}))

    assert client.ok(f"<UnitSearchInfo>{criteria}</UnitSearchInfo>").texts("Name") == names
