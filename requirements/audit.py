"""Ask the vulnerability service about every pinned dependency, and say so where it was not told.

``pip-audit`` ends alike where it finds something and where it learns nothing. Here: 0 known to be clean, 1
vulnerable, 3 not checked. With ``--where-reachable`` what was not checked is told and ends with 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 3


def verdict(answer: str, error: str) -> tuple[int, str]:
    """How the audit ends, and what is told of it; ``answer`` is the JSON of ``pip-audit``."""
    try:
        found = json.loads(answer)["dependencies"]
    except ValueError:
        last = (error.strip().splitlines() or ["no answer"])[-1]
        return NOT_CHECKED, f"NOT CHECKED: the vulnerability service was not reached ({last})"
    known = [
        f"{one['name']} {one['version']}: {each['id']}" for one in found for each in one.get("vulns", ())
    ]
    if known:
        return VULNERABLE, "\n".join(("Vulnerable:", *known))
    skipped = [one["name"] for one in found if "vulns" not in one]
    if skipped or not found:
        return NOT_CHECKED, (
            f"NOT CHECKED: of {len(found)} pinned dependencies the vulnerability service knows nothing about"
            f" {len(skipped)}: {', '.join(skipped[:5])}{' …' if len(skipped) > 5 else ''}"
        )
    return CLEAN, f"{len(found)} pinned dependencies, no known vulnerability"


def main(arguments: list[str]) -> int:
    """Run ``pip-audit`` over both files of pins."""
    pins = [option for name in ("base", "dev") for option in ("--requirement", str(HERE / f"{name}.txt"))]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        *pins,
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    code, told = verdict(done.stdout, done.stderr)
    print(told)
    return CLEAN if code == NOT_CHECKED and "--where-reachable" in arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
