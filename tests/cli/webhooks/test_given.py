"""Bodies byte for byte, headers of any usual shape, and moments that name a moment."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hamilton_sdk.cli.webhooks import given
from hamilton_sdk.cli.webhooks.given import body_of, headers_of, moment_of
from hamilton_sdk.errors import Invalid


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\r\n")))


class TestBodies:
    def test_a_file_byte_for_byte(self, tmp_path: Path) -> None:
        path = tmp_path / "body"
        path.write_bytes(b"\xef\xbb\xbf{}\r\n")
        assert body_of(path) == b"\xef\xbb\xbf{}\r\n"

    @pytest.mark.usefixtures("standard_input")
    @pytest.mark.parametrize("path", [None, Path("-")])
    def test_the_standard_input_byte_for_byte(self, path: Path | None) -> None:
        assert body_of(path) == b"\xff\r\n"

    def test_what_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match="none cannot be read: No such file"):
            body_of(tmp_path / "none")

    def test_what_is_too_large_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(given, "_LARGEST", 3)
        path = tmp_path / "body"
        path.write_bytes(b"1234")
        with pytest.raises(Invalid, match="body is larger than"):
            body_of(path)


class TestHeaders:
    def test_one_by_one(self) -> None:
        lines = ["Webhook-Id: msg_1", "webhook-signature:v1,a= v1,b= ", "empty:"]
        assert headers_of(lines, None) == [
            ("Webhook-Id", "msg_1"),
            ("webhook-signature", "v1,a= v1,b="),
            ("empty", ""),
        ]

    @pytest.mark.parametrize("first", ["", "POST /hooks HTTP/1.1\r\n", "HTTP/2 204 No Content\n"])
    def test_a_file_of_lines_as_dumps_are(self, tmp_path: Path, first: str) -> None:
        path = tmp_path / "headers"
        path.write_text(f"{first}webhook-id: msg_1\r\nhost: x\n\n", newline="")
        assert headers_of(["a: b"], path) == [("a", "b"), ("webhook-id", "msg_1"), ("host", "x")]

    def test_a_file_of_json(self, tmp_path: Path) -> None:
        path = tmp_path / "headers"
        path.write_text('\n{"webhook-id": "msg_1"}')
        assert headers_of((), path) == [("webhook-id", "msg_1")]

    @pytest.mark.parametrize("content", ['{"a": 1}', '{"a": "b", "c": null}', "{", "{}", '{"a":' * 9999])
    def test_json_of_anything_else_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "headers"
        path.write_text(content)
        with pytest.raises(Invalid, match="no JSON object of texts"):
            headers_of((), path)

    @pytest.mark.parametrize("line", ["whsec_abcdef", "a b: c", ": c", ""])
    def test_what_is_no_header_is_refused_and_not_repeated(self, line: str) -> None:
        with pytest.raises(Invalid) as caught:
            headers_of([line], None)
        assert str(caught.value) == "a header is no 'name: value'"

    def test_none_at_all_is_a_mistake(self) -> None:
        with pytest.raises(Invalid) as caught:
            headers_of((), None)
        assert caught.value.hint == "give -H 'name: value' for each, or --headers FILE"


class TestMoments:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            (None, None),
            ("2026-03-27T08:45:00Z", datetime(2026, 3, 27, 8, 45, tzinfo=UTC)),
            ("2026-03-27 09:45:00+01:00", datetime(2026, 3, 27, 8, 45, tzinfo=UTC)),
            ("1774601100", datetime(2026, 3, 27, 8, 45, tzinfo=UTC)),
        ],
    )
    def test_with_an_offset_or_as_seconds(self, text: str | None, moment: datetime | None) -> None:
        assert moment_of(text, "--since") == moment

    def test_a_local_time_is_refused_with_how_to_write_it(self) -> None:
        with pytest.raises(Invalid, match="--since has no offset") as caught:
            moment_of("2026-03-27T08:45", "--since")
        assert caught.value.hint is not None
        assert "2026-03-27T08:45:00Z" in caught.value.hint

    def test_a_day_is_refused_with_a_spelling_that_is_taken(self) -> None:
        with pytest.raises(Invalid) as caught:
            moment_of("2020-01-01", "--received-at")
        assert caught.value.hint is not None
        advised = caught.value.hint.split()[1]
        assert moment_of(advised, "--received-at") == datetime(2020, 1, 1, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "yesterday", "27/03/2026", "999999999999"])
    def test_what_is_no_moment_is_refused(self, text: str) -> None:
        with pytest.raises(Invalid, match="--since is no date and time"):
            moment_of(text, "--since")
