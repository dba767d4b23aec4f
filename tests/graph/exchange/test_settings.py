"""Settings are checked when they are made, and say what to give instead."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph import Graph
from hamilton_sdk.graph.exchange.settings import addresses, from_environment
from tests.graph.exchange.world import tenant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tenant_id", ""),
        ("tenant_id", " t"),
        ("tenant_id", "a/b"),
        ("tenant_id", 5),
        ("client_id", ""),
        ("mode", "room"),
        ("reference_property", "Name X"),
        ("verify_rooms", "yes"),
        ("mailbox_concurrency", 0),
        ("mailbox_requests", 0),
        ("longest_body", -1),
        ("longest_body", "9"),
        ("longest_subject", 0),
        ("longest_subject", 256),
        ("page_size", 0),
        ("page_size", 1001),
        ("page_size", True),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name) as caught:
        tenant(**{name: value})
    assert caught.value.hint


@pytest.mark.parametrize(
    ("cloud", "graph", "scope"),
    [
        ("global", "https://graph.microsoft.com", "https://graph.microsoft.com/.default"),
        ("us_government", "https://graph.microsoft.us", "https://graph.microsoft.us/.default"),
        ("us_government_dod", "https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/.default"),
        (
            "china",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn/.default",
        ),
    ],
)
def test_each_cloud_has_its_own_graph_and_scope(cloud, graph, scope):
    assert addresses(cloud, None, None)[0] == graph
    assert tenant(national_cloud=cloud).settings.scope == scope


@pytest.mark.parametrize("cloud", ["germany", None, 5])
def test_an_unknown_cloud_is_refused(cloud):
    with pytest.raises(ConfigurationError, match="national_cloud"):
        addresses(cloud, None, None)


def test_addresses_may_be_ones_own():
    given = addresses("global", "https://proxy.example/graph/", "http://127.0.0.1:8080")
    assert given == ("https://proxy.example/graph", "http://127.0.0.1:8080")
    assert addresses("global", "http://localhost:1", None)[0] == "http://localhost:1"


@pytest.mark.parametrize(
    "url",
    [
        "graph.microsoft.com",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x?y",
        "https://x#y",
        "https://[x",
        5,
        "http://graph.example",
        "http://10.0.0.1",
        "https://x:port",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url):
    for given in ({"url": url, "login_url": None}, {"url": None, "login_url": url}):
        with pytest.raises(ConfigurationError, match="url") as caught:
            addresses("global", **given)
        assert "u:p" not in str(caught.value)


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
