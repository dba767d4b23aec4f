"""The play over real sockets: with faults, either strategy, a user's own file, and when promises break."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.acs import AccessControl
from hamilton_sdk.cli import demo
from hamilton_sdk.cli.demo import Opening, Outcome, Strategy, play
from hamilton_sdk.cli.record import Event
from hamilton_sdk.cli.visits import Column, VisitFile, read_visits
from hamilton_sdk.errors import ServerFailed
from hamilton_sdk.transport import Timeouts
from hamilton_sdk.webhooks import Dispatcher, Webhook
from tests.cli.guests import EIGHT, HOUR, read, visit

_PARIS = ZoneInfo("Europe/Paris")
_SAMPLE = Path(__file__).parents[2] / "examples" / "visits.csv"


@pytest.fixture(autouse=True)
def short_silences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that never come are waited for in real time."""
    monkeypatch.setattr(demo, "_TIMEOUTS", Timeouts(read=0.5))


@dataclass
class _Audience:
    opening: Opening | None = None
    events: list[Event] = field(default_factory=list)

    def open(self, opening: Opening) -> None:
        self.opening = opening

    def tell(self, event: Event) -> None:
        self.events.append(event)


def _sample() -> VisitFile:
    return read_visits(_SAMPLE.read_bytes(), zone=_PARIS, profile="Visitors")


def _play(
    file: VisitFile, seed: int = 1, strategy: Strategy = "visit", *, faults: bool = False
) -> tuple[Outcome, _Audience]:
    audience = _Audience()
    outcome = play(file, zone=_PARIS, seed=seed, strategy=strategy, faults=faults, audience=audience)
    return outcome, audience


def _broken(outcome: Outcome) -> list[str]:
    return [f"{promise.text}: {promise.detail}" for promise in outcome.promises if not promise.kept]


class TestTheSample:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("strategy", ["visit", "profile"])
    def test_keeps_every_promise_while_faults_are_injected(self, strategy: Strategy, seed: int) -> None:
        outcome, audience = _play(_sample(), seed, strategy, faults=True)
        assert _broken(outcome) == []
        assert outcome.kept
        assert outcome.mishaps > 3
        assert sum(len(event.mishaps) for event in audience.events) == outcome.mishaps
        assert [stay.order.reference for stay in outcome.stays if not stay.admitted_at] == []
        assert len(outcome.stays) == 12
        assert sum(stay.expired_at is not None for stay in outcome.stays) == 1
        assert {problem.line for problem in outcome.problems} == {6, 11}
        notices = [notice for event in audience.events for notice in event.notices]
        assert len(notices) == 3 * 12
        assert sorted(notice.attempts for notice in notices)[-3:] == [1, 2, 2]
        assert sorted(notice.verified for notice in notices)[-2:] == [1, 2]

    def test_the_same_seed_is_the_same_faults_for_the_same_people(self) -> None:
        """Although requests run side by side, and arrive in another order each time."""
        plays = [_play(_sample(), 9, faults=True)[1].events for _ in range(2)]
        faults = [
            [
                (
                    event.kind,
                    None if event.stay is None else event.stay.order.reference,
                    event.mishaps,
                    event.notices,
                )
                for event in events
                if event.mishaps or event.notices
            ]
            for events in plays
        ]
        assert len(faults[0]) > 10
        assert faults[0] == faults[1]

    def test_is_the_same_play_for_the_same_seed(self) -> None:
        plays = [_play(_sample(), 5)[1].events for _ in range(2)]
        assert len(plays[0]) > 30
        assert [(event.at, event.kind) for event in plays[0]] == [
            (event.at, event.kind) for event in plays[1]
        ]

    def test_opens_with_what_is_played(self) -> None:
        _, audience = _play(_sample())
        opening = audience.opening
        assert opening is not None
        assert opening.url.startswith("https://127.0.0.1:")
        assert opening.product == "Nedap AEOS"
        assert opening.receiver.startswith("https://127.0.0.1:")
        assert opening.receiver.endswith("/webhooks")
        assert opening.clock == EIGHT - HOUR
        assert opening.notes == ("3 visits have no number; the reception prints a QR code",)
        assert opening.events == len(audience.events)

    def test_without_faults_nothing_goes_wrong(self) -> None:
        outcome, audience = _play(_sample())
        assert outcome.kept
        assert outcome.mishaps == 0
        assert not [event for event in audience.events if event.mishaps or event.error or event.presses > 2]
        assert all(notice.is_plain for event in audience.events for notice in event.notices)


