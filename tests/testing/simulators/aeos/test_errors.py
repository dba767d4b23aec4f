"""The general error codes of the service."""

from __future__ import annotations

from hamilton_sdk.testing.simulators.aeos import errors
from hamilton_sdk.testing.simulators.aeos.errors import Refused


def test_the_general_codes_are_those_of_the_manual():
    assert (errors.NOT_AUTHORISED, errors.NO_LICENCE, errors.NOT_IMPLEMENTED) == (901, 902, 903)
    assert errors.WRONG_FUNCTION == 904
    assert (errors.UNKNOWN_AUTHORISATION_TYPE, errors.DUPLICATE_SORT_FIELD) == (301, 302)
    assert errors.UNKNOWN_DIRECTION == 303


def test_a_refusal_without_a_code_leaves_it_to_the_operation():
    assert Refused(because="x").code is None
    assert str(Refused(because="x", code=901)) == "x"
