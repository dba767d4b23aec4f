"""Words that several families share: checked when made, silent on values, equal where they mean the same."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError, create_model

from hamilton_sdk.errors import Invalid
from hamilton_sdk.model import Credential, Text, TimeWindow, Word, checks_by_fields, filled, trimmed

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
END = START + timedelta(hours=9)
WINDOW = TimeWindow(START, END)
BADGE = Credential("badge", "0004711", "Wiegand 26")

GIVE_ZONE = 'give it one, e.g. datetime(..., tzinfo=ZoneInfo("Europe/Paris"))'

moments = st.datetimes(timezones=st.timezones() | st.just(UTC), allow_imaginary=True)


def refused(word: type[Word], *args: object, **kwargs: object) -> Invalid:
    with pytest.raises(Invalid) as caught:
        word(*args, **kwargs)
    # Pydantic's own error knows the value and must not be shown with ours.
    assert caught.value.__suppress_context__
    return caught.value


class _Undecided(tzinfo):
    """A zone that does not know its offset: a datetime with it is naive all the same."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None


class TestTimeWindow:
    def test_it_keeps_utc(self) -> None:
        window = TimeWindow(START.astimezone(PARIS), END.astimezone(PARIS))
        assert window.start.isoformat() == "2026-03-27T08:45:00+00:00"
        assert window.end.isoformat() == "2026-03-27T17:45:00+00:00"
        assert window.start.tzinfo is window.end.tzinfo is UTC

    def test_the_same_instants_are_the_same_window_in_any_zone(self) -> None:
        elsewhere = TimeWindow(START.astimezone(ZoneInfo("Asia/Tokyo")), END.astimezone(PARIS))
        assert elsewhere == WINDOW
        assert hash(elsewhere) == hash(WINDOW)
        assert TimeWindow(START, END + timedelta(microseconds=1)) != WINDOW

    @pytest.mark.parametrize("naive", [datetime(2026, 3, 27), datetime(2026, 3, 27, tzinfo=_Undecided())])
    @pytest.mark.parametrize("field", ["start", "end"])
    def test_a_naive_datetime_is_refused_by_name(self, field: str, naive: datetime) -> None:
        error = refused(TimeWindow, **{"start": START, "end": END, field: naive})
        assert str(error) == f"TimeWindow.{field}: is naive: it has no time zone"
        assert error.hint == GIVE_ZONE

    def test_two_naive_datetimes_are_both_named(self) -> None:
        error = refused(TimeWindow, datetime(2026, 1, 1), datetime(2026, 1, 2))
        assert str(error) == (
            "TimeWindow.start: is naive: it has no time zone; TimeWindow.end: is naive: it has no time zone"
        )
        assert error.hint == GIVE_ZONE

    @pytest.mark.parametrize("field", ["start", "end"])
    @pytest.mark.parametrize(
        "given", [0, 1e9, Decimal(1), True, "0", "1e9", "-1", "1767225600", b"2026-01-01", None, timedelta()]
    )
    def test_what_is_no_datetime_is_refused_by_name(self, field: str, given: object) -> None:
        """Seconds since 1970 too: nobody said which zone the number was counted in."""
        error = refused(TimeWindow, **{"start": START, "end": END, field: given})
        assert str(error) == f"TimeWindow.{field}: is no datetime"
        assert error.hint == (
            'give a datetime with a time zone, e.g. datetime(..., tzinfo=ZoneInfo("Europe/Paris"))'
        )

    @pytest.mark.parametrize("moment", ["0", '"0"', '"tomorrow"', '"2026-03-27T08:45:00"'])
    def test_json_that_writes_no_aware_moment_is_refused(self, moment: str) -> None:
        with pytest.raises(ValidationError):
            TimeWindow.model_validate_json(f'{{"start": {moment}, "end": "2030-01-01T00:00:00Z"}}')

    def test_json_writes_a_moment_with_its_offset(self) -> None:
        text = '{"start": "2026-03-27T09:45:00+01:00", "end": "2026-03-27T17:45:00Z"}'
        assert TimeWindow.model_validate_json(text) == WINDOW

    def test_a_date_is_no_moment(self) -> None:
        assert "naive" in str(refused(TimeWindow, date(2026, 3, 27), END))

    @pytest.mark.parametrize("end", [START, START - timedelta(microseconds=1)])
    def test_the_end_comes_after_the_start(self, end: datetime) -> None:
        error = refused(TimeWindow, START, end)
        assert str(error) == "TimeWindow: the end is not after the start"
        assert error.hint == "swap them, or check the day of the end"

    def test_an_instant_is_long_enough(self) -> None:
        window = TimeWindow(START, START + timedelta(microseconds=1))
        assert window.duration == timedelta(microseconds=1)

    def test_the_clock_going_back_makes_no_window_empty(self) -> None:
        """On 25 October 2026 Paris has 02:30 twice, an hour apart."""
        first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
        second = first.replace(fold=1)
        window = TimeWindow(first, second)
        assert window.duration == timedelta(hours=1)
        assert first in window
        assert second not in window
        assert datetime(2026, 10, 25, 2, 29, tzinfo=PARIS, fold=1) in window
        refused(TimeWindow, second, first)

    def test_a_local_time_that_does_not_exist_is_read_by_the_rules_of_datetime(self) -> None:
        """On 29 March 2026 Paris has no 02:30; with the offset from before, it is 01:30 UTC."""
        window = TimeWindow(datetime(2026, 3, 29, 2, 30, tzinfo=PARIS), datetime(2026, 3, 30, tzinfo=PARIS))
        assert window.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize("hours", [-5, 5])
    def test_a_moment_that_utc_cannot_hold_is_refused(self, hours: int) -> None:
        zone = timezone(timedelta(hours=hours))
        edge = datetime.max.replace(tzinfo=zone) if hours < 0 else datetime.min.replace(tzinfo=zone)
        field = "end" if hours < 0 else "start"
        error = refused(TimeWindow, **{"start": START, "end": END, field: edge})
        assert str(error) == f"TimeWindow.{field}: lies in UTC outside the years 1 to 9999"
        assert error.hint == "give a moment some years from there"

    def test_the_calendars_own_end_is_an_end(self) -> None:
        last = datetime.max.replace(tzinfo=UTC)
        assert TimeWindow(START, last).end == last

    def test_it_is_half_open(self) -> None:
        assert START in WINDOW
        assert END not in WINDOW
        assert END - timedelta(microseconds=1) in WINDOW
        assert START - timedelta(microseconds=1) not in WINDOW
        assert START.astimezone(PARIS) in WINDOW

    @pytest.mark.parametrize("naive", [datetime(2026, 3, 27), datetime(2026, 3, 27, tzinfo=_Undecided())])
    def test_a_naive_moment_is_in_no_window(self, naive: datetime) -> None:
        with pytest.raises(Invalid) as caught:
            naive in WINDOW  # noqa: B015 (it is the asking that raises)
        assert str(caught.value) == (
            "a naive datetime cannot be looked for in a TimeWindow: it has no time zone"
        )
        assert caught.value.hint == GIVE_ZONE

    def test_windows_that_touch_do_not_overlap(self) -> None:
        after, hour = TimeWindow(END, END + timedelta(hours=1)), timedelta(hours=1)
        assert not WINDOW.overlaps(after)
        assert not after.overlaps(WINDOW)
        for start, end in [
            (START - hour, START + hour),
            (START + hour, END - hour),
            (END - hour, END + hour),
        ]:
            assert WINDOW.overlaps(TimeWindow(start, end))
            assert TimeWindow(start, end).overlaps(WINDOW)
        assert WINDOW.overlaps(WINDOW)

    @given(moments, moments, moments)
    def test_what_is_in_it_lies_between_its_ends(
        self, one: datetime, other: datetime, moment: datetime
    ) -> None:
        one, other, moment = (_instant(each) for each in (one, other, moment))
        assume(one != other)
        start, end = min(one, other), max(one, other)
        window = TimeWindow(start, end)
        assert (moment in window) == (start <= moment < end)
        assert window.duration == end - start

    @given(st.lists(moments, min_size=4, max_size=4))
    def test_windows_overlap_where_they_share_an_instant(self, edges: list[datetime]) -> None:
        first, second, third, fourth = (_instant(each) for each in edges)
        assume(first != second)
        assume(third != fourth)
        one = TimeWindow(min(first, second), max(first, second))
        other = TimeWindow(min(third, fourth), max(third, fourth))
        assert one.overlaps(other) == (one.start in other or other.start in one)
        assert one.overlaps(other) == other.overlaps(one)


