"""The checks that come before any writing: what they refuse, and what they say and do not say."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.checks import (
    check_arguments,
    check_aware,
    check_lengths,
    check_number,
    check_window,
    checked_orders,
    nearest,
)
from hamilton_sdk.acs.models import AccessOrder, Credential, CredentialType, Holder
from hamilton_sdk.errors import Invalid
from hamilton_sdk.model import TimeWindow

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)
SITE = ["Visitors", "Visitors night", "Contractors", "Staff", "Laboratory"]


class TestNearest:
    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("Visitor", "did you mean 'Visitors' or 'Visitors night'?"),
            ("VISITORS", "did you mean 'Visitors' or 'Visitors night'?"),
            ("contracter", "did you mean 'Contractors'?"),
        ],
    )
    def test_names_what_is_near_the_nearest_first_whatever_the_case(self, name: str, hint: str) -> None:
        assert nearest(name, SITE) == hint

    def test_names_three_at_most(self) -> None:
        hint = nearest("Door 9", [f"Door {number}" for number in range(9)])
        assert hint.count("'Door ") == 3
        assert ", 'Door " in hint
        assert " or 'Door " in hint

    def test_shows_a_few_where_none_is_near(self) -> None:
        hint = nearest("zzz", SITE)
        assert hint == "none is near; the system knows 'Contractors', 'Laboratory', 'Staff' and 2 more"
        assert nearest("zzz", ["b", "a"]) == "none is near; the system knows 'a', 'b'"

    def test_says_where_the_system_has_none(self) -> None:
        assert nearest("Visitors", []).startswith("the system has none")

    def test_hides_no_name_behind_one_that_differs_in_case(self) -> None:
        hint = nearest("visitors", ["Visitors", "VISITORS"])
        assert "'Visitors'" in hint
        assert "'VISITORS'" in hint


def _type(encoding: str, minimum: str | None = None, maximum: str | None = None) -> CredentialType:
    return CredentialType.model_validate(
        {"id": "60", "name": "Badge", "encoding": encoding, "minimum": minimum, "maximum": maximum}
    )


class TestNumber:
    @pytest.mark.parametrize(
        ("encoding", "number"),
        [
            ("decimal", "48213377"),
            ("decimal", "00042"),
            ("bcd", "0942"),
            ("hexadecimal", "9B3Faa"),
            ("text", "A-7"),
        ],
    )
    def test_takes_what_the_alphabet_holds(self, encoding: str, number: str) -> None:
        check_number(number, _type(encoding))

    @pytest.mark.parametrize(
        ("encoding", "number", "takes"),
        [
            ("decimal", "4821337A", "decimal digits"),
            ("decimal", "-5", "decimal digits"),
            ("decimal", "4 8", "decimal digits"),
            ("decimal", "1_0", "decimal digits"),
            ("decimal", "٤٢", "decimal digits"),
            ("bcd", "0A", "decimal digits"),
            ("hexadecimal", "9B3G", "hexadecimal digits"),
            ("hexadecimal", "0x9B", "hexadecimal digits"),
            ("decimal", "", "decimal digits"),
        ],
    )
    def test_refuses_any_other_character_and_names_the_alphabet(
        self, encoding: str, number: str, takes: str
    ) -> None:
        with pytest.raises(Invalid, match="type 'Badge' does not allow") as caught:
            check_number(number, _type(encoding))
        assert takes in (caught.value.hint or "")

    @pytest.mark.parametrize("number", ["1000", "01000", "5000", "9999", "009999"])
    def test_takes_both_ends_of_the_range(self, number: str) -> None:
        check_number(number, _type("decimal", "1000", "9999"))

    @pytest.mark.parametrize("number", ["0", "999", "10000", "1" * 5000])
    def test_refuses_what_is_outside_the_range_and_names_it(self, number: str) -> None:
        with pytest.raises(Invalid, match="outside the range of type 'Badge'") as caught:
            check_number(number, _type("decimal", "1000", "9999"))
        assert caught.value.hint == "its numbers are 1000 to 9999"

    def test_a_range_may_be_open_at_either_end(self) -> None:
        check_number("9" * 32, _type("decimal", "1000"))
        check_number("0", _type("decimal", None, "9999"))
        with pytest.raises(Invalid) as caught:
            check_number("999", _type("decimal", "1000"))
        assert caught.value.hint == "its numbers are 1000 and above"
        with pytest.raises(Invalid) as caught:
            check_number("10000", _type("decimal", None, "9999"))
        assert caught.value.hint == "its numbers are up to 9999"

    def test_hexadecimal_numbers_compare_as_numbers_whatever_the_case(self) -> None:
        kind = _type("hexadecimal", "0A", "ff")
        for number in ("a", "0A", "FF", "0000ff"):
            check_number(number, kind)
        for number in ("9", "100"):
            with pytest.raises(Invalid, match="outside the range"):
                check_number(number, kind)

    def test_a_limit_that_is_no_number_is_no_limit(self) -> None:
        """A site's free text must not lock every badge out."""
        check_number("42", _type("decimal", "", "n/a"))

    def test_a_range_of_texts_is_left_to_the_system(self) -> None:
        check_number("ZZ", _type("text", "0", "9"))

    def test_never_repeats_the_number(self) -> None:
        for number in ("48213377", "4821X"):
            with pytest.raises(Invalid) as caught:
                check_number(number, _type("decimal", "1", "9999"))
            assert "4821" not in f"{caught.value!r} {caught.value.hint}"

    @given(
        value=st.integers(0, 10**40),
        low=st.integers(0, 10**40),
        high=st.integers(0, 10**40),
        zeros=st.integers(0, 3),
    )
    def test_the_order_of_digits_is_the_order_of_numbers(
        self, value: int, low: int, high: int, zeros: int
    ) -> None:
        kind = _type("decimal", str(low), "0" * zeros + str(high))
        number = "0" * zeros + str(value)
        if low <= value <= high:
            check_number(number, kind)
        else:
            with pytest.raises(Invalid, match="outside the range"):
                check_number(number, kind)

    @given(st.text(alphabet=string.digits + string.ascii_letters + " -+_.", max_size=8))
    def test_what_passes_as_hexadecimal_is_what_python_reads_as_plain_digits(self, number: str) -> None:
        plain = bool(number) and set(number) <= set(string.hexdigits)
        try:
            check_number(number, _type("hexadecimal"))
        except Invalid:
            assert not plain
        else:
            assert plain


