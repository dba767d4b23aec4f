"""What rights are sent: ours as wanted, the site's as they were, nothing open where all is to end."""

from __future__ import annotations

import pytest

from hamilton_sdk.acs.aeos.authorisations import Ending, Wanted, as_read, differs, ended, given
from hamilton_sdk.acs.aeos.records import Authorisation
from hamilton_sdk.acs.aeos.soap import Content
from tests.acs.aeos.made import site

LOCAL = site().local
BEGIN, END = "2026-03-27T08:45:00", "2026-03-27T18:00:00"
NOW, BEFORE = "2026-03-27T12:00:00", "2026-03-27T11:59:59"
ENDING = Ending(NOW, BEFORE)


def right(
    name: str = "Template",
    subject: int = 51,
    *,
    enabled: bool = True,
    rule: bool = False,
    start: str | None = BEGIN,
    until: str | None = END,
) -> Authorisation:
    content: list[tuple[str, Content]] = [
        ("Id", str(subject * 10)),
        ("Enabled", "true" if enabled else "false"),
    ]
    content += [("RuleId", "9")] if rule else []
    content += [(f"{name}Id", str(subject))]
    content += [("DateTimeScheduleId", "1")] if name != "Template" else []
    content += [("DateFrom", start)] if start else []
    content += [("DateUntil", until)] if until else []
    content += [("SpecialDays", "true")] if name == "Entrance" else []
    return Authorisation(f"{name}Authorisation", enabled, rule, subject, start, until, tuple(content))


def wanted(*online: int, enabled: bool = True) -> Wanted:
    return Wanted(online, (), BEGIN, END, enabled)


def test_new_rights_are_sent_with_their_dates() -> None:
    assert given((), (51,), wanted(51), dated=True) == (
        (
            "TemplateAuthorisation",
            (("Id", None), ("Enabled", True), ("TemplateId", 51), ("DateFrom", BEGIN), ("DateUntil", END)),
        ),
    )


def test_offline_rights_have_no_dates() -> None:
    ((_, content),) = given((), (71,), wanted(71, enabled=False), dated=False)
    assert content == (("Id", None), ("Enabled", False), ("TemplateId", 71))


def test_a_right_that_stays_keeps_its_id_and_one_that_goes_is_not_sent() -> None:
    sent = given((right(subject=51), right(subject=52)), (52, 53), wanted(52, 53), dated=True)
    assert [(dict(content)["Id"], dict(content)["TemplateId"]) for _, content in sent] == [
        ("520", 52),
        (None, 53),
    ]  # type: ignore[arg-type, index]


def test_of_a_template_that_stands_twice_the_first_stays() -> None:
    twice = (right(), right(until=None))
    assert len(given(twice, (51,), wanted(51), dated=True)) == 1


def test_what_is_not_ours_is_sent_back_unchanged_and_in_the_order_of_the_schema() -> None:
    by_rule, group, entrance = right(subject=60, rule=True), right("EntranceGroup", 7), right("Entrance", 8)
    sent = given((by_rule, group, entrance), (51,), wanted(51), dated=True)
    assert [name for name, _ in sent] == [
        "TemplateAuthorisation",
        "TemplateAuthorisation",
        "EntranceGroupAuthorisation",
        "EntranceAuthorisation",
    ]
    contents = [content for _, content in sent]
    for each in (by_rule, group, entrance):
        assert each.content in contents


def test_everything_that_gives_access_ends_and_the_rule_engines_rights_stay() -> None:
    by_rule = right(subject=60, rule=True)
    sent = ended((right(), by_rule, right("Entrance", 8, until=None)), ENDING, LOCAL)
    assert sent == (
        (
            "TemplateAuthorisation",
            (
                ("Id", "510"),
                ("Enabled", False),
                ("TemplateId", "51"),
                ("DateFrom", BEGIN),
                ("DateUntil", NOW),
            ),
        ),
        ("TemplateAuthorisation", by_rule.content),
        (
            "EntranceAuthorisation",
            (
                ("Id", "80"),
                ("Enabled", False),
                ("EntranceId", "8"),
                ("DateTimeScheduleId", "1"),
                ("DateFrom", BEGIN),
                ("DateUntil", NOW),
                ("SpecialDays", "true"),
            ),
        ),
    )


def test_a_right_that_had_not_begun_gets_a_beginning_before_its_end() -> None:
    ((_, content),) = ended((right(start="2026-03-28T08:00:00"),), ENDING, LOCAL)
    assert dict(content)["DateFrom"] == BEFORE  # type: ignore[arg-type]


def test_a_right_that_was_over_keeps_its_dates() -> None:
    ((_, content),) = ended((right(until="2026-03-27T10:00:00"),), ENDING, LOCAL)
    assert dict(content)["DateUntil"] == "2026-03-27T10:00:00"  # type: ignore[arg-type]


def test_rights_without_dates_are_left_out() -> None:
    undated = right(subject=71, start=None, until=None)
    by_rule = right(subject=72, rule=True, start=None, until=None)
    assert ended((undated, by_rule), ENDING, LOCAL) == (("TemplateAuthorisation", by_rule.content),)


def test_as_read_is_as_read() -> None:
    stand = (right("Entrance", 8), right())
    assert as_read(stand) == ((stand[1].name, stand[1].content), (stand[0].name, stand[0].content))


@pytest.mark.parametrize(
    ("stand", "difference"),
    [
        ((right(),), False),
        ((right(), right(subject=60, rule=True), right("Entrance", 8)), False),
        ((right(start="2026-03-27T08:45:00.000"),), False),
        ((), True),
        ((right(), right()), True),
        ((right(subject=52),), True),
        ((right(enabled=False),), True),
        ((right(until=None),), True),
        ((right(until="2026-03-27T18:00:01"),), True),
        ((right(start="2026-03-27T08:45:01"),), True),
        ((right(start=None, until=None),), False),
    ],
)
def test_only_our_templates_and_their_dates_make_a_difference(
    stand: tuple[Authorisation, ...], difference: bool
) -> None:
    assert differs(stand, (51,), wanted(51), LOCAL) is difference
