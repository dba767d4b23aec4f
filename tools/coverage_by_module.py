"""Run each listed module's own test file alone and see that it covers the module, branches included.

A module that only other modules' tests reach is not tested: nothing states what it promises.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "hamilton_sdk"

# The least share of lines and branches, in percent. Its test file is the one of the same name under tests/.
LEAST = {
    "arguments.py": 100,
    "clock.py": 100,
    "errors.py": 100,
    "failure.py": 100,
    "faking.py": 100,
    "flow.py": 100,
    "model.py": 100,
    "retry.py": 100,
    "retry_after.py": 100,
    "settings.py": 100,
    "acs/checks.py": 100,
    "acs/credentials/*.py": 100,
    "acs/interface.py": 100,
    "acs/models.py": 100,
    "acs/reconcile.py": 100,
    "acs/fake.py": 95,
    "acs/_memory.py": 95,
    "acs/aeos/*.py": 95,
    "graph/[!_]*.py": 100,
    "graph/_*.py": 95,
    "testing/simulators/aeos/*.py": 95,
    "cli/cells.py": 100,
    "cli/ending.py": 100,
    "cli/fitting.py": 100,
    "cli/interruption.py": 100,
    "cli/journey.py": 100,
    "cli/loopback.py": 100,
    "cli/news.py": 100,
    "cli/plan.py": 100,
    "cli/promises.py": 100,
    "cli/record.py": 100,
    "cli/report.py": 100,
    "cli/source.py": 100,
    "cli/store.py": 100,
    "cli/table.py": 100,
    "cli/trouble.py": 100,
    "cli/visits.py": 100,
    "cli/wording.py": 100,
    "cli/webhooks/[!a]*.py": 100,
    "cli/webhooks/app.py": 95,
    "transport/addresses.py": 100,
    "transport/base.py": 100,
    "transport/destinations.py": 100,
    "transport/proxies.py": 100,
    "transport/tls.py": 100,
    "transport/_clients.py": 100,
    "transport/_driving.py": 100,
    "transport/_exchange.py": 100,
    "transport/_faults.py": 100,
    "transport/_handshake.py": 100,
    "transport/_http11.py": 100,
    "transport/_idle.py": 100,
    "transport/_lookup.py": 100,
    "transport/_portions.py": 100,
    "transport/_racing.py": 100,
    "transport/_sockets.py": 100,
    "transport/_streams.py": 100,
    "transport/_tunnel.py": 100,
    "transport/_unread.py": 100,
    "serving/*.py": 100,
    "serving/incoming/*.py": 100,
    "secrets/*.py": 100,
    "store/address.py": 100,
    "store/arguments.py": 100,
    "store/executing.py": 100,
    "store/operation.py": 100,
    "store/statement.py": 100,
    "store/tables.py": 100,
    "store/trouble.py": 100,
    "webhooks/_checks.py": 100,
    "webhooks/_sealing.py": 100,
    "webhooks/_time.py": 100,
    "webhooks/_claiming.py": 100,
    "webhooks/_course.py": 100,
    "webhooks/_dispatching.py": 100,
    "webhooks/_keyring.py": 100,
    "webhooks/_listening.py": 100,
    "webhooks/_operations/deliveries.py": 100,
    "webhooks/_operations/inbox.py": 100,
    "webhooks/_operations/publishing.py": 100,
    "webhooks/_places.py": 100,
    "webhooks/_settling.py": 100,
    "webhooks/_tasks.py": 100,
    "webhooks/_threads.py": 100,
    "webhooks/_unsent.py": 100,
    "webhooks/breaker.py": 100,
    "webhooks/delivering.py": 100,
    "webhooks/hooks.py": 100,
    "webhooks/inbox.py": 100,
    "webhooks/models.py": 100,
    "webhooks/schedule.py": 100,
    "webhooks/_headers.py": 100,
    "webhooks/_keys.py": 100,
    "webhooks/_refusals.py": 100,
    "webhooks/_rfc9421.py": 100,
    "webhooks/_window.py": 100,
    "webhooks/events/*.py": 100,
    "webhooks/handshake.py": 100,
    "webhooks/hosts/*.py": 100,
    "webhooks/http_signatures.py": 100,
    "webhooks/presets.py": 100,
    "webhooks/receiving/*.py": 100,
    "webhooks/signing.py": 100,
    "webhooks/verified.py": 100,
}

_COVERAGE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
EXCLUDED: list[str] = _COVERAGE["report"]["exclude_also"]


class Result(NamedTuple):
    """What one module's own test file covers."""

    module: Path
    covered: float
    least: float
    complaint: str

    def __str__(self) -> str:
        mark = "ok  " if not self.complaint else "FAIL"
        return f"{mark} {self.covered:6.1f} % of {self.module.relative_to(ROOT).as_posix()} {self.complaint}"


def own_tests(module: Path) -> Path:
    """Where a module's own tests stand."""
    folder = ROOT / "tests" / module.relative_to(PACKAGE).parent
    return folder / f"test_{module.stem.lstrip('_')}.py"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def measure(module: Path, least: float) -> Result:
    """Run a module's own test file and read what it covered of the module."""
    tests = own_tests(module)
    if not tests.exists():
        return Result(module, 0.0, least, f"there is no {tests.relative_to(ROOT).as_posix()}")
    name = module.relative_to(ROOT).as_posix()
    with tempfile.TemporaryDirectory() as folder:
        settings, report = Path(folder, "coveragerc"), Path(folder, "coverage.json")
        # Of this module alone: to analyse the whole package for each would take most of the time.
        settings.write_text(
            f"[run]\nbranch = true\ninclude = {name}\ndata_file = {folder}/coverage\n"
            "[report]\nexclude_also =\n" + "".join(f"    {each}\n" for each in EXCLUDED),
            encoding="utf-8",
        )
        coverage = (sys.executable, "-m", "coverage")
        quiet = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov", str(tests))
        run = _run(*coverage, "run", f"--rcfile={settings}", *quiet)
        if run.returncode != 0:
            return Result(module, 0.0, least, f"its tests failed\n{run.stdout[-3000:]}{run.stderr[-1000:]}")
        _run(*coverage, "json", f"--rcfile={settings}", "-q", "-o", str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return judge(module, files[name], least)


def judge(module: Path, measured: dict[str, dict[str, float]], least: float) -> Result:
    """Compare what was covered with the least."""
    covered = measured["summary"]["percent_covered"]
    if covered >= least:
        return Result(module, covered, least, "")
    missing = f"missing lines {measured['missing_lines']}, branches {measured['missing_branches']}"
    return Result(module, covered, least, f"but {least} % are asked for; {missing}")


def main() -> int:
    """Measure all modules that are listed, two at a time on two cores."""
    wanted = [
        (module, least)
        for pattern, least in LEAST.items()
        for module in sorted(PACKAGE.glob(pattern))
        if module.stem != "__init__"  # these only gather names
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda pair: measure(*pair), wanted))
    for result in results:
        print(result)
    return int(any(result.complaint for result in results))


if __name__ == "__main__":
    sys.exit(main())
