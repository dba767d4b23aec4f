"""What an endpoint may be set to is decided when it is set."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks._checks import (
    check_events,
    check_headers,
    check_in_flight_limit,
    check_networks,
    check_place,
    check_rate,
    check_secret,
    check_url,
)


class TestUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://customer.example",
            "https://customer.example:8443/hooks?token=abc",
            "https://xn--bcher-kva.example/%C3%A9",
            "https://203.0.113.7/",
            "https://[2001:db8::1]:8443/x",
        ],
    )
    def test_an_https_address_is_taken_as_it_is(self, url: str) -> None:
        assert check_url(url) == url

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("http://customer.example/", "not https"),
            ("ftp://customer.example/", "not https"),
            ("customer.example/hooks", "not https"),
            ("file:///etc/passwd", "not https"),
            ("https:///hooks", "names no host"),
            ("https://:8443/hooks", "names no host"),
            ("https://user@customer.example/", "user or a password"),
            ("https://user:s3cret@customer.example/", "user or a password"),
            ("https://@customer.example/", "user or a password"),
            ("https://customer.example/#part", "fragment"),
            ("https://customer.example/#", "fragment"),
            ("https://customer.example:port/", "cannot be read"),
            ("https://customer.example:99999/", "cannot be read"),
            ("https://[::1/", "cannot be read"),
            ("https://customer.example/a b", "printable ASCII"),
            ("https://customer.example/\r\nX: y", "printable ASCII"),
            ("https://bücher.example/", "printable ASCII"),
            ("", "printable ASCII"),
            ("https://customer.example/" + "x" * 2048, "printable ASCII"),
        ],
    )
    def test_anything_else_is_refused_without_showing_it(self, url: str, words: str) -> None:
        with pytest.raises(ConfigurationError, match=words) as caught:
            check_url(url)
        assert caught.value.hint
        assert "s3cret" not in f"{caught.value}{caught.value.hint}"

    @pytest.mark.parametrize("url", [None, b"https://customer.example", 5])
    def test_it_is_text(self, url: Any) -> None:
        with pytest.raises(TypeError, match="url must be str"):
            check_url(url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/",
            "https://10.20.30.40/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
        ],
    )
    def test_an_address_that_would_never_be_dialled_is_refused_at_once(self, url: str) -> None:
        with pytest.raises(ConfigurationError, match="nothing is delivered to") as caught:
            check_place(url, ())
        assert "private_networks" in str(caught.value.hint)

    @pytest.mark.parametrize(
        "url",
        ["https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://10.1.2.3./", "https://a..b/"],
    )
    def test_one_that_two_readers_would_read_in_two_ways_is_refused_at_once(self, url: str) -> None:
        with pytest.raises(ConfigurationError, match="nothing is delivered to"):
            check_place(url, ("127.0.0.0/8", "10.0.0.0/8"))

    def test_one_in_an_allowed_network_is_taken(self) -> None:
        check_place("https://10.20.30.40/", ("10.20.0.0/16",))
        check_place("https://customer.example/", ())
        check_place("https://8.8.8.8/", ())


class TestEvents:
    def test_types_and_families_are_taken_once_each(self) -> None:
        given = ["visit.created", "reservation.*", "visit.created", "x_1.Y.z"]
        assert check_events(given) == ("visit.created", "reservation.*", "x_1.Y.z")
        assert check_events([]) == ()

    @pytest.mark.parametrize(
        "each", ["", "*", "visit*", "visit.badge.*", "*.created", 'a"b', "a b", "é", "a,b", ".*"]
    )
    def test_anything_else_is_refused(self, each: str) -> None:
        with pytest.raises(ConfigurationError, match="no type of an event"):
            check_events([each])

    @pytest.mark.parametrize("given", ["visit.created", None, [5], {"visit.created": 1}])
    def test_they_are_a_list_of_texts(self, given: Any) -> None:
        with pytest.raises(TypeError, match="events must be"):
            check_events(given)


class TestHeaders:
    def test_headers_are_taken(self) -> None:
        given = {"Authorization": "Bearer abc.def", "X-Site": "Paris 12"}
        assert check_headers(given) == given

    @pytest.mark.parametrize(
        "name", ["", "X Site", "X-Site:", "X-Site\r\nX-Other", "é", "X\0", "(x)", "X-Site "]
    )
    def test_a_name_that_could_be_more_is_refused(self, name: str) -> None:
        with pytest.raises(ConfigurationError, match="no name of a header"):
            check_headers({name: "x"})

    @pytest.mark.parametrize(
        "value", ["", " x", "x ", "a\r\nX-Other: b", "a\nb", "a\rb", "a\0b", "é", "\x7f", "x" * 4097]
    )
    def test_a_value_that_could_be_more_is_refused_without_showing_it(self, value: str) -> None:
        with pytest.raises(ConfigurationError, match="cannot be sent") as caught:
            check_headers({"X-Site": value})
        assert "X-Other" not in str(caught.value)

    @pytest.mark.parametrize(
        "name",
        [
            "Host",
            "content-length",
            "Content-Type",
            "Transfer-Encoding",
            "TE",
            "Upgrade",
            "Connection",
            "User-Agent",
            "Webhook-Id",
            "svix-signature",
            "Proxy-Authorization",
            "X-Amz-Date",
            "X-Forwarded-For",
            "Signature",
        ],
    )
    def test_what_the_sender_sets_itself_is_refused(self, name: str) -> None:
        with pytest.raises(ConfigurationError, match="cannot be set"):
            check_headers({name: "x"})

    def test_a_header_comes_once(self) -> None:
        with pytest.raises(ConfigurationError, match="given twice"):
            check_headers({"X-Site": "a", "x-site": "b"})

    def test_they_have_a_limit(self) -> None:
        assert len(check_headers({f"X-{number}": "x" for number in range(50)})) == 50
        with pytest.raises(ConfigurationError, match="51 headers"):
            check_headers({f"X-{number}": "x" for number in range(51)})

    @pytest.mark.parametrize("given", [{5: "x"}, {"X-Site": 5}, {"X-Site": None}])
    def test_they_are_texts(self, given: Any) -> None:
        with pytest.raises(TypeError, match="must be str"):
            check_headers(given)


class TestNetworks:
    def test_networks_are_taken(self) -> None:
        assert check_networks(["10.20.0.0/16", "fd12::/32", "192.168.1.7"]) == (
            "10.20.0.0/16",
            "fd12::/32",
            "192.168.1.7/32",
        )

    @pytest.mark.parametrize(
        "each", ["", "10.20.0.1/16", "customer.example", "0.0.0.0/0", "::/0", "10.0.0.0/40"]
    )
    def test_anything_else_is_refused(self, each: str) -> None:
        with pytest.raises(ConfigurationError):
            check_networks([each])

    @pytest.mark.parametrize("given", ["10.0.0.0/8", [10]])
    def test_they_are_a_list_of_texts(self, given: Any) -> None:
        with pytest.raises(TypeError, match="private_networks must be"):
            check_networks(given)


class TestLimits:
    @pytest.mark.parametrize("limit", [0, -1, 1001])
    def test_so_many_at_once_make_no_sense(self, limit: int) -> None:
        assert check_in_flight_limit(1) == 1
        assert check_in_flight_limit(1000) == 1000
        with pytest.raises(ConfigurationError, match="in_flight_limit"):
            check_in_flight_limit(limit)

    @pytest.mark.parametrize("rate", [0, -0.1, float("inf"), float("nan"), 100_001])
    def test_such_a_rate_makes_no_sense(self, rate: float) -> None:
        assert check_rate(0.1) == 0.1
        assert check_rate(100_000) == 100_000.0
        assert check_rate(None) is None
        with pytest.raises(ConfigurationError, match="rate"):
            check_rate(rate)

    @pytest.mark.parametrize("given", ["5", None, 1.5, True])
    def test_a_limit_is_a_whole_number(self, given: Any) -> None:
        with pytest.raises(TypeError, match="in_flight_limit must be int"):
            check_in_flight_limit(given)

    @pytest.mark.parametrize("given", ["5", True])
    def test_a_rate_is_a_number(self, given: Any) -> None:
        with pytest.raises(TypeError, match="rate must be"):
            check_rate(given)


class TestSecret:
    def test_what_can_sign_is_taken(self) -> None:
        pair = Webhook.generate_key_pair()
        for secret in (Webhook.generate_secret(), pair.secret):
            assert check_secret(secret) == secret

    def test_what_only_verifies_is_refused(self) -> None:
        with pytest.raises(ConfigurationError, match="cannot sign"):
            check_secret(Webhook.generate_key_pair().public)

    @pytest.mark.parametrize("secret", ["", "s3cret", "whsec_!", "v1,whsec_abc"])
    def test_what_is_none_is_refused_without_showing_it(self, secret: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            check_secret(secret)
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize("secret", [None, b"whsec_x", ["whsec_x"]])
    def test_it_is_text(self, secret: Any) -> None:
        with pytest.raises(TypeError, match="secret must be str"):
            check_secret(secret)
