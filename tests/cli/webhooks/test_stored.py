"""An outbox that is there is looked at and replayed; nothing is made by looking."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamilton_sdk.cli.webhooks.stored import Wanted, deliveries_of, open_outbox, replay, would_replay
from hamilton_sdk.errors import ConfigurationError, Invalid, StoreError
from tests.cli.webhooks.outboxes import EIGHT, HOUR, filled


def _states(path: Path) -> dict[str, str]:
    with open_outbox(str(path), schema=None, prefix="hamilton_") as outbox:
        return {delivery.event_id: delivery.state for delivery in outbox.deliveries()}


class TestOpening:
    def test_one_that_is_there_needs_no_key(self, tmp_path: Path) -> None:
        path = tmp_path / "hooks.db"
        with filled(path):
            pass
        assert _states(path) == {"evt_3": "pending", "evt_2": "pending", "evt_1": "skipped"}

    def test_one_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        path = tmp_path / "none.db"
        with pytest.raises(Invalid, match=r"there is no store .*none\.db"):
            open_outbox(str(path), schema=None, prefix="hamilton_")
        assert list(tmp_path.iterdir()) == []

    def test_a_file_without_its_tables_is_said_to_be_one(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        path.touch()
        with (
            open_outbox(str(path), schema=None, prefix="hamilton_") as outbox,
            pytest.raises(StoreError) as caught,
        ):
            deliveries_of(outbox, Wanted(), 1)
        assert caught.value.hint is not None
        assert "hamilton store upgrade" in caught.value.hint

    def test_what_is_no_address_is_refused_without_its_password(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            open_outbox("mysql://user:secret@host/x", schema=None, prefix="hamilton_")
        assert "secret" not in str(caught.value)


class TestListing:
    def test_the_newest_first_and_whether_more_follow(self, tmp_path: Path) -> None:
        with filled(tmp_path / "hooks.db") as outbox:
            listed = deliveries_of(outbox, Wanted(), 2)
            assert [delivery.event_id for delivery in listed.deliveries] == ["evt_3", "evt_2"]
            assert listed.more
            assert (listed.counters.pending, listed.counters.skipped) == (2, 1)
            assert not deliveries_of(outbox, Wanted(), 3).more

    def test_those_that_fit(self, tmp_path: Path) -> None:
        with filled(tmp_path / "hooks.db") as outbox:
            for wanted, events in (
                (Wanted(event="evt_2"), ["evt_2"]),
                (Wanted(state="skipped"), ["evt_1"]),
                (Wanted(endpoint="ep_none"), []),
            ):
                listed = deliveries_of(outbox, wanted, 10)
                assert [delivery.event_id for delivery in listed.deliveries] == events
            assert listed.counters.pending == 0


_CASES = [
    (Wanted(event="evt_1"), 1),
    (Wanted(delivery=1), 1),
    (Wanted(delivery=1, state="dead"), 0),
    (Wanted(since=EIGHT), 3),
    (Wanted(since=EIGHT, state="skipped"), 1),
    (Wanted(since=EIGHT + HOUR, until=EIGHT + 2 * HOUR), 1),
    (Wanted(endpoint="ep_none"), 0),
]


_OF_THE_FIRST = [
    Wanted(event="evt_1"),
    Wanted(delivery=1),
    Wanted(since=EIGHT),
    Wanted(since=EIGHT, state="skipped"),
]
"""Those that mean the event that is skipped."""


class TestReplaying:
    @pytest.mark.parametrize(("wanted", "count"), _CASES, ids=[str(wanted) for wanted, _ in _CASES])
    def test_a_rehearsal_counts_what_would_be_and_changes_nothing(
        self, tmp_path: Path, wanted: Wanted, count: int
    ) -> None:
        with filled(tmp_path / "hooks.db") as outbox:
            before = list(outbox.deliveries())
            assert would_replay(outbox, wanted) == count
            assert list(outbox.deliveries()) == before
            assert replay(outbox, wanted) == count
            assert outbox.counters().skipped == (0 if wanted in _OF_THE_FIRST else 1)

    @pytest.mark.parametrize("wanted", [Wanted(), Wanted(state="dead")])
    def test_everything_there_is_must_be_asked_for(self, tmp_path: Path, wanted: Wanted) -> None:
        with filled(tmp_path / "hooks.db") as outbox:
            for ask in (would_replay, replay):
                with pytest.raises(Invalid, match="nothing says what to replay"):
                    ask(outbox, wanted)


def test_on_postgresql_it_is_the_same(postgresql_address: str) -> None:
    with filled(postgresql_address):
        pass
    with open_outbox(postgresql_address, schema=None, prefix="hamilton_") as outbox:
        wanted = Wanted(since=EIGHT)
        before = list(outbox.deliveries())
        assert would_replay(outbox, wanted) == 3
        assert list(outbox.deliveries()) == before
        assert replay(outbox, wanted) == 3
        assert outbox.counters().pending == 3
