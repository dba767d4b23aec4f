"""A pre-registration file: what is read, what is reported, and that one bad line never stops the rest."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.models import Credential, TimeWindow
from hamilton_sdk.cli.visits import (
    MEANINGS,
    REQUIRED,
    Column,
    Problem,
    VisitFile,
    column_of,
    read_visits,
    said_by,
)
from hamilton_sdk.errors import Conflict, Invalid

_PARIS = ZoneInfo("Europe/Paris")
_HEADER = ";".join(Column)
_GOOD = (
    "V-1;Lefèvre;Gaël;Menuiserie;g@m.example;E-1001;27/03/2026 08:45;27/03/2026 12:00;Visitors;21004817;badge"
)


def _read(*lines: str, encoding: str = "cp1252") -> VisitFile:
    return read_visits("\r\n".join(lines).encode(encoding), zone=_PARIS, profile="Default")


def _with(**cells: str) -> str:
    """The good line with some cells replaced, by the names of `Column`."""
    values = dict(zip(Column, _GOOD.split(";"), strict=True))
    return ";".join({**values, **{Column[name.upper()]: text for name, text in cells.items()}}.values())


def _said(file: VisitFile) -> list[str]:
    return [str(problem) for problem in file.problems]


class TestAGoodLine:
    def test_becomes_an_order_with_all_it_says(self) -> None:
        (visit,) = _read(_HEADER, _GOOD).visits
        assert visit.line == 2
        holder = visit.order.holder
        assert (holder.reference, holder.family_name, holder.given_name) == ("V-1", "Lefèvre", "Gaël")
        assert (holder.company, holder.email, holder.host) == ("Menuiserie", "g@m.example", "E-1001")
        assert visit.order.window == TimeWindow(
            datetime(2026, 3, 27, 7, 45, tzinfo=UTC), datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
        )
        assert visit.order.profiles == ("Visitors",)
        assert visit.order.credential == Credential("badge", "21004817")

    def test_needs_no_more_than_what_is_required(self) -> None:
        header = ";".join(REQUIRED)
        (visit,) = _read(header, "V-1;Lefèvre;27/03/2026 08:45;27/03/2026 12:00").visits
        assert visit.order.credential is None
        assert visit.order.profiles == ("Default",)
        assert visit.order.holder.host is None

    def test_an_empty_optional_cell_is_as_good_as_no_column(self) -> None:
        (visit,) = _read(_HEADER, _with(given_name="", profile="", badge="", kind="QR", host=" ")).visits
        assert visit.order.credential is None
        assert visit.order.profiles == ("Default",)
        assert visit.order.holder.given_name is None
        assert visit.order.holder.host is None

    def test_the_kind_of_number_is_a_badge_unless_said(self) -> None:
        file = _read(_HEADER, _with(kind=""), _with(reference="V-2", badge="AB", kind="qr code"))
        assert [visit.order.credential for visit in file.visits] == [
            Credential("badge", "21004817"),
            Credential("qr", "AB"),
        ]

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_is_the_same_in_any_encoding_and_with_any_separator(self, encoding: str, separator: str) -> None:
        lines = [line.replace(";", separator) for line in (_HEADER, _GOOD)]
        file = _read(*lines, encoding=encoding)
        assert file.visits == _read(_HEADER, _GOOD).visits
        assert file.separator == separator
        assert file.encoding == ("Windows-1252" if encoding == "cp1252" else "UTF-8")

    def test_columns_may_stand_in_any_order_and_spelling_with_others_between(self) -> None:
        header = "DEPART;Parking;nom;Salle;arrivee;Reference"
        file = _read(header, "27/03/2026 12:00;P1;Lefèvre;B2;27/03/2026 08:45;V-1")
        assert [visit.order.reference for visit in file.visits] == ["V-1"]
        assert file.ignored == ("Parking", "Salle")
        assert file.positions[Column.DEPARTURE] == 1

    def test_trailing_separators_of_a_spreadsheet_do_no_harm(self) -> None:
        file = _read(_HEADER + ";;", _GOOD + ";;", _with(reference="V-2", badge="") + ";;;;")
        assert len(file.visits) == 2
        assert file.ignored == ()


class TestABadLine:
    def test_is_reported_and_does_not_stop_the_rest(self) -> None:
        file = _read(_HEADER, _with(arrival="31/02/2026 08:45"), "V-2;x", _GOOD)
        assert [visit.line for visit in file.visits] == [4]
        assert _said(file) == [
            "line 2, column 7 (Arrivée): '31/02/2026 08:45' is no day of the calendar, or no time of day",
            "line 3: has 2 cells where the header has 11",
        ]

    @pytest.mark.parametrize(
        ("cells", "said"),
        [
            ({"reference": ""}, "column 1 (Référence): is empty"),
            ({"reference": "V\x0b1"}, "column 1 (Référence): contains a control character"),
            ({"family_name": " "}, "column 2 (Nom): is empty"),
            ({"family_name": "Le\x07"}, "column 2 (Nom): contains a control character"),
            ({"email": "nobody"}, "column 5 (E-mail): is no e-mail address"),
            ({"arrival": ""}, "column 7 (Arrivée): is empty"),
            ({"departure": "soon"}, "column 8 (Départ): is no date and time like 27/03/2026 08:45"),
            ({"departure": "27/03/2026 08:45"}, "column 8 (Départ): the end is not after the start"),
            ({"profile": "A|"}, "column 9 (Profil): names an empty profile"),
            ({"profile": "A\x01"}, "column 9 (Profil): contains a control character"),
            ({"badge": "2,1E+07"}, "column 10 (Badge): was rounded by a spreadsheet"),
            ({"badge": "21\x01"}, "column 10 (Badge): contains a control character"),
            ({"kind": "clé"}, "column 11 (Type): is none of badge, QR, UID, mobile"),
        ],
    )
    def test_is_reported_by_line_and_column(self, cells: dict[str, str], said: str) -> None:
        file = _read(_HEADER, _with(**cells))
        assert file.visits == ()
        assert len(file.problems) == 1
        assert str(file.problems[0]).startswith(f"line 2, {said}")

    def test_is_reported_with_everything_that_is_wrong_in_it(self) -> None:
        file = _read(_HEADER, _with(family_name="", email="x", arrival="27/03/2026 18:00"))
        assert [problem.column for problem in file.problems] == [
            Column.FAMILY_NAME,
            Column.EMAIL,
            Column.DEPARTURE,
        ]

    def test_holding_a_foreign_byte_names_the_cell(self) -> None:
        content = f"{_HEADER}\n{_GOOD}".encode("cp1252").replace(b"Ga\xebl", b"Ga\x81l")
        file = read_visits(content, zone=_PARIS, profile="Default")
        assert _said(file) == [
            "line 2, column 3 (Prénom): holds a character that the file's encoding does not have"
        ]

    def test_with_more_cells_than_the_header_is_reported(self) -> None:
        assert _said(_read(_HEADER, _GOOD + ";x")) == ["line 2: has 12 cells where the header has 11"]

    def test_with_an_open_quote_is_reported(self) -> None:
        file = _read(_HEADER, _with(company='"open'), _GOOD)
        assert _said(file) == ["line 2: is no CSV: a quote is not closed, or text follows a closed one"]
        assert [visit.line for visit in file.visits] == [3]

    def test_repeating_a_reference_is_reported_with_the_first_line(self) -> None:
        file = _read(_HEADER, _GOOD, _with(badge=""), _with(badge="1"))
        assert [visit.line for visit in file.visits] == [2]
        assert _said(file) == [
            "line 3, column 1 (Référence): stands on line 2 already",
            "line 4, column 1 (Référence): stands on line 2 already",
        ]

    def test_giving_out_a_badge_that_is_out_is_reported(self) -> None:
        """One after the other is how receptions use badges; windows that touch do not overlap."""
        file = _read(
            _HEADER,
            _GOOD,
            _with(reference="V-2", arrival="27/03/2026 11:59", departure="27/03/2026 13:00"),
            _with(reference="V-3", arrival="27/03/2026 12:00", departure="27/03/2026 13:00"),
        )
        assert [visit.line for visit in file.visits] == [2, 4]
        assert _said(file) == ["line 3, column 10 (Badge): is given out on line 2 for the same time"]

    def test_says_nothing_personal(self) -> None:
        file = _read(
            _HEADER,
            _with(family_name="Secret\x01", email="secret", badge="9,9E+12", host="Secret\x01"),
            _with(reference="V-2", arrival="Secret", departure="Secret Secret", kind="Secret"),
        )
        assert len(file.problems) == 5
        assert not [said for said in _said(file) if "ecret" in said or "9,9" in said]


class TestTheHeader:
    def test_without_needed_columns_names_them_the_nearest_and_all_expected(self) -> None:
        with pytest.raises(Invalid) as caught:
            _read("Référence visite;Noms;Arrivée;Départ", "x")
        assert "lacks Référence, Nom;" in caught.value.message
        assert "'Référence visite' may be meant as Référence" in caught.value.message
        assert "'Noms' may be meant as Nom" in caught.value.message
        assert all(column in (caught.value.hint or "") for column in Column)

    def test_with_an_optional_column_misspelt_is_refused_too(self) -> None:
        """Ignored in silence, every visitor would be without a badge."""
        with pytest.raises(Invalid, match="lacks Badge; 'Bagde' may be meant as Badge"):
            _read(";".join([*REQUIRED, "Bagde"]), "x")

    def test_that_is_no_header_at_all_repeats_no_data(self) -> None:
        with pytest.raises(Invalid, match="lacks Référence, Nom, Arrivée, Départ") as caught:
            _read(_GOOD)
        assert "Lefèvre" not in f"{caught.value} {caught.value.hint}"

    def test_naming_a_column_twice_is_refused(self) -> None:
        with pytest.raises(Invalid, match="names the column Nom twice"):
            _read(";".join([*REQUIRED, "NOM"]))

    def test_that_is_no_csv_is_refused(self) -> None:
        with pytest.raises(Invalid, match="line 1, the header, is no CSV"):
            _read('Référence;"Nom')

    def test_may_follow_blank_lines(self) -> None:
        file = _read("", ";;", _HEADER, _GOOD)
        assert [visit.line for visit in file.visits] == [4]

    def test_of_separators_alone_is_refused(self) -> None:
        with pytest.raises(Invalid, match="lacks Référence"):
            _read(";;;", ";;;")

    def test_alone_is_a_file_without_visits(self) -> None:
        file = _read(_HEADER)
        assert (file.visits, file.problems) == ((), ())


class TestErrorsOfTheSystem:
    """What the access-control system refuses later is reported with the same places."""

    @pytest.mark.parametrize(
        ("message", "column"),
        [
            ("Holder.family_name has 63 characters, the system keeps 50 at most", Column.FAMILY_NAME),
            ("Holder.host is no host that the system knows", Column.HOST),
            ("unknown access profile 'Guests'", Column.PROFILE),
            ("unknown credential type 'Badge'", Column.KIND),
            ("the credential is in other hands", Column.BADGE),
            ("Credential.number is outside the range of type 'Visitor badge'", Column.BADGE),
            ("AccessOrder.window has ended", Column.DEPARTURE),
            ("something else", None),
        ],
    )
    def test_an_error_is_about_a_column_as_far_as_it_says(self, message: str, column: Column | None) -> None:
        assert column_of(Conflict(message)) is column

    def test_its_text_is_shown_without_the_name_of_the_field(self) -> None:
        assert said_by(Invalid("Holder.family_name has 63 characters")) == "has 63 characters"
        assert said_by(Invalid("AccessOrder.profiles.0: contains x")) == "contains x"
        assert (
            said_by(Invalid("TimeWindow: the end is not after the start")) == "the end is not after the start"
        )
        assert said_by(Conflict("the credential is in other hands")) == "the credential is in other hands"

    def test_a_later_problem_has_the_column_s_position(self) -> None:
        file = _read(_HEADER, _GOOD)
        assert file.problem(2, "is x", Column.HOST) == Problem(2, Column.HOST, 6, "is x")
        assert str(file.problem(2, "is x")) == "line 2: is x"
        assert file.problem(2, "is x", None).position is None


def test_every_column_is_explained() -> None:
    assert list(MEANINGS) == list(Column)
    assert [column for column in Column if "required" in MEANINGS[column]] == list(REQUIRED)


def test_the_sample_is_what_a_french_reception_exports() -> None:
    file = read_visits(
        (Path(__file__).parents[2] / "examples/visits.csv").read_bytes(), zone=_PARIS, profile="Visitors"
    )
    assert (file.encoding, file.separator, file.ignored) == ("Windows-1252", ";", ())
    assert {problem.line for problem in file.problems} == {6, 11}
    assert len(file.visits) == 12
    assert [visit.order.holder.family_name for visit in file.visits][:3] == ["Lefèvre", "Nuñez", "Œuvrard"]


_TEXTS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=12)


@given(
    st.lists(st.tuples(_TEXTS, _TEXTS, st.integers(0, 300), st.integers(-10, 300)), max_size=8),
    st.sampled_from(["cp1252", "utf-8-sig"]),
    st.sampled_from(";,\t"),
)
def test_each_line_is_a_visit_or_reported(
    rows: list[tuple[str, str, int, int]], encoding: str, separator: str
) -> None:
    """Whatever stands in the cells, nothing is lost, and what is taken is what was written."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator)
    writer.writerow(REQUIRED)
    base = datetime(2026, 1, 5, 8)
    for reference, name, start, minutes in rows:
        begin = base + timedelta(hours=start)
        end = begin + timedelta(minutes=minutes)
        writer.writerow([reference, name, f"{begin:%d/%m/%Y %H:%M}", f"{end:%d/%m/%Y %H:%M}"])
    file = read_visits(written.getvalue().encode(encoding), zone=_PARIS, profile="Default")
    assert file.encoding == ("UTF-8" if encoding == "utf-8-sig" else "Windows-1252")
    lines = {visit.line for visit in file.visits} | {problem.line for problem in file.problems}
    assert lines == {number for number, _ in enumerate(rows, 2)}
    for visit in file.visits:
        reference, name, start, minutes = rows[visit.line - 2]
        assert visit.order.reference == reference.strip()
        assert visit.order.holder.family_name == name.strip()
        assert visit.order.window.duration == timedelta(minutes=minutes)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_hint(content: bytes) -> None:
    try:
        file = read_visits(f"{_HEADER}\n".encode("cp1252") + content, zone=_PARIS, profile="Default")
    except Invalid as error:
        assert error.hint
    else:
        assert all(problem.line > 1 for problem in file.problems)
