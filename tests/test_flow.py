"""What flows are written in: requests, answers, and `create`, which heals an unknown outcome."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk import flow
from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectionFailed,
    ConnectionLost,
    ConnectorError,
    Interrupted,
    RateLimited,
    TimedOut,
    Unauthorized,
)
from hamilton_sdk.flow import (
    Cut,
    Now,
    Offload,
    Outcome,
    Page,
    Query,
    Request,
    Response,
    Safety,
    Sleep,
    Together,
    Token,
    create,
    error_from,
    judge_by_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow

CREATE = Request(method="POST", url="https://peer.example/visits", operation="addVisit", safety=Safety.UNSAFE)
LOOKUP = Request(method="GET", url="https://peer.example/visits", operation="findVisit", safety=Safety.SAFE)


def ask(**changes: object) -> Request:
    return dataclasses.replace(CREATE, **changes)


class TestResponse:
    @pytest.mark.parametrize(("status", "ok"), [(199, False), (200, True), (299, True), (300, False)])
    def test_ok_is_2xx(self, status: int, ok: bool) -> None:
        assert Response(status).ok is ok

    def test_text_is_utf_8_and_bad_bytes_do_not_raise(self) -> None:
        assert Response(200, body="Zoé".encode()).text() == "Zoé"
        assert Response(200, body=b"Zo\xe9").text() == "Zo\ufffd"
        assert Response(200).text() == ""

    def test_cookies_and_bodies_stay_out_of_the_repr(self) -> None:
        shown = repr(Response(200, {"set-cookie": "session=s3cret"}, b"<name>Dupont</name>"))
        assert "s3cret" not in shown
        assert "Dupont" not in shown
        assert "200" in shown

    def test_two_answers_share_no_headers(self) -> None:
        assert Response(200).headers is not Response(200).headers


class TestJudgeByStatus:
    @pytest.mark.parametrize(
        ("statuses", "outcome"),
        [
            (range(200, 300), Outcome.DONE),
            ([304], Outcome.DONE),
            # redirects are not followed; informational answers are none
            ([*range(300, 304), *range(305, 400)], Outcome.FINAL),
            (range(200), Outcome.FINAL),
            # RFC 6585 section 4 and RFC 8470 section 5.2: turned away without working on it
            ([425, 429], Outcome.REFUSED),
            # RFC 9110 section 15.5.9: the peer gave up waiting for the rest of the request
            ([408], Outcome.UNKNOWN),
            (sorted({*range(400, 500)} - {408, 425, 429}), Outcome.FINAL),
            # RFC 9110 sections 15.6.2 and 15.6.6: it cannot, now or ever
            ([501, 505], Outcome.FINAL),
            (sorted({*range(500, 600)} - {501, 505}), Outcome.UNKNOWN),
            (range(600, 1000), Outcome.UNKNOWN),
        ],
    )
    def test_every_status_has_its_meaning(self, statuses: list[int], outcome: Outcome) -> None:
        assert {status: judge_by_status(Response(status)) for status in statuses} == dict.fromkeys(
            statuses, outcome
        )

    @pytest.mark.parametrize("name", ["retry-after", "retry-after-ms", "x-ms-retry-after-ms"])
    def test_503_is_a_refusal_only_where_the_peer_says_when_to_come_back(self, name: str) -> None:
        assert judge_by_status(Response(503, {name: "5"})) is Outcome.REFUSED
        assert judge_by_status(Response(503, {"date": "5"})) is Outcome.UNKNOWN
        assert judge_by_status(Response(500, {name: "5"})) is Outcome.UNKNOWN
        assert judge_by_status(Response(502, {name: "5"})) is Outcome.UNKNOWN

    def test_it_is_what_a_request_uses_unless_told_otherwise(self) -> None:
        assert CREATE.judge(Response(429)) is Outcome.REFUSED
        assert ask(judge=lambda _: Outcome.FINAL).judge(Response(429)) is Outcome.FINAL


class TestRequest:
    def test_headers_are_added_and_replaced_on_a_copy(self) -> None:
        before = ask(headers={"accept": "text/xml", "soapaction": '""'})
        after = before.with_headers({"accept": "*/*", "authorization": "Bearer x"})
        assert after.headers == {"accept": "*/*", "soapaction": '""', "authorization": "Bearer x"}
        assert before.headers == {"accept": "text/xml", "soapaction": '""'}
        assert dataclasses.replace(after, headers=before.headers) == before

    def test_a_header_is_the_same_in_any_case(self) -> None:
        """Else a refreshed token would be sent beside the stale one."""
        before = ask(headers={"Authorization": "Bearer stale"})
        assert before.with_headers({"authorization": "Bearer new"}).headers == {"authorization": "Bearer new"}

    def test_compensation_is_the_same_request_marked(self) -> None:
        undo = CREATE.as_undo()
        assert undo.undo is True
        assert CREATE.undo is False
        assert dataclasses.replace(undo, undo=False) == CREATE

    def test_the_repr_tells_what_it_is_and_no_secret(self) -> None:
        request = ask(
            url="https://user:s3cret@peer.example:8443/visits?name=Dupont",
            headers={"authorization": "Basic s3cret"},
            body=b"<name>Dupont</name>",
            retry_of=Response(200, {"set-cookie": "s3cret"}, b"Dupont"),
        )
        assert repr(request) == "Request(POST https://peer.example:8443/visits, addVisit, unsafe)"
        assert repr(request.as_undo()) == (
            "Request(POST https://peer.example:8443/visits, addVisit, unsafe, undo)"
        )

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            CREATE.url = "https://elsewhere.example"  # type: ignore[misc]  # what is tested

    def test_only_a_retry_or_compensation_is_out_of_the_ordinary(self) -> None:
        assert (CREATE.undo, CREATE.authenticate, CREATE.retry_of) == (False, True, None)
        assert (CREATE.headers, CREATE.body, CREATE.largest_response) == ({}, b"", None)


class TestOtherEffects:
    def test_they_are_values(self) -> None:
        assert Sleep(1.0) == Sleep(1.0) != Sleep(2.0)
        assert Now() == Now()
        assert Query("q") == Query("q")
        assert Offload(len) == Offload(len)
        assert Together(()).limit == 8
        assert Page((1, 2)).next is None
        assert Page((1, 2), "t") == Page((1, 2), "t")

    def test_a_token_never_shows_its_value(self) -> None:
        token = Token("s3cret", datetime(2026, 1, 1, tzinfo=UTC))
        assert "s3cret" not in repr(token)
        assert "2026" in repr(token)
        assert Token("x").expires_at is None

    def test_a_cut_says_how_and_when(self) -> None:
        assert (Cut().kind, Cut().after_work, str(Cut())) == ("reset", False, "reset")
        cut = pickle.loads(pickle.dumps(Cut("timeout", after_work=True)))  # noqa: S301
        assert (cut.kind, cut.after_work, str(cut)) == ("timeout", True, "timeout")

    def test_adapters_find_all_they_need_in_one_place(self) -> None:
        assert flow.Outcome is Outcome
        assert flow.error_from is error_from
        assert sorted(flow.__all__) == flow.__all__


def read(answer: Response) -> str:
    """What an adapter makes of the answer to a create."""
    if not answer.ok:
        raise error_from(CREATE, answer, connector="acs.test")
    if answer.body == b"<html>":
        raise error_from(CREATE, answer, connector="acs.test", kind=BadResponse)
    return answer.text()


class Drive:
    """Runs `create` against a script: what each request in turn is answered with, or raises."""

    def __init__(self, *script: Response | Exception, found: Callable[[], str | None] = lambda: None) -> None:
        self.script = list(script)
        self.found = found
        self.sent: list[str] = []

    def lookup(self) -> Flow[str | None]:
        answer: Response = yield LOOKUP
        if not answer.ok:
            raise error_from(LOOKUP, answer, connector="acs.test")
        return answer.text() or None

    def run(self) -> str:
        steps = create(CREATE, self.lookup, read)
        effect = next(steps)
        while True:
            assert isinstance(effect, Request)
            self.sent.append(effect.operation)
            answer = self.script.pop(0)
            try:
                effect = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
            except StopIteration as stop:
                return stop.value


MADE = Response(201, body=b"visit 7")
ABSENT = Response(200)
FOUND = Response(200, body=b"visit 7")
UNKNOWN = [
    TimedOut("silence"),
    ConnectionLost("cut"),
    Response(500),
    Response(502),
    Response(503),
    Response(504),
    Response(200, body=b"<html>"),
]
CERTAIN = [
    (ConnectionFailed("refused"), ConnectionFailed),
    (TimedOut("never left", outcome=Outcome.NOT_SENT), TimedOut),
    (Response(429), RateLimited),
    (Response(503, {"retry-after": "9"}), ConnectorError),
    (Response(401), Unauthorized),
    (Response(409), Conflict),
]


class TestCreate:
    def test_what_goes_well_is_one_request(self) -> None:
        drive = Drive(MADE)
        assert drive.run() == "visit 7"
        assert drive.sent == ["addVisit"]

    @pytest.mark.parametrize(("failure", "kind"), CERTAIN)
    def test_a_failure_that_is_certain_is_raised_at_once(
        self, failure: Response | Exception, kind: type[ConnectorError]
    ) -> None:
        drive = Drive(failure)
        with pytest.raises(kind) as caught:
            drive.run()
        assert drive.sent == ["addVisit"]
        if isinstance(failure, Exception):
            assert caught.value is failure

    @pytest.mark.parametrize("failure", UNKNOWN)
    def test_what_was_made_after_all_is_found_and_not_sent_again(self, failure: Response | Exception) -> None:
        drive = Drive(failure, FOUND)
        assert drive.run() == "visit 7"
        assert drive.sent == ["addVisit", "findVisit"]

    @pytest.mark.parametrize("failure", UNKNOWN)
    def test_what_is_proven_absent_is_sent_once_more(self, failure: Response | Exception) -> None:
        drive = Drive(failure, ABSENT, MADE)
        assert drive.run() == "visit 7"
        assert drive.sent == ["addVisit", "findVisit", "addVisit"]

    @pytest.mark.parametrize("failure", UNKNOWN)
    @pytest.mark.parametrize(
        "trouble", [ConnectionFailed("refused"), TimedOut("silence"), Response(401), Response(500)]
    )
    @pytest.mark.parametrize("before", [[], [UNKNOWN[0], ABSENT]], ids=["first", "second"])
    def test_when_the_look_up_fails_nothing_is_sent_again_and_the_outcome_stays_unknown(
        self,
        before: list[Response | Exception],
        failure: Response | Exception,
        trouble: Response | Exception,
    ) -> None:
        """The look-up's own error might say that nothing was sent; it is the cause."""
        drive = Drive(*before, failure, trouble)
        with pytest.raises(ConnectorError) as caught:
            drive.run()
        assert drive.sent[-2:] == ["addVisit", "findVisit"]
        assert len(drive.sent) == len(before) + 2
        assert caught.value.outcome is Outcome.UNKNOWN
        cause = caught.value.__cause__
        assert isinstance(cause, ConnectorError)
        if isinstance(failure, Exception):
            assert caught.value is failure
        if isinstance(trouble, Exception):
            assert cause is trouble
        assert caught.value.__notes__[-1] == f"Looking up whether it happened failed as well: {cause}"

    def test_a_second_unknown_outcome_is_looked_up_as_well(self) -> None:
        drive = Drive(TimedOut("1"), ABSENT, ConnectionLost("2"), FOUND)
        assert drive.run() == "visit 7"
        assert drive.sent == ["addVisit", "findVisit", "addVisit", "findVisit"]

    def test_after_the_second_try_it_is_given_up(self) -> None:
        second = ConnectionLost("2")
        drive = Drive(TimedOut("1"), ABSENT, second, ABSENT)
        with pytest.raises(ConnectionLost) as caught:
            drive.run()
        assert caught.value is second
        assert drive.sent == ["addVisit", "findVisit", "addVisit", "findVisit"]

    @pytest.mark.parametrize(("failure", "kind"), CERTAIN)
    def test_a_second_try_that_fails_for_certain_is_raised(
        self, failure: Response | Exception, kind: type[ConnectorError]
    ) -> None:
        drive = Drive(TimedOut("1"), ABSENT, failure)
        with pytest.raises(kind):
            drive.run()
        assert drive.sent == ["addVisit", "findVisit", "addVisit"]

    @pytest.mark.parametrize(
        "script",
        [
            [],
            [TimedOut("1")],
            [TimedOut("1"), ABSENT],
            [TimedOut("1"), ABSENT, TimedOut("2")],
        ],
        ids=["create", "look-up", "second create", "second look-up"],
    )
    def test_an_interruption_passes_at_every_step(self, script: list[Response | Exception]) -> None:
        interrupted = Interrupted("stop")
        drive = Drive(*script, interrupted)
        with pytest.raises(Interrupted) as caught:
            drive.run()
        assert caught.value is interrupted
        assert len(drive.sent) == len(script) + 1
        assert not hasattr(interrupted, "__notes__")

    def test_a_defect_is_not_taken_for_an_outcome(self) -> None:
        drive = Drive(ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            drive.run()
        assert drive.sent == ["addVisit"]

    def test_what_is_found_may_be_empty(self) -> None:
        """Only None means that there is nothing."""

        def nothing_much() -> Flow[str | None]:
            return ""
            yield LOOKUP

        steps = create(CREATE, nothing_much, read)
        next(steps)
        with pytest.raises(StopIteration) as stop:
            steps.throw(TimedOut("1"))
        assert stop.value.value == ""

    @given(st.data())
    def test_two_creates_at_most_and_never_two_without_a_look_up_between(self, data: st.DataObject) -> None:
        """A peer that works or not and answers or not: never two visits, and success only if there is one."""
        visits = 0
        steps = create(CREATE, Drive().lookup, read)
        effect, sent = next(steps), []
        try:
            while True:
                sent.append(effect.operation)
                works, answers = data.draw(st.booleans()), data.draw(st.booleans())
                if effect is CREATE:
                    visits += works
                    answer = MADE if works else Response(409)
                else:
                    answer = FOUND if visits else ABSENT
                effect = steps.send(answer) if answers else steps.throw(TimedOut("silence"))
        except StopIteration:
            assert visits == 1
        except ConnectorError:
            pass
        assert visits <= 1
        assert sent == ["addVisit", "findVisit", "addVisit", "findVisit"][: len(sent)]
