"""Zones by the names of Windows and of IANA, both ways; against CLDR's own map."""

from __future__ import annotations

import sys
import zoneinfo
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph import zones
from hamilton_sdk.graph.zones import exchange_name, zone_named


@pytest.fixture
def _without_the_extra(monkeypatch):
    for cached in (zones._maps, zones.zone_named, zones.exchange_name):
        cached.cache_clear()
    monkeypatch.setitem(sys.modules, "tzlocal.windows_tz", None)
    yield
    for cached in (zones._maps, zones.zone_named, zones.exchange_name):
        cached.cache_clear()


class TestReading:
    @pytest.mark.parametrize(
        ("name", "zone"),
        [
            ("Romance Standard Time", "Europe/Paris"),
            ("romance standard time", "Europe/Paris"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Yukon Standard Time", "America/Whitehorse"),
            ("South Sudan Standard Time", "Africa/Juba"),
            ("Europe/Paris", "Europe/Paris"),
            ("  Europe/Paris ", "Europe/Paris"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("UTC", "UTC"),
            ("Z", "UTC"),
            ("tzone://Microsoft/Utc", "UTC"),
        ],
    )
    def test_a_zone_is_known_by_either_name(self, name, zone):
        assert zone_named(name) == ZoneInfo(zone)

    @pytest.mark.parametrize(
        "name", ["tzone://Microsoft/Custom", "Customized Time Zone", "", "../etc/passwd", "a\0b"]
    )
    def test_a_name_that_says_nothing_is_no_zone(self, name):
        assert zone_named(name) is None


class TestSending:
    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("Europe/Paris", "Romance Standard Time"),
            ("Europe/Brussels", "Romance Standard Time"),
            ("Asia/Kolkata", "India Standard Time"),
            ("Asia/Calcutta", "India Standard Time"),
            ("America/Argentina/Buenos_Aires", "Argentina Standard Time"),
            ("America/Indiana/Indianapolis", "US Eastern Standard Time"),
            ("America/Nuuk", "Greenland Standard Time"),
            ("UTC", "UTC"),
            ("Etc/UTC", "UTC"),
            ("romance standard time", "Romance Standard Time"),
        ],
    )
    def test_exchange_is_told_the_name_of_windows(self, name, sent):
        assert exchange_name(name) == sent

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("America/Vancouver", "Pacific Standard Time"),
            ("America/Edmonton", "Mountain Standard Time"),
            ("America/Winnipeg", "Central Standard Time"),
        ],
    )
    def test_names_that_windows_has_had_since_2026_only_are_not_sent(self, name, sent):
        assert exchange_name(name) == sent

    def test_a_zone_that_windows_does_not_know_goes_by_its_own_name(self):
        assert exchange_name("Antarctica/Troll") == "Antarctica/Troll"

    def test_what_is_sent_means_the_same_zone_or_one_that_windows_holds_for_it(self):
        """Nearly every zone has a name for Exchange, and it is read again as some zone."""
        names = sorted(zoneinfo.available_timezones())
        sent = {name: exchange_name(name) for name in names}
        unnamed = [name for name in names if sent[name] == name and name != "UTC"]
        assert len(unnamed) < 15
        assert all(zone_named(each) is not None for each in sent.values() if each != "Factory")


@pytest.mark.usefixtures("_without_the_extra")
class TestWithoutTheExtra:
    def test_names_of_iana_are_known_all_the_same(self):
        assert zone_named("Europe/Paris") == ZoneInfo("Europe/Paris")
        assert zone_named("UTC") == ZoneInfo("UTC")

    @pytest.mark.parametrize("ask", [zone_named, exchange_name])
    def test_what_needs_it_says_how_to_get_it(self, ask):
        with pytest.raises(ConfigurationError) as caught:
            ask("Romance Standard Time")
        assert "hamilton-apps-sdk[graph]" in caught.value.hint
