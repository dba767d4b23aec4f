"""Replies: elements in the order of the table, whatever the order they were found in."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.aeos.schema import schema
from hamilton_sdk.testing.simulators.aeos.writer import KIND, write


def test_elements_come_in_the_order_of_the_table_and_absent_ones_not_at_all():
    value = {
        "UnitId": 1,
        "Id": 5,
        "BadgeNumber": "a<b",
        "Blocked": False,
        "IdentifierType": 2,
        "Status": None,
    }

    assert write(schema("newer"), "IdentifierResult", "IdentifierInfo", value) == (
        "<IdentifierResult><Id>5</Id><IdentifierType>2</IdentifierType><BadgeNumber>a&lt;b</BadgeNumber>"
        "<Blocked>false</Blocked><UnitId>1</UnitId></IdentifierResult>"
    )


def test_what_the_generation_does_not_know_is_left_out():
    value = {"Id": 5, "Approvee": False}

    assert write(schema("newer"), "a", "CarrierInfo", value) == "<a><Id>5</Id><Approvee>false</Approvee></a>"
    assert write(schema("older"), "a", "CarrierInfo", value) == "<a><Id>5</Id></a>"


def test_lists_repeat_their_element_and_simple_values_need_no_type():
    units = {"Unit": [{"Id": 1}, {"Id": 2}]}

    assert write(schema("newer"), "UnitList", "UnitList", units) == (
        "<UnitList><Unit><Id>1</Id></Unit><Unit><Id>2</Id></Unit></UnitList>"
    )
    assert write(schema("newer"), "a", "string", "(null)", ' b="c"') == '<a b="c">(null)</a>'


def test_an_element_can_name_its_real_type_and_hold_more():
    value = {KIND: "EmployeeInfo", "Id": 60, "DepartmentId": 3}

    assert write(schema("newer"), "Person", "PersonInfo", value) == (
        '<Person xsi:type="EmployeeInfo"><Id>60</Id><DepartmentId>3</DepartmentId></Person>'
    )


@pytest.mark.parametrize("value", [{"Unit": "text"}, {"Unit": {"Id": 1}}, {"Unit": [None]}])
def test_a_slip_of_an_operation_does_not_pass(value):
    with pytest.raises(AssertionError):
        write(schema("newer"), "UnitList", "UnitList", value)
