"""The words of delivery are plain, frozen, and show no secret."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest

from hamilton_sdk.webhooks import models
from hamilton_sdk.webhooks.events import VisitCreated
from hamilton_sdk.webhooks.models import Attempt, Endpoint, NewEndpoint

WORDS = [word for word in vars(models).values() if dataclasses.is_dataclass(word) and inspect.isclass(word)]


@pytest.mark.parametrize("word", WORDS)
def test_each_is_frozen_and_small(word: Any) -> None:
    assert word.__dataclass_params__.frozen
    assert all("__dict__" not in vars(kind) for kind in word.__mro__[:-1])


def test_an_endpoint_shows_neither_its_secret_nor_its_headers() -> None:
    hidden = {each.name for each in dataclasses.fields(NewEndpoint) if not each.repr}
    assert hidden == {"secret", "headers"}
    assert {each.name for each in dataclasses.fields(Endpoint) if not each.repr} == {"headers"}
    assert {each.name for each in dataclasses.fields(Attempt) if not each.repr} == {"response"}


def test_the_sdks_own_events_can_be_published() -> None:
    """And what looks like them: the protocol names all that publishing asks for."""
    asked = {name for name in vars(models.Publishable) if not name.startswith("_")}
    assert asked == {"id", "type", "site", "object", "sequence", "to_bytes"}
    given = asked - set(VisitCreated.model_fields)
    assert all(hasattr(VisitCreated, name) for name in given)
