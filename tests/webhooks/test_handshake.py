"""Consent to webhooks by the handshake of CloudEvents http-webhook: one header decides, never the status."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import BadResponse, ConfigurationError
from hamilton_sdk.flow import Response, Safety
from hamilton_sdk.webhooks.handshake import (
    REQUEST_ORIGIN,
    allowed_rate,
    consent,
    consent_request,
    is_allowed,
)

ORIGIN = "events.example.com"
URL = "https://receiver.example.net/hooks?id=1"


def asked(origin: str = ORIGIN, **more: str) -> dict[str, str]:
    return {"WebHook-Request-Origin": origin, **more}


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class TestReceiver:
    def test_a_wanted_sender_gets_its_own_name_and_a_rate_back(self) -> None:
        assert consent(asked(), {ORIGIN}, rate=100) == {
            "Allow": "POST",
            "WebHook-Allowed-Origin": ORIGIN,
            "WebHook-Allowed-Rate": "100",
        }

    def test_without_a_limit_the_rate_is_an_asterisk(self) -> None:
        assert consent(asked(**{"WebHook-Request-Rate": "120"}), [ORIGIN])["WebHook-Allowed-Rate"] == "*"

    @pytest.mark.parametrize(
        "headers",
        [
            {"webhook-request-origin": ORIGIN},
            [(b"WEBHOOK-REQUEST-ORIGIN", ORIGIN.encode())],
            (("Webhook-Request-Origin", ORIGIN), ("host", "receiver.example.net")),
        ],
    )
    def test_headers_are_taken_as_frameworks_have_them(self, headers) -> None:
        assert consent(headers, {ORIGIN})["WebHook-Allowed-Origin"] == ORIGIN

    def test_names_are_compared_as_dns_does_and_given_back_as_they_came(self) -> None:
        assert consent(asked("Events.Example.COM"), {"EVENTS.example.com"})["WebHook-Allowed-Origin"] == (
            "Events.Example.COM"
        )

    def test_an_asterisk_lets_everybody_in_by_their_own_name(self) -> None:
        assert consent(asked("anybody.example"), ["*"])["WebHook-Allowed-Origin"] == "anybody.example"

    @pytest.mark.parametrize(
        ("headers", "allowed"),
        [
            (asked("other.example.com"), {ORIGIN}),
            (asked(f"sub.{ORIGIN}"), {ORIGIN}),
            (asked(), set()),
            ({}, {"*"}),
            ({"Origin": ORIGIN}, {"*"}),
            (asked(""), {"*"}),
            (asked("*"), {"*"}),
            (asked(f"{ORIGIN}, evil.example"), {"*"}),
            (asked("a\r\nSet-Cookie: b"), {"*"}),
            (asked("-a.example"), {"*"}),
            (asked("a..example"), {"*"}),
            (asked("a." * 126 + "aa"), {"*"}),
            ([(REQUEST_ORIGIN, ORIGIN), (REQUEST_ORIGIN, ORIGIN)], {ORIGIN}),
        ],
    )
    def test_nobody_else_gets_consent(self, headers, allowed) -> None:
        assert consent(headers, allowed) == {}

    def test_a_single_text_is_no_collection_of_names(self) -> None:
        """Its letters would be taken for names."""
        with pytest.raises(ConfigurationError, match="not a single text"):
            consent(asked(), ORIGIN)

    @pytest.mark.parametrize("rate", [0, -1, True, 1.5])
    def test_a_rate_is_a_positive_number(self, rate) -> None:
        with pytest.raises(ConfigurationError, match="not a positive number"):
            consent(asked(), {ORIGIN}, rate=rate)
        with pytest.raises(ConfigurationError, match="not a positive number"):
            consent_request(URL, ORIGIN, rate=rate)


class TestSender:
    def test_it_asks_by_options_at_the_exact_address(self) -> None:
        request = consent_request(URL, ORIGIN)
        assert (request.method, request.url, request.body) == ("OPTIONS", URL, b"")
        assert request.headers == {"WebHook-Request-Origin": ORIGIN}
        assert request.safety is Safety.SAFE

    def test_it_may_ask_for_a_rate(self) -> None:
        assert consent_request(URL, ORIGIN, rate=120).headers["WebHook-Request-Rate"] == "120"

    @pytest.mark.parametrize("origin", ["", "*", "https://events.example.com", "a b", "a\r\nb", "é.example"])
    def test_its_name_is_a_dns_name(self, origin) -> None:
        with pytest.raises(ConfigurationError, match="no DNS name"):
            consent_request(URL, origin)

    @pytest.mark.parametrize("status", [200, 204, 404, 405, 500])
    @pytest.mark.parametrize(
        ("headers", "allowed"),
        [
            ({"webhook-allowed-origin": ORIGIN}, True),
            ({"webhook-allowed-origin": " * "}, True),
            ({"webhook-allowed-origin": "other.example.com"}, False),
            ({"webhook-allowed-origin": f"{ORIGIN}, *"}, False),
            ({"webhook-allowed-origin": ""}, False),
            ({"access-control-allow-origin": "*", "allow": "POST"}, False),
            ({}, False),
        ],
    )
    def test_one_header_is_consent_whatever_the_status(self, status, headers, allowed) -> None:
        assert is_allowed(Response(status=status, headers=headers), ORIGIN) is allowed

    @pytest.mark.parametrize(("rate", "allowed"), [("100", 100), (" 1 ", 1), ("*", None), (None, None)])
    def test_the_rate_is_a_number_or_unlimited(self, rate, allowed) -> None:
        headers = {} if rate is None else {"webhook-allowed-rate": rate}
        assert allowed_rate(Response(status=200, headers=headers)) == allowed

    @pytest.mark.parametrize("rate", ["", "0", "-1", "1.5", "many", "100, 200", "\u0661", "9" * 5000])
    def test_any_other_rate_breaks_the_contract(self, rate) -> None:
        with pytest.raises(BadResponse, match="WebHook-Allowed-Rate") as caught:
            allowed_rate(Response(status=200, headers={"webhook-allowed-rate": rate}))
        assert (caught.value.operation, caught.value.status) == ("consent", 200)


@given(st.from_regex(r"[a-zA-Z0-9]{1,20}(\.[a-z]{2,8}){1,3}", fullmatch=True), st.integers(1, 10**6))
def test_both_sides_understand_each_other(origin, rate):
    request = consent_request(URL, origin, rate=rate)
    answer = Response(status=200, headers=lowered(consent(request.headers, {origin.upper()}, rate=rate)))
    assert is_allowed(answer, origin)
    assert allowed_rate(answer) == rate
    refused = Response(status=200, headers=lowered(consent(request.headers, {"other.example.com"})))
    assert not is_allowed(refused, origin)
