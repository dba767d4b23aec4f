"""One visitor, from pre-registration to departure.

Runs as it is, against a simulated AEOS in the same process. For a real one, give your server's address and
account, and leave `transport` out or trust your own authority: `transport=Http(ca="authority.pem")`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hamilton_sdk import TimeWindow
from hamilton_sdk.acs import AccessControl, AccessOrder, Aeos, Credential, Holder
from hamilton_sdk.testing.simulators import AeosSimulator


def main() -> None:
    """Reserve, let in, extend, let out."""
    simulator = AeosSimulator()
    aeos = Aeos(
        "https://aeos.example.com:8443/aeosws",
        username=simulator.username,
        password=simulator.password,
        timezone="Europe/Paris",
        identifier_type="Visitor badge",
    )
    now = datetime.now(UTC)
    order = AccessOrder(
        # The reference names the visit; every later call uses it. The host is a personnel number.
        holder=Holder("visit-4711", family_name="Lefèvre", given_name="Gaël", host="E-1001"),
        profiles=["Visitors"],
        window=TimeWindow(now, now + timedelta(hours=2)),
        credential=Credential("badge", "21004817"),
    )
    with AccessControl(aeos, transport=simulator) as acs:
        print("before arrival:  ", acs.reserve(order).state)
        print("at the reception:", acs.activate(order).state)
        print("asked twice:     ", acs.activate(order).state, "- still one holder")
        longer = TimeWindow(now, now + timedelta(hours=3))
        print("stays longer:    ", acs.extend("visit-4711", longer).state)
        print("at the exit:     ", acs.revoke("visit-4711").state)

    # What is true, from the simulator's own state.
    assert len(simulator.holders()) == 1
    assert not simulator.opens("21004817", now + timedelta(hours=1))


if __name__ == "__main__":
    main()
