"""A small Nedap AEOS server: the SOAP web service's wire format, its limits, its states and its traps.

Example:
    >>> from hamilton_sdk.testing.simulators import AeosSimulator
    >>> simulator = AeosSimulator(timezone="Europe/Paris")
    >>> [employee.personnel_number for employee in simulator.employees()]
    ['E-1001', 'E-1002', 'E-100']
"""

from hamilton_sdk.testing.simulators.aeos.oracle import Held
from hamilton_sdk.testing.simulators.aeos.simulator import AeosSimulator
from hamilton_sdk.testing.simulators.aeos.state import Authorisation, Carrier, Identifier, Visit

__all__ = ["AeosSimulator", "Authorisation", "Carrier", "Held", "Identifier", "Visit", "client_lines"]


def client_lines(simulator: AeosSimulator, url: str) -> list[tuple[str, str]]:
    """What a client of this simulator needs; see `AeosSimulator.client_lines`."""
    return simulator.client_lines(url)
