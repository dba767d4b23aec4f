"""The adapter itself: settings from the environment, immutable, silent about secrets; its capabilities."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta

import pytest
from pydantic import SecretStr

from hamilton_sdk.acs import AccessControlAdapter
from hamilton_sdk.acs.aeos import Aeos
from hamilton_sdk.errors import ConfigurationError
from tests.acs.aeos.made import BADGE, URL, adapter, order, window
from tests.acs.aeos.scripted import NOW, Script
from tests.acs.aeos.world import World


def test_it_is_an_adapter_of_access_control() -> None:
    made = adapter()
    assert isinstance(made, AccessControlAdapter)
    assert made.name == "acs.aeos"
    assert made.auth is None


def test_the_repr_shows_where_and_who_and_no_secret() -> None:
    assert repr(adapter()) == f"Aeos('{URL}', username='hv', timezone='Europe/Paris', strategy='visit')"
    for part in (adapter()._site, adapter()._site.settings, adapter()._site.wire):
        assert "hush-hush" not in repr(part)
        assert "aHY6" not in repr(part)  # the Basic header


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        adapter().name = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="immutable"):
        adapter().url = "x"  # type: ignore[attr-defined]


def test_a_copy_of_what_cannot_change_is_the_same() -> None:
    """Also inside something that is copied, such as an application's settings."""
    made = adapter()
    assert copy.copy(made) is made
    assert copy.deepcopy(made) is made
    assert copy.deepcopy({"acs": made})["acs"] is made


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_password_is_not_pickled_and_the_error_says_what_to_do_instead(protocol: int) -> None:
    with pytest.raises(TypeError, match=r"password.*Aeos\.from_env\(\)"):
        pickle.dumps(adapter(), protocol)


def test_a_password_may_come_as_a_secret() -> None:
    made = Aeos(URL, username="hv", password=SecretStr("hush-hush"), timezone="Europe/Paris")
    assert made._site.wire.authorization == adapter()._site.wire.authorization


def test_by_default_visits_are_used_and_little_is_sent() -> None:
    known = Aeos(URL, username="hv", password="x", timezone="UTC")._site.settings
    assert known.strategy == "visit"
    assert known.reference_prefix == "HV-"
    assert known.one_shot_kinds == {"qr"}
    assert not (known.send_email)
    assert not (known.send_phone)
    assert not (known.offline_profiles)
    assert not (known.exempt_from_verification)
    assert known.page_size == 1000


def test_what_it_can_do_follows_from_its_settings() -> None:
    visits = Aeos(URL, username="hv", password="x", timezone="UTC").capabilities
    assert (visits.window_lives_in, visits.native_visits, visits.needs_host) == ("visit", True, True)
    assert visits.numbers_from == "caller"
    assert visits.immediate_revocation
    assert not visits.exact_search
    assert visits.page_cap == 1000
    assert visits.resolution == timedelta(seconds=1)
    assert not adapter(default_host="E-77").capabilities.needs_host
    profile = adapter("profile", offline_profiles=True, default_host=None).capabilities
    assert (profile.window_lives_in, profile.native_visits, profile.needs_host) == ("grant", False, False)
    assert not profile.immediate_revocation


def test_it_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "URL": URL,
        "USERNAME": "hv",
        "PASSWORD": "hush-hush",
        "TIMEZONE": "Europe/Paris",
        "STRATEGY": "profile",
        "IDENTIFIER_TYPE": "badge=Badge,qr=QR code",
        "PAGE_SIZE": "20",
        "SEND_EMAIL": "true",
    }.items():
        monkeypatch.setenv(f"HAMILTON_AEOS_{name}", value)
    made = Aeos.from_env()
    assert "profile" in repr(made)
    assert made._site.settings.type_for("qr") == "QR code"
    assert made._site.settings.page_size == 20
    assert made._site.settings.send_email


def test_a_variable_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    with pytest.raises(ConfigurationError, match="SITE_URL is not set"):
        Aeos.from_env("SITE_")


def test_a_variable_whose_name_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMILTON_AEOS_TIME_ZONE", "Europe/Paris")
    with pytest.raises(ConfigurationError, match="HAMILTON_AEOS_TIME_ZONE") as caught:
        Aeos.from_env()
    assert caught.value.hint == "did you mean HAMILTON_AEOS_TIMEZONE?"


def test_a_subclass_is_made_from_the_environment_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ours(Aeos):
        """An integrator's own."""

    for name, value in {"URL": URL, "USERNAME": "hv", "PASSWORD": "x", "TIMEZONE": "UTC"}.items():
        monkeypatch.setenv(f"OURS_{name}", value)
    assert type(Ours.from_env("OURS_")) is Ours


def test_nothing_is_asked_when_it_is_made_or_a_flow_is() -> None:
    script = Script({})
    made = adapter()
    made.activate(order())
    made.profiles()
    assert script.asked == []


def test_one_adapter_serves_many_calls_at_once() -> None:
    made, there = adapter(), World()
    first, second = made.activate(order("V1")), made.activate(order("V2", credential=None))
    script = Script(there.answers)
    assert script.run(second).reference == "V2"
    assert script.run(first).reference == "V1"


def test_a_visit_from_first_to_last() -> None:
    """Every method hands on what it was given."""
    made, script = adapter(), Script(World().answers)
    assert [each.name for each in script.run(made.profiles())] == ["Meeting rooms", "Visitors"]
    assert [each.name for each in script.run(made.credential_types())] == ["Badge", "QR code"]
    assert script.run(made.reserve(order())).state == "reserved"
    assert script.run(made.activate(order())).state == "active"
    assert script.run(made.extend("V1", window(NOW, 20))).window == window(NOW, 20)
    assert script.run(made.suspend("V1", "Suspended")).state == "suspended"
    assert script.run(made.resume("V1")).state == "active"
    assert script.run(made.find("V1")) == script.run(made.find_by_credential(BADGE))
    assert [each.reference for each in script.run(made.grants_page()).items] == ["V1"]
    assert [each.kind for each in script.run(made.reconcile([order()]))] == ["window"]
    assert script.run(made.revoke("V1", "Returned")).state == "ended"
    assert script.run(made.purge(NOW)) == ("V1",)


def test_a_check_says_who_the_server_is() -> None:
    version = "<VersionInfo><AeosVersion>2023.1</AeosVersion></VersionInfo>"
    script = Script({**World().answers, "VersionSearchInfo": version})
    assert script.run(adapter().check()).version == "2023.1"
