"""Contracts: tests that any adapter must pass, for those who write one and for the SDK itself.

Subclass a contract in a test module, say how to reach the system, and let pytest collect it::

    class TestMine(AccessControlContract):
        def adapter(self) -> AccessControlAdapter:
            return Mine("https://acs.example.org")


    class TestMineAsync(TestMine):
        asynchronous = True

Nothing here imports pytest; what a system cannot show is skipped with `unittest.SkipTest`.
"""

from hamilton_sdk.testing.contracts.acs import AccessControlContract
from hamilton_sdk.testing.contracts.graph import CalendarContract

__all__ = ["AccessControlContract", "CalendarContract"]
