"""A building under attack: a simulated AEOS that can be put back and compared, and what must always hold."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from hamilton_sdk.acs import (
    AccessControl,
    AccessGrant,
    AccessOrder,
    Aeos,
    AsyncAccessControl,
    Credential,
    Holder,
)
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Response
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl, Calls
from hamilton_sdk.testing.faults import FaultScript
from hamilton_sdk.testing.simulators.aeos import AeosSimulator, Authorisation, Carrier, Identifier
from hamilton_sdk.transport.inprocess import AsyncInProcessTransport, InProcessTransport

Strategy = Literal["visit", "profile"]
STRATEGIES: tuple[Strategy, ...] = ("visit", "profile")

# Not on a whole second: AEOS keeps whole ones, and what is cut must not be cut to the wrong side.
START = datetime(2026, 3, 27, 8, 0, 0, 700_000, tzinfo=UTC)
DAY = TimeWindow(START - timedelta(hours=1), START + timedelta(hours=9))
LONGER = TimeWindow(START - timedelta(hours=1), START + timedelta(hours=11))
PREFIX = "HV-"
HOST = "E-1001"

BADGE = Credential("badge", "48213377")
SPARE = Credential("badge", "48213378")
CODE = Credential("qr", "Q-7Fv2-Xm9-Lp31")
CARD = Credential("uid", "04A1B2C3D4E5F6")
EMPLOYEES_BADGE = Credential("badge", "0048213379", type="Employee badge")
NEIGHBOURS_BADGE = Credential("badge", "48213380")

_PERSON = ("Quatremère", "Zéphyrine", "Vergelesses")
SECRETS = (
    *_PERSON,
    *(each.number for each in (BADGE, SPARE, CODE, CARD, EMPLOYEES_BADGE, NEIGHBOURS_BADGE)),
    "simulated-secret",
)
"""What no error and no log may show."""

_TABLES = ("carriers", "visits", "identifiers", "events", "effects", "cards", "_numbers", "_next")


def order(
    reference: str = "visit-1",
    credential: Credential | None = BADGE,
    *,
    window: TimeWindow = DAY,
    profiles: tuple[str, ...] = ("Visitors",),
) -> AccessOrder:
    """An order that is good."""
    family_name, given_name, company = _PERSON
    holder = Holder(reference, family_name, given_name, company=company, language="fr", host=HOST)
    return AccessOrder(holder, profiles, window, credential)


class Building:
    """A simulated AEOS with an employee and a neighbour, a visitor of somebody else's; their badges open.

    Args:
        strategy: The adapter's.
    """

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.clock = SettableClock(START)
        self.simulator = AeosSimulator()
        self.adapter = Aeos(
            "https://aeos.example.org:8443/aeosws",
            username=self.simulator.username,
            password=self.simulator.password,
            timezone="Europe/Paris",
            strategy=strategy,
            identifier_type={"badge": "Visitor badge", "qr": "QR code", "uid": "Card UID"},
        )
        neighbour = self.simulator.add_visitor("Voisin", personnel_number="PM-1")
        for carrier, credential, kind in ((60, EMPLOYEES_BADGE, 6), (neighbour, NEIGHBOURS_BADGE, 2)):
            self.simulator.give_badge(carrier, credential.number, identifier_type=kind)
            self.simulator.grant(carrier, 51, DAY.start)
        self._others = self._carriers(ours=False)
        self._began = START

    # Connectors

    def transport(self, patience: float | None = 20.0) -> Line:
        """The simulator as a transport that waits so many seconds for an answer."""
        return Line(InProcessTransport(self.simulator, self.clock), patience)

    def connect(self, transport: Line | None = None) -> AccessControl:
        """A connector, not yet opened."""
        return AccessControl(self.adapter, transport=transport or self.transport(), clock=self.clock)

    def connect_async(self, transport: AsyncLine | None = None) -> AsyncAccessControl:
        """An async connector, not yet opened."""
        line = transport or AsyncLine(AsyncInProcessTransport(self.simulator, self.clock), 20.0)
        return AsyncAccessControl(self.adapter, transport=line, clock=self.clock)

    @contextmanager
    def calls(self, *, asynchronous: bool = False) -> Iterator[Calls]:
        """An open connector of either kind."""
        if asynchronous:
            with BlockingAccessControl(self.connect_async()) as calls:
                yield calls
        else:
            with self.connect() as acs:
                yield acs

    # Keeping and putting back

    def keep(self) -> bytes:
        """Everything that stands."""
        site = self.simulator._site
        return pickle.dumps({name: getattr(site, name) for name in _TABLES})

    def put_back(self, kept: bytes, *, elapsed: float = 0.0) -> None:
        """Let stand what was kept, so many seconds after the start, with nothing going wrong."""
        for name, table in pickle.loads(kept).items():  # noqa: S301 (made above)
            setattr(self.simulator._site, name, table)
        self.simulator.faults = FaultScript()
        self.clock = SettableClock(START)
        self.clock.advance(elapsed)

    # Looking

    def picture(self) -> str:
        """What stands, without the server's own ids, to be compared; moments since the start are all "now".

        Numbers that are free again are left out: whether a number was ever seen makes no difference.
        """
        site = self.simulator._site
        lines = [self._line_of(each) for each in site.carriers.values()]
        lines += [
            f"nobody's: {self._token(each)}"
            for each in site.identifiers.values()
            if each.carrier_id not in site.carriers and each.status
        ]
        lines += ["nobody's visit" for each in site.visits.values() if each.visitor_id not in site.carriers]
        return "\n".join(sorted(lines))

    def _line_of(self, carrier: Carrier) -> str:
        site = self.simulator._site
        hidden = {"ModificationDate"}
        fields = {name: self._shown(value) for name, value in carrier.fields.items() if name not in hidden}
        visits = sorted(
            f"visit({visit.contact_person_id} {self._shown(visit.begin)} {self._shown(visit.end)} "
            f"{self._rights(visit.authorisations)})"
            for visit in site.visits_of(carrier.id)
        )
        tokens = sorted(self._token(each) for each in site.identifiers_of(carrier.id))
        return (
            f"{carrier.personnel_number}: {dict(sorted(fields.items()))} blocked={carrier.block_reason} "
            f"flags={sorted(carrier.flags)} rights={self._rights(carrier.authorisations)} {visits} {tokens}"
        )

    def _rights(self, rights: list[Authorisation]) -> str:
        return str(
            sorted(
                f"{each.subject_id} {'on' if each.enabled else 'off'} {self._shown(each.date_from)} "
                f"{self._shown(each.date_until)}"
                for each in rights
            )
        )

    @staticmethod
    def _token(each: Identifier) -> str:
        return f"token({each.type_id} {each.number} status={each.status})"

    def _shown(self, value: object) -> str:
        if not isinstance(value, datetime):
            return str(value)
        moment = value.replace(tzinfo=self.simulator.timezone)
        margin = timedelta(seconds=2)
        return "now" if START - margin <= moment <= self.clock.now() + margin else value.isoformat()

    def _carriers(self, *, ours: bool) -> list[str]:
        site = self.simulator._site
        found = [each for each in site.carriers.values() if self._is_ours(each) == ours]
        return sorted(self._line_of(each) for each in found)

    @staticmethod
    def _is_ours(carrier: Carrier) -> bool:
        return carrier.kind == "Visitor" and carrier.personnel_number.startswith(PREFIX)

    def references(self) -> list[str]:
        """Of every holder of ours, one for each holder."""
        return sorted(self._owners().values())

    def _owners(self) -> dict[int, str]:
        site = self.simulator._site
        return {
            each.id: each.personnel_number.removeprefix(PREFIX)
            for each in site.carriers.values()
            if self._is_ours(each)
        }

    def open_numbers(self) -> dict[str, str]:
        """The reference of each of our credentials that opens a door now, by its number."""
        owners = self._owners()
        opened = self.simulator.open_credentials(self.clock.now())
        return {each.number: owners[each.carrier_id] for each in opened if each.carrier_id in owners}

    def in_hands(self) -> dict[str, str]:
        """The reference of each credential that a holder of ours has, by its number."""
        owners = self._owners()
        held = self.simulator.tokens()
        return {each.number: owners[each.carrier_id] for each in held if each.carrier_id in owners}

    # What must hold

    def assert_sound(self, where: str) -> None:
        """No credential opens without an active grant that shows it, and nobody else was touched.

        Args:
            where: What was done, for the message.
        """
        self.assert_untouched(where)
        self.assert_accounted({each: self.find(each) for each in self.open_numbers().values()}, where)

    def assert_untouched(self, where: str) -> None:
        """Employees, and visitors of somebody else's, are as they were."""
        assert self._carriers(ours=False) == self._others, f"{where}: somebody else's record was changed"

    def assert_accounted(self, grants: Mapping[str, AccessGrant | None], where: str) -> None:
        """No credential opens without one of these grants that is active and shows it."""
        for number, reference in self.open_numbers().items():
            grant = grants.get(reference)
            shown = None if grant is None or grant.credential is None else grant.credential.number
            state = None if grant is None else grant.state
            assert state == "active", f"{where}: a credential opens, and its grant is {state}"
            assert shown == number, f"{where}: a credential opens that its grant does not show"

    def assert_shut(self, where: str) -> None:
        """Nothing of ours opens, and nothing is in anybody's hands."""
        assert not self.open_numbers(), f"{where}: a credential opens still"
        assert not self.in_hands(), f"{where}: a credential is out still"

    def find(self, reference: str) -> AccessGrant | None:
        """What stands for a reference, read without anything going wrong."""
        with self.connect() as acs:
            return acs.find(reference)


