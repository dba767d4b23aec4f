"""The fake and its hooks: it keeps every promise, and unfaithful ones are made of it."""

from __future__ import annotations

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import Credential, CredentialType
from hamilton_sdk.testing.contracts.acs.base import Base
from tests.testing.contracts.lines import Nobody

__all__ = ["BADGE_TYPE", "FakeRun"]

BADGE_TYPE = CredentialType(id="60", name="Badge", encoding="decimal", minimum="1", maximum="99999999")


class FakeRun(Base):
    """The hooks of a contract for a fake; a subclass joins it with a contract or a part of one."""

    kind: type[FakeAccessControl] = FakeAccessControl
    more_than_a_page = 3
    reason = "Lost"
    wrong_numbers = (Credential("badge", "4821X"), Credential("badge", "100000000"), Credential("badge", "0"))

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = self.kind(
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
