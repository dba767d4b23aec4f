"""The contract as a whole: what it holds, and that nothing is needed to read it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

from hamilton_sdk.acs.connector import AccessControl
from hamilton_sdk.testing.contracts import AccessControlContract
from hamilton_sdk.testing.contracts.acs.blocking import Calls
from hamilton_sdk.testing.contracts.acs.breaking import Breaking
from hamilton_sdk.testing.contracts.acs.ending import Ending
from hamilton_sdk.testing.contracts.acs.granting import Granting
from hamilton_sdk.testing.contracts.acs.reading import Reading
from hamilton_sdk.testing.contracts.acs.refusing import Refusing

PARTS = (Granting, Ending, Reading, Refusing, Breaking)


def promises(kind: type) -> list[str]:
    return [name for name in vars(kind) if name.startswith("test_")]


def test_it_holds_every_part_and_no_promise_hides_another() -> None:
    counted = Counter(name for part in PARTS for name in promises(part))
    assert set(counted.values()) == {1}
    assert set(counted) == {name for name in dir(AccessControlContract) if name.startswith("test_")}


def test_every_promise_says_what_it_promises() -> None:
    silent = [name for part in PARTS for name in promises(part) if not getattr(part, name).__doc__]
    assert silent == []


def test_pytest_does_not_collect_it_where_it_is_only_imported() -> None:
    assert not any(kind.__name__.startswith("Test") for kind in (AccessControlContract, *PARTS))


def test_its_calls_are_the_methods_of_the_connector() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(Calls) == public(AccessControl)


def test_reading_it_needs_no_pytest() -> None:
    script = "import sys, hamilton_sdk.testing.contracts; sys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
