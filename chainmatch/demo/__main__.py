"""``python -m chainmatch.demo``: what ``make demo`` starts once the environment is there."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence

from chainmatch.demo.checks import (
    StartError,
    check_host_and_port,
    make_data_folder,
    parse_data,
    parse_port,
)
from chainmatch.demo.run import Demo, Stopped
from chainmatch.demo.screen import make_screen
from chainmatch.demo.stopping import StopSwitch
from chainmatch.embedded.errors import OUT_OF_SPACE, EmbeddedError
from chainmatch.embedded.lock import CLEARING_SECONDS, DataLock
from chainmatch.embedded.process import follow_parent


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m chainmatch.demo", description="Start the whole of ChainMatch."
    )
    parser.add_argument("--port", default="8000", help="port of the web server (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--data", default=".demo", help="folder that keeps the data (default .demo)")
    parser.add_argument("--follow-parent", action="store_true", help="stop when the calling process ends")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the demo until it is stopped; returns the exit code."""
    options = parse(arguments)
    switch = StopSwitch()
    if options.follow_parent:
        follow_parent()
    try:
        return _run(options, switch)
    except Stopped:
        return 0
    except (StartError, EmbeddedError) as error:
        return _fail(str(error))
    except BrokenPipeError:  # whoever read our output has gone; everything is stopped by now
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _fail(
            f"{OUT_OF_SPACE}. Free some space and start again, or choose another folder: make demo DATA=…"
        )


def _run(options: argparse.Namespace, switch: StopSwitch) -> int:
    port = parse_port(options.port)
    data = parse_data(options.data)
    make_data_folder(data)
    lock = DataLock(data)
    if not lock.acquire(wait=CLEARING_SECONDS):
        holder = lock.holder()
        print(_running_message(holder.address if holder else "", holder.pid if holder else 0, options.data))
        return 0
    check_host_and_port(options.host, port)
    return Demo(host=options.host, port=port, data=data, lock=lock, switch=switch, screen=make_screen()).run(
        os.environ
    )


def _running_message(address: str, pid: int, data: str) -> str:
    where = f"at {address}" if address else "but still starting"
    return (
        f"ChainMatch is already running {where}, with the data in {data} (process {pid}). "
        "Stop it with Ctrl-C there."
    )


def _fail(message: str) -> int:
    print(f"\nChainMatch did not start.\n{message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
