"""Every promise of access control, kept by each adapter there is, sync and async."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from hamilton_sdk.acs.aeos import Aeos
from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential, CredentialType
from hamilton_sdk.errors import ConnectionLost
from hamilton_sdk.flow import Cut
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.contracts import AccessControlContract
from hamilton_sdk.testing.contracts.acs.base import Broken
from hamilton_sdk.testing.simulators import AeosSimulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.flow import Flow, Request, Response

BADGE_TYPE = CredentialType(id="60", name="Badge", encoding="decimal", minimum="1", maximum="99999999")


class Nobody:
    """A peer that must not be asked: the fake has none."""

    def respond(self, request: Request) -> Flow[Response]:
        message = f"the fake sent {request.operation}"
        raise AssertionError(message)


class TestFake(AccessControlContract):
    more_than_a_page = 5
    reason = "Lost"
    wrong_numbers = (Credential("badge", "4821X"), Credential("badge", "100000000"), Credential("badge", "0"))

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = FakeAccessControl(
            profiles=("Visitors", "Contractors"),
            credential_types=(BADGE_TYPE, "Card"),
            reasons=("Lost", "Stolen"),
            page_size=2,
        )

    def adapter(self) -> FakeAccessControl:
        return self.fake

    def transport(self) -> Nobody:
        return Nobody()

    def add_foreign_holder(self, credential: Credential) -> None:
        self.fake.give_to_others(credential)

    def opens(self, credential: Credential) -> bool:
        return self.fake.opens(credential, self.now())

    @contextmanager
    def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
        """A call of the fake is one exchange, and what it has done it also says: there is no line between."""
        del after_work
        if step == 1:
            self.fake.fail_next(ConnectionLost("cut"))
        with self.open() as acs:
            yield Broken(acs, lambda: step == 1)
        self.fake.assert_all_failed()


class TestFakeAsync(TestFake):
    asynchronous = True


class TestFakeWithHosts(TestFake):
    host = "4711"

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = FakeAccessControl(
            profiles=("Visitors", "Contractors"),
            credential_types=(BADGE_TYPE,),
            hosts=("4711",),
            needs_host=True,
            reasons=("Lost",),
            page_size=3,
        )


class BreakingLine:
    """A line to a responder that is cut once.

    Args:
        responder: Behind it.
        step: Which exchange, from 1.
        after_work: Whether the responder does what was asked, and only the answer is lost.
    """

    def __init__(self, responder: AeosSimulator, step: int, *, after_work: bool) -> None:
        self._responder = responder
        self._left = step
        self._after_work = after_work

    def was_cut(self) -> bool:
        return self._left <= 0

    def respond(self, request: Request) -> Flow[Response]:
        self._left -= 1
        if self._left == 0 and not self._after_work:
            raise Cut("reset")
        answer = yield from self._responder.respond(request)
        if self._left == 0:
            raise Cut("reset", after_work=True)
        return answer


class AeosContract(AccessControlContract):
    """AEOS over the simulator, in process."""

    strategy: Literal["visit", "profile"] = "visit"
    host = "E-1001"
    reason = "Suspended"
    more_than_a_page = 3
    wrong_numbers = (Credential("badge", "4821337X"), Credential("badge", "4821337"))

    def setup_method(self) -> None:
        super().setup_method()
        self.simulator = self.make_simulator()

    def make_simulator(self) -> AeosSimulator:
        return AeosSimulator()

    def adapter(self) -> Aeos:
        return Aeos(
            f"https://aeos.example.org:8443{self.simulator.path}",
            username=self.simulator.username,
            password=self.simulator.password,
            timezone="Europe/Paris",
            strategy=self.strategy,
            identifier_type={"badge": "Visitor badge", "qr": "QR code"},
            page_size=2,
        )

    def transport(self) -> AeosSimulator:
        return self.simulator

    def add_foreign_holder(self, credential: Credential) -> None:
        carrier = self.simulator.add_visitor("Lefèvre", personnel_number="V-1")
        self.simulator.give_badge(carrier, credential.number)
        self.simulator.grant(carrier, 51, self.now())

    def opens(self, credential: Credential) -> bool:
        return self.simulator.opens(credential.number, self.now())

    @contextmanager
    def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
        line = BreakingLine(self.simulator, step, after_work=after_work)
        with self.open(transport=line, retry=RetryPolicy.never()) as acs:
            yield Broken(acs, line.was_cut)


class TestAeosVisits(AeosContract):
    pass


class TestAeosVisitsAsync(AeosContract):
    asynchronous = True


class TestAeosProfiles(AeosContract):
    strategy = "profile"
    host = None


class TestAeosProfilesAsync(TestAeosProfiles):
    asynchronous = True


class AeosUnlike(AeosContract):
    """A server that differs where nobody outside Nedap knows what the real one does."""

    def make_simulator(self) -> AeosSimulator:
        return AeosSimulator(
            generation="older",
            block_reply="identifier",
            cut_visitor_times=True,
            badges_of_removed="refused",
            visits_of_removed="removed",
            page_cap=2,
            empty_lists="body",
        )


class TestAeosUnlikeVisits(AeosUnlike):
    pass


class TestAeosUnlikeProfiles(AeosUnlike):
    strategy = "profile"
    host = None