class TestLengths:
    LIMITS = {"family_name": 10, "email": 12}  # noqa: RUF012 (a literal expectation)

    def test_takes_the_longest_and_what_is_not_there(self) -> None:
        check_lengths(Holder("visit-1", "x" * 10, email="a@bcdef.test"), self.LIMITS)
        check_lengths(Holder("visit-1", "x"), self.LIMITS)

    def test_takes_any_length_where_no_limit_is_known(self) -> None:
        check_lengths(Holder("visit-1", "x", company="y" * 1000), self.LIMITS)

    @pytest.mark.parametrize(
        ("holder", "field", "limit"),
        [
            (Holder("visit-1", "Quatremères"), "family_name", 10),
            (Holder("visit-1", "Q", email="zephyrine@example.org"), "email", 12),
        ],
    )
    def test_refuses_more_and_names_field_and_limit_but_not_the_value(
        self, holder: Holder, field: str, limit: int
    ) -> None:
        with pytest.raises(Invalid, match=rf"Holder\.{field} has \d+ characters.* {limit} at most") as caught:
            check_lengths(holder, self.LIMITS)
        assert f"shorten {field} to {limit}" in (caught.value.hint or "")
        assert not any(name in repr(caught.value) for name in ("Quatremères", "zephyrine"))


class TestWindow:
    def test_takes_a_window_that_runs_or_is_to_come(self) -> None:
        hour = timedelta(hours=1)
        check_window(TimeWindow(NOW - hour, NOW + timedelta(microseconds=1)), NOW)
        check_window(TimeWindow(NOW + hour, NOW + 2 * hour), NOW)

    @pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=365)])
    def test_refuses_one_that_has_ended_and_its_end_does_not_belong_to_it(self, late: timedelta) -> None:
        window = TimeWindow(NOW - timedelta(hours=1), NOW)
        with pytest.raises(Invalid, match="window has ended") as caught:
            check_window(window, NOW + late)
        assert "time zone" in (caught.value.hint or "")


