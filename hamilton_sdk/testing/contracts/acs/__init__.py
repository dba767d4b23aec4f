"""What any access-control adapter must keep, by subject."""

from hamilton_sdk.testing.contracts.acs.contract import AccessControlContract

__all__ = ["AccessControlContract"]
