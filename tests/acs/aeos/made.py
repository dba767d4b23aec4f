"""What tests of the AEOS adapter are made of: an adapter, its site, orders and credentials."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hamilton_sdk.acs.aeos import Aeos
from hamilton_sdk.acs.aeos.lists import Lists
from hamilton_sdk.acs.aeos.records import IdentifierType, Template
from hamilton_sdk.acs.aeos.site import Site
from hamilton_sdk.acs.models import AccessOrder, Credential, Holder
from hamilton_sdk.model import TimeWindow
from tests.acs.aeos.scripted import NOW

URL = "https://aeos.example.org:8443/aeosws"
HOURS = timedelta(hours=1)
WINDOW = TimeWindow(NOW - HOURS, NOW + 8 * HOURS)
BADGE = Credential("badge", "48213377")
QR = Credential("qr", "T0K3N", type="QR code")
LISTS = Lists(
    [Template(51, "Visitors", None, offline=False), Template(71, "Offline lockers", None, offline=True)],
    [
        IdentifierType(2, "Badge", "Number", "10000000", "99999999"),
        IdentifierType(3, "QR code", "String", None, None),
        IdentifierType(4, "UID", "Hexadecimal", None, None),
    ],
)


def adapter(strategy: str = "visit", **settings: Any) -> Aeos:
    given = {"default_host": "E-77", "identifier_type": "Badge", "timezone": "Europe/Paris", **settings}
    return Aeos(URL, username="hv", password="hush-hush", strategy=strategy, **given)


def site(strategy: str = "visit", **settings: Any) -> Site:
    return adapter(strategy, **settings)._site


def order(
    reference: str = "V1",
    *,
    profiles: tuple[str, ...] = ("Visitors",),
    window: TimeWindow = WINDOW,
    credential: Credential | None = BADGE,
    **holder: Any,
) -> AccessOrder:
    fields = {"family_name": "Durand", "given_name": "Zoé", **holder}
    return AccessOrder(Holder(reference, **fields), profiles, window, credential)


def window(start: datetime, hours: float) -> TimeWindow:
    return TimeWindow(start, start + hours * HOURS)