class TestAware:
    def test_takes_any_zone(self) -> None:
        check_aware(NOW, "ended_before")
        check_aware(NOW.astimezone(ZoneInfo("Europe/Paris")), "ended_before")

    def test_refuses_a_naive_moment_by_its_name(self) -> None:
        with pytest.raises(Invalid, match=r"^ended_before is naive") as caught:
            check_aware(NOW.replace(tzinfo=None), "ended_before")
        assert "ZoneInfo" in (caught.value.hint or "")


WINDOW = TimeWindow(NOW, NOW + timedelta(hours=9))
ORDER = AccessOrder(Holder("visit-1", "Quatremère"), ["Visitors"], WINDOW)


class TestArguments:
    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("order", "48213377", "order must be AccessOrder, not str"),
            ("order", ORDER.holder, "order must be AccessOrder, not Holder"),
            ("reference", ORDER, "reference must be str, not AccessOrder"),
            ("reference", None, "reference must be str, not NoneType"),
            ("reference", b"visit-1", "reference must be str, not bytes"),
            ("window", "tomorrow", "window must be TimeWindow, not str"),
            ("window", (NOW, NOW), "window must be TimeWindow, not tuple"),
            ("reason", 5, "reason must be str or None, not int"),
            ("credential", "48213377", "credential must be Credential, not str"),
            ("token", 2, "token must be str or None, not int"),
            ("ended_before", "2026-03-27", "ended_before must be datetime, not str"),
            ("ended_before", NOW.date(), "ended_before must be datetime, not date"),
        ],
    )
    def test_one_of_a_wrong_type_is_told_with_the_method_and_what_it_must_be(
        self, name: str, value: object, words: str
    ) -> None:
        with pytest.raises(TypeError) as caught:
            check_arguments("method", **{name: value})
        assert str(caught.value) == f"method: {words}"

    def test_those_of_the_right_type_pass(self) -> None:
        check_arguments("activate", order=ORDER)
        check_arguments("extend", reference="visit-1", window=WINDOW)
        check_arguments("revoke", reference="", reason=None)
        check_arguments("revoke", reference="visit-1", reason="Lost")
        check_arguments("find_by_credential", credential=Credential("badge", "1"))
        check_arguments("purge", ended_before=NOW)
        check_arguments("grants", token=None)

    def test_all_of_several_are_looked_at(self) -> None:
        with pytest.raises(TypeError, match="extend: window must be TimeWindow"):
            check_arguments("extend", reference="visit-1", window=None)


class TestOrders:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (None, ", not NoneType"),
            (ORDER, ", not AccessOrder"),
            ("visit-1", ", and holds str"),
            ([ORDER, "visit-1"], ", and holds str"),
            ({"visit-1": ORDER}, ", and holds str"),
            ([ORDER.holder], ", and holds Holder"),
        ],
    )
    def test_what_is_no_collection_of_orders_is_told(self, value: object, words: str) -> None:
        with pytest.raises(TypeError) as caught:
            checked_orders("reconcile", "expected", value)
        assert str(caught.value) == f"reconcile: expected must be an iterable of AccessOrder{words}"

    @pytest.mark.parametrize("several", [list, tuple, iter])
    def test_any_collection_of_orders_is_taken_once(self, several: type) -> None:
        assert checked_orders("reconcile", "expected", several([ORDER, ORDER])) == (ORDER, ORDER)
        assert checked_orders("reconcile", "expected", several([])) == ()
