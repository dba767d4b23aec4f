"""Every promise of access control, kept by each adapter there is, sync and async."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from hamilton_sdk.acs.aeos import Aeos
from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential
from hamilton_sdk.errors import ConnectionLost
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.contracts import AccessControlContract
from hamilton_sdk.testing.contracts.acs.base import Broken
from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.contracts.acs.faithful import BADGE_TYPE, FakeRun
from tests.testing.contracts.lines import BreakingLine

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestFake(FakeRun, AccessControlContract):
    more_than_a_page = 5

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
