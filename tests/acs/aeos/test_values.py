"""An order's values: limits named and values not repeated, as few personal fields as possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hamilton_sdk.acs.aeos.records import IdentifierType
from hamilton_sdk.acs.aeos.values import (
    aeos_language,
    changed_fields,
    check_credential,
    check_holder,
    personnel_no,
    visitor_fields,
)
from hamilton_sdk.acs.models import Credential, Holder
from hamilton_sdk.errors import Invalid
from tests.acs.aeos.made import LISTS, site
from tests.acs.aeos.test_records import VISITOR

EVERYTHING = Holder(
    "V1", "Durand", "Zoé", company="Exemple", email="zoe@example.org", phone="+33123456789", language="fr-FR"
)


def test_a_holder_is_found_again_by_our_mark_and_the_reference() -> None:
    assert personnel_no("HV-", "V1") == "HV-V1"
    assert len(personnel_no("HV-", "x" * 47)) == 50


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("", "the reference is empty"),
        ("x" * 48, "has 48 characters; PersonnelNo keeps 50, and the mark 'HV-' leaves 47"),
        ("a\\b", "backslash"),
    ],
)
def test_a_reference_that_could_not_be_kept_or_found_is_refused(reference: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        personnel_no("HV-", reference)
    assert words in str(caught.value)
    assert caught.value.hint
    assert caught.value.connector == "acs.aeos"


@pytest.mark.parametrize(
    ("field", "longest"),
    [("family_name", 50), ("given_name", 40), ("email", 128), ("phone", 25), ("host", 50)],
)
def test_a_field_over_its_limit_is_named_with_the_limit_and_not_repeated(field: str, longest: int) -> None:
    settings = site(send_email=True, send_phone=True).settings
    fields: dict[str, Any] = {"reference": "V1", "family_name": "D"}
    check_holder(settings, Holder(**{**fields, field: "x" * longest}))
    with pytest.raises(Invalid, match=rf"Holder\.{field} has {longest + 1} characters") as caught:
        check_holder(settings, Holder(**{**fields, field: "x" * (longest + 1)}))
    assert str(longest) in str(caught.value)
    assert "xx" not in str(caught.value)


def test_a_field_that_is_not_sent_has_no_limit() -> None:
    check_holder(site().settings, Holder("V1", "D", email="x" * 200, phone="1" * 50))
    check_holder(site("profile").settings, Holder("V1", "D", host="7" * 51))


def test_a_visit_needs_a_host() -> None:
    nobody = site(default_host=None).settings
    with pytest.raises(Invalid, match=r"Holder\.host is missing") as caught:
        check_holder(nobody, Holder("V1", "D"))
    assert "default_host" in (caught.value.hint or "")
    check_holder(nobody, Holder("V1", "D", host="E-77"))
    check_holder(site(default_host="E-77").settings, Holder("V1", "D"))
    check_holder(site("profile", default_host=None).settings, Holder("V1", "D"))


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        ("1" * 33, "QR code", "more than 32 characters"),
        ("4821337A", "Badge", "character that type 'Badge' does not allow"),
        ("555", "Badge", "outside the range of type 'Badge'"),
        ("100000000", "Badge", "outside the range"),
        ("0G", "UID", "character that type 'UID' does not allow"),
    ],
)
def test_a_number_that_its_type_does_not_take_is_refused_without_repeating_it(
    number: str, kind: str, words: str
) -> None:
    found = next(each for each in LISTS.types if each.name == kind)
    with pytest.raises(Invalid) as caught:
        check_credential(Credential("badge", number), found)
    assert words in str(caught.value)
    assert number not in str(caught.value)
    assert number not in (caught.value.hint or "")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("number", "encoding"),
    [("48213377", "Number"), ("9f3aC0", "Hexadecimal"), ("0123", "BCD"), ("any text", "String"), ("x", None)],
)
def test_a_number_that_its_type_takes_passes(number: str, encoding: str | None) -> None:
    check_credential(Credential("badge", number), IdentifierType(1, "T", encoding, None, None))


def test_no_more_of_a_person_is_sent_than_needed() -> None:
    assert visitor_fields(site().settings, EVERYTHING, "HV-V1") == {
        "LastName": "Durand",
        "PersonnelNo": "HV-V1",
        "FirstName": "Zoé",
        "Language": "fr",
        "Company": "Exemple",
    }
    assert visitor_fields(site().settings, Holder("V1", "D"), "HV-V1") == {
        "LastName": "D",
        "PersonnelNo": "HV-V1",
    }


def test_email_and_phone_are_sent_where_the_settings_say_so() -> None:
    sent = visitor_fields(site(send_email=True, send_phone=True).settings, EVERYTHING, "HV-V1")
    assert (sent["Email"], sent["PhoneNo"]) == ("zoe@example.org", "+33123456789")


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("fr", "fr"),
        ("FR-fr", "fr"),
        ("da", "dk"),
        ("he-IL", "iw"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("zh", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh_CN", "zh_CN"),
        ("zh-TW", None),
        ("zh-Hant", None),
        ("fi", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_sent_in_the_codes_of_aeos_or_not_at_all(tag: str | None, code: str | None) -> None:
    assert aeos_language(tag) == code


def test_only_what_differs_is_changed() -> None:
    values = {"LastName": "Durand", "FirstName": "Zoe", "Company": "Exemple", "PersonnelNo": "HV-V1"}
    assert changed_fields(VISITOR, values, same_window=True) == {"FirstName": "Zoe"}


def test_dates_cut_to_midnight_are_no_difference_while_the_window_stays() -> None:
    """The manual's findPerson shows dates without their hours."""
    dates = {"ArrivalDateTime": "2026-03-27T08:45:00", "LeaveDateTime": "2026-03-27T18:00:00"}
    cut = replace(VISITOR, arrival="2026-03-27T00:00:00", leave="2026-03-27T00:00:00")
    for visitor in (VISITOR, cut):
        assert changed_fields(visitor, dates, same_window=True) == {}
        assert changed_fields(visitor, dates, same_window=False) == dates
    other = replace(VISITOR, leave="2026-03-28T00:00:00")
    assert changed_fields(other, dates, same_window=True) == {"LeaveDateTime": "2026-03-27T18:00:00"}
