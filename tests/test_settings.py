"""A wrong setting is named with what to do, a misspelt variable is not overlooked, and no value repeated."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.settings import Variables, check_address, check_setting

EXAMPLE, APART = "give it as https://peer.example", "give them as username= and password="
VARIABLES = Variables(
    product="Peer", needed=("url", "password"), texts=("mode",), numbers=("page_size",), flags=("strict",)
)
GIVEN = {"P_URL": "https://peer.example", "P_PASSWORD": "s3cret", "PATH": "/bin"}


def checked(address: str) -> None:
    check_address("Peer", "url", address, example=EXAMPLE, carried="tokens", apart=APART)


def test_a_setting_that_is_right_passes_and_another_is_told() -> None:
    check_setting("Peer", True, "size is 0", "give more")
    with pytest.raises(ConfigurationError, match=r"^Peer: size is 0\n") as caught:
        check_setting("Peer", False, "size is 0", "give more")
    assert caught.value.hint == "give more"


class TestAddress:
    @pytest.mark.parametrize(
        "address",
        [
            "https://peer.example",
            "https://peer.example:8443/path",
            "http://localhost:1",
            "http://127.0.0.1",
            "http://[::1]:8",
        ],
    )
    def test_https_or_this_machine(self, address: str) -> None:
        checked(address)

    @pytest.mark.parametrize(
        ("address", "said", "hint"),
        [
            ("https://[s3cret", "cannot be read", EXAMPLE),
            ("https://s3cret:port", "cannot be read", EXAMPLE),
            ("s3cret", "is no https address", EXAMPLE),
            ("https://", "is no https address", EXAMPLE),
            ("ftp://s3cret", "is no https address", EXAMPLE),
            ("https://user:s3cret@peer.example", "holds a user or password", APART),
            ("https://peer.example?s3cret", "holds a query or a fragment", EXAMPLE),
            ("https://peer.example#s3cret", "holds a query or a fragment", EXAMPLE),
            ("http://peer.example", "is http", "use https: tokens go with each request"),
            ("http://10.0.0.1", "is http", "http is for this machine alone"),
        ],
    )
    def test_anything_else_is_refused_and_not_repeated(self, address: str, said: str, hint: str) -> None:
        with pytest.raises(ConfigurationError, match=f"^Peer: url {said}") as caught:
            checked(address)
        assert caught.value.hint is not None
        assert hint in caught.value.hint
        assert "s3cret" not in str(caught.value)


class TestVariables:
    def test_what_is_given_is_read_by_its_kind(self) -> None:
        more = {"P_MODE": "fast", "P_PAGE_SIZE": "7", "P_STRICT": "No"}
        assert VARIABLES.read(GIVEN | more, "P_") == {
            "url": "https://peer.example",
            "password": "s3cret",
            "mode": "fast",
            "page_size": 7,
            "strict": False,
        }

    @pytest.mark.parametrize(("text", "truth"), [("true", True), ("1", True), ("YES", True), ("0", False)])
    def test_truths_have_several_spellings(self, text: str, truth: object) -> None:
        assert VARIABLES.read(GIVEN | {"P_STRICT": text}, "P_")["strict"] is truth

    def test_an_empty_one_is_one_that_is_not_set(self) -> None:
        assert "mode" not in VARIABLES.read(GIVEN | {"P_MODE": ""}, "P_")
        with pytest.raises(ConfigurationError, match=r"^Peer: P_URL is not set"):
            VARIABLES.read(GIVEN | {"P_URL": ""}, "P_")

    def test_one_that_is_needed_and_missing_is_named(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^Peer: P_PASSWORD is not set") as caught:
            VARIABLES.read({"P_URL": "https://peer.example"}, "P_")
        assert caught.value.hint == "set it in the environment"

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("P_PAGE_SIZE", "s3cret", "is no whole number"),
            ("P_PAGE_SIZE", "-1", "is no whole number"),
            ("P_PAGE_SIZE", "\u0663", "is no whole number"),
            ("P_STRICT", "s3cret", "is neither true nor false"),
        ],
    )
    def test_one_that_cannot_be_read_is_named_and_not_shown(self, name: str, value: str, said: str) -> None:
        with pytest.raises(ConfigurationError, match=f"^Peer: {name} {said}") as caught:
            VARIABLES.read(GIVEN | {name: value}, "P_")
        assert "s3cret" not in str(caught.value)

    def test_a_misspelt_one_is_told_with_the_nearest(self) -> None:
        with pytest.raises(ConfigurationError, match="P_PASWORD is set, and there is no such") as caught:
            VARIABLES.read(GIVEN | {"P_PASWORD": "s3cret"}, "P_")
        assert caught.value.hint == "did you mean P_PASSWORD?"

    def test_one_like_none_is_told_with_all(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            VARIABLES.read(GIVEN | {"P_XYZXYZ": "1"}, "P_")
        assert caught.value.hint == "known are P_MODE, P_PAGE_SIZE, P_PASSWORD, P_STRICT, P_URL"

    def test_without_a_prefix_the_rest_of_the_environment_is_not_ours_to_judge(self) -> None:
        bare = {"URL": "https://peer.example", "PASSWORD": "s3cret", "PATH": "/bin"}
        assert VARIABLES.read(bare, "") == {"url": "https://peer.example", "password": "s3cret"}
