"""Print how many of the mutants that mutmut made were killed, per module, and fail below the least."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

LEAST = 95.0
# A mutant that made the tests hang was noticed too; one that the type checker refuses cannot be written.
KILLED = {"killed", "timeout", "segfault", "caught by type check"}


def read() -> dict[str, Counter[str]]:
    """Count the mutants of the last run by module and by what became of them."""
    listing = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    counts: dict[str, Counter[str]] = {}
    for line in listing.splitlines():
        name, _, state = line.strip().rpartition(": ")
        if name:
            module = name.split(".x_")[0].split(".xǁ")[0]
            counts.setdefault(module, Counter())[state] += 1
    return counts


def main() -> int:
    """Print the table and judge it."""
    worst = 100.0
    counts = read()
    for module, states in sorted(counts.items()):
        rate = 100 * sum(states[state] for state in KILLED) / states.total()
        worst = min(worst, rate)
        print(f"{module}: {rate:.1f} % of {states.total()} mutants killed ({dict(states)})")
    if not counts or worst < LEAST:
        print(f"below {LEAST} %: see `mutmut results` and `mutmut show NAME`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
