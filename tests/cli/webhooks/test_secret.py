"""Secrets come from a variable, a file, the standard input or a prompt, and never from the arguments."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from hamilton_sdk.cli.webhooks.secret import USUAL, check_streams, hook_of, secret_of, secret_source
from hamilton_sdk.errors import ConfigurationError, Invalid, WebhookVerificationError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(USUAL, raising=False)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestWhereFrom:
    def test_the_usual_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(USUAL, SECRET)
        assert secret_of(None, None) == SECRET

    def test_a_variable_that_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(USUAL, NEW)
        monkeypatch.setenv("OTHER", SECRET)
        assert secret_of("OTHER", None) == SECRET

    def test_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text(f"{SECRET}\n")
        assert secret_of(None, path) == SECRET

    def test_the_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
        assert secret_of(None, Path("-")) == SECRET

    def test_a_person_at_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[object] = []

        def prompt(text: str, *, hide_input: bool, err: bool) -> str:
            asked.append((text, hide_input, err))
            return SECRET

        monkeypatch.setattr(sys, "stdin", _Terminal())
        monkeypatch.setattr(typer, "prompt", prompt)
        assert secret_of(None, None) == SECRET
        assert asked == [("Secret", True, True)]

    def test_nowhere_is_an_error_that_names_all_ways(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(ConfigurationError, match="there is no secret") as caught:
            secret_of(None, None)
        assert caught.value.hint is not None
        assert all(way in caught.value.hint for way in (USUAL, "--secret-env", "--secret-file"))

    def test_a_named_variable_that_is_not_set_is_an_error(self) -> None:
        with pytest.raises(ConfigurationError, match="NOT_THERE"):
            secret_of("NOT_THERE", None)

    def test_two_sources_are_a_mistake(self) -> None:
        with pytest.raises(Invalid, match="both given"):
            secret_source("A", Path("b"))

    def test_none_is_said_as_none(self) -> None:
        assert secret_source(None, None) is None


class TestTheStandardInput:
    @pytest.mark.parametrize(
        "files", [(None, None), (None, Path("headers"), None), (Path("body"), Path("-")), (Path("-"),)]
    )
    def test_is_read_once(self, files: tuple[Path | None, ...]) -> None:
        check_streams(*files)

    @pytest.mark.parametrize(
        "files", [(None, Path("-")), (Path("-"), None, Path("-")), (Path("body"), Path("-"), Path("-"))]
    )
    def test_is_not_read_twice(self, files: tuple[Path | None, ...]) -> None:
        with pytest.raises(Invalid, match="which is there once"):
            check_streams(*files)


class TestHooks:
    def test_several_secrets_sign_the_newest_first(self) -> None:
        headers = hook_of(f"{NEW}\n{SECRET}\n").sign("msg_1", b"{}", NOW)
        assert headers["webhook-signature"].count("v1,") == 2
        newest = hook_of(NEW).sign("msg_1", b"{}", NOW)["webhook-signature"]
        assert headers["webhook-signature"].startswith(newest)

    def test_a_text_is_a_key_as_it_is(self) -> None:
        hook = hook_of("two words", is_text=True, prefix="svix")
        assert list(hook.sign("msg_1", b"{}", NOW)) == ["svix-id", "svix-timestamp", "svix-signature"]

    @pytest.mark.parametrize(("late", "reason"), [(11, "too_old"), (-21, "too_new")])
    def test_tolerances_are_what_was_said(self, late: int, reason: str) -> None:
        hook = hook_of(SECRET, past=10, future=20)
        headers = hook.sign("msg_1", b"{}", NOW)
        for within in (10, -20):
            assert hook.verify(b"{}", headers, NOW + timedelta(seconds=within)).id == "msg_1"
        with pytest.raises(WebhookVerificationError) as caught:
            hook.verify(b"{}", headers, NOW + timedelta(seconds=late))
        assert caught.value.reason == reason

    def test_a_tolerance_without_measure_is_a_long_one(self) -> None:
        hook = hook_of(SECRET, past=10**30)
        assert hook.verify(b"{}", hook.sign("a", b"{}", NOW), NOW + timedelta(days=3650)).id == "a"
