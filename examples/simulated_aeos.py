"""Test your own code against a simulated AEOS, over a real socket with TLS, while the line fails.

The simulator can be asked afterwards what is true: who is in the system, and which badge opens a door.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hamilton_sdk import Http, TimeWindow
from hamilton_sdk.acs import AccessControl, AccessOrder, Aeos, Credential, Holder
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.testing.simulators import AeosSimulator


def main() -> None:
    """Lose the answer to the one call that must not happen twice, and see that it did not."""
    now = datetime.now(UTC)
    order = AccessOrder(
        holder=Holder("visit-4712", family_name="Nuñez", host="E-1001"),
        profiles=["Visitors"],
        window=TimeWindow(now, now + timedelta(hours=2)),
        credential=Credential("badge", "21004825"),
    )
    simulator = AeosSimulator()
    # The server makes the visitor, and the connection is reset before it can say so.
    simulator.faults.add(Fault("reset", after_work=True), operation="addVisitor")

    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        with LoopbackServer(simulator, tls=authority.issue_server()) as server:
            aeos = Aeos(
                server.url + simulator.path,
                username=simulator.username,
                password=simulator.password,
                timezone="Europe/Paris",
                identifier_type="Visitor badge",
            )
            with AccessControl(aeos, transport=Http(ca=authority.ca)) as acs:
                print("activated:", acs.activate(order).state)

    print("faults:   ", [operation for operation, _ in simulator.faults.drawn])
    print("visitors: ", len(simulator.holders()))
    print("opens:    ", simulator.opens("21004825", now + timedelta(hours=1)))


if __name__ == "__main__":
    main()
