"""A key that does not fit is told early, and an endpoint that no key opens is in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets import FileSecret, SecretBox, StaticSecret
from hamilton_sdk.webhooks import Webhook
from tests.webhooks.boxes import KEY, URL, Happened, connection_to, listed, open_outbox
from tests.webhooks.dispatchers import open_dispatcher
from tests.webhooks.receivers import InProcess

OTHER = StaticSecret(SecretBox.new_key())
BOTH = StaticSecret(f"{OTHER.get().get_secret_value()},{KEY.get().get_secret_value()}")
HEADERS = {"Authorization": "Bearer tip-top"}


@pytest.fixture
def reopen(address: str, is_async: bool) -> Callable[[Any], Any]:
    """The same outbox with a key."""
    return lambda key: open_outbox(address, is_async=is_async, key=key)


def _rows(outbox: Any) -> list[Any]:
    with closing(connection_to(outbox)) as connection:
        table = outbox.store.tables.endpoint.name
        return list(connection.execute(f"SELECT id, secrets, headers FROM {table} ORDER BY id").fetchall())


def _mixed(reopen: Callable[[Any], Any]) -> tuple[Any, Any]:
    """One endpoint that only the other key opens, and one that the usual key opens."""
    with reopen(OTHER) as outbox:
        unreadable = outbox.add_endpoint(URL, headers=HEADERS, rate=2)
    with reopen(BOTH) as outbox:
        table, mark = outbox.store.tables.endpoint.name, "?" if outbox.store.dialect == "sqlite" else "%s"
        readable = outbox.add_endpoint(f"{URL}/2")
        usual = outbox.seal.box().decrypt({row[0]: bytes(row[1]) for row in _rows(outbox)}[readable.id])
        with closing(connection_to(outbox)) as connection:
            given = (SecretBox(KEY).encrypt(usual), readable.id)
            connection.execute(f"UPDATE {table} SET secrets = {mark} WHERE id = {mark}", given)
            connection.commit()
    return unreadable, readable


class TestWrongKey:
    """None of what is kept can be opened."""

    def test_it_is_told_when_an_endpoint_is_added_and_nothing_is_kept(self, outbox: Any, reopen: Any) -> None:
        made = [outbox.add_endpoint(URL, headers=HEADERS) for _ in range(2)]
        before = _rows(outbox)
        with (
            reopen(OTHER) as other,
            pytest.raises(ConfigurationError, match="none of the endpoints") as caught,
        ):
            other.add_endpoint(URL)
        assert all(each.id in str(caught.value) for each in made)
        assert str(outbox.store.address) in str(caught.value)
        said = f"{caught.value}{caught.value.hint}"
        keys = {key.get().get_secret_value() for key in (KEY, OTHER)}
        assert not any(secret in said for secret in {"tip-top", *keys, *[each.secret for each in made]})
        assert "comma" in str(caught.value.hint)
        assert _rows(outbox) == before

    def test_of_many_endpoints_some_are_named_and_the_others_counted(self, outbox: Any, reopen: Any) -> None:
        for _ in range(7):
            outbox.add_endpoint(URL)
        with reopen(OTHER) as other, pytest.raises(ConfigurationError, match=r"and 2 more") as caught:
            other.add_endpoint(URL)
        assert str(caught.value).count("ep_") == 5

    def test_it_is_told_when_a_secret_is_rotated(self, outbox: Any, reopen: Any) -> None:
        made = outbox.add_endpoint(URL)
        with reopen(OTHER) as other, pytest.raises(ConfigurationError, match="none of the endpoints"):
            other.rotate_secret(made.id)

    def test_a_dispatcher_does_not_begin_and_nothing_is_lost(self, outbox: Any, reopen: Any) -> None:
        outbox.add_endpoint(URL)
        outbox.publish(Happened("e"))
        receivers = InProcess()
        with reopen(OTHER) as other, open_dispatcher(other, transport=receivers) as dispatcher:
            for begin in (dispatcher.deliver_due, dispatcher.run):
                with pytest.raises(ConfigurationError, match="none of the endpoints"):
                    begin()
            (found,) = listed(other.deliveries())
            assert (found.state, found.attempts, other.attempts(found.id)) == ("pending", 0, ())
        assert receivers.requests == []
        with open_dispatcher(outbox, transport=receivers) as dispatcher:
            assert dispatcher.deliver_due() == 1
        assert outbox.counters().delivered == 1

    def test_the_old_key_behind_the_new_one_is_no_wrong_key(self, outbox: Any, reopen: Any) -> None:
        made = outbox.add_endpoint(URL)
        with reopen(BOTH) as both:
            both.add_endpoint(URL)
            both.rotate_secret(made.id)
            assert all(each.readable for each in both.endpoints())

    def test_once_what_it_cannot_open_is_removed_it_is_a_key_like_any_other(
        self, outbox: Any, reopen: Any
    ) -> None:
        made = outbox.add_endpoint(URL)
        with reopen(OTHER) as other:
            other.remove_endpoint(made.id)
            assert other.add_endpoint(URL).readable

    def test_what_needs_no_secret_works_with_a_wrong_key_and_with_none(
        self, outbox: Any, reopen: Any
    ) -> None:
        made = outbox.add_endpoint(URL, headers=HEADERS)
        outbox.publish(Happened("a"))
        outbox.publish(Happened("b"))
        for key in (OTHER, None):
            with reopen(key) as other:
                assert other.pause(made.id).state == "paused"
                assert other.resume(made.id).state == "active"
                (found,) = other.endpoints()
                assert (found.id, found.readable, dict(found.headers)) == (made.id, False, {})
                (newest, *_) = listed(other.deliveries(state="pending"))
                assert other.skip(newest.id).state == "skipped"
        with reopen(None) as other:
            other.remove_endpoint(made.id)
            assert other.endpoints() == ()


class TestUnreadableEndpoint:
    """One among others."""

    def test_it_is_listed_with_the_others(self, reopen: Any) -> None:
        unreadable, readable = _mixed(reopen)
        with reopen(KEY) as outbox:
            found = {each.id: each for each in outbox.endpoints()}
        assert (found[unreadable.id].readable, found[unreadable.id].rate) == (False, 2.0)
        assert dict(found[unreadable.id].headers) == {}
        assert found[readable.id].readable

    def test_endpoints_are_added_and_rotated_beside_it(self, reopen: Any) -> None:
        unreadable, readable = _mixed(reopen)
        with reopen(KEY) as outbox:
            assert outbox.add_endpoint(URL).readable
            assert outbox.rotate_secret(readable.id).secret
            assert outbox.update_endpoint(readable.id, headers={"X-Site": "a"}).headers == {"X-Site": "a"}
            with pytest.raises(ConfigurationError, match=f"endpoint {unreadable.id}.* cannot be opened"):
                outbox.rotate_secret(unreadable.id)

    def test_others_get_their_deliveries_and_the_application_hears_of_it(
        self, reopen: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        unreadable, readable = _mixed(reopen)
        receivers = InProcess()
        with reopen(KEY) as outbox, open_dispatcher(outbox, transport=receivers) as dispatcher:
            outbox.publish(Happened("e"))
            assert dispatcher.deliver_due() == 2
            assert outbox.counters(readable.id).delivered == 1
            (waiting,) = listed(outbox.deliveries(endpoint=unreadable.id))
            assert (waiting.state, waiting.attempts) == ("pending", 0)
            (attempt,) = outbox.attempts(waiting.id)
            assert "decrypted" in attempt.error
        assert f"nothing can be sent to endpoint {unreadable.id}: ConfigurationError" in caplog.text
        assert "tip-top" not in caplog.text
        with reopen(BOTH) as outbox, open_dispatcher(outbox, transport=receivers) as dispatcher:
            outbox.clock.advance(70)
            dispatcher.deliver_due()
            assert outbox.counters().delivered == 2
        assert receivers.requests[-1].headers["Authorization"] == HEADERS["Authorization"]

    def test_its_settings_change_and_its_secrets_stay(self, reopen: Any) -> None:
        unreadable, _ = _mixed(reopen)
        with reopen(KEY) as outbox:
            before = {row[0]: (bytes(row[1]), row[2]) for row in _rows(outbox)}
            assert outbox.update_endpoint(unreadable.id, rate=5.0).rate == 5.0
            assert {row[0]: (bytes(row[1]), row[2]) for row in _rows(outbox)} == before
        with reopen(BOTH) as outbox:
            found = {each.id: each for each in outbox.endpoints()}[unreadable.id]
            assert (found.rate, found.headers, found.readable) == (5.0, HEADERS, True)

    def test_headers_are_not_kept_with_a_key_that_does_not_fit(self, reopen: Any) -> None:
        unreadable, _ = _mixed(reopen)
        with reopen(KEY) as outbox:
            with pytest.raises(ConfigurationError, match=f"endpoint {unreadable.id}.* cannot be opened"):
                outbox.update_endpoint(unreadable.id, headers={"X-Site": "a"})
        with reopen(BOTH) as outbox:
            assert {each.id: each for each in outbox.endpoints()}[unreadable.id].headers == HEADERS

    def test_headers_that_nothing_opens_can_be_set_anew(self, outbox: Any) -> None:
        made = outbox.add_endpoint(URL, secret=Webhook.generate_secret())
        with closing(connection_to(outbox)) as connection:
            connection.execute(f"UPDATE {outbox.store.tables.endpoint.name} SET headers = 'broken'")
            connection.commit()
        (found,) = outbox.endpoints()
        assert (found.readable, dict(found.headers)) == (False, {})
        assert outbox.update_endpoint(made.id, headers={"X-Site": "a"}).readable


class TestReencrypting:
    def test_the_old_key_can_be_dropped(self, outbox: Any, reopen: Any) -> None:
        made = outbox.add_endpoint(URL, headers=HEADERS)
        plain = outbox.add_endpoint(f"{URL}/2")
        before = outbox.rotate_secret(made.id, overlap=timedelta(hours=1))
        outbox.clock.advance(60)
        with reopen(BOTH) as both:
            assert both.reencrypt() == 2
        receivers = InProcess()
        with reopen(OTHER) as other, open_dispatcher(other, transport=receivers) as dispatcher:
            found = {each.id: each for each in other.endpoints()}
            assert all(each.readable for each in found.values())
            assert found[made.id].headers == HEADERS
            assert found[made.id].updated_at == before.updated_at
            other.publish(Happened("e"))
            assert dispatcher.deliver_due() == 2
            assert other.counters(plain.id).delivered == 1
        (request,) = [each for each in receivers.requests if each.url == URL]
        at = other.clock.now()
        for secret in (made.secret, before.secret):
            assert Webhook(secret).verify(request.body, request.headers, received_at=at).id == "e"
        with pytest.raises(ConfigurationError, match="none of the endpoints"):
            outbox.add_endpoint(URL)

    def test_a_running_dispatcher_goes_on(self, outbox: Any, reopen: Any, tmp_path: Path) -> None:
        """It has the new key in its file, and neither it nor a receiver notices."""
        path = tmp_path / "keys"
        path.write_text(KEY.get().get_secret_value())
        receivers = InProcess()
        with reopen(FileSecret(path)) as other, open_dispatcher(other, transport=receivers) as dispatcher:
            other.add_endpoint(URL)
            for name in "abc":
                other.publish(Happened(name))
                assert dispatcher.deliver_due() == 1
                if name == "a":
                    path.write_text(BOTH.get().get_secret_value())
                    assert other.reencrypt() == 1
                    path.write_text(OTHER.get().get_secret_value())
        assert receivers.ids == ["a", "b", "c"]

    def test_a_second_time_does_no_harm_and_without_endpoints_there_is_nothing_to_do(
        self, outbox: Any, reopen: Any
    ) -> None:
        assert outbox.reencrypt() == 0
        outbox.add_endpoint(URL)
        with reopen(BOTH) as both:
            assert (both.reencrypt(), both.reencrypt()) == (1, 1)

    def test_what_no_key_opens_is_named_and_left_and_the_others_are_done(self, reopen: Any) -> None:
        unreadable, readable = _mixed(reopen)
        new = StaticSecret(SecretBox.new_key())
        with reopen(StaticSecret(f"{new.get().get_secret_value()} {KEY.get().get_secret_value()}")) as outbox:
            before = {row[0]: (bytes(row[1]), row[2]) for row in _rows(outbox)}
            with pytest.raises(ConfigurationError, match="encrypted anew: 1") as caught:
                outbox.reencrypt()
            after = {row[0]: (bytes(row[1]), row[2]) for row in _rows(outbox)}
        assert unreadable.id in str(caught.value)
        assert readable.id not in str(caught.value)
        assert "tip-top" not in f"{caught.value}{caught.value.hint}"
        assert after[unreadable.id] == before[unreadable.id]
        with reopen(new) as outbox:
            assert {each.id: each.readable for each in outbox.endpoints()} == {
                unreadable.id: False,
                readable.id: True,
            }

    def test_it_needs_a_key(self, outbox: Any, reopen: Any) -> None:
        outbox.add_endpoint(URL)
        with reopen(None) as other, pytest.raises(ConfigurationError, match="has no key"):
            other.reencrypt()

    def test_a_key_that_is_gone_is_told_as_such(self, outbox: Any, reopen: Any, tmp_path: Path) -> None:
        path = tmp_path / "keys"
        path.write_text(KEY.get().get_secret_value())
        outbox.add_endpoint(URL)
        with reopen(FileSecret(path)) as other:
            path.unlink()
            with pytest.raises(ConfigurationError, match="cannot be read"):
                other.reencrypt()
