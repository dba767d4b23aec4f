"""What a failed answer amounts to, and addresses that may be shown."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Forbidden,
    Invalid,
    NotFound,
    Outcome,
    PartialFailure,
    ProxyFailed,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorized,
)
from hamilton_sdk.failure import error_from, peer_request_id, redacted_url
from hamilton_sdk.flow import Request, Response, Safety

REQUEST = Request(
    method="POST",
    url="https://user:s3cret@peer.example:8443/aeosws/?token=s3cret",
    operation="findToken",
    safety=Safety.SAFE,
)
WHERE = "acs.aeos: findToken at https://peer.example:8443/aeosws/"


class TestRedactedUrl:
    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("https://peer.example/a/b", "https://peer.example/a/b"),
            ("https://peer.example", "https://peer.example"),
            ("http://peer.example:8080/", "http://peer.example:8080/"),
            ("http://peer.example:0/", "http://peer.example:0/"),
            ("https://user:s3cret@peer.example/a", "https://peer.example/a"),
            ("https://s3cret@peer.example:8443/a", "https://peer.example:8443/a"),
            ("https://user:s3@cret@peer.example/a", "https://peer.example/a"),
            ("https://peer.example/a?key=s3cret", "https://peer.example/a"),
            ("https://peer.example/a#s3cret", "https://peer.example/a"),
            ("https://peer.example?s3cret", "https://peer.example"),
            ("https://PEER.Example/A", "https://peer.example/A"),
            ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
            ("https://user:s3cret@[::1]/a", "https://[::1]/a"),
            ("ldaps://dc.example:636/dc=example", "ldaps://dc.example:636/dc=example"),
            # names of people, and what was meant as a password
            ("https://graph.example/users/zoe@example.org/events", "https://graph.example/users/***/events"),
            ("https://graph.example/users/zoe%40example.org", "https://graph.example/users/***"),
            ("https://us/er:s3cret@peer.example/a", "https://us/***/a"),
        ],
    )
    def test_user_password_query_and_names_are_left_out(self, url: str, shown: str) -> None:
        assert redacted_url(url) == shown

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "s3cret",
            "user:s3cret@peer.example/a",
            "peer.example/s3cret",
            "//user:s3cret@peer.example/a",
            "https:///s3cret",
            "https://user:s3/cret@peer.example",
            "https://peer.example:port/s3cret",
            "https://peer.example:99999/s3cret",
            "https://peer.example:-1/s3cret",
            "https://[::1/s3cret",
            "https://[s3cret]/",
            "https://s3cret\u2100@peer.example/",
            "mailto:s3cret@example.org",
        ],
    )
    def test_what_is_no_address_is_not_shown_at_all(self, url: str) -> None:
        assert redacted_url(url) == "(unreadable address)"

    @given(
        user=st.text(min_size=1),
        password=st.text(min_size=1),
        query=st.text(),
        fragment=st.text(),
        port=st.none() | st.integers(0, 65535),
    )
    def test_no_user_no_password_and_no_query_survives(
        self, user: str, password: str, query: str, fragment: str, port: int | None
    ) -> None:
        """Marked, so that a letter that also stands in the host is no false alarm."""
        userinfo = f"{quote('§' + user, safe='')}:{quote('§' + password, safe='')}"
        host = "peer.example" if port is None else f"peer.example:{port}"
        url = f"https://{userinfo}@{host}/a/b?§{query.replace('#', '')}#§{fragment}"
        assert redacted_url(url) == f"https://{host}/a/b"

    @given(st.text(), st.sampled_from(["https://", "https://user:pw@", "//", ""]))
    @example("[", "https://")
    @example("peer:x", "https://")
    def test_nothing_makes_it_raise_or_show_an_at_sign(self, text: str, start: str) -> None:
        shown = redacted_url(start + text)
        assert "@" not in shown
        assert "?" not in shown
        assert "#" not in shown

    @given(st.text(string.printable))
    def test_shown_twice_it_is_the_same(self, text: str) -> None:
        shown = redacted_url(f"https://peer.example/{text}")
        assume(shown != "(unreadable address)")
        assert redacted_url(shown) == shown


class TestErrorFrom:
    def test_it_is_filled_with_what_support_will_ask_for(self) -> None:
        response = Response(
            409,
            {"x-request-id": "theirs"},
            b"<fault/>",
            attempts=3,
            request_id="ours",
            retry_after=2.5,
        )
        error = error_from(
            REQUEST,
            response,
            connector="acs.aeos",
            message="the badge is in use",
            code="1073",
            hint="find it",
        )
        assert type(error) is Conflict
        assert str(error) == f"{WHERE}: the badge is in use"
        assert error.hint == "find it"
        assert error.connector == "acs.aeos"
        assert error.operation == "findToken"
        assert error.method == "POST"
        assert error.url == "https://peer.example:8443/aeosws/"
        assert error.status == 409
        assert error.code == "1073"
        assert error.request_id == "ours"
        assert error.peer_request_id == "theirs"
        assert error.retry_after == 2.5
        assert error.attempts == 3
        assert error.outcome is Outcome.FINAL
        assert error.raw == b"<fault/>"

    def test_without_a_reason_the_status_is_one(self) -> None:
        error = error_from(REQUEST, Response(500), connector="acs.aeos")
        assert str(error) == f"{WHERE}: HTTP status 500"
        assert (error.code, error.retry_after, error.request_id) == (None, None, None)

    @pytest.mark.parametrize(
        ("status", "kind", "hint"),
        [
            (400, Invalid, "compare them with its limits"),
            (401, Unauthorized, "check the user name"),
            (403, Forbidden, "ask the peer's administrator"),
            (404, NotFound, "check the address"),
            (405, Invalid, "compare them with its limits"),
            (407, ProxyFailed, "give them in proxy="),
            (408, TimedOut, "look at the network"),
            (409, Conflict, "stands in the way"),
            (410, NotFound, "check the address"),
            (412, Conflict, "stands in the way"),
            (415, Invalid, "compare them with its limits"),
            (422, Invalid, "compare them with its limits"),
            (423, Conflict, "stands in the way"),
            (425, RateLimited, "lower the rate"),
            (429, RateLimited, "lower the rate"),
            (500, ServerFailed, "the peer's own log"),
            (501, ServerFailed, "the peer's own log"),
            (503, ServerFailed, "the peer's own log"),
            (599, ServerFailed, "the peer's own log"),
            (301, BadResponse, "no redirect is followed"),
            (302, BadResponse, "no redirect is followed"),
            (200, BadResponse, "no portal answers for it"),
            (101, BadResponse, "no portal answers for it"),
            (600, BadResponse, "no portal answers for it"),
        ],
    )
    def test_a_status_names_a_class_and_what_to_do(
        self, status: int, kind: type[ConnectorError], hint: str
    ) -> None:
        error = error_from(REQUEST, Response(status), connector="x")
        assert type(error) is kind
        assert error.hint is not None
        assert hint in error.hint

    @pytest.mark.parametrize("kind", [NotFound, PartialFailure])
    def test_the_protocol_may_know_better_than_the_status(self, kind: type[ConnectorError]) -> None:
        error = error_from(REQUEST, Response(500), connector="x", kind=kind)
        assert type(error) is kind
        assert error.outcome is Outcome.UNKNOWN

    def test_the_outcome_is_the_requests_own_judgement(self) -> None:
        request = Request(
            method="POST",
            url="https://peer.example",
            operation="x",
            safety=Safety.UNSAFE,
            judge=lambda answer: Outcome.FINAL if b"fault" in answer.body else Outcome.UNKNOWN,
        )
        assert error_from(request, Response(500, body=b"fault"), connector="x").outcome is Outcome.FINAL
        assert error_from(request, Response(500), connector="x").outcome is Outcome.UNKNOWN

    @pytest.mark.parametrize("kind", [BadResponse, NotFound])
    def test_a_failure_under_a_good_status_is_not_called_done(self, kind: type[ConnectorError]) -> None:
        """The class knows: garbage leaves the outcome unknown, a business fault is final."""
        error = error_from(REQUEST, Response(200), connector="x", kind=kind)
        assert error.outcome is kind.default_outcome

    def test_the_raw_answer_is_kept_short(self) -> None:
        error = error_from(REQUEST, Response(500, body=b"ab" * 5000), connector="x")
        assert error.raw == b"ab" * 1024

    @given(st.integers(0, 999))
    def test_every_status_makes_an_error_with_a_hint_and_no_secret(self, status: int) -> None:
        error = error_from(REQUEST, Response(status), connector="x")
        assert error.hint
        assert "s3cret" not in f"{error} {vars(error)}"


class TestPeerRequestId:
    @pytest.mark.parametrize("name", ["request-id", "x-request-id", "x-ms-request-id", "x-correlation-id"])
    def test_it_stands_under_any_of_the_names_in_use(self, name: str) -> None:
        assert peer_request_id(Response(200, {"date": "now", name: "abc"})) == "abc"

    def test_the_plainest_name_counts_first(self) -> None:
        assert peer_request_id(Response(200, {"x-correlation-id": "b", "request-id": "a"})) == "a"

    def test_there_may_be_none(self) -> None:
        assert peer_request_id(Response(200, {"date": "now"})) is None
