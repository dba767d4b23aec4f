"""Headers of any shape give one value for each name, and what is in them is never more than refused."""

from __future__ import annotations

import base64
from email.message import Message
from wsgiref.headers import Headers as WsgiHeaders

import httpx
import pytest
from django.http.request import HttpHeaders
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import EnvironHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from hamilton_sdk.errors import WebhookVerificationError
from hamilton_sdk.webhooks._headers import Names, check_length, every_value, pick, pick_message, tokens
from tests.webhooks.refused import refused

NAMES = Names.beginning("webhook")
VALUES = ("msg_1", "1774603800", "v1,abc")
PAIRS = list(zip(NAMES, VALUES, strict=True))
OTHERS = [
    ("Host", "receiver.example"),
    ("Content-Type", "application/json"),
    ("webhook", "x"),
    ("Webhook-Ids", "x"),
]
TITLED = [(name.title(), value) for name, value in PAIRS]


def message(pairs: list[tuple[str, str]]) -> Message:
    made = Message()
    for name, value in pairs:
        made[name] = value
    return made


def environment(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """What a WSGI server makes of headers: one of each name, joined by a comma."""
    made: dict[str, str] = {}
    for name, value in pairs:
        key = "HTTP_" + name.upper().replace("-", "_")
        made[key] = f"{made[key]},{value}" if key in made else value
    return made


def raw(pairs: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in pairs]


MANY = {
    "pairs": list,
    "tuple of pairs": tuple,
    "pairs made on the way": iter,
    "lists of two": lambda pairs: [list(pair) for pair in pairs],
    "ASGI": raw,
    "httpx": httpx.Headers,
    "Starlette": lambda pairs: StarletteHeaders(raw=[(name.lower(), value) for name, value in raw(pairs)]),
    "Werkzeug": WerkzeugHeaders,
    "wsgiref": WsgiHeaders,
    "http.server": message,
}
ONE_EACH = {
    "dict": dict,
    "dict of bytes": lambda pairs: dict(raw(pairs)),
    "subclass of dict": type("Own", (dict,), {}),
    "Django": lambda pairs: HttpHeaders(environment(pairs)),
    "Flask": lambda pairs: EnvironHeaders(environment(pairs)),
}


class TestShapes:
    @pytest.mark.parametrize(
        "pairs", [PAIRS, TITLED, PAIRS + OTHERS, OTHERS + TITLED], ids=["", "Title", "more", "T"]
    )
    @pytest.mark.parametrize("shape", [*MANY, *ONE_EACH])
    def test_every_framework_has_its_own_and_each_is_read(
        self, shape: str, pairs: list[tuple[str, str]]
    ) -> None:
        def made() -> object:
            return {**MANY, **ONE_EACH}[shape](pairs)

        assert tuple(pick_message(made(), NAMES)) == VALUES
        assert tuple(pick(made(), NAMES)) == VALUES

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("shape", MANY)
    def test_a_second_value_is_seen_however_the_framework_keeps_it(self, shape: str, name: str) -> None:
        with refused("duplicate_header", rf"^the webhook has 2 {name} headers that differ\n"):
            pick_message(MANY[shape]([*PAIRS, *OTHERS, (name.title(), "other")]), NAMES)

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("shape", MANY)
    def test_the_same_value_twice_is_no_conflict(self, shape: str, name: str) -> None:
        again = (name.upper(), dict(PAIRS)[name])
        assert tuple(pick_message(MANY[shape]([*PAIRS, again]), NAMES)) == VALUES

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("more", [[], OTHERS])
    def test_a_dict_may_hold_a_name_in_two_spellings(self, name: str, more: list[tuple[str, str]]) -> None:
        spelled = name.capitalize()
        assert tuple(pick_message({**dict(PAIRS + more), spelled: dict(PAIRS)[name]}, NAMES)) == VALUES
        with refused("duplicate_header", f"2 {name} headers"):
            pick_message({**dict(PAIRS + more), spelled: "other"}, NAMES)

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("shape", [*MANY, *ONE_EACH])
    def test_one_that_is_not_there_is_named(self, shape: str, name: str) -> None:
        rest = [pair for pair in PAIRS + OTHERS if pair[0] != name]
        with refused("missing_header", rf"^the webhook has no {name} header\n"):
            pick_message({**MANY, **ONE_EACH}[shape](rest), NAMES)

    def test_names_of_another_prefix_are_not_looked_at(self) -> None:
        svix = Names.beginning("svix")
        assert svix == ("svix-id", "svix-timestamp", "svix-signature")
        both = {**dict(PAIRS), **dict(zip(svix, ("a", "b", "c"), strict=True))}
        assert tuple(pick_message(both, svix)) == ("a", "b", "c")
        assert tuple(pick_message(both, NAMES)) == VALUES
        with refused("missing_header", "no svix-id header"):
            pick_message({**dict(PAIRS), "svix-timestamp": "b", "svix-signature": "c"}, svix)

    def test_bytes_are_read_as_they_are_and_any_byte_is_some_character(self) -> None:
        assert pick([(b"A", b"\xe9\xff")], ["a"]) == ["\xe9\xff"]

    def test_all_values_of_all_names_can_be_had(self) -> None:
        pairs = [("A", "1"), ("b", "2"), ("a", "3")]
        assert every_value(pairs) == {"a": ["1", "3"], "b": ["2"]}
        assert every_value(pairs, ["a"]) == {"a": ["1", "3"]}
        assert every_value(pairs, ["c"]) == {}

    def test_values_that_are_not_asked_for_may_be_anything(self) -> None:
        """AWS Lambda, for example, has lists beside the texts."""
        headers = {**dict(PAIRS), "X-Many": ["a", "b"], "X-None": None}
        assert tuple(pick_message(headers, NAMES)) == VALUES
        assert tuple(pick(list(headers.items()), NAMES)) == VALUES


class TestQuickly:
    """A dict with the names in lower case, as most frameworks can give, is not looked at twice."""

    @pytest.fixture(autouse=True)
    def no_closer_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def looked(*_: object) -> None:
            raise AssertionError

        monkeypatch.setattr("hamilton_sdk.webhooks._headers.pick", looked)

    @pytest.mark.parametrize("more", [[], OTHERS[:2], [("X-Id", "x"), ("webhook", "x")]])
    def test_such_a_dict_is_read_at_once(self, more: list[tuple[str, str]]) -> None:
        assert tuple(pick_message(dict(PAIRS + more), NAMES)) == VALUES
        assert tuple(pick_message(dict(more + PAIRS[::-1]), NAMES)) == VALUES

    @pytest.mark.parametrize(
        "headers",
        [
            PAIRS,
            dict(TITLED),
            dict(PAIRS[:2]),
            dict(raw(PAIRS)),
            {**dict(PAIRS), "Webhook-Id": "msg_2"},
            {**dict(PAIRS), "webhook-id": b"msg_1"},
            {**dict(PAIRS), "webhook-timestamp": 7},
            {**dict(PAIRS), "webhook-signature": None},
            {**dict(PAIRS), 7: "x"},
            type("Own", (dict,), {})(PAIRS),
        ],
    )
    def test_any_other_is_looked_at_closely(self, headers: object) -> None:
        with pytest.raises(AssertionError):
            pick_message(headers, NAMES)


class TestTypes:
    @pytest.mark.parametrize("headers", [None, 7, "webhook-id: a", b"webhook-id: a", object()])
    def test_headers_are_a_mapping_or_pairs(self, headers: object) -> None:
        said = rf"^headers must be a mapping or pairs, not {type(headers).__name__}$"
        with pytest.raises(TypeError, match=said):
            pick_message(headers, NAMES)

    @pytest.mark.parametrize("entry", [("a",), ("a", "b", "c"), "ab", b"ab", None, 7, {"a": "b"}])
    def test_what_is_no_pair_is_of_the_wrong_type(self, entry: object) -> None:
        with pytest.raises(
            TypeError, match=r"^headers must be a mapping or pairs, not list of other things$"
        ):
            pick_message([*PAIRS, entry], NAMES)

    @pytest.mark.parametrize("name", [7, None, ("a",)])
    def test_names_are_text_or_bytes(self, name: object) -> None:
        said = rf"^the name of a header must be str or bytes, not {type(name).__name__}$"
        for headers in ({**dict(PAIRS), name: "x"}, [(name, "x")]):
            with pytest.raises(TypeError, match=said):
                pick_message(headers, NAMES)

    @pytest.mark.parametrize("value", [7, None, ["a"], ("a",), 1.5])
    @pytest.mark.parametrize("name", NAMES)
    def test_values_that_are_asked_for_are_text_or_bytes(self, name: str, value: object) -> None:
        said = rf"^the value of {name} must be str or bytes, not {type(value).__name__}$"
        for headers in (
            {**dict(PAIRS), name: value},
            [*PAIRS, (name, value)],
            {**dict(PAIRS + OTHERS), name: value},
        ):
            with pytest.raises(TypeError, match=said):
                pick_message(headers, NAMES)

    def test_a_subclass_of_text_is_text(self) -> None:
        own = type("Own", (str,), {})
        assert tuple(pick_message({**dict(PAIRS), "webhook-id": own("msg_1")}, NAMES)) == VALUES


def written(size: int, last: int = 0) -> str:
    return base64.b64encode(bytes([7]) * (size - 1) + bytes([last])).decode("ascii")


V1, V1A = written(32), written(64)


class TestTokens:
    @pytest.mark.parametrize(
        ("header", "found"),
        [
            (f"v1,{V1}", {"v1": [V1]}),
            (f"v1a,{V1A}", {"v1a": [V1A]}),
            (f"v1,{V1} v1,{written(32, 1)}", {"v1": [V1, written(32, 1)]}),
            (f"v9,x v1,{V1} v1a,{V1A}", {"v9": ["x"], "v1": [V1], "v1a": [V1A]}),
            ("v2,x", {"v2": ["x"]}),
            ("V1,x", {"V1": ["x"]}),
            ("1,=", {"1": ["="]}),
            ("v1b,!~", {"v1b": ["!~"]}),
        ],
    )
    def test_they_are_pairs_of_version_and_value_separated_by_one_space(
        self, header: str, found: dict[str, list[str]]
    ) -> None:
        assert tokens(header, "webhook-signature") == {
            version: [value.encode() for value in values] for version, values in found.items()
        }

    @pytest.mark.parametrize(
        "header",
        [
            "",
            " ",
            "v1",
            V1,
            f"v1,{V1},",
            f"v1,,{V1}",
            f"v1,{V1}  v1,{V1}",
            f" v1,{V1}",
            f"v1,{V1} ",
            f"v1,{V1}\tv1,{V1}",
            f"v1,{V1}\n",
            f"v1,{V1}, v1,{V1}",
            f"v1,{V1},v1,{V1}",
            f"v1,{V1} v2",
            f"v1,{V1} ,x",
            f"v1,{V1} v2,",
            "v2,\x7f",
            "v2,é",
            "é,x",
            "v2,\x00",
            "v2,\ud800",
        ],
    )
    def test_each_token_has_the_form_whatever_stands_beside_it(self, header: str) -> None:
        with refused(
            "malformed_header", r"^the webhook-signature header is not a list of <version>,<signature> "
        ):
            tokens(header, "webhook-signature")

    @pytest.mark.parametrize(
        ("version", "value"),
        [
            ("v1", V1[:-1]),
            ("v1", V1[:-4]),
            ("v1", V1 + "="),
            ("v1", V1A),
            ("v1", "-" + V1[1:]),
            ("v1", "_" + V1[1:]),
            ("v1", V1[:42] + "B="),
            ("v1", written(31)),
            ("v1", written(33)),
            ("v1", "=" + V1[1:]),
            ("v1", "a"),
            ("v1a", V1),
            ("v1a", V1A[:-1]),
            ("v1a", V1A[:-2]),
            ("v1a", V1A[:-3] + "B=="),
            ("v1a", V1A[:-3] + "x=="),
            ("v1a", written(63)),
            ("v1a", written(65)),
        ],
    )
    @pytest.mark.parametrize("good", ["", f"v1,{V1} "])
    def test_a_known_version_is_standard_base64_of_its_length_also_beside_a_good_one(
        self, good: str, version: str, value: str
    ) -> None:
        said = rf"^a {version} signature in the x-signature header is not standard base64 of its length\n"
        with refused("malformed_header", said):
            tokens(f"{good}{version},{value}", "x-signature")

    @given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
    def test_every_signature_has_one_spelling_and_that_is_read(self, first: bytes, second: bytes) -> None:
        one, two = base64.b64encode(first), base64.b64encode(second)
        assert tokens(f"v1,{one.decode()} v1a,{two.decode()}", "x") == {"v1": [one], "v1a": [two]}

    @given(st.text(max_size=80) | st.text("v1a, =+/AQ", max_size=80))
    def test_any_text_is_read_or_refused(self, header: str) -> None:
        try:
            assert tokens(header, "x")
        except WebhookVerificationError as error:
            assert error.reason == "malformed_header"

    def test_no_rotation_needs_more_than_sixteen_signatures(self) -> None:
        """A forger would have each of them tried: of Ed25519 each hashes the whole body once more."""
        assert len(tokens(" ".join(["v2,x"] * 16), "x")["v2"]) == 16
        with refused("malformed_header", r"^the x header has more than 16 signatures\n"):
            tokens(" ".join(["v2,x"] * 17), "x")

    def test_no_sender_writes_a_header_of_more_than_8192_characters(self) -> None:
        assert tokens("v2," + "x" * 8189, "x") == {"v2": [b"x" * 8189]}
        with refused("malformed_header", r"^the x header is longer than 8192 characters\n"):
            tokens("v2," + "x" * 8190, "x")
        with refused("malformed_header", "longer than 8192"):
            check_length("x" * 8193, "x")
