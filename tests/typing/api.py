"""Code as users write it, read by mypy and pyright and never run: the types are those promised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_type

import httpx

import hamilton_sdk
from hamilton_sdk import (
    ConnectorError,
    Credential,
    HamiltonError,
    Hooks,
    Http,
    PartialFailure,
    RetryPolicy,
    Safety,
    SettableClock,
    TimeWindow,
    correlation,
    retrying,
)
from hamilton_sdk.acs import (
    AccessControl,
    AccessGrant,
    AccessOrder,
    AccessProfile,
    Aeos,
    AsyncAccessControl,
    Capabilities,
    CredentialType,
    Drift,
    FakeAccessControl,
    Health,
    Holder,
)
from hamilton_sdk.errors import Outcome
from hamilton_sdk.flow import Flow, Now, Page, Request, Response, create
from hamilton_sdk.retry import Decision, decide, retry_after_seconds
from hamilton_sdk.transport import AsyncRetryTransport, RetryTransport, Timeouts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.retry import Attempt

start = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)


# Words


def words() -> AccessOrder:
    window = TimeWindow(start, end=start + timedelta(hours=9))
    assert_type(window.start, datetime)
    assert_type(window.duration, timedelta)
    assert_type(start in window, bool)
    assert_type(window.overlaps(window), bool)
    assert_type(window.model_copy(update={"end": start}), TimeWindow)
    badge = Credential("badge", "0004711", type="Wiegand 26")
    assert_type(badge.number, str)
    assert_type(badge.type, str | None)
    Credential(kind="qr", number="x")
    Credential("token", "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such kind
    TimeWindow(start)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # an end is needed
    holder = Holder("visit-42", "Dupont", given_name="Zoé", host="E-17")
    return AccessOrder(holder, profiles=["Visitors"], window=window, credential=badge)


# Access control


def visit(adapter: Aeos, order: AccessOrder) -> None:
    with AccessControl(adapter, transport=Http(ca="ca.pem", timeouts=Timeouts(total=10))) as acs:
        assert_type(acs, AccessControl)
        assert_type(acs.capabilities, Capabilities)
        assert_type(acs.check(), Health)
        assert_type(acs.profiles(), tuple[AccessProfile, ...])
        assert_type(acs.credential_types(), tuple[CredentialType, ...])
        assert_type(acs.reserve(order), AccessGrant)
        grant = acs.activate(order)
        assert_type(grant, AccessGrant)
        assert_type(grant.window, TimeWindow | None)
        assert_type(grant.profiles, tuple[str, ...])
        assert_type(acs.extend(order.reference, order.window), AccessGrant)
        assert_type(acs.suspend("visit-42", reason="lost"), AccessGrant)
        assert_type(acs.resume("visit-42"), AccessGrant)
        assert_type(acs.revoke("visit-42"), AccessGrant)
        assert_type(acs.find("visit-42"), AccessGrant | None)
        assert_type(acs.find_by_credential(Credential("badge", "1")), AccessGrant | None)
        assert_type(acs.reconcile([order]), tuple[Drift, ...])
        assert_type(acs.purge(start), tuple[str, ...])
        assert_type(acs.with_options(deadline=None), AccessControl)
        for each in acs.grants():
            assert_type(each, AccessGrant)
        pager = acs.grants(token="resume here")
        for page in pager.pages():
            assert_type(page, Page[AccessGrant])
        assert_type(pager.token, str | None)
        acs.revoke(42)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a reference is text


async def visit_async(client: httpx.AsyncClient, order: AccessOrder) -> None:
    async with AsyncAccessControl(FakeAccessControl(), transport=client, clock=SettableClock()) as acs:
        assert_type(acs, AsyncAccessControl)
        assert_type(await acs.activate(order), AccessGrant)
        assert_type(await acs.find("visit-42"), AccessGrant | None)
        assert_type(await acs.profiles(), tuple[AccessProfile, ...])
        assert_type(await acs.reconcile([order]), tuple[Drift, ...])
        assert_type(acs.with_options(retry=RetryPolicy.never()), AsyncAccessControl)
        async for each in acs.grants():
            assert_type(each, AccessGrant)
        async for page in acs.grants().pages():
            assert_type(page.items, tuple[AccessGrant, ...])


def adapters() -> None:
    adapter = Aeos(
        "https://aeos.example:8443/aeosws/",
        username="hamilton",
        password="s3cret",
        timezone="Europe/Paris",
        strategy="profile",
    )
    AccessControl(adapter, transport=httpx.Client(), retry=RetryPolicy(attempts=2), hooks=Hooks())
    AccessControl(FakeAccessControl(), clock=SettableClock())
    Aeos("https://aeos.example")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # who are we?
    AccessControl("aeos")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # an adapter, not a name


# Errors


def failing(acs: AccessControl, order: AccessOrder) -> str:
    try:
        acs.activate(order)
    except PartialFailure as error:
        assert_type(error.left, tuple[str, ...])
        return ", ".join(error.left)
    except ConnectorError as error:
        assert_type(error.outcome, Outcome)
        assert_type(error.status, int | None)
        assert_type(error.retry_after, float | None)
        assert_type(error.raw, bytes | None)
        return error.hint or str(error)
    except HamiltonError as error:
        assert_type(error.hint, str | None)
        raise
    return hamilton_sdk.__version__


# Retries


@retrying
def plain(floor: int, *, wing: str = "A") -> float:
    return float(floor) + len(wing)


@retrying(policy=RetryPolicy(attempts=3).with_deadline(5.0), safety=Safety.SAFE, clock=SettableClock())
async def later(floor: int) -> float:
    return float(floor)


async def retried() -> None:
    assert_type(plain(3, wing="B"), float)
    assert_type(await later(3), float)
    plain("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the signature is kept
    by_hand: Callable[[int], Awaitable[float]] = later
    assert_type(await by_hand(3), float)
    policy = RetryPolicy()
    decision = decide(policy, 1, Outcome.UNKNOWN, Safety.SAFE, 0.5, None, 0.25)
    assert_type(decision, Decision)
    assert_type(decision.delay, float | None)
    assert_type(retry_after_seconds({"retry-after": "5"}, start), float | None)
    policy.attempts = 5  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # it is frozen


def note(attempt: Attempt) -> None:
    assert_type(attempt.status, int | None)


def clients() -> tuple[httpx.Client, httpx.AsyncClient]:
    Hooks(on_attempt=note, on_give_up=note)
    return (
        httpx.Client(transport=RetryTransport(RetryPolicy())),
        httpx.AsyncClient(transport=AsyncRetryTransport()),
    )


def correlated() -> None:
    with correlation("visit-42") as current:
        assert_type(current, str)


# Flows of one's own


class Doorbell:
    """An adapter's method: a plain generator."""

    def ring(self, reference: str) -> Flow[datetime]:
        request = Request(
            method="POST", url="https://bell.example/rings", operation="ring", safety=Safety.UNSAFE
        )
        number = yield from create(request, lambda: self.rung(reference), read_number)
        assert_type(number, int)
        now: datetime = yield Now()
        return now

    def rung(self, reference: str) -> Flow[int | None]:
        request = Request(
            method="GET",
            url=f"https://bell.example/rings/{reference}",
            operation="rung",
            safety=Safety.SAFE,
        )
        answer: Response = yield request.with_headers({"accept": "text/plain"})
        return read_number(answer) if answer.ok else None


def read_number(answer: Response) -> int:
    return int(answer.text())