class Line:
    """A transport that waits a while for an answer, like a real one, and notes what was sent.

    Args:
        inner: Performs exchanges.
        patience: Seconds for one exchange; None for as long as the operation has.
    """

    def __init__(self, inner: InProcessTransport, patience: float | None) -> None:
        self._inner = inner
        self._patience = patience
        self.sent: list[str] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        self.sent.append(request.operation)
        return self._inner.send(request, least(timeout, self._patience))

    def close(self) -> None:
        """Nothing to give back."""


class AsyncLine:
    """The same for an event loop."""

    def __init__(self, inner: AsyncInProcessTransport, patience: float | None) -> None:
        self._inner = inner
        self._patience = patience
        self.sent: list[str] = []

    async def send(self, request: Request, timeout: float | None) -> Response:
        self.sent.append(request.operation)
        return await self._inner.send(request, least(timeout, self._patience))

    async def close(self) -> None:
        """Nothing to give back."""


def least(*limits: float | None) -> float | None:
    """The lowest of some limits, None being no limit."""
    return min((each for each in limits if each is not None), default=None)


class InlineExecutor:
    """Stands in for a thread pool: each job runs at once, so that what happens in which order is known."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, job: Callable[..., Any], *arguments: object) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(job(*arguments))
        except BaseException as error:  # noqa: BLE001 (as a pool's thread does)
            future.set_exception(error)
        return future


def everything_said(error: BaseException) -> str:
    """All texts of an error, of what it came from, and their notes."""
    texts: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        texts += [str(each), repr(each), *getattr(each, "__notes__", ()), str(getattr(each, "hint", ""))]
        waiting += [each.__cause__, each.__context__]
    return "\n".join(texts)


def assert_discreet(text: str, where: str) -> None:
    """No personal data, no credential number and no password stands in a text."""
    shown = [index for index, secret in enumerate(SECRETS) if secret in text]
    assert not shown, f"{where}: secret {shown} is shown"
