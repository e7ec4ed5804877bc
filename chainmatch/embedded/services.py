"""Both services together, and where their files lie.

::

    DATA/postgres/   the cluster          DATA/logs/   one log a program
    DATA/run/        the two sockets      DATA/demo.lock
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chainmatch.embedded import postgres, valkey
from chainmatch.embedded.errors import EmbeddedError
from chainmatch.embedded.process import Child, RunAs, Undertaker

MAX_SOCKET_FOLDER = 85  # bytes; a socket's whole path must stay below 104 (macOS) or 108 (Linux)
SHORT_FOLDER = Path("/tmp")  # nosec B108 # mkdtemp makes a private folder in it


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders of one start."""

    data: Path
    sockets: Path

    @classmethod
    def of(cls, data: Path) -> Layout:
        """Sockets go beside the data, or, where that path is too long for a socket, to a short one."""
        data = data.resolve()
        beside = data / "run"
        return cls(data, beside if len(os.fsencode(beside)) <= MAX_SOCKET_FOLDER else _short_folder(data))

    @property
    def logs(self) -> Path:
        """Folder of the logs."""
        return self.data / "logs"

    @property
    def broker_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey.sock"

    def make(self) -> None:
        """Create the folders; the socket folder is closed to others."""
        for folder in (self.data, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.is_symlink():
            raise EmbeddedError(f"{self.sockets} is a symbolic link; remove it.")


def _short_folder(data: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return SHORT_FOLDER / f"chainmatch-{os.geteuid()}-{digest}"


@dataclass(slots=True)
class Services:
    """What runs, in order of start, and how to reach it."""

    database_url: str
    owner_url: str
    redis_url: str
    children: list[Child] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """The variables that the settings read; the owner's only where the database has one of its own."""
        owner = {"DATABASE_OWNER_URL": self.owner_url} if self.owner_url else {}
        return {"DATABASE_URL": self.database_url, **owner, "REDIS_URL": self.redis_url}

    def stop(self) -> None:
        """Stop in reverse order."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()


def cluster_of(layout: Layout, environ: Mapping[str, str], *, durable: bool = True) -> postgres.Cluster:
    """The PostgreSQL cluster of this layout, with the identity that can serve it."""
    bindir = postgres.find_bindir(environ)
    run_as = postgres.choose_identity(bindir, layout.data)
    _own(layout.sockets, run_as)
    return postgres.Cluster(
        bindir=bindir,
        data=layout.data / "postgres",
        sockets=layout.sockets,
        log=layout.logs / "postgres.log",
        run_as=run_as,
        durable=durable,
    )


def _own(folder: Path, run_as: RunAs) -> None:
    if os.geteuid() == 0:
        os.chown(folder, run_as.uid or 0, run_as.gid or 0)


def start(
    layout: Layout,
    environ: Mapping[str, str],
    watcher: Undertaker,
    *,
    durable: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Services:
    """Start PostgreSQL unless ``DATABASE_URL`` is set, and Valkey unless ``REDIS_URL`` is.

    ``tell`` gets a few words about each step. Raises ``EmbeddedError``; what had started is stopped then.
    """
    layout.make()
    services = Services(
        environ.get("DATABASE_URL", ""), environ.get("DATABASE_OWNER_URL", ""), environ.get("REDIS_URL", "")
    )
    try:
        if not services.database_url:
            _start_postgres(services, cluster_of(layout, environ, durable=durable), watcher, tell)
        if not services.redis_url:
            tell("starting Valkey")
            log = layout.logs / "valkey.log"
            services.children.append(valkey.start(layout.broker_socket, log=log, watcher=watcher))
            services.redis_url = valkey.socket_url(layout.broker_socket)
    except BaseException:
        services.stop()
        raise
    return services


def _start_postgres(
    services: Services, cluster: postgres.Cluster, watcher: Undertaker, tell: Callable[[str], None]
) -> None:
    fresh = not cluster.data.exists()
    tell("creating the PostgreSQL cluster" if fresh else "starting PostgreSQL")
    postgres.prepare(cluster)
    services.children.append(postgres.start(cluster, watcher))
    postgres.ensure_database(cluster)
    services.database_url, services.owner_url = cluster.url, cluster.owner_url


@dataclass(slots=True)
class ThrowAway:
    """Services in a temporary folder that goes away with them."""

    services: Services
    folder: Path
    watcher: Undertaker

    @classmethod
    def start(cls, environ: Mapping[str, str]) -> ThrowAway:
        """Start what ``environ`` does not name; nothing is synced to disk."""
        folder = Path(tempfile.mkdtemp(prefix="chainmatch-", dir=_short_temporary_folder()))
        watcher = Undertaker()
        watcher.remove(folder)
        if os.geteuid() == 0:
            folder.chmod(0o711)  # the server's own identity has to pass through
        try:
            services = start(Layout.of(folder), environ, watcher, durable=False)
        except BaseException:
            watcher.close()
            raise
        return cls(services, folder, watcher)

    def stop(self) -> None:
        """Stop the services and remove their folder."""
        self.services.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.watcher.close()


def _short_temporary_folder() -> Path:
    chosen = Path(tempfile.gettempdir())
    return chosen if len(os.fsencode(chosen)) < MAX_SOCKET_FOLDER - 30 else SHORT_FOLDER
