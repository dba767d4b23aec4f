"""What every request to Graph carries, and what an answer must be."""

from __future__ import annotations

import json
import uuid

import pytest

from hamilton_sdk.errors import BadResponse, Invalid, NotFound
from hamilton_sdk.flow import Lane, Response, Safety
from hamilton_sdk.graph.exchange.nodes import Broken
from hamilton_sdk.graph.exchange.wire import Call, path, refusal, several
from tests.graph.exchange.world import ROOM, URL, World, answer, fault, tenant

WIRE = tenant().wire
CALL = Call(operation="getEvent", path="/users/x", mailbox="Baker@Contoso.example")


def test_every_request_wants_immutable_ids_and_utc_and_names_itself():
    first, second = WIRE.request(CALL), WIRE.request(CALL)
    assert first.headers["prefer"] == 'IdType="ImmutableId", outlook.timezone="UTC"'
    assert uuid.UUID(first.headers["client-request-id"]) != uuid.UUID(second.headers["client-request-id"])
    assert first.operation == "getEvent"
    assert first.safety is Safety.SAFE


def test_further_preferences_are_joined_with_commas():
    request = WIRE.request(Call(operation="x", path="/x", prefer=("odata.maxpagesize=50",)))
    assert request.headers["prefer"].endswith(", odata.maxpagesize=50")


def test_a_mailbox_is_a_lane_whatever_its_case():
    assert WIRE.request(CALL).lane == Lane("baker@contoso.example", 4, 10_000, 600.0)
    assert WIRE.request(Call(operation="x", path="/subscriptions")).lane is None


def test_a_body_is_json_and_a_version_a_condition():
    request = WIRE.request(
        Call(operation="x", path="/x", method="PATCH", body={"subject": "é"}, version="k==")
    )
    assert json.loads(request.body) == {"subject": "é"}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["if-match"] == 'W/"k=="'
    assert "content-type" not in WIRE.request(CALL).headers


def test_ids_are_encoded_and_keep_their_case():
    assert path("users", ROOM, "events", "AA/b+c=_-") == f"/users/{ROOM}/events/AA%2Fb%2Bc%3D_-"


def test_a_query_writes_spaces_so_that_everybody_reads_them():
    call = Call(operation="x", path="/x", query={"$filter": "a eq 'b+c&d'"})
    assert WIRE.address(call) == f"{URL}/v1.0/x?$filter=a%20eq%20'b%2Bc%26d'"


LINK = f"{URL}/v1.0/users/{ROOM}/calendarView/delta?$skiptoken=abc%2F"


def test_a_link_of_graphs_is_followed_as_it_is():
    assert WIRE.address(Call(operation="x", path=LINK)) == LINK


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/users",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:8443/v1.0/users",
        "https://graph.microsoft.com@evil.example/v1.0/users",
        "https://x@graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com.evil.example/v1.0/",
        "https://graph.microsoft.com/beta/users",
        "https://[broken/v1.0/",
        "https://graph.microsoft.com:port/v1.0/",
    ],
)
def test_a_link_to_anywhere_else_is_never_followed(link):
    world = World()
    with pytest.raises(BadResponse, match="another host"):
        world.run(tenant().wire.ask(Call(operation="x", path=link)))
    assert world.asked == []


def ask(response):
    return World(scripted={"getEvent": [response]}).run(WIRE.ask(CALL))


def test_an_answer_without_content_is_an_empty_object():
    assert ask(Response(204)) == {}
    assert ask(answer({"id": "x"})) == {"id": "x"}


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b"\xff\xfe"])
def test_an_answer_that_is_no_json_object_breaks_the_contract(body):
    with pytest.raises(BadResponse, match="no JSON"):
        ask(Response(200, {}, body))


def test_a_failure_is_raised():
    with pytest.raises(NotFound) as caught:
        ask(fault(404, "ErrorItemNotFound"))
    assert caught.value.code == "ErrorItemNotFound"


def test_what_cannot_be_read_breaks_the_contract():
    def read(_answer):
        raise Broken("an event without an id")

    with pytest.raises(BadResponse, match="an event without an id"):
        World(scripted={"getEvent": [answer({})]}).run(WIRE.ask_for(CALL, read))


def test_compensation_is_marked():
    assert tenant().undoing().wire.request(CALL).undo
    assert not WIRE.request(CALL).undo


def test_a_refusal_of_our_own_names_the_connector():
    error = refusal(Invalid, "m", "h", "book")
    assert (error.connector, error.operation, error.hint) == ("graph.exchange", "book", "h")


@pytest.mark.parametrize("number", [1, 3])
def test_several_flows_give_their_results_in_order(number):
    def flow(value):
        return value
        yield

    assert World().run(several([flow(each) for each in range(number)])) == list(range(number))


def test_a_token_of_callers_must_be_a_link_of_graphs():
    WIRE.check_token(None)
    WIRE.check_token(LINK)
    with pytest.raises(Invalid, match="token"):
        WIRE.check_token("no token")


def test_the_next_page_is_where_graph_says_and_nowhere_else():
    assert WIRE.next_link({}) is None
    assert WIRE.next_link({"@odata.nextLink": LINK}) == LINK
    with pytest.raises(BadResponse, match="another host"):
        WIRE.next_link({"@odata.nextLink": "https://evil.example/v1.0/x"})
