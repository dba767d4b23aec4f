"""Settings are checked when they are made, and say what to give instead."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.exchange.settings import addresses
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