class TestAnybodysFile:
    def test_hosts_profiles_and_numbers_that_aeos_does_not_know_are_fitted(self) -> None:
        file = read(
            visit(2, host="H-9", profiles=("VIP",), badge="42"),
            visit(3, badge="AB12", kind="uid"),
            visit(4, badge="any text", kind="qr"),
            visit(5, badge="99", kind="mobile"),
        )
        outcome, audience = _play(file)
        assert _broken(outcome) == []
        assert audience.opening is not None
        assert audience.opening.notes == (
            "1 host was added to the simulated site",
            "profile 'VIP' is unknown to the simulated site; 'Visitors' stands in",
            "1 number was replaced: out of the simulated site's range",
        )

    def test_one_visit_is_enough(self) -> None:
        assert _broken(_play(read(visit(2)))[0]) == []

    def test_what_aeos_refuses_is_reported_by_line_and_column_and_stops_nobody(self) -> None:
        file = read(visit(2), visit(3, name="x" * 51), visit(4, badge="y" * 33, kind="qr"))
        outcome, _ = _play(file)
        assert _broken(outcome) == []
        assert [(problem.line, problem.column, problem.position) for problem in outcome.problems] == [
            (3, Column.FAMILY_NAME, 2),
            (4, Column.BADGE, 10),
        ]
        assert "50" in outcome.problems[0].message

    def test_a_start_in_the_hour_that_clocks_repeat_waits_for_clear_time(self) -> None:
        """2026-10-25 02:30 in Paris comes twice; AEOS cannot be told which."""
        lines = (
            "Référence;Nom;Arrivée;Départ",
            "A;Nuit;25/10/2026 02:10;25/10/2026 08:00",
            "B;Jour;25/10/2026 01:00;25/10/2026 02:45",
        )
        file = read_visits("\n".join(lines).encode(), zone=_PARIS, profile="Visitors")
        assert _broken(_play(file)[0]) == []

    def test_the_building_stands_where_its_file_was_written(self) -> None:
        zone = ZoneInfo("Indian/Reunion")
        outcome = play(
            read(visit(2)), zone=zone, seed=1, strategy="visit", faults=False, audience=_Audience()
        )
        assert outcome.kept


class TestABrokenPromise:
    """The oracle looks into the simulator, so an SDK that lies is found out."""

    def test_check_out_that_does_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(AccessControl, "revoke", AccessControl.find)
        outcome, _ = _play(read(visit(2), visit(3, hours=3)))
        assert not outcome.kept
        assert _broken(outcome) == [
            "No credential opened a door after check-out: not for V-3",
            "At the end no credential is left open: 2 open",
        ]

    def test_admission_that_does_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(AccessControl, "activate", AccessControl.reserve)
        outcome, _ = _play(read(visit(2)))
        assert "Everybody was admitted and the credential opened: not for V-2" in _broken(outcome)

    def test_webhooks_that_are_not_delivered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Dispatcher, "deliver_due", lambda _: 0)
        outcome, _ = _play(read(visit(2)))
        assert _broken(outcome) == ["Every event arrived as a webhook that verifies: not for V-2"]

    def test_webhooks_that_do_not_verify(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sign = Webhook.sign
        monkeypatch.setattr(Webhook, "sign", lambda hook, id_, body, at: sign(hook, id_, body + b" ", at))
        outcome, _ = _play(read(visit(2)))
        assert _broken(outcome) == ["Every event arrived as a webhook that verifies: not for V-2"]

    def test_a_system_that_fails_for_good(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_: object, __: object) -> None:
            message = "AEOS failed"
            raise ServerFailed(message)

        monkeypatch.setattr(AccessControl, "activate", fail)
        outcome, audience = _play(read(visit(2)))
        assert not outcome.kept
        assert "Every fault on the way was healed: 1 call was given up" in _broken(outcome)
        assert next(event for event in audience.events if event.kind == "admitted").was_given_up
