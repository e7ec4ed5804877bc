"""What is checked before anything starts, each with a message that says what to do."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from pathlib import Path

FREE_BYTES_NEEDED = 500_000_000
MEGABYTE = 1_000_000
EVERY_ADDRESS = ("0.0.0.0", "::")  # nosec B104 # to tell people what they have asked for


class StartError(Exception):
    """The demo can't start; the message is for the person at the keyboard."""


def parse_port(text: str) -> int:
    """A TCP port number from what was typed."""
    if not text.strip():
        raise StartError("PORT is empty. Give a port number, for example: make demo PORT=8000")
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise StartError(f"PORT is {text!r}; it must be a number from 1 to 65535, for example 8000.")
    return port


def parse_data(text: str) -> Path:
    """The data folder from what was typed, absolute."""
    if not text.strip():
        raise StartError("DATA is empty. Give a folder, for example: make demo DATA=.demo")
    return Path(text).expanduser().resolve()


def check_host_and_port(host: str, port: int) -> None:
    """Refuse an address that can't be bound."""
    if not host.strip():
        raise StartError("HOST is empty. Give an address, for example: make demo HOST=127.0.0.1")
    problem = _bind_problem(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        free = next((p for p in range(port + 1, min(port + 50, 65536)) if _bind_problem(host, p) is None), 0)
        raise StartError(f"Port {port} on {host} is busy. Choose another one: make demo PORT={free or 8001}")
    if problem.errno == errno.EACCES:
        raise StartError(f"This user may not open port {port}. Choose one above 1023: make demo PORT=8000")
    raise StartError(f"HOST={host} can't be used here: {problem.strerror}. Try make demo HOST=127.0.0.1")


def _bind_problem(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def make_data_folder(data: Path) -> None:
    """Create the data folder and make sure that this user can write there and that there is room."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"DATA={data} can't be created: {error.strerror}. Choose another folder: make demo DATA=…"
        ) from error
    for folder in (data, data / "postgres"):
        if folder.exists() and not _usable(folder):
            raise StartError(
                f"This user can't write to {folder} (an earlier start by another user?). "
                "Start as that user, or choose another folder: make demo DATA=…"
            )
    message = space_problem(shutil.disk_usage(data).free, data)
    if message:
        raise StartError(message)


def _usable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def space_problem(free: int, folder: Path) -> str:
    """What to say about ``free`` bytes on the disk of ``folder``; empty where they suffice."""
    if free >= FREE_BYTES_NEEDED:
        return ""
    return (
        f"The disk of {folder} is nearly full: {free // MEGABYTE} MB free, "
        f"{FREE_BYTES_NEEDED // MEGABYTE} MB needed. Free some space, or choose a folder on another disk: "
        "make demo DATA=…"
    )


def allowed_hosts(host: str) -> str:
    """``ALLOWED_HOSTS`` for a server that listens on ``host``."""
    if host in EVERY_ADDRESS:
        return "*"
    return ",".join(dict.fromkeys(("127.0.0.1", "localhost", host)))


def address(host: str, port: int) -> str:
    """What to type into the browser."""
    shown = "127.0.0.1" if host in EVERY_ADDRESS else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
