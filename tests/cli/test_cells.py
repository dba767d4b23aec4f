"""What single cells say, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.cli.cells import Wrong, read_email, read_kind, read_moment, read_number, read_profiles

_PARIS = ZoneInfo("Europe/Paris")


class TestMoments:
    @pytest.mark.parametrize(
        "text",
        [
            "27/03/2026 08:45",
            "27/3/2026 8:45",
            "27/03/2026 8h45",
            "27/03/2026  08H45",
            "27/03/2026 08:45:00",
            "2026-03-27 08:45",
            "2026-03-27T08:45:00",
        ],
    )
    def test_days_stand_before_months_and_times_are_local(self, text: str) -> None:
        assert read_moment(text, _PARIS) == datetime(2026, 3, 27, 7, 45, tzinfo=UTC)

    def test_seconds_count(self) -> None:
        assert read_moment("01/02/2026 23:59:59", UTC) == datetime(2026, 2, 1, 23, 59, 59, tzinfo=UTC)

    def test_the_zone_given_counts(self) -> None:
        assert read_moment("27/03/2026 08:45", ZoneInfo("Indian/Reunion")).hour == 4

    def test_a_time_that_comes_twice_is_the_first_one(self) -> None:
        """2026-10-25 02:30 in Paris is 00:30 and 01:30 UTC."""
        assert read_moment("25/10/2026 02:30", _PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("27/03/26 08:45", "'27/03/26 08:45' is no date and time like"),
            ("03-27-2026 08:45", "is no date and time like"),
            ("27/03/2026", "'27/03/2026' is no date and time like 27/03/2026 08:45"),
            ("27/03/2026 24:00", "is no date and time like"),
            ("27/03/2026 08:45Z", "is no date and time like"),
            ("31/02/2026 08:45", "'31/02/2026 08:45' is no day of the calendar"),
            ("27/13/2026 08:45", "is no day of the calendar"),
            ("0000-01-01 08:45", "is no day of the calendar"),
            ("27/03/2026 08:60", "no time of day"),
            ("27/03/0226 08:45", "outside the years 1970 to 2148"),
            ("27/03/2149 08:45", "outside the years 1970 to 2148"),
            ("29/03/2026 02:30", "does not exist: clocks are put forward"),
        ],
    )
    def test_another_form_or_an_impossible_moment_is_refused_and_repeated(self, text: str, said: str) -> None:
        with pytest.raises(Wrong, match=said):
            read_moment(text, _PARIS)

    def test_what_may_be_a_name_in_the_wrong_column_is_not_repeated(self) -> None:
        with pytest.raises(Wrong) as caught:
            read_moment("Jean Dupont", _PARIS)
        assert str(caught.value) == "is no date and time like 27/03/2026 08:45"

    @given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2148, 12, 30)))
    def test_any_moment_written_the_french_way_is_read_back(self, moment: datetime) -> None:
        expected = moment.replace(microsecond=0, tzinfo=UTC)
        written = expected.astimezone(_PARIS)
        if written.fold == 0:
            assert read_moment(f"{written:%d/%m/%Y %H:%M:%S}", _PARIS) == expected

    @given(st.text())
    def test_any_text_is_a_moment_in_the_calendar_or_wrong(self, text: str) -> None:
        try:
            assert read_moment(text, _PARIS).tzinfo is UTC
        except Wrong as wrong:
            assert str(wrong)


class TestEmail:
    @pytest.mark.parametrize("text", ["a@b.example", "gaël.o'neil+x@été.example.com"])
    def test_what_can_be_an_address_passes_unchanged(self, text: str) -> None:
        assert read_email(text) == text

    @pytest.mark.parametrize(
        "text", ["a", "a@b", "@b.example", "a b@c.example", "a@b@c.example", "a@b.", "a(at)b.example"]
    )
    def test_what_cannot_be_one_is_refused_and_not_repeated(self, text: str) -> None:
        with pytest.raises(Wrong) as caught:
            read_email(text)
        assert str(caught.value) == "is no e-mail address"


class TestProfiles:
    def test_one_or_several(self) -> None:
        assert read_profiles("Visitors") == ("Visitors",)
        assert read_profiles("Visitors | Contractors") == ("Visitors", "Contractors")

    @pytest.mark.parametrize("text", ["|", "Visitors|", "| Visitors"])
    def test_an_empty_name_is_refused(self, text: str) -> None:
        with pytest.raises(Wrong, match="empty profile"):
            read_profiles(text)


class TestNumbers:
    @pytest.mark.parametrize("text", ["0021004817", "AB12E4", "04A1E99", "12,5", "1E"])
    def test_a_number_is_opaque(self, text: str) -> None:
        assert read_number(text) == text

    @pytest.mark.parametrize("text", ["4,82133E+07", "4.82133E+11", "5E+10", "5e10"])
    def test_one_that_a_spreadsheet_rounded_is_refused(self, text: str) -> None:
        with pytest.raises(Wrong, match="rounded by a spreadsheet"):
            read_number(text)


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Badge", "badge"),
            ("QR", "qr"),
            ("QR code", "qr"),
            ("qr-code", "qr"),
            ("UID", "uid"),
            ("mobile", "mobile"),
        ],
    )
    def test_kinds_are_known_in_any_case(self, text: str, kind: str) -> None:
        assert read_kind(text) == kind

    def test_another_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(Wrong, match="is none of badge, QR, UID, mobile"):
            read_kind("carte")
