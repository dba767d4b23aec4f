"""Visits: a host is mandatory, grants come with them, and all of it is replaced by a change."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import BEGIN, END, NOON, Client, granted


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator())


def find(client: Client, criteria: str = "") -> list[str]:
    return client.ok(f"<VisitSearchInfo>{criteria}</VisitSearchInfo>").texts("VisitorId")


def test_a_visit_gives_access_by_its_grant(client):
    client.visit(client.add_visitor())
    client.assign(1201)

    assert client.simulator.opens("48213377", NOON)
    assert client.simulator.effects == {"addVisitor": 1, "addVisit": 1, "assignToken": 1}


def test_a_visit_may_come_without_grants(client):
    reply = client.visit(client.add_visitor(), grants="")

    assert ("Authorization", "") in reply.tree


@pytest.mark.parametrize(
    ("visitor", "host", "begin", "end", "message"),
    [
        (1201, 60, END, BEGIN, "Visit ends before it begins"),
        (1201, 60, BEGIN, BEGIN, "Visit ends before it begins"),
        (1201, 0, BEGIN, END, "Employee not found"),
        (1201, 1201, BEGIN, END, "Employee not found"),
        (60, 60, BEGIN, END, "Visitor not found"),
        (9999, 60, BEGIN, END, "Visitor not found"),
    ],
)
def test_a_visit_needs_a_visitor_a_host_and_an_end_after_its_begin(
    client, visitor, host, begin, end, message
):
    client.add_visitor()
    refused = client.send(
        f"<VisitAdd><VisitorId>{visitor}</VisitorId><ContactPersonId>{host}</ContactPersonId>"
        f"<beginVisit>{begin}</beginVisit><endVisit>{end}</endVisit><Authorization/></VisitAdd>"
    )

    assert (refused.code, refused.message) == (91, message)
    assert client.simulator.visits() == []


@pytest.mark.parametrize("missing", ["ContactPersonId", "beginVisit", "endVisit", "Authorization"])
def test_nothing_of_a_visit_may_be_left_out_in_a_change_either(client, missing):
    client.visit(client.add_visitor())
    elements = {
        "Id": "901",
        "VisitorId": "1201",
        "ContactPersonId": "60",
        "beginVisit": BEGIN,
        "endVisit": END,
        "Authorization": "",
    }
    sent = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items() if name != missing)

    refused = client.send(f"<VisitChange>{sent}</VisitChange>")

    assert (refused.code, refused.message) == (92, f"Element {missing} is missing in VisitChange")


def test_a_change_replaces_the_grants(client):
    client.visit(client.add_visitor())
    reply = client.ok(
        "<VisitChange><Id>901</Id><VisitorId>1201</VisitorId><ContactPersonId>61</ContactPersonId>"
        f"<beginVisit>{BEGIN}</beginVisit><endVisit>2026-03-27T20:00:00</endVisit>"
        f"<Authorization>{granted(52, BEGIN, '2026-03-27T20:00:00')}</Authorization></VisitChange>"
    )

    assert reply.text("Id") == "901"
    assert reply.text("ContactPersonId") == "61"
    assert reply.texts("TemplateId") == ["52"]
    assert [held.grant.subject_id for held in client.simulator.authorisations()] == [52]


def test_what_is_not_there_can_be_neither_changed_nor_removed(client):
    client.add_visitor()
    changed = client.send(
        "<VisitChange><Id>5</Id><VisitorId>1201</VisitorId><ContactPersonId>60</ContactPersonId>"
        f"<beginVisit>{BEGIN}</beginVisit><endVisit>{END}</endVisit><Authorization/></VisitChange>"
    )

    assert changed.code == 92
    assert client.send("<VisitId>5</VisitId>").code == 93


def test_a_removed_visit_takes_its_grants_with_it(client):
    client.visit(client.add_visitor())
    client.assign(1201)

    assert client.ok("<VisitId>901</VisitId>").tree == "(null)"
    assert not client.simulator.opens("48213377", NOON)
    assert client.simulator.authorisations() == []


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ("", ["1201", "1202"]),
        ("<Id>902</Id>", ["1202"]),
        ("<VisitorId>1201</VisitorId>", ["1201"]),
        ("<VisitorId>120</VisitorId>", []),
        ("<ContactPersonId>60</ContactPersonId>", ["1201", "1202"]),
        ("<beginVisit>2026-03-28T00:00:00</beginVisit>", ["1202"]),
        ("<endVisit>2026-03-28T00:00:00</endVisit>", ["1201"]),
    ],
)
def test_visits_are_found_by_ids_and_bounds(client, criteria, found):
    client.visit(client.add_visitor())
    client.visit(client.add_visitor(), "2026-03-29T08:00:00", "2026-03-29T18:00:00")

    assert find(client, criteria) == found


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("beginVisit", ["1201", "1202"]),
        ("endVisit", ["1202", "1201"]),
        ("LastName", ["1202", "1201"]),
        ("ContactPerson", ["1201", "1202"]),
    ],
)
def test_visits_are_sorted_by_their_own_fields_and_those_of_the_visitor(client, field, found):
    client.visit(client.add_visitor(last_name="Petit"), BEGIN, "2026-03-27T19:00:00")
    client.visit(client.add_visitor(last_name="Durand"), "2026-03-27T09:00:00", END)
    order = f"<SortOrder><Order>A</Order><FieldName>{field}</FieldName></SortOrder>"

    assert find(client, order) == found
