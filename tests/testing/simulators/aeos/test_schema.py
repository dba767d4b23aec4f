"""The table of types as one generation reads it."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.aeos import schema as module
from hamilton_sdk.testing.simulators.aeos.schema import Field, schema


def names(generation, kind: str) -> list[str]:
    return [field.name for field in schema(generation).fields(kind)]


def test_a_visitor_has_the_elements_of_its_generation_in_the_order_of_the_wire():
    older = [
        *("Id", "CarrierType", "UnitId", "ArrivalDateTime", "LeaveDateTime", "NrMovements", "ReadOnly"),
        *("Freefield", "LastName", "PersonnelNo", "FirstName", "MiddleName", "Gender", "Title", "PhoneNo"),
        *("Language", "MobilePhoneNo", "Email", "ContactPersonId", "Company"),
    ]
    newer = [
        *("Id", "NetworkId", "CarrierType", "UnitId", "ArrivalDateTime", "LeaveDateTime", "NrMovements"),
        *("ReadOnly", "Freefield", "Approvee", "ModificationDate", "LastName", "PersonnelNo", "FirstName"),
        *("MiddleName", "Gender", "Title", "PhoneNo", "Language", "MobilePhoneNo", "Email"),
        *("ContactPersonId", "ContactPersonIds", "Company", "GuideIds", "PersonToVisitId"),
    ]

    assert names("older", "VisitorInfo") == older
    assert names("newer", "VisitorInfo") == newer


def test_what_both_generations_share_is_in_the_same_order():
    """So that the shared elements alone are valid in both."""
    for kind in schema("older"):
        older, newer = names("older", kind), names("newer", kind)
        shared = [name for name in older if name in newer]

        assert [name for name in newer if name in older] == shared


def test_the_marks_of_an_entry_are_read():
    fields = {field.name: field for field in schema("newer").fields("VisitInfo")}

    assert fields["Id"] == Field("Id", "long")
    assert fields["Authorization"] == Field("Authorization", "AuthorisationOnline", mandatory=True)
    assert schema("newer").fields("CarrierInfo")[8] == Field("Freefield", "FreeFieldInfo", many=True)
    assert schema("newer").fields("ContactPersonIds") == (Field("ContactPersonId", "long", many=True),)
    assert Field("LastName", "string", limit=50) in schema("older").fields("PersonInfo")


def test_a_slip_in_the_table_does_not_pass(monkeypatch):
    monkeypatch.setattr(module, "TYPES", "\nOne\n    Id? long, Name!\n")

    with pytest.raises(AssertionError):
        module._everything.__wrapped__()


def test_a_schema_is_read_once():
    assert schema("newer") is schema("newer")
