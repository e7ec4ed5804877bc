"""The three programs of the project itself: web, worker and beat."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from chainmatch.demo.checks import address, allowed_hosts
from chainmatch.embedded.process import Command

PROJECT = Path(__file__).resolve().parents[2]
WEB_THREADS = 8
KEEP_ALIVE = "75"
"""Seconds for which an idle connection stays open: longer than clients and proxies keep theirs.

No client sends a POST again by itself that met a connection just closed.
"""
MAIL = "mail"
"""Folder of e-mails inside the data folder."""

WORKER_PROCESSES = 2


def environment(
    base: Mapping[str, str], *, host: str, port: int, data: Path, urls: Mapping[str, str]
) -> dict[str, str]:
    """Variables for every program of the demo: ours, without those that make adds for itself.

    E-mails become files where nobody says how to send them, and their links lead back to this demo.
    """
    kept = {name: value for name, value in base.items() if not name.startswith(("MAKE", "MFLAGS"))}
    ours = {
        "CHAINMATCH_MODE": "demo",
        "CHAINMATCH_DATA_DIR": str(data / "files"),
        "ALLOWED_HOSTS": base.get("ALLOWED_HOSTS") or allowed_hosts(host),
        "EMAIL_URL": base.get("EMAIL_URL") or f"file:///{quote(os.fspath(data / MAIL))}",
        "SITE_URL": base.get("SITE_URL") or address(host, port),
        "DJANGO_SETTINGS_MODULE": "chainmatch.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    return kept | ours | dict(urls)


def manage(*arguments: str) -> tuple[str, ...]:
    """A management command."""
    return (sys.executable, "manage.py", *arguments)


def web(variables: Mapping[str, str], *, host: str, port: int, logs: Path) -> Command:
    """gunicorn with one process of threads."""
    shown_host = f"[{host}]" if ":" in host else host
    arguments = (
        *(sys.executable, "-m", "gunicorn", "chainmatch.wsgi:application"),
        *("--bind", f"{shown_host}:{port}", "--worker-class", "gthread", "--workers", "1"),
        *(
            "--threads",
            str(WEB_THREADS),
            "--graceful-timeout",
            "5",
            "--keep-alive",
            KEEP_ALIVE,
            "--no-control-socket",
            "--access-logfile",
            "-",
            "--logger-class",
            "chainmatch.access_log.Logger",
        ),
    )
    return _command("web", arguments, variables, logs)


def worker(variables: Mapping[str, str], *, logs: Path, processes: int = WORKER_PROCESSES) -> Command:
    """A Celery worker; asked to stop, it gives unfinished tasks back instead of finishing them."""
    arguments = (
        *(sys.executable, "-m", "celery", "-A", "chainmatch", "worker", "--loglevel", "INFO"),
        *("--pool", "prefork", "--concurrency", str(processes), "--without-mingle", "--without-gossip"),
    )
    remapped = {**variables, "REMAP_SIGTERM": "SIGQUIT"}
    return _command("worker", arguments, remapped, logs)


def beat(variables: Mapping[str, str], *, data: Path, logs: Path) -> Command:
    """Celery's clock."""
    arguments = (
        *(sys.executable, "-m", "celery", "-A", "chainmatch", "beat", "--loglevel", "INFO"),
        *("--schedule", os.fspath(data / "beat-schedule"), "--pidfile", ""),
    )
    return _command("beat", arguments, variables, logs)


def _command(name: str, arguments: tuple[str, ...], variables: Mapping[str, str], logs: Path) -> Command:
    # What serves people has no way to the owner's rights.
    without_owner = {key: value for key, value in variables.items() if key != "DATABASE_OWNER_URL"}
    return Command(
        name=name,
        arguments=arguments,
        environment=without_owner,
        log=logs / f"{name}.log",
        folder=PROJECT,
        stop_signal=signal.SIGTERM,
    )
