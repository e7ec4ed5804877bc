"""Makes the project's environment in ``.venv``; standard library only.

``python3 requirements/install.py`` installs what the demo needs, ``--dev`` also what tests and checks need.
A stamp, written last, holds a hash of the pins: while it is current nothing is done and no network is
needed; a half-made environment has none and is made anew.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

PINS = Path(__file__).resolve().parent
BASE = ("base.txt", "embedded.txt", "assets.txt")
DEV = ("dev.txt",)
FREE_BYTES_NEEDED = {"base": 1_500_000_000, "dev": 1_000_000_000}
SHOWN_LINES = 12
STAMP = "stamp.json"  # written last
MARK = "made-by-set-up"  # written first: what has neither is not ours to remove


class SetupError(Exception):
    """The environment can't be made; the message says why and what to do."""


def fingerprint(names: Iterable[str]) -> str:
    """Hash of these pins and of the Python release (its patch level does not matter)."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {platform.machine()}\n".encode())
    for name in names:
        digest.update((PINS / name).read_bytes())
    return digest.hexdigest()


def wanted_stamp(dev: bool) -> dict[str, str]:
    """What a complete environment's stamp holds."""
    stamp = {"base": fingerprint(BASE)}
    return stamp | {"dev": fingerprint(DEV)} if dev else stamp


def read_stamp(venv: Path) -> dict[str, str]:
    """The stamp of an environment that runs; empty where there is none."""
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    runs = subprocess.run([venv / "bin/python", "-c", ""], capture_output=True, check=False).returncode == 0
    return {str(key): str(value) for key, value in stamp.items()} if runs else {}


def missing(stamp: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Which parts are to be installed; ``base`` first, and with it everything."""
    if stamp.get("base") != wanted["base"]:
        return list(wanted)
    return [part for part in wanted if stamp.get(part) != wanted[part]]


def install(venv: Path, *, dev: bool) -> None:
    """Bring the environment up to date. Raises ``SetupError``."""
    if not missing(read_stamp(venv), wanted_stamp(dev)):
        return
    with (PINS / "base.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once: the second one waits and finds it done
        parts = missing(read_stamp(venv), wanted_stamp(dev))
        if parts:
            _install(venv, parts)


def _install(venv: Path, parts: list[str]) -> None:
    started = time.monotonic()
    _check_tools()
    _check_space(venv.parent, sum(FREE_BYTES_NEEDED[part] for part in parts))
    stamp = read_stamp(venv)
    if "base" in parts:
        stamp = {}
        _say(f"creating the environment in {venv.name} (once; about a minute)")
        _create(venv)
    for part in parts:
        _pip(venv, BASE if part == "base" else DEV, part)
        stamp[part] = fingerprint(BASE if part == "base" else DEV)
    (venv / STAMP).write_text(json.dumps(stamp))
    _say(f"the environment is ready after {time.monotonic() - started:.0f} s")


def _check_tools() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"This Python ({sys.executable}) has no venv and ensurepip. On Debian and Ubuntu: "
            f"apt-get install python{version}-venv (or python3-venv); elsewhere install a full Python."
        )


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SetupError(
            f"The disk of {folder} is nearly full: {free // 1_000_000} MB free, "
            f"{needed // 1_000_000} MB needed for the environment. Free some space and start again."
        )


def _create(venv: Path) -> None:
    taken = venv.exists() and any(venv.iterdir())
    if taken and not any((venv / ours).exists() for ours in (MARK, STAMP)):
        raise SetupError(
            f"{venv} exists and was not made by this set-up, so it is left alone. "
            "Remove it, or choose another folder: make VENV=…"
        )
    try:
        if venv.exists():
            shutil.rmtree(venv)
        venv.mkdir(parents=True)
        (venv / MARK).touch()
    except OSError as error:
        raise SetupError(
            f"{venv} can't be made anew by this user ({error.strerror}). Remove it as the user who made it."
        ) from error
    made = subprocess.run(
        [sys.executable, "-m", "venv", venv],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise SetupError(f"{venv} can't be created:\n{made.stdout.strip()}")


def _pip(venv: Path, names: Sequence[str], part: str) -> None:
    files = [PINS / name for name in names]
    total = sum(line[:1].isalpha() for file in files for line in file.read_text().splitlines())
    command = [str(venv / "bin/python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "--compile", "--no-deps", "--require-hashes"]
    command += [word for file in files for word in ("-r", str(file))]
    tail: deque[str] = deque(maxlen=SHOWN_LINES)
    seen = 0
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            if not line.startswith("WARNING"):
                tail.append(line)
            if line.startswith("Collecting "):
                seen += 1
                _show(part, f"{min(seen, total)} of {total} packages", seen)
            elif line.startswith("Installing collected"):
                _show(part, "unpacking and compiling", 0)
    if pip.returncode != 0:
        raise SetupError(_pip_failure("".join(tail)))


def _pip_failure(output: str) -> str:
    if "No space left on device" in output:
        return "The disk is full. Free some space and start again."
    return (
        f"The packages could not be installed:\n{output.rstrip()}\n"
        "The first start needs a package index that pip can reach; behind a mirror or offline, "
        "set pip's own PIP_INDEX_URL, or PIP_FIND_LINKS to a folder of wheels."
    )


def _show(part: str, text: str, step: int) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K[1/5] set-up: {part}: {text}", end="", flush=True)
        if step == 0:
            print()
    elif step % 20 == 0:
        _say(f"{part}: {text}")


def _say(text: str) -> None:
    print(f"[1/5] set-up: {text}", flush=True)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the project's environment.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="where (default .venv)")
    options = parser.parse_args()
    try:
        install(options.venv.absolute(), dev=options.dev)
    except SetupError as error:
        print(f"\nSet-up failed.\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up was interrupted; the next start begins it anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
