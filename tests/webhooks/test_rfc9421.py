"""HTTP Message Signatures, one at a time, against the vectors of RFC 9421 and RFC 9530."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hamilton_sdk.webhooks._keys import PublicKey, SecretKey, SymmetricKey, read_keys
from hamilton_sdk.webhooks._rfc9421 import (
    ALGORITHMS,
    Message,
    Pairs,
    digest_matches,
    is_genuine,
    read,
    sign,
    trouble_with,
)
from tests.webhooks.vectors import (
    CONTENT_DIGESTS,
    RFC_9421,
    RFC_9421_ED25519,
    RFC_9421_HMAC,
    TRANSFORMED,
    HttpMessage,
)

CREATED = datetime.fromtimestamp(1618884473, UTC)
OTHER = read_keys("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", stacklevel=1)[0]


def key_of(secret: str) -> SymmetricKey | SecretKey:
    (key,) = read_keys(secret, stacklevel=1)
    assert isinstance(key, (SymmetricKey, SecretKey))
    return key


def genuine(vector: HttpMessage, secret: str | None = None) -> bool:
    (candidate,) = read(vector.signature_input, vector.signature)
    # What stands in the message beside the one signature in question is not looked at.
    headers = Pairs((*vector.headers, ("signature", "other=:AA==:"), ("signature-input", "other=()")))
    message = Message(vector.method, vector.url, headers)
    return is_genuine(message, candidate, key_of(secret or vector.secret))


class TestVectors:
    @pytest.mark.parametrize("vector", RFC_9421, ids=lambda vector: vector.name)
    def test_the_published_signature_is_genuine(self, vector: HttpMessage) -> None:
        assert genuine(vector)

    @pytest.mark.parametrize("vector", RFC_9421, ids=lambda vector: vector.name)
    def test_any_covered_part_changed_is_not(self, vector: HttpMessage) -> None:
        host = vector.url.replace("example.com", "example.org")
        dates = tuple((name, "x" if name == "date" else value) for name, value in vector.headers)
        for changed in (
            replace(vector, url=host),
            replace(vector, headers=dates),
            replace(vector, headers=vector.headers[:1]),
            replace(vector, signature_input=vector.signature_input.replace("1618884473", "1618884474")),
            replace(vector, signature_input=vector.signature_input.replace('"date" ', "")),
        ):
            assert not genuine(changed)

    @pytest.mark.parametrize("vector", TRANSFORMED)
    def test_what_a_proxy_may_change_leaves_it_genuine(self, vector: HttpMessage) -> None:
        assert genuine(vector) is vector.valid

    def test_another_key_is_not_the_one(self) -> None:
        assert not genuine(RFC_9421[0], RFC_9421_ED25519)
        assert not genuine(RFC_9421[1], RFC_9421_HMAC)

    @pytest.mark.parametrize(("body", "digest"), CONTENT_DIGESTS)
    def test_digests_are_those_of_their_bodies(self, body: bytes, digest: str) -> None:
        assert digest_matches(digest, body)
        assert not digest_matches(digest, body + b"\n\n")

    @pytest.mark.parametrize(
        "digest", ["", "sha-256", "sha-256=:AA==:", "md5=:AA==:", "sha-256=1", "é", "sha-256=:"]
    )
    def test_what_is_no_digest_matches_nothing(self, digest: str) -> None:
        assert not digest_matches(digest, b"")

    def test_every_digest_counts(self) -> None:
        (_, good), (_, other) = CONTENT_DIGESTS[0], CONTENT_DIGESTS[3]
        assert not digest_matches(f"{good}, {other}", CONTENT_DIGESTS[0][0])


class TestRead:
    def test_it_states_label_coverage_and_parameters(self) -> None:
        inputs = 'a=("@method" "content-digest";key="sha-256");created=1;keyid="k", b=();keyid="l"'
        first, second = read(inputs, "a=:AAAA:, b=:BBBB:")
        assert (first.label, second.label) == ("a", "b")
        assert first.covered == (("@method", {}), ("content-digest", {"key": "sha-256"}))
        assert first.parameters == {"created": 1, "keyid": "k"}
        assert first.signature_input == 'a=("@method" "content-digest";key="sha-256");created=1;keyid="k"'
        assert first.signature == "a=:AAAA:"
        assert (second.covered, second.parameters, second.signature) == ((), {"keyid": "l"}, "b=:BBBB:")

    @pytest.mark.parametrize(
        ("inputs", "signatures"),
        [
            ("a=(", "a=:AAAA:"),
            ("a=()", "a=:AAAA"),
            ("a=()", "a=1"),
            ("a=()", "a"),
            ("a=()", "a=()"),
            ("a=()", "b=:AAAA:"),
            ("a=(), b=()", "a=:AAAA:"),
            ("a=1", "a=:AAAA:"),
            ("a", "a=:AAAA:"),
            ("a=(), a=()", "a=:AAAA:"),
            ("a=()", "a=:AAAA:, a=:AAAA:"),
            ("é=()", "é=:AAAA:"),
            ("a=()", "\x00"),
        ],
    )
    def test_what_is_not_written_by_the_rules_is_a_value_error(self, inputs: str, signatures: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            read(inputs, signatures)

    def test_of_a_parameter_given_twice_the_last_counts(self) -> None:
        """RFC 9651, 4.2.3.2: as for the package, which makes the signed text of what was read."""
        (found,) = read("a=();created=1;created=2", "a=:AAAA:")
        assert found.parameters == {"created": 2}
        assert found.signature_input == "a=();created=2"

    def test_nothing_is_nothing(self) -> None:
        assert read("", "") == []


class TestSign:
    def test_each_key_has_its_label_and_each_is_genuine(self) -> None:
        keys = {"h": key_of(RFC_9421_HMAC), "e": key_of(RFC_9421_ED25519)}
        message = Message("POST", "https://example.com/foo?x=1", {"webhook-id": "msg_1"})
        sign(message, keys, ("@method", "@target-uri", "webhook-id"), CONTENT_DIGESTS[0][0], CREATED)
        headers = {name.lower(): value for name, value in message.headers.items()}
        assert headers["content-digest"] == CONTENT_DIGESTS[0][1]
        found = read(headers["signature-input"], headers["signature"])
        assert [each.label for each in found] == ["sig1", "sig2"]
        assert [each.parameters for each in found] == [
            {"created": 1618884473, "keyid": "h", "alg": "hmac-sha256"},
            {"created": 1618884473, "keyid": "e", "alg": "ed25519"},
        ]
        covered = ("@method", "@target-uri", "webhook-id", "content-digest")
        for each, key in zip(found, keys.values(), strict=True):
            assert tuple(name for name, _ in each.covered) == covered
            assert is_genuine(message, each, key)
            assert not is_genuine(replace(message, method="PUT"), each, key)
            assert not is_genuine(message, each, OTHER)

    def test_a_public_key_verifies(self) -> None:
        key = key_of(RFC_9421_ED25519)
        message = Message("POST", "https://example.com/", {})
        sign(message, {"e": key}, (), b"", CREATED)
        headers = {name.lower(): value for name, value in message.headers.items()}
        (candidate,) = read(headers["signature-input"], headers["signature"])
        assert is_genuine(message, candidate, PublicKey(key.material))

    def test_the_algorithms_are_named_as_registered(self) -> None:
        assert ALGORITHMS == {"v1": "hmac-sha256", "v1a": "ed25519"}


class TestTrouble:
    def test_there_is_none_with_a_whole_address(self) -> None:
        assert (
            trouble_with("POST", "https://example.com/foo?x=1", ["@method", "@target-uri", "@path"]) is None
        )
        assert trouble_with("POST", "https://example.com", []) is None

    @pytest.mark.parametrize(
        ("method", "url", "derived"),
        [
            ("post", "https://example.com/", []),
            ("POST", "/foo", ["@path"]),
            ("POST", "https://example.com/é", []),
            ("POST", "https://example.com/a b", []),
            ("POST", "https://example.com/", ["@nothing"]),
            ("POST", "https://example.com/", ["@status"]),
            ("POST", "https://example.com/", ["@method", "@method"]),
            ("POST", "https://example.com/", ["@Method"]),
            ("POST", "https://example.com/", ["@query-param"]),
        ],
    )
    def test_any_is_said(self, method: str, url: str, derived: list[str]) -> None:
        assert trouble_with(method, url, derived)
