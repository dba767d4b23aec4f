"""Events as they are answered: in the preferred form of ids, zone and text."""

from __future__ import annotations

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import ROOM, Client, event, weekly


def test_preferences_shape_the_answer_and_are_confirmed():
    client = Client(GraphSimulator())
    made = client.create(ROOM, event(body={"contentType": "html", "content": "<p>a &amp; b</p>"}))
    prefer = (
        'IdType="ImmutableId", outlook.timezone="Romance Standard Time", outlook.body-content-type="text"'
    )

    reply = client.get(client.on(ROOM, made["id"]), prefer=prefer)

    assert reply.json["start"] == {
        "dateTime": "2026-01-05T10:00:00.0000000",
        "timeZone": "Romance Standard Time",
    }
    assert reply.json["body"] == {"contentType": "text", "content": "a & b"}
    assert reply.headers["preference-applied"].startswith("IdType=ImmutableId, ")


def test_text_is_answered_as_html_and_previewed():
    made = Client(GraphSimulator()).create(ROOM, event(body={"contentType": "text", "content": "a < b"}))

    assert made["body"]["content"] == "<html><head></head><body>a &lt; b</body></html>"
    assert made["bodyPreview"] == "a < b"


def test_a_transaction_is_answered_only_where_one_was_set():
    client = Client(GraphSimulator())

    assert "transactionId" not in client.create()
    assert client.create(ROOM, event(11, 12, transactionId="t"))["transactionId"] == "t"


def test_an_occurrence_names_its_series_and_its_planned_start():
    client = Client(GraphSimulator())
    master = client.create(ROOM, event(recurrence=weekly(2)))
    second = client.view()[1]

    assert second["seriesMasterId"] == master["id"]
    assert second["originalStart"] == "2026-01-12T09:00:00.0000000Z"
    assert second["occurrenceId"] == f"OID.{master['id']}.2026-01-12"
    assert (second["recurrence"], master["recurrence"]["pattern"]["type"]) == (None, "weekly")
