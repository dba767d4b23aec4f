"""Endpoints are added, changed, paused and taken away; their secrets are shown once and kept encrypted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError, NotFound
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.models import Endpoint, NewEndpoint
from tests.webhooks.boxes import URL, Happened, connection_to, listed, open_outbox


class TestEndpoints:
    def test_an_endpoint_shows_its_secret_once(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL, events=["visit.*"])
        assert isinstance(made, NewEndpoint)
        assert Webhook(made.secret)
        assert made.secret not in repr(made)
        (found,) = outbox.endpoints()
        assert type(found) is Endpoint
        assert not hasattr(found, "secret")

    def test_what_is_set_comes_back(self, outbox: Any) -> None:
        settings = {
            "events": ("visit.*", "reservation.created"),
            "schedule": (0.0, 60.0, 3600.5),
            "in_flight_limit": 3,
            "rate": 0.5,
            "ordered": True,
            "headers": {"Authorization": "Bearer s3cret"},
            "private_networks": ("10.20.0.0/16",),
        }
        outbox.add_endpoint("https://10.20.30.40/hooks", secret=Webhook.generate_secret(), **settings)
        (found,) = outbox.endpoints()
        assert {name: getattr(found, name) for name in settings} == settings
        assert (found.url, found.state, found.reason, found.breaker) == (
            "https://10.20.30.40/hooks",
            "active",
            None,
            "closed",
        )
        assert found.created_at == found.updated_at == outbox.clock.now()

    def test_secrets_and_headers_are_kept_encrypted(self, sqlite_address: str) -> None:
        with open_outbox(sqlite_address, is_async=False) as outbox:
            made = outbox.add_endpoint(URL, headers={"Authorization": "Bearer s3cret"})
            with closing(sqlite3.connect(sqlite_address)) as connection:
                dump = "\n".join(connection.iterdump())
        assert made.secret not in dump
        assert "s3cret" not in dump
        assert made.secret.removeprefix("whsec_").encode().hex() not in dump.lower()

    def test_without_a_key_no_secret_is_kept(self, address: str, is_async: bool) -> None:
        with open_outbox(address, is_async=is_async, key=None) as outbox:
            for call in (
                lambda: outbox.add_endpoint(URL),
                lambda: outbox.rotate_secret("ep_1"),
                lambda: outbox.update_endpoint("ep_1", rate=5),
            ):
                with pytest.raises(ConfigurationError, match="has no key"):
                    call()
            assert outbox.endpoints() == ()

    @pytest.mark.parametrize(
        "settings",
        [
            {"url": "http://customer.example"},
            {"url": "https://127.0.0.1/"},
            {"events": ["*"]},
            {"schedule": []},
            {"schedule": [-1]},
            {"in_flight_limit": 0},
            {"rate": 0},
            {"headers": {"X": "a\r\nb"}},
            {"private_networks": ["0.0.0.0/0"]},
            {"secret": "s3cret"},
        ],
    )
    def test_a_setting_that_cannot_work_is_refused_and_nothing_kept(self, outbox: Any, settings: Any) -> None:
        with pytest.raises(ConfigurationError):
            outbox.add_endpoint(**{"url": URL, **settings})
        assert outbox.endpoints() == ()
        if "secret" in settings:
            return
        made = outbox.add_endpoint(URL)
        with pytest.raises(ConfigurationError):
            outbox.update_endpoint(made.id, **settings)
        (found,) = outbox.endpoints()
        assert found.updated_at == made.updated_at
        assert (found.url, found.rate) == (URL, None)

    def test_ordered_is_yes_or_no(self, outbox: Any) -> None:
        with pytest.raises(TypeError, match="ordered must be bool"):
            outbox.add_endpoint(URL, ordered=1)

    def test_an_update_leaves_the_rest(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL, events=["visit.*"], rate=2, headers={"X-Site": "a"}, schedule=[0, 5])
        outbox.clock.advance(1)
        found = outbox.update_endpoint(made.id, rate=None, schedule=None, in_flight_limit=2)
        assert (found.rate, found.schedule, found.in_flight_limit) == (None, None, 2)
        assert (found.events, found.headers, found.url) == (("visit.*",), {"X-Site": "a"}, URL)
        assert found.updated_at == outbox.clock.now() > made.created_at == found.created_at
        again = outbox.update_endpoint(made.id, url=f"{URL}/2", events=[], headers={}, ordered=True)
        assert (again.url, again.events, again.headers, again.ordered) == (f"{URL}/2", (), {}, True)

    def test_an_update_of_nothing_is_refused(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL)
        with pytest.raises(ConfigurationError, match="nothing to change"):
            outbox.update_endpoint(made.id)

    def test_a_network_is_not_taken_from_an_address_in_it(self, outbox: Any) -> None:
        made = outbox.add_endpoint("https://10.20.30.40/", private_networks=["10.0.0.0/8"])
        with pytest.raises(ConfigurationError, match="nothing is delivered to"):
            outbox.update_endpoint(made.id, private_networks=[])

    def test_what_is_removed_gets_nothing_more(self, outbox: Any) -> None:
        made, other = outbox.add_endpoint(URL), outbox.add_endpoint(URL)
        outbox.publish(Happened("a"))
        outbox.remove_endpoint(made.id)
        assert [each.id for each in outbox.endpoints()] == [other.id]
        states = {each.endpoint_id: each.state for each in listed(outbox.deliveries())}
        assert states == {made.id: "skipped", other.id: "pending"}
        assert outbox.replay(endpoint=made.id) == 0

    @pytest.mark.parametrize(
        "call", ["update_endpoint", "remove_endpoint", "rotate_secret", "pause", "resume"]
    )
    def test_an_endpoint_that_is_none_is_told(self, outbox: Any, call: str) -> None:
        more = {"rate": 5} if call == "update_endpoint" else {}
        with pytest.raises(NotFound, match="no endpoint 'ep_none'") as caught:
            getattr(outbox, call)("ep_none", **more)
        assert caught.value.hint


class TestPausing:
    def test_nothing_is_lost_while_an_endpoint_is_paused(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL)
        paused = outbox.pause(made.id, reason="the customer moves house")
        assert (paused.state, paused.reason) == ("paused", "the customer moves house")
        outbox.publish(Happened("a"))
        resumed = outbox.resume(made.id)
        assert (resumed.state, resumed.reason) == ("active", None)
        assert outbox.counters(made.id).pending == 1

    def test_a_disabled_endpoint_stays_so_when_it_is_paused(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL)
        table = outbox.store.tables.endpoint.name
        with closing(connection_to(outbox)) as connection:
            connection.execute(f"UPDATE {table} SET state = 'disabled', reason = '410 Gone'")
            connection.commit()
        found = outbox.pause(made.id)
        assert (found.state, found.reason) == ("disabled", "410 Gone")
        outbox.publish(Happened("a"))
        assert outbox.counters().pending == 1
        assert outbox.resume(made.id).state == "active"


def secrets(outbox: Any, endpoint: str) -> list[str]:
    """Which secrets sign now."""
    with closing(connection_to(outbox)) as connection:
        rows = connection.execute(f"SELECT id, secrets FROM {outbox.store.tables.endpoint.name}").fetchall()
    return outbox.seal.open_secrets(bytes(dict(rows)[endpoint]), micros(outbox.clock.now()))


class TestRotation:
    def test_both_secrets_sign_until_the_overlap_ends(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL)
        turned = outbox.rotate_secret(made.id, overlap=timedelta(hours=1))
        assert secrets(outbox, made.id) == [turned.secret, made.secret]
        outbox.clock.advance(3600)
        assert secrets(outbox, made.id) == [turned.secret]

    def test_a_secret_that_became_known_signs_no_more(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL)
        given = Webhook.generate_key_pair().secret
        assert outbox.rotate_secret(made.id, given, timedelta(0)).secret == given
        assert secrets(outbox, made.id) == [given]

    @pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
    def test_such_an_overlap_makes_no_sense(self, outbox: Any, overlap: timedelta) -> None:
        with pytest.raises(ConfigurationError, match="overlap"):
            outbox.rotate_secret(outbox.add_endpoint(URL).id, overlap=overlap)

    def test_settings_stay_as_they_are(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL, rate=2, headers={"X-Site": "a"})
        outbox.rotate_secret(made.id)
        (found,) = outbox.endpoints()
        assert (found.rate, found.headers) == (2.0, {"X-Site": "a"})
