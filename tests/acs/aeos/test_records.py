"""Records: immutable, and silent about people and numbers."""

from __future__ import annotations

import dataclasses

import pytest

from hamilton_sdk.acs.aeos.records import SECTIONS, Identifier, Visitor

VISITOR = Visitor(
    1201,
    "Visitor",
    "HV-V1",
    unit_id=1,
    arrival="2026-03-27T08:45:00",
    leave="2026-03-27T18:00:00",
    last_name="Durand",
    first_name="Zoé",
    phone="+33123456789",
    language="fr",
    email="zoe@example.org",
    company="Exemple",
)


def token(status: int | None = 1, *, blocked: bool = False) -> Identifier:
    return Identifier(101, 2, "48213377", blocked=blocked, replaced=False, status=status)


def test_a_repr_shows_ids_and_no_person() -> None:
    text = repr(VISITOR)
    assert "1201" in text
    for personal in ("HV-V1", "Durand", "Zoé", "+33", "zoe@", "Exemple"):
        assert personal not in text


def test_a_repr_shows_no_number() -> None:
    assert "48213377" not in repr(token())


def test_records_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        VISITOR.id = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("status", "blocked", "dead", "closed"),
    [
        (0, False, False, False),
        (1, False, False, False),
        (2, True, True, True),
        (3, True, False, True),
        (3, False, False, True),
        (4, False, False, False),
        (None, True, False, True),
        (None, False, False, False),
    ],
)
def test_the_states_of_an_identifier(status: int | None, blocked: bool, dead: bool, closed: bool) -> None:
    """AEOS manual v33: 2 is blocked for good, 3 for now; a blocked one opens nothing."""
    found = token(status, blocked=blocked)
    assert (found.dead, found.closed) == (dead, closed)


def test_the_kinds_of_rights_are_in_the_order_of_the_schema() -> None:
    assert SECTIONS == ("AuthorisationOnline", "AuthorisationOffline", "AuthorisationSoaa")
