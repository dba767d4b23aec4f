"""Several flows at once, and tokens: shown for the sync and the async runner alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.errors import (
    ConnectionLost,
    ConnectorError,
    Interrupted,
    Outcome,
    ServerFailed,
    TimedOut,
    Unauthorized,
)
from hamilton_sdk.flow import Flow, Now, Request, Response, Safety, Sleep, Together, Token
from hamilton_sdk.retry import RetryPolicy
from tests.runner.rig import ask, one

OK = Response(200)


def undoing(*, second: str = "grant") -> Flow[str]:
    made = False
    try:
        yield ask("create", Safety.UNSAFE)
        made = True
        yield ask(second, Safety.UNSAFE)
    except ConnectorError:
        if made:
            yield ask("remove", Safety.IDEMPOTENT, undo=True)
        raise
    return "made"


# Several at once


def test_together_answers_in_order(rig):
    def flow() -> Flow[list[str]]:
        answers: list[Response] = yield Together([one(str(number)) for number in range(20)], limit=3)
        return [answer.text() for answer in answers]

    made = rig(lambda request, _times: Response(200, body=request.operation.encode()))
    assert made.run(flow()) == [str(number) for number in range(20)]


def test_together_of_nothing_is_nothing(rig):
    def flow() -> Flow[list[Any]]:
        answers: list[Any] = yield Together([])
        return answers

    assert rig().run(flow()) == []


def test_the_first_failure_under_together_is_thrown_in_and_the_others_undo(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return Response(400) if request.operation == "bad" else OK

    def bad() -> Flow[None]:
        answer: Response = yield ask("bad")
        raise Unauthorized(str(answer.status))

    def flow() -> Flow[str]:
        try:
            yield Together([undoing(), bad(), undoing()], limit=1)
        except Unauthorized as error:
            return f"caught {error}"
        raise AssertionError

    made = rig(script)
    assert made.run(flow()) == "caught 400"
    # One at a time: the first one had ended, the third one never began.
    assert made.wire.operations == ["create", "grant", "bad"]


def test_while_undoing_one_failure_does_not_end_the_others(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return ConnectionLost("cut") if request.operation == "broken" else OK

    def flow() -> Flow[None]:
        try:
            yield Sleep(99.0)
        except Interrupted:
            yield Together([one("broken", Safety.UNSAFE), one("b"), one("c")], limit=1)
            raise

    made = rig(script)
    with pytest.raises(TimedOut):
        made.run(flow())
    assert made.wire.operations == ["broken", "b", "c"]


# Tokens


class Pass:
    """Gets tokens t1, t2, ... by a request; a token is refused once `refused` names it."""

    def __init__(self, lifetime: timedelta | None = None) -> None:
        self.count = 0
        self.lifetime = lifetime

    def acquire(self) -> Flow[Token]:
        answer: Response = yield ask("token")
        if not answer.ok:
            raise Unauthorized("no token")
        moment: datetime = yield Now()
        self.count += 1
        return Token(f"t{self.count}", None if self.lifetime is None else moment + self.lifetime)

    def apply(self, request: Request, token: Token) -> Request:
        return request.with_headers({"authorization": token.value})

    def expired(self, response: Response) -> bool:
        return response.status == 401


def test_a_token_is_fetched_once_and_used_by_all(rig):
    made = rig(auth=Pass())
    made.run(one("a"), one("b"))
    assert made.wire.operations == ["token", "a", "b"]
    assert [request.headers.get("authorization") for request in made.wire.sent] == [None, "t1", "t1"]


def test_a_request_may_go_without_token(rig):
    made = rig(auth=Pass())
    made.run(one("public", authenticate=False))
    assert made.wire.operations == ["public"]


def test_a_refused_token_is_renewed_once_and_the_call_repeated(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return Response(401) if request.headers.get("authorization") == "t1" else OK

    made = rig(script, auth=Pass())
    assert made.run(one("a")).status == 200
    assert made.wire.operations == ["token", "a", "token", "a"]
    assert [attempt.number for attempt in made.attempts if attempt.operation == "a"] == [1]


def test_a_token_refused_twice_is_an_answer(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return Response(401) if request.operation == "a" else OK

    made = rig(script, auth=Pass())
    assert made.run(one("a")).status == 401
    assert made.wire.operations == ["token", "a", "token", "a"]


def test_a_token_is_renewed_two_minutes_before_it_expires(rig):
    made = rig(auth=Pass(timedelta(seconds=300)), takes=60.0)
    # Fetched at 60 s, good until 360 s: renewed from 240 s on.
    made.run(*(one(str(number)) for number in range(4)), policy=RetryPolicy(deadline=None))
    assert made.wire.operations == ["token", "0", "1", "2", "token", "3"]


@pytest.mark.parametrize("answer", [lambda: Response(503), lambda: ConnectionLost("cut")])
def test_a_token_is_tried_for_as_often_as_any_call_and_no_more(rig, answer):
    """Not again for each attempt of the call that needs it, which was never sent."""

    class Asking(Pass):
        def acquire(self) -> Flow[Token]:
            found: Response = yield ask("token", Safety.SAFE)
            raise ServerFailed(f"no token: {found.status}")

    made = rig(lambda _request, _times: answer(), auth=Asking())
    with pytest.raises(ConnectorError) as caught:
        made.run(one("a"))
    assert made.wire.operations == ["token"] * 4
    assert caught.value.outcome is Outcome.FINAL


def test_no_token_is_the_calls_failure(rig):
    made = rig(lambda request, _times: Response(400 if request.operation == "token" else 200), auth=Pass())
    with pytest.raises(Unauthorized):
        made.run(one("a"))
    assert made.wire.operations == ["token"]
