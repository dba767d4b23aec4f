"""The whole contract of access control."""

from __future__ import annotations

from hamilton_sdk.testing.contracts.acs.breaking import Breaking
from hamilton_sdk.testing.contracts.acs.ending import Ending
from hamilton_sdk.testing.contracts.acs.granting import Granting
from hamilton_sdk.testing.contracts.acs.reading import Reading
from hamilton_sdk.testing.contracts.acs.refusing import Refusing

__all__ = ["AccessControlContract"]


class AccessControlContract(Granting, Ending, Reading, Refusing, Breaking):
    """Every promise of `hamilton_sdk.acs.AccessControlAdapter`, as tests.

    Override `adapter`, and what of the other hooks does not fit; see
    `hamilton_sdk.testing.contracts.acs.base.Base` for all of them. Each test has an instance of its own.

    Example:
        >>> from hamilton_sdk.acs import FakeAccessControl
        >>> class TestFake(AccessControlContract):
        ...     def setup_method(self) -> None:
        ...         super().setup_method()
        ...         self.fake = FakeAccessControl(profiles=("Visitors", "Contractors"))
        ...
        ...     def adapter(self) -> FakeAccessControl:
        ...         return self.fake
    """
