"""People in events: as little of them as possible, and nothing of it in a repr."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import Person


def test_nothing_of_a_person_is_needed() -> None:
    assert Person().model_dump() == {"id": None, "name": None, "email": None, "company": None}


def test_a_repr_names_nobody() -> None:
    person = Person(id="U-1", name="Élodie Durand", email="durand@example.com", company="Durand SA")
    assert "U-1" in repr(person)
    assert "urand" not in repr(person)


def test_a_name_is_what_people_write() -> None:
    assert Person(name="Dr.\tÉlodie\nDurand").name == "Dr.\tÉlodie\nDurand"


@pytest.mark.parametrize(
    "fields", [{"id": ""}, {"id": "a\n"}, {"name": "\ud800"}, {"email": 7}, {"company": []}]
)
def test_what_is_no_text_is_refused_by_its_field(fields: dict[str, object]) -> None:
    with pytest.raises(Invalid, match=rf"^Person\.{next(iter(fields))}: "):
        Person(**fields)
