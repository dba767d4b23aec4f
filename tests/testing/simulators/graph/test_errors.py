"""Refusals carry a status, a code and a text."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import errors


@pytest.mark.parametrize(
    ("refused", "status", "code"),
    [
        (errors.bad_request("x"), 400, "ErrorInvalidRequest"),
        (errors.malformed(), 400, "UnableToDeserializePostBody"),
        (errors.not_found(), 404, "ErrorItemNotFound"),
        (errors.unknown_path("x"), 404, "ResourceNotFound"),
        (errors.unknown_zone("x"), 400, "TimeZoneNotSupportedException"),
        (errors.unsupported("$x"), 400, "ErrorInvalidUrlQuery"),
    ],
)
def test_each_refusal_has_graphs_code(refused, status, code):
    assert (refused.status, refused.code) == (status, code)
    assert refused.message