def _instant(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        assume(False)
        raise


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "Zo\x00e",
            "Zoe\t",
            "Zoe\n",
            "\rZoe",
            "Zo\x1be",
            "Zo\x7fe",
            "Zo\x85e",  # next line
            "Zo\u2028e",  # line separator
            "Zo\u2029e",  # paragraph separator
            "Zo\ud800e",  # half of a surrogate pair: cannot be written as UTF-8
            "Zo\ufffee",  # two that no XML may hold
            "Zo\uffffe",
        ],
    )
    def test_what_no_peer_can_store_is_refused_without_being_repeated(self, text: str) -> None:
        error = refused(Credential, "badge", text)
        assert str(error) == (
            "Credential.number: contains a control character (a tab, a line break or the like)"
        )
        assert error.hint == "remove it: look at the end of the text first"
        assert "Credential.type: contains" in str(refused(Credential, "badge", "1", text))

    @pytest.mark.parametrize(
        "text",
        [
            "Xavière d'Aubigné",
            "O\u2019Brien\u00a0(fils)",
            "李小龍",
            "\u0646\u0627\u0632\u200c\u0632\u0647\u0631\u0627",
            "👩\u200d🔧",
            "",
        ],
    )
    def test_names_as_people_write_them_are_kept(self, text: str) -> None:
        assert TypeAdapter(Text).validate_python(text) == text

    @given(st.text())
    def test_what_is_let_through_can_be_written_in_xml(self, text: str) -> None:
        try:
            Credential("badge", f"x{text}")
        except Invalid:
            return
        # XML 1.0, production 2
        assert all(
            "\x20" <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" or each >= "\U00010000"
            for each in text
        )


