"""What type checkers are to see of the public names; checked by mypy and pyright, never run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_type

import httpx

from hamilton_sdk import Http, RetryPolicy, Safety, TimeWindow, retrying
from hamilton_sdk.acs import (
    AccessControl,
    AccessControlAdapter,
    AccessGrant,
    AccessOrder,
    AccessProfile,
    Aeos,
    AsyncAccessControl,
    Capabilities,
    Credential,
    CredentialType,
    Drift,
    FakeAccessControl,
    Health,
    Holder,
)
from hamilton_sdk.flow import Flow, Page
from hamilton_sdk.shell import AsyncPager, Pager

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=2))
ORDER = AccessOrder(
    Holder("VISIT-1", "Durand", given_name="Élodie", host="4711"),
    ("Visitors",),
    WINDOW,
    Credential("badge", "10000042", type="Visitor badge"),
)
AEOS = Aeos(
    "https://aeos.example:8443/aeosws",
    username="hamilton",
    password="secret",
    timezone="Europe/Paris",
    strategy="profile",
)


def sync_calls(adapter: AccessControlAdapter) -> None:
    """The sync shell returns values."""
    with AccessControl(adapter, transport=Http(ca="authority.pem"), retry=RetryPolicy(attempts=2)) as acs:
        assert_type(acs, AccessControl)
        assert_type(acs.with_options(deadline=5), AccessControl)
        assert_type(acs.capabilities, Capabilities)
        assert_type(acs.check(), Health)
        assert_type(acs.profiles(), tuple[AccessProfile, ...])
        assert_type(acs.credential_types(), tuple[CredentialType, ...])
        assert_type(acs.reserve(ORDER), AccessGrant)
        assert_type(acs.activate(ORDER), AccessGrant)
        assert_type(acs.extend("VISIT-1", WINDOW), AccessGrant)
        assert_type(acs.suspend("VISIT-1", reason="alarm"), AccessGrant)
        assert_type(acs.resume("VISIT-1"), AccessGrant)
        assert_type(acs.revoke("VISIT-1"), AccessGrant)
        assert_type(acs.find("VISIT-1"), AccessGrant | None)
        assert_type(acs.find_by_credential(Credential("uid", "04A1B2C3")), AccessGrant | None)
        assert_type(acs.grants(), Pager[AccessGrant])
        assert_type(list(acs.grants()), list[AccessGrant])
        assert_type(acs.reconcile([ORDER]), tuple[Drift, ...])
        assert_type(acs.purge(START), tuple[str, ...])


async def async_calls() -> None:
    """The async shell returns the same, awaited."""
    async with AsyncAccessControl(FakeAccessControl(), transport=httpx.AsyncClient()) as acs:
        assert_type(acs, AsyncAccessControl)
        assert_type(acs.capabilities, Capabilities)
        assert_type(await acs.check(), Health)
        assert_type(await acs.profiles(), tuple[AccessProfile, ...])
        assert_type(await acs.credential_types(), tuple[CredentialType, ...])
        assert_type(await acs.reserve(ORDER), AccessGrant)
        assert_type(await acs.activate(ORDER), AccessGrant)
        assert_type(await acs.extend("VISIT-1", WINDOW), AccessGrant)
        assert_type(await acs.suspend("VISIT-1"), AccessGrant)
        assert_type(await acs.resume("VISIT-1"), AccessGrant)
        assert_type(await acs.revoke("VISIT-1"), AccessGrant)
        assert_type(await acs.find("VISIT-1"), AccessGrant | None)
        assert_type(await acs.find_by_credential(Credential("qr", "V-1")), AccessGrant | None)
        assert_type(acs.grants(), AsyncPager[AccessGrant])
        assert_type([grant async for grant in acs.grants()], list[AccessGrant])
        assert_type(await acs.reconcile([ORDER]), tuple[Drift, ...])
        assert_type(await acs.purge(START), tuple[str, ...])


def flows() -> None:
    """An adapter's methods are flows of what the shells return."""
    assert_type(AEOS.activate(ORDER), Flow[AccessGrant])
    assert_type(AEOS.grants_page(), Flow[Page[AccessGrant]])


@retrying(policy=RetryPolicy(attempts=3), safety=Safety.SAFE)
def decorated(number: int) -> str:
    """A decorated function keeps its signature."""
    return str(number)


@retrying
async def decorated_bare(number: int) -> str:
    """Also without parentheses, and async."""
    return str(number)


def decorated_calls() -> None:
    """What was decorated is called as before."""
    assert_type(decorated(1), str)
    decorated("one")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # it keeps its parameters


def refused() -> None:
    """What a type checker must refuse."""
    Credential("barcode", "1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such kind
    Aeos("https://x", username="u", password="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no zone
