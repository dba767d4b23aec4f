"""One tree of errors, drawn in its docstring: precise, silent about secrets, and fit to travel."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk import errors
from hamilton_sdk.errors import (
    BadResponse,
    CertificateRejected,
    ConfigurationError,
    ConnectorError,
    HamiltonError,
    Interrupted,
    NotFound,
    Outcome,
    PartialFailure,
    RateLimited,
    RequestRefused,
    TimedOut,
    WebhookError,
    WebhookVerificationError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DETAILS = {
    "hint": "do this",
    "connector": "acs.aeos",
    "operation": "findToken",
    "method": "POST",
    "url": "https://peer.example/aeos",
    "status": 503,
    "code": "1073",
    "request_id": "ours",
    "peer_request_id": "theirs",
    "retry_after": 2.5,
    "attempts": 3,
    "outcome": Outcome.REFUSED,
    "raw": b"<html>",
}
KINDS = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, HamiltonError)]
CONNECTOR_KINDS = [kind for kind in KINDS if issubclass(kind, ConnectorError)]


def _needed(kind: type[HamiltonError]) -> dict[str, Any]:
    if issubclass(kind, RequestRefused):
        return {"status": 413}
    return {"reason": "no_match"} if issubclass(kind, WebhookVerificationError) else {}


# Every protocol of pickle, and both kinds of copy.
TRAVELS: list[Callable[[HamiltonError], HamiltonError]] = [
    copy.copy,
    copy.deepcopy,
    *[
        lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))  # noqa: S301
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ],
]


class TestTree:
    def test_the_classes_are_exactly_as_the_docstring_draws_them(self) -> None:
        assert errors.__doc__ is not None
        drawing = errors.__doc__.partition("::\n\n")[2].partition("\n\n")[0]
        drawn: dict[str, str | None] = {}
        above: list[tuple[int, str]] = []
        for line in drawing.splitlines():
            indent, name = re.match(r"( *)(\w+)", line).groups()  # type: ignore[union-attr]  # every line matches
            above = [(depth, parent) for depth, parent in above if depth < len(indent)]
            drawn[name] = above[-1][1] if above else None
            above.append((len(indent), name))
        real = {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS}
        assert drawn == {**real, "HamiltonError": None}

    def test_every_class_is_public_and_says_what_it_is(self) -> None:
        assert {kind.__name__ for kind in KINDS} | {"Outcome", "VerificationReason"} == set(errors.__all__)
        assert all(kind.__doc__ and kind.__module__ == "hamilton_sdk.errors" for kind in KINDS)

    def test_all_of_them_are_ordinary_exceptions_with_one_base(self) -> None:
        assert all(len(kind.__bases__) == 1 for kind in KINDS)
        assert HamiltonError.__bases__ == (Exception,)

    @pytest.mark.parametrize(
        ("name", "outcome"),
        [
            # nothing was sent
            ("NotReachable", Outcome.NOT_SENT),
            ("NameNotResolved", Outcome.NOT_SENT),
            ("ConnectionFailed", Outcome.NOT_SENT),
            ("TlsFailed", Outcome.NOT_SENT),
            ("ProxyFailed", Outcome.NOT_SENT),
            # a certificate does not get better by asking again
            ("CertificateRejected", Outcome.FINAL),
            # nor does an address that is not to be delivered to
            ("AddressRefused", Outcome.FINAL),
            # it may have happened
            ("TimedOut", Outcome.UNKNOWN),
            ("ConnectionLost", Outcome.UNKNOWN),
            ("ServerFailed", Outcome.UNKNOWN),
            ("BadResponse", Outcome.UNKNOWN),
            ("Interrupted", Outcome.UNKNOWN),
            # it did not happen, for now
            ("RateLimited", Outcome.REFUSED),
            # it did not happen
            ("ConnectorError", Outcome.FINAL),
            ("Unauthorized", Outcome.FINAL),
            ("Forbidden", Outcome.FINAL),
            ("NotFound", Outcome.FINAL),
            ("Conflict", Outcome.FINAL),
            ("Invalid", Outcome.FINAL),
            ("PartialFailure", Outcome.FINAL),
            # nor will it: to try again would be in vain, although nothing was sent
            ("Unsupported", Outcome.FINAL),
        ],
    )
    def test_a_class_implies_what_is_known_of_the_effect(self, name: str, outcome: Outcome) -> None:
        kind = getattr(errors, name)
        assert kind("x").outcome is outcome
        assert kind("x", outcome=Outcome.DONE).outcome is Outcome.DONE

    def test_no_class_is_left_out_above(self) -> None:
        cases = TestTree.test_a_class_implies_what_is_known_of_the_effect.pytestmark[0].args[1]
        assert {name for name, _ in cases} == {kind.__name__ for kind in CONNECTOR_KINDS}


class TestWhatItSays:
    def test_str_is_the_message_alone(self) -> None:
        error = NotFound("no holder", **DETAILS)
        assert str(error) == "no holder"
        assert repr(error) == "NotFound('no holder')"

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_hint_is_a_note_that_tracebacks_show(self, kind: type[HamiltonError]) -> None:
        error = kind("it broke", hint="mend it", **_needed(kind))
        assert error.hint == "mend it"
        assert "mend it" not in str(error)
        assert error.__notes__ == ["Hint: mend it"]
        assert "".join(traceback.format_exception(error)).endswith("it broke\nHint: mend it\n")

    @pytest.mark.parametrize("hint", [None, ""])
    def test_without_a_hint_there_is_no_note(self, hint: str | None) -> None:
        error = HamiltonError("it broke", hint=hint)
        assert not hasattr(error, "__notes__")
        assert error.hint == hint

    @pytest.mark.parametrize("kind", CONNECTOR_KINDS)
    def test_every_connector_error_carries_what_support_will_ask_for(
        self, kind: type[ConnectorError]
    ) -> None:
        error = kind("x", **DETAILS)
        assert {name: getattr(error, name) for name in DETAILS} == DETAILS
        assert error.message == "x"

    @pytest.mark.parametrize("kind", CONNECTOR_KINDS)
    def test_details_are_none_until_they_are_known(self, kind: type[ConnectorError]) -> None:
        error = kind("x")
        unknown = DETAILS.keys() - {"attempts", "outcome"}
        assert {getattr(error, name) for name in unknown} == {None}
        assert error.attempts == 0

    @pytest.mark.parametrize("kind", KINDS)
    def test_details_are_given_by_name(self, kind: type[HamiltonError]) -> None:
        parameters = list(inspect.signature(kind).parameters.values())
        assert parameters[0].name == "message"
        assert {each.kind for each in parameters[1:]} == {inspect.Parameter.KEYWORD_ONLY}

    def test_a_partial_failure_says_what_was_done_undone_and_left(self) -> None:
        error = PartialFailure("half", done=("holder 7",), undone=("badge",), left=("grant 3",))
        assert (error.done, error.undone, error.left) == (("holder 7",), ("badge",), ("grant 3",))
        plain = PartialFailure("half")
        assert (plain.done, plain.undone, plain.left) == ((), (), ())


def details_of(error: HamiltonError) -> dict[str, object]:
    return {name: value for name, value in vars(error).items() if name != "raw"}


class TestTravel:
    @pytest.mark.parametrize("travel", TRAVELS)
    @pytest.mark.parametrize("kind", CONNECTOR_KINDS)
    def test_a_connector_error_keeps_all_but_the_raw_answer(
        self, kind: type[ConnectorError], travel: Callable[[HamiltonError], HamiltonError]
    ) -> None:
        error = kind("it broke", **DETAILS)
        error.add_note("the third of them")
        again = travel(error)
        assert type(again) is kind
        assert isinstance(again, ConnectorError)
        assert again is not error
        assert details_of(again) == details_of(error)
        assert (str(again), again.args) == ("it broke", ("it broke",))
        assert again.__notes__ == ["Hint: do this", "the third of them"]
        assert again.raw is None
        assert error.raw == b"<html>"

    @pytest.mark.parametrize("travel", TRAVELS)
    @pytest.mark.parametrize("kind", [HamiltonError, ConfigurationError, WebhookError])
    def test_the_others_keep_all(
        self, kind: type[HamiltonError], travel: Callable[[HamiltonError], HamiltonError]
    ) -> None:
        again = travel(kind("it broke", hint="mend it"))
        assert type(again) is kind
        assert (again.message, again.hint, again.__notes__) == ("it broke", "mend it", ["Hint: mend it"])

    @pytest.mark.parametrize("travel", TRAVELS)
    def test_a_verification_error_keeps_its_reason(
        self, travel: Callable[[HamiltonError], HamiltonError]
    ) -> None:
        again = travel(WebhookVerificationError("not ours", reason="no_match", hint="check the secret"))
        assert isinstance(again, WebhookVerificationError)
        assert (again.reason, again.hint, str(again)) == ("no_match", "check the secret", "not ours")

    @pytest.mark.parametrize("travel", TRAVELS)
    def test_a_partial_failure_keeps_its_lists(
        self, travel: Callable[[HamiltonError], HamiltonError]
    ) -> None:
        again = travel(PartialFailure("half", done=("a",), undone=("b",), left=("c", "d")))
        assert isinstance(again, PartialFailure)
        assert (again.done, again.undone, again.left) == (("a",), ("b",), ("c", "d"))
        assert not hasattr(again, "__notes__")

    @pytest.mark.parametrize("travel", TRAVELS)
    def test_travelling_twice_doubles_nothing(self, travel: Callable[[HamiltonError], HamiltonError]) -> None:
        again = travel(travel(TimedOut("late", hint="wait")))
        assert again.__notes__ == ["Hint: wait"]

    @pytest.mark.parametrize("travel", TRAVELS)
    def test_a_copy_has_notes_of_its_own(self, travel: Callable[[HamiltonError], HamiltonError]) -> None:
        error = TimedOut("late", hint="wait")
        travel(error).add_note("only here")
        assert error.__notes__ == ["Hint: wait"]

    @pytest.mark.parametrize("travel", TRAVELS)
    def test_a_users_own_subclass_travels_too(self, travel: Callable[[HamiltonError], HamiltonError]) -> None:
        """Its constructor may differ: it is not called again."""
        again = travel(_OwnError(7))
        assert isinstance(again, _OwnError)
        assert (again.floor, str(again), again.hint) == (7, "no badge reader on floor 7", "use the stairs")

    @given(
        st.text(),
        st.none() | st.text(),
        st.none() | st.floats(allow_nan=False),
        st.lists(st.text(), max_size=3),
    )
    def test_any_text_travels(
        self, message: str, hint: str | None, retry_after: float | None, notes: list[str]
    ) -> None:
        error = RateLimited(message, hint=hint, retry_after=retry_after)
        for note in notes:
            error.add_note(note)
        for travel in (copy.copy, copy.deepcopy, TRAVELS[-1]):
            again = travel(error)
            assert details_of(again) == details_of(error)
            assert str(again) == message


class _OwnError(BadResponse):
    def __init__(self, floor: int) -> None:
        super().__init__(f"no badge reader on floor {floor}", hint="use the stairs")
        self.floor = floor


def test_an_interruption_can_be_told_from_every_other_failure() -> None:
    """A flow that handles `ConnectorError` sees it too, and asks for its class."""
    assert [kind for kind in KINDS if issubclass(kind, Interrupted)] == [Interrupted]
    assert issubclass(Interrupted, ConnectorError)


def test_a_rejected_certificate_is_a_failure_of_tls() -> None:
    assert issubclass(CertificateRejected, errors.TlsFailed)


def test_outcomes_are_plain_words_for_records_and_queries() -> None:
    assert [str(outcome) for outcome in Outcome] == ["done", "not_sent", "refused", "unknown", "final"]
