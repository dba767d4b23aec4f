"""What the screen says: enough for the reception, never a whole name or number."""

from __future__ import annotations

import pytest

from hamilton_sdk.acs import Credential, Holder
from hamilton_sdk.cli.record import Event, EventKind, Mishap, Notice, Stay
from hamilton_sdk.cli.wording import counted, happened, masked, mishaps, printable, short_name, told
from hamilton_sdk.errors import Invalid, TimedOut
from tests.cli.guests import EIGHT, visit

_MISHAP = Mishap("assignToken", "connection reset")


def _stay(**seen: object) -> Stay:
    stay = Stay(visit(2, badge="21004817"))
    for name, value in seen.items():
        setattr(stay, name, value)
    return stay


def _event(kind: EventKind, stay: Stay | None = None, **more: object) -> Event:
    return Event(EIGHT, kind, stay, **more)


def test_a_name_is_cut_to_an_initial() -> None:
    assert short_name(Holder("V-1", "Lefèvre", "Gaël")) == "Gaël L."
    assert short_name(Holder("V-1", "Œuvrard")) == "Œ."


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        (Credential("badge", "21004817"), "badge …817"),
        (Credential("qr", "1234567"), "QR code …567"),
        (Credential("uid", "123456"), "card"),
        (Credential("mobile", "1"), "mobile pass"),
        (None, "no credential"),
    ],
)
def test_a_number_is_never_shown_whole(credential: Credential | None, said: str) -> None:
    assert masked(credential) == said


def test_numbers_have_their_word() -> None:
    assert [counted(count, "door", "doors") for count in (0, 1, 2)] == ["0 doors", "1 door", "2 doors"]


@pytest.mark.parametrize(
    ("kind", "seen", "said"),
    [
        ("reserved", {}, "is pre-registered"),
        ("reserved", {"refused": Invalid("x")}, "is NOT taken"),
        ("admitted", {}, "is NOT admitted"),
        ("admitted", {"admitted_at": EIGHT, "opened_inside": True}, "arrives, badge …817 opens the door"),
        ("admitted", {"admitted_at": EIGHT}, "arrives, badge …817 does NOT open"),
        (
            "admitted",
            {"admitted_at": EIGHT, "opened_inside": True, "same_grant": True},
            "arrives, badge …817 opens the door; asked twice",
        ),
        (
            "admitted",
            {"admitted_at": EIGHT, "opened_inside": True, "same_grant": False},
            "arrives, badge …817 opens the door; asked twice, ANOTHER GRANT",
        ),
        ("left", {"left_at": EIGHT}, "leaves, badge …817 opens nothing"),
        ("left", {"opened_after": True}, "leaves, badge …817 STILL OPENS"),
        ("overstayed", {}, "stays beyond the window, badge …817 opens nothing"),
        ("expired", {}, "is expired by the sweep, badge …817 opens nothing"),
    ],
)
def test_what_happens_to_somebody(kind: EventKind, seen: dict[str, object], said: str) -> None:
    assert happened(_event(kind, _stay(**seen))) == said


@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        ("ready", 2, "2 visits pre-registered, without access yet"),
        ("swept", 1, "sweep: 1 difference between what should stand and what stands"),
        ("closed", 0, "everybody is out; the doors are tried once more: all closed"),
        ("closed", 2, "everybody is out; the doors are tried once more: 2 OPEN"),
        ("purged", 1, "retention is over: 1 visitor deleted"),
    ],
)
def test_what_happens_to_all(kind: EventKind, count: int, said: str) -> None:
    assert happened(_event(kind, count=count)) == said


class TestMishaps:
    def test_nothing_is_said_where_nothing_went_wrong(self) -> None:
        assert mishaps(_event("left", _stay(), presses=1)) == []

    def test_a_fault_that_the_sdk_healed(self) -> None:
        assert mishaps(_event("left", _stay(), mishaps=(_MISHAP,))) == [
            "fault at assignToken: connection reset; healed"
        ]

    def test_a_fault_that_took_another_try_at_the_desk(self) -> None:
        assert mishaps(_event("left", _stay(), mishaps=(_MISHAP,), presses=2)) == [
            "fault at assignToken: connection reset; healed by asking again"
        ]

    def test_asking_twice_on_purpose_is_no_other_try(self) -> None:
        (said,) = mishaps(_event("admitted", _stay(same_grant=True), mishaps=(_MISHAP,), presses=2))
        assert said.endswith("; healed")

    def test_what_was_given_up_says_why(self) -> None:
        event = _event("left", _stay(), mishaps=(_MISHAP,), presses=5, error=TimedOut("no answer"))
        assert mishaps(event) == [
            "fault at assignToken: connection reset; NOT healed",
            "TimedOut: no answer",
        ]

    def test_what_the_system_refuses_is_no_fault(self) -> None:
        event = _event("reserved", _stay(), mishaps=(_MISHAP,), error=Invalid("too long"))
        assert mishaps(event) == ["fault at assignToken: connection reset; healed", "Invalid: too long"]


def test_text_from_elsewhere_does_nothing_to_a_terminal() -> None:
    assert printable("Zoé \x1b[31mred\n\x07") == "Zoé ?[31mred??"


class TestWebhooks:
    def test_those_that_went_by_themselves_are_counted_by_type(self) -> None:
        created = [Notice("visit.created", f"V-{number}") for number in range(12)]
        assert told([*created, Notice("visit.checked_in", "V-1")]) == [
            ("12 webhooks visit.created verified", True),
            ("webhook visit.checked_in verified", True),
        ]

    @pytest.mark.parametrize(
        ("notice", "line", "is_well"),
        [
            (
                Notice("visit.created", "V-1", 2, 1, ("status 500",)),
                "webhook visit.created of V-1: status 500; sent 2 times, verified once",
                True,
            ),
            (
                Notice("visit.created", "V-1", 3, 2, ("status 500", "connection reset")),
                "webhook visit.created of V-1: status 500, connection reset; sent 3 times, verified 2 times",
                True,
            ),
            (
                Notice("visit.created", "V-1", 1, 0),
                "webhook visit.created of V-1: no fault; NOT arrived after 1 attempt",
                False,
            ),
        ],
    )
    def test_those_that_did_not_are_told_one_by_one(self, notice: Notice, line: str, is_well: bool) -> None:
        assert told([Notice("visit.created", "V-2"), notice])[1:] == [(line, is_well)]

    def test_of_none_nothing_is_told(self) -> None:
        assert told([]) == []
