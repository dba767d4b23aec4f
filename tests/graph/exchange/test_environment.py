"""A `Graph` can be made from environment variables, and a misspelt one is not overlooked."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph import Graph
from hamilton_sdk.graph.exchange.environment import from_environment

GIVEN = {"G_TENANT_ID": "t-1", "G_CLIENT_ID": "c-1", "G_CLIENT_SECRET": "s3cr3t", "PATH": "/bin"}


def test_what_is_needed_and_what_is_given_is_read():
    more = {"G_MODE": "attendee", "G_PAGE_SIZE": "7", "G_VERIFY_ROOMS": "False", "G_URL": ""}
    assert from_environment(GIVEN | more, "G_") == {
        "tenant_id": "t-1",
        "client_id": "c-1",
        "mode": "attendee",
        "page_size": 7,
        "verify_rooms": False,
    }


@pytest.mark.parametrize("name", ["G_TENANT_ID", "G_CLIENT_ID", "G_CLIENT_SECRET"])
def test_what_is_needed_and_missing_is_named(name):
    for environment in (GIVEN | {name: ""}, {key: each for key, each in GIVEN.items() if key != name}):
        with pytest.raises(ConfigurationError, match=f"{name} is not set"):
            from_environment(environment, "G_")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("G_PAGE_SIZE", "many", "whole number"),
        ("G_VERIFY_ROOMS", "perhaps", "neither"),
        ("G_MOD", "x", "no such"),
    ],
)
def test_what_cannot_be_read_is_named_and_not_shown(name, value, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        from_environment(GIVEN | {name: value}, "G_")
    assert name in str(caught.value)
    assert "s3cr3t" not in f"{caught.value} {caught.value.hint}"


def test_without_a_prefix_other_variables_are_nobodys_business():
    bare = {key.removeprefix("G_"): value for key, value in GIVEN.items()}
    assert from_environment(bare, "")["tenant_id"] == "t-1"


def test_graph_reads_the_environment_when_asked_to(monkeypatch):
    for name, value in {
        "TENANT_ID": "t-1",
        "CLIENT_ID": "c-1",
        "CLIENT_SECRET": "s",
        "MODE": "attendee",
    }.items():
        monkeypatch.setenv(f"HAMILTON_GRAPH_{name}", value)
    adapter = Graph.from_env()
    assert repr(adapter) == "Graph('t-1', 'c-1', mode='attendee')"
    assert adapter.auth.credential.client_credential() == "s"
    # Read anew for each token, so that it may change without a restart.
    monkeypatch.setenv("HAMILTON_GRAPH_CLIENT_SECRET", "rotated")
    assert adapter.auth.credential.client_credential() == "rotated"
