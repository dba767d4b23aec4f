"""Every promise of access control, kept by each adapter there is, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential, CredentialType
from hamilton_sdk.testing.contracts import AccessControlContract

if TYPE_CHECKING:
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
