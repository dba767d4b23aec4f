"""A small tenant of Entra ID and Exchange Online: tokens, calendars, rooms that answer, notifications.

Example:
    >>> from hamilton_sdk.testing.simulators import GraphSimulator
    >>> simulator = GraphSimulator(rooms=["blue@contoso.example"], people=["ann@contoso.example"])
    >>> simulator.outlook.events("blue@contoso.example")
    []
"""

from hamilton_sdk.testing.simulators.graph.outlook import Outlook
from hamilton_sdk.testing.simulators.graph.settings import Switches
from hamilton_sdk.testing.simulators.graph.simulator import GraphSimulator, Person, Room

__all__ = ["GraphSimulator", "Outlook", "Person", "Room", "Switches"]
