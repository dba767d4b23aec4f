"""For tests: fakes, simulators, fault scripts, a loopback server, contracts, throw-away certificates.

Fakes are adapters in memory, simulators speak a peer's real wire format:

>>> from hamilton_sdk.testing import FakeAccessControl, FakeCalendar, simulators
>>> sorted(simulators.SIMULATORS)
['aeos', 'graph']
"""

from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.testing import simulators

__all__ = ["FakeAccessControl", "FakeCalendar", "simulators"]
