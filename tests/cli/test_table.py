"""Text files as spreadsheets export them: encoding, separator, records."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hamilton_sdk.cli.table import REPLACEMENT, Record, decode, folded, records, separator_of
from hamilton_sdk.errors import Invalid

_NAMES = ("Référence", "Nom", "E-mail")


class TestEncoding:
    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            ("Référence;Nom".encode("cp1252"), "Windows-1252"),
            ("Référence;Nom".encode(), "UTF-8"),
            (codecs.BOM_UTF8 + "Référence;Nom".encode(), "UTF-8"),
        ],
    )
    def test_accents_are_read_whatever_the_encoding(self, content: bytes, encoding: str) -> None:
        assert decode(content) == ("Référence;Nom", encoding)

    def test_a_file_without_accents_is_the_same_in_both(self) -> None:
        assert decode(b"Nom") == ("Nom", "UTF-8")

    def test_characters_of_windows_1252_that_latin_1_lacks_are_read(self) -> None:
        assert decode("Œuvrard 5 € Škoda".encode("cp1252"))[0] == "Œuvrard 5 € Škoda"

    def test_foreign_lines_do_not_turn_a_utf_8_file_round(self) -> None:
        text, encoding = decode("\né\n".encode() + "ü\nö".encode("cp1252"))
        assert (text, encoding) == (f"\né\n{REPLACEMENT}\n{REPLACEMENT}", "UTF-8")

    def test_foreign_lines_do_not_turn_a_windows_1252_file_round(self) -> None:
        text, encoding = decode("\né\n".encode("cp1252") + "ü\nö".encode())
        assert (text, encoding) == ("\né\nÃ¼\nÃ¶", "Windows-1252")

    def test_where_the_header_has_no_accents_most_lines_decide(self) -> None:
        assert decode(b"Nom\n" + "ü\nö\n".encode() + "é".encode("cp1252"))[1] == "UTF-8"
        assert decode(b"Nom\n" + "ü".encode() + "\né\nè".encode("cp1252"))[1] == "Windows-1252"

    def test_a_byte_that_windows_1252_does_not_have_is_marked(self) -> None:
        assert decode(b"\xe9;\x81") == (f"é;{REPLACEMENT}", "Windows-1252")

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
    def test_all_line_endings_are_the_same(self, end: str) -> None:
        assert decode(f"a{end}b{end}".encode())[0] == "a\nb\n"

    @pytest.mark.parametrize(
        ("content", "said", "hint"),
        [
            (b"", "empty", "header line"),
            (b" \r\n\t\n", "empty", "header line"),
            (b"PK\x03\x04\x14\x00", "workbook", "save it as CSV"),
            ("Nom".encode("utf-16"), "UTF-16", "CSV UTF-8"),
            (b"Nom;\x00\x01", "not a text file", "CSV file"),
        ],
    )
    def test_what_is_no_text_is_refused_with_what_to_do(self, content: bytes, said: str, hint: str) -> None:
        with pytest.raises(Invalid, match=said) as caught:
            decode(content)
        assert hint in (caught.value.hint or "")

    @given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
    def test_any_text_of_windows_1252_is_read_in_either_encoding(self, text: str) -> None:
        assert decode(codecs.BOM_UTF8 + text.encode())[0] == text
        content = text.encode("cp1252")
        # Some rows of odd letters are UTF-8 as well; nobody could tell which of the two was meant.
        assume(text.isascii() or not _is_utf_8(content))
        assert decode(content)[0] == text


def _is_utf_8(content: bytes) -> bool:
    return REPLACEMENT not in content.decode("utf-8", "replace")


@pytest.mark.parametrize("name", ["Référence", "REFERENCE", " référence ", "re-ference", "Réfé rence"])
def test_names_are_compared_without_case_accents_and_spaces(name: str) -> None:
    assert folded(name) == folded("reference")


def test_different_names_stay_different() -> None:
    assert folded("Nom") != folded("Prénom")


class TestSeparator:
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_it_is_the_one_that_makes_known_names(self, separator: str) -> None:
        assert separator_of(separator.join(_NAMES), _NAMES) == separator

    def test_quoted_names_and_blank_lines_do_not_mislead_it(self) -> None:
        assert separator_of('\n\n"reference","nom","Hôte; Service"\n1;2;3', _NAMES) == ","

    def test_a_semicolon_is_supposed_where_nothing_is_known(self) -> None:
        assert separator_of("a,b,c", _NAMES) == ";"
        assert separator_of('"never closed', _NAMES) == ";"
        assert separator_of("", _NAMES) == ";"


class TestRecords:
    def test_each_knows_the_line_it_begins_on_and_empty_ones_are_left_out(self) -> None:
        assert records("a;b\n\n1; 2 \n;;\n3;4", ";") == [
            Record(1, ("a", "b")),
            Record(3, ("1", "2")),
            Record(5, ("3", "4")),
        ]

    def test_a_cell_in_quotes_may_hold_separators_quotes_and_line_breaks(self) -> None:
        assert records('a;b\n"1;""x""";"2\n3"\n4;5', ";") == [
            Record(1, ("a", "b")),
            Record(2, ('1;"x"', "2\n3")),
            Record(4, ("4", "5")),
        ]

    def test_a_quote_that_is_never_closed_spoils_its_own_line_only(self) -> None:
        assert records('a;b\n1;"2\n3;4\n5;6', ";") == [
            Record(1, ("a", "b")),
            Record(2, None),
            Record(3, ("3", "4")),
            Record(4, ("5", "6")),
        ]

    def test_a_quote_left_open_does_not_swallow_the_lines_up_to_the_next_one(self) -> None:
        assert records('a;b;c\n1;2;"3\n4;5;6\n7"', ";") == [
            Record(1, ("a", "b", "c")),
            Record(2, ("1", "2", "3\n4;5;6\n7")),
        ]
        assert records('a;b;c\n1;"2;3\n4;5;6\n7;8;9"', ";")[1:3] == [
            Record(2, None),
            Record(3, ("4", "5", "6")),
        ]

    def test_text_after_a_closed_quote_is_no_csv(self) -> None:
        assert records('a;b\n"1"x;2\n3;4', ";")[1:] == [Record(2, None), Record(3, ("3", "4"))]

    def test_a_cell_longer_than_the_csv_reader_takes_is_no_csv(self) -> None:
        assert records("a\n" + "x" * (csv.field_size_limit() + 1), ";")[1] == Record(2, None)

    @given(
        st.lists(
            st.lists(
                st.text(
                    st.characters(
                        codec="utf-8", exclude_categories=["Zs", "Zl", "Zp"], exclude_characters="\r"
                    )
                ).map(lambda text: f"x{text.strip()}"),
                min_size=2,
                max_size=4,
            ),
            min_size=1,
            max_size=6,
        ),
        st.sampled_from(";,\t"),
    )
    def test_whatever_a_csv_writer_writes_is_read_back(self, rows: list[list[str]], separator: str) -> None:
        """Rows at least as wide as the first: narrower ones that hold line breaks are taken for spoilt."""
        wide = [row for row in rows if len(row) >= len(rows[0])]
        expected = [tuple(cell.strip() for cell in row) for row in wide]
        if any(sum(cell.count("\n") for cell in row) >= 19 for row in expected):
            return
        written = io.StringIO()
        csv.writer(written, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(wide)
        assert [record.cells for record in records(written.getvalue(), separator)] == expected
