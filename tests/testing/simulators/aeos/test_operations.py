"""The list of operations against the published error codes."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.aeos.operations import BY_ROOT, OPERATIONS

CODES = {
    "addVisitor": 71,
    "changeVisitor": 72,
    "removeVisitor": 73,
    "findVisitor": 70,
    "addVisit": 91,
    "changeVisit": 92,
    "removeVisit": 93,
    "findVisit": 90,
    "findPerson": 55,
    "findPersonId": 55,
    "findTemplate": 50,
    "findCarrierProfile": 101,
    "addCarrierAuthorizations": 116,
    "removeCarrierAuthorizations": 117,
    "changeCarrierProfile": 111,
    "findCarrierStates": 100,
    "changeCarrierAttribute": 110,
    "blockCarrier": 110,
    "unblockCarrier": 110,
    "findIdentifierType": 85,
    "findBlockReason": 86,
    "findToken": 108,
    "findCarrierToken": 103,
    "findCarrierByToken": 105,
    "assignToken": 113,
    "withdrawToken": 125,
    "withdrawAndBlockToken": 126,
    "blockToken": 123,
    "unblockToken": 124,
    "replaceToken": 122,
    "releaseBlockedToken": 121,
    "findEntrance": 25,
    "findEntranceGroup": 30,
    "findDayTimeSchedule": 80,
    "findUnit": 15,
    "findFreeFieldDefinition": 130,
    "findEventType": 150,
    "findEvent": 151,
    "getVersion": None,
}


def test_each_operation_that_is_done_has_its_published_code():
    assert {one.name: one.code for one in OPERATIONS if one.handler is not None} == CODES


def test_roots_are_unique_since_the_server_goes_by_them():
    assert len(BY_ROOT) == len(OPERATIONS)


@pytest.mark.parametrize("root", ["CarrierIdUnBlock", "IdentifierAdd", "ProfileAdd", "BlockReasonSearch"])
def test_roots_are_not_the_names_of_the_operations(root):
    assert BY_ROOT[root].name != root


def test_newer_operations_are_marked():
    newer = {one.name for one in OPERATIONS if one.newer and one.handler is not None}

    assert newer == {"findPersonId", "removeCarrierAuthorizations"}