class TestCredential:
    def test_the_number_is_kept_exactly(self) -> None:
        for number in ("0004711", " 12 ", "1e3", "\u0663", "\uff21"):
            assert Credential("uid", number).number == number

    def test_it_is_given_by_place_or_by_name(self) -> None:
        assert Credential(kind="badge", number="0004711", type="Wiegand 26") == BADGE
        assert Credential("qr", "x").type is None

    @pytest.mark.parametrize("number", ["", " ", "\u00a0\u3000"])
    def test_an_empty_number_is_refused(self, number: str) -> None:
        error = refused(Credential, "badge", number)
        assert str(error) == "Credential.number: is empty"
        assert error.hint == "give it as text, as the access-control system shows it"

    def test_an_unknown_kind_is_refused_with_the_known_ones(self) -> None:
        error = refused(Credential, "s3cret", "1")
        assert str(error) == "Credential.kind: Input should be 'badge', 'qr', 'uid' or 'mobile'"
        assert error.hint == "correct Credential.kind"

    def test_a_number_is_text(self) -> None:
        """4711 as a number would have lost its leading zeros already."""
        error = refused(Credential, "badge", 4711)
        assert str(error) == "Credential.number: Input should be a valid string"

    def test_its_number_is_never_shown(self) -> None:
        @dataclasses.dataclass
        class Handed:
            credential: Credential

        class Envelope(Word):
            credential: Credential

        shown = [
            repr(BADGE),
            str(BADGE),
            f"{BADGE}",
            repr([BADGE]),
            repr(Handed(BADGE)),
            repr(Envelope(credential=BADGE)),
            str(Envelope(credential=BADGE)),
            repr(list(BADGE.__repr_args__())),  # what rich and debuggers use
            repr(list(BADGE.__rich_repr__())),
        ]
        assert not [text for text in shown if "4711" in text]
        assert repr(BADGE) == "Credential(kind='badge', type='Wiegand 26')"

    def test_another_number_is_another_credential(self) -> None:
        assert Credential("badge", "0004711") != Credential("badge", "4711")
        assert Credential("badge", "1") != Credential("uid", "1")


