"""See that the built wheel works by itself, inside an environment that holds nothing else of ours.

Usage: ``smoke_test.py base`` where only what the package must have is installed, ``smoke_test.py all`` with
the command line too.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path


def base() -> None:
    """Import what is public, and let a visitor in with the in-memory adapter."""
    import hamilton_sdk
    from hamilton_sdk.acs import AccessControl, AccessOrder, FakeAccessControl, Holder
    from hamilton_sdk.model import TimeWindow

    installed = Path(hamilton_sdk.__file__).parent
    assert "site-packages" in installed.parts, f"{installed} is not the wheel"
    assert (installed / "py.typed").exists(), "the wheel lacks py.typed"
    assert hamilton_sdk.__version__ == importlib.metadata.version("hamilton-apps-sdk")
    for name in hamilton_sdk.__all__:
        getattr(hamilton_sdk, name)
    now = datetime.now(UTC)
    order = AccessOrder(Holder("VISIT-1", "Durand"), ("visitor",), TimeWindow(now, now + timedelta(hours=1)))
    with AccessControl(FakeAccessControl()) as acs:
        profile = acs.profiles()[0].name
        grant = acs.activate(order.model_copy(update={"profiles": (profile,)}))
        assert grant.state == "active", grant
        assert acs.revoke("VISIT-1").state == "ended"


def everything() -> None:
    """Run the command line, with all that the demonstration needs."""
    command = Path(sys.executable).with_name("hamilton")
    subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([command, "demo"], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    {"base": base, "all": everything}[sys.argv[1]]()
    print(f"the wheel works ({sys.argv[1]})")
