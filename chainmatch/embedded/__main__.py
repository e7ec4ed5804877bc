"""``python -m chainmatch.embedded run [--data FOLDER] -- COMMAND …``: a command beside the services.

Without ``--data`` the services are thrown away afterwards. With it they keep their data in that folder,
and the services of a demo that is running there are used as they are.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from chainmatch.embedded import valkey
from chainmatch.embedded.errors import EmbeddedError
from chainmatch.embedded.lock import CLEARING_SECONDS, DataLock
from chainmatch.embedded.process import Undertaker, death_signal_setter, end, guard
from chainmatch.embedded.services import Layout, Services, ThrowAway, cluster_of, start

STOP_SECONDS = 10.0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Split our options from the command."""
    parser = argparse.ArgumentParser(prog="python -m chainmatch.embedded")
    run = parser.add_subparsers(dest="verb", required=True).add_parser("run", help="run a command")
    run.add_argument("--data", type=Path, help="folder to keep the data in (default: thrown away)")
    run.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND …")
    options = parser.parse_args(arguments)
    options.command = [word for position, word in enumerate(options.command) if position or word != "--"]
    if not options.command:
        parser.error("no command given")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command with ``DATABASE_URL`` and ``REDIS_URL`` set; returns its exit code."""
    options = parse(arguments)
    command = options.command
    if command[0].endswith(".py"):
        command = [sys.executable, *command]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with _kept(options.data) if options.data else _thrown_away() as (variables, watcher):
            return _run(command, dict(os.environ) | variables, watcher)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: Sequence[str], environment: Mapping[str, str], watcher: Undertaker) -> int:
    apart = not sys.stdin.isatty()  # at a terminal the command stays in our group, to read there
    net = guard(signal.SIGTERM, watcher, STOP_SECONDS) if apart else death_signal_setter(signal.SIGTERM)
    process = subprocess.Popen(command, env=environment, start_new_session=apart, preexec_fn=net)
    try:
        return process.wait()
    finally:
        end(process, STOP_SECONDS, whole_group=apart)
        watcher.forget(process.pid)


@contextmanager
def _thrown_away() -> Iterator[tuple[dict[str, str], Undertaker]]:
    running = ThrowAway.start(os.environ)
    try:
        yield running.services.environment(), running.watcher
    finally:
        running.stop()


@contextmanager
def _kept(data: Path) -> Iterator[tuple[dict[str, str], Undertaker]]:
    layout = Layout.of(data)
    layout.make()
    lock = DataLock(layout.data)
    ours = lock.acquire(wait=CLEARING_SECONDS)
    watcher = Undertaker(inherit=[lock.descriptor] if ours else [])
    try:
        services = start(layout, os.environ, watcher) if ours else _running(layout)
        try:
            yield services.environment(), watcher
        finally:
            services.stop()
    finally:
        watcher.close()
        lock.release()


def _running(layout: Layout) -> Services:
    """The services of the demo that holds the lock; they are not ours to stop."""
    given, cluster = os.environ.get("DATABASE_URL"), cluster_of(layout, os.environ)
    return Services(
        database_url=given or cluster.url,
        owner_url=os.environ.get("DATABASE_OWNER_URL", "") if given else cluster.owner_url,
        redis_url=os.environ.get("REDIS_URL") or valkey.socket_url(layout.broker_socket),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