class TestAllWords:
    @pytest.mark.parametrize("word", [WINDOW, BADGE])
    def test_they_are_frozen(self, word: Word) -> None:
        for name in type(word).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(word, name, getattr(word, name))

    @pytest.mark.parametrize("word", [WINDOW, BADGE])
    def test_they_travel_and_serve_as_keys(self, word: Word) -> None:
        for again in (
            copy.copy(word),
            copy.deepcopy(word),
            word.model_copy(),
            word.model_copy(deep=True),
            word.model_copy(update={}),
            pickle.loads(pickle.dumps(word)),  # noqa: S301
            type(word).model_validate(word.model_dump()),
            type(word).model_validate_json(word.model_dump_json()),
        ):
            assert type(again) is type(word)
            assert again == word
            assert {word: "found"}[again] == "found"

    @given(moments, moments)
    def test_a_window_survives_json_to_the_microsecond(self, one: datetime, other: datetime) -> None:
        one, other = _instant(one), _instant(other)
        assume(one < other)
        window = TimeWindow(one, other)
        assert TimeWindow.model_validate_json(window.model_dump_json()) == window

    def test_a_deep_copy_is_deep(self) -> None:
        class Tagged(Word):
            tags: list[str]

        word = Tagged(tags=["a"])
        assert word.model_copy(deep=True).tags is not word.tags
        assert word.model_copy().tags is word.tags

    def test_a_changed_copy_is_checked_like_a_new_word(self) -> None:
        later = WINDOW.model_copy(update={"end": (END + timedelta(hours=1)).astimezone(PARIS)})
        assert later == TimeWindow(START, END + timedelta(hours=1))
        assert later.end.tzinfo is UTC
        for end, reason in [(START, "not after"), (datetime(2027, 1, 1), "naive")]:
            with pytest.raises(Invalid, match=reason):
                WINDOW.model_copy(update={"end": end})
        with pytest.raises(Invalid) as caught:
            BADGE.model_copy(update={"numbr": "1"})
        assert str(caught.value) == "Credential.numbr: Extra inputs are not permitted"

    def test_a_word_of_ones_own_may_have_a_constructor_of_its_own(self) -> None:
        """Unmarked, pydantic would call it, and a missing field would be a `TypeError`."""

        class Room(Word):
            name: Text
            floor: int

            @checks_by_fields
            def __init__(self, name: str, floor: int = 0) -> None:
                super().__init__(name=name, floor=floor)

        assert Room("Ada").floor == 0
        assert Room.model_validate({"name": "Ada", "floor": 3}) == Room("Ada", 3)
        with pytest.raises(ValidationError):
            Room.model_validate({"floor": 3})
        assert str(refused(Room, "Ada\n")).startswith("Room.name: contains a control character")

    def test_an_unknown_or_missing_field_is_named(self) -> None:
        class Room(Word):
            name: Text
            floor: int

        assert str(refused(Room, name="Ada", floor=3, color="red")) == (
            "Room.color: Extra inputs are not permitted"
        )
        error = refused(Room)
        assert str(error) == "Room.name: Field required; Room.floor: Field required"
        assert error.hint == "correct Room.name"

    def test_of_many_faults_the_first_are_told(self) -> None:
        class Tagged(Word):
            tags: list[Text]

        error = refused(Tagged, tags=["\n"] * 7)
        assert str(error).count("contains a control character") == 5
        assert str(error).startswith("Tagged.tags.0: contains")
        assert str(error).endswith("; and 2 more")

    def test_a_fault_within_a_word_is_named_by_its_path(self) -> None:
        class Booking(Word):
            windows: tuple[TimeWindow, ...]

        error = refused(Booking, windows=[{"start": START, "end": datetime(2027, 1, 1)}])
        assert str(error) == "Booking.windows.0.end: is naive: it has no time zone"
        assert error.hint == GIVE_ZONE

    @pytest.mark.parametrize(
        ("word", "data", "place"),
        [
            (TimeWindow, {"start": START}, ("end",)),
            (TimeWindow, {"start": START, "end": END, "x": 1}, ("x",)),
            (TimeWindow, {"start": START, "end": datetime(2027, 1, 1)}, ("end",)),
            (TimeWindow, {"start": END, "end": START}, ()),
            (Credential, {"kind": "badge"}, ("number",)),
            (Credential, {"kind": "badge", "number": "s3cret\n"}, ("number",)),
            (Credential, "s3cret", ()),
        ],
    )
    def test_in_a_users_own_model_they_fail_as_pydantic_fields_do(
        self, word: type[Word], data: object, place: tuple[str, ...]
    ) -> None:
        """So that a web framework answers 422 with the place, and the value stays unsaid."""
        body = create_model("Body", word=(word, ...))
        for read, given_to, prefix in [
            (word.model_validate, data, ()),
            (body.model_validate, {"word": data}, ("word",)),
        ]:
            with pytest.raises(ValidationError) as caught:
                read(given_to)
            assert [each["loc"] for each in caught.value.errors()] == [(*prefix, *place)]
        with pytest.raises(ValidationError) as caught:
            word.model_validate(data)
        assert "s3cret" not in str(caught.value)


class TestTexts:
    class Named(Word):
        name: Annotated[Text, filled("name it"), trimmed("trim it")]

    def test_one_that_is_filled_and_trimmed_passes(self) -> None:
        assert self.Named(name="Zoé Blanc").name == "Zoé Blanc"

    @pytest.mark.parametrize(
        ("name", "said", "hint"),
        [
            ("", "is empty", "name it"),
            (" \u2003", "is empty", "name it"),
            (" Zoé", "begins or ends with a space", "trim it"),
            ("Zoé ", "begins or ends with a space", "trim it"),
        ],
    )
    def test_another_is_refused_with_the_words_own_hint(self, name: str, said: str, hint: str) -> None:
        error = refused(self.Named, name=name)
        assert said in str(error)
        assert error.hint == hint
        assert "Zoé" not in str(error)
