"""What any calendar adapter must keep, by subject."""

from hamilton_sdk.testing.contracts.graph.contract import CalendarContract

__all__ = ["CalendarContract"]
