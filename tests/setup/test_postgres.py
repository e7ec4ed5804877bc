"""The embedded cluster: made whole or not at all, right version, right locale, no superuser."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from chainmatch.embedded import postgres
from chainmatch.embedded.errors import EmbeddedError, failure
from chainmatch.embedded.services import MAX_SOCKET_FOLDER, Layout


def cluster(folder: Path, version: str = "postgres (PostgreSQL) 18.6") -> postgres.Cluster:
    """A cluster whose programs only tell their version."""
    bindir = folder / "bin"
    bindir.mkdir()
    for program in ("initdb", "postgres"):
        (bindir / program).write_text(f"#!/bin/sh\necho '{version}'\n")
        (bindir / program).chmod(stat.S_IRWXU)
    return postgres.Cluster(bindir=bindir, data=folder / "data", sockets=folder, log=folder / "log")


@pytest.mark.parametrize(
    ("line", "major"),
    [("postgres (PostgreSQL) 18.6", 18), ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)],
)
def test_the_major_version_is_read(line: str, major: int) -> None:
    assert postgres.major_version(line) == major


def test_a_folder_of_another_major_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 17, but .* has 18\. Set PG_BINDIR"):
        postgres.prepare(cluster(tmp_path))


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").touch()
    with pytest.raises(EmbeddedError, match="is no PostgreSQL data folder"):
        postgres.prepare(cluster(tmp_path))


def test_a_wrong_bindir_is_told() -> None:
    with pytest.raises(EmbeddedError, match="PG_BINDIR is /nowhere"):
        postgres.find_bindir({"PG_BINDIR": "/nowhere"})


def test_a_pid_file_that_names_another_program_is_removed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pid_file = tmp_path / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    postgres.settle_leftover(cluster(tmp_path))
    assert not pid_file.exists()


def test_a_server_that_is_still_stopping_is_waited_for(tmp_path: Path) -> None:
    made = cluster(tmp_path)
    made.data.mkdir()
    script = (
        "import signal, sys, pathlib\n"
        "def stop(*_): pathlib.Path(sys.argv[2], 'postmaster.pid').unlink(); sys.exit()\n"
        "signal.signal(signal.SIGINT, stop); print('up', flush=True)\n"
        "while True: signal.pause()"
    )
    leftover = subprocess.Popen(
        [sys.executable, "-c", script, "postgres", str(made.data)],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert leftover.stdout is not None
    assert leftover.stdout.readline() == b"up\n"
    (made.data / "postmaster.pid").write_text(f"{leftover.pid}\n")
    postgres.settle_leftover(made)
    assert leftover.wait() == 0
    leftover.stdout.close()


def test_a_full_disk_is_told_as_such() -> None:
    assert "the disk is full" in str(failure("initdb failed", "could not write: No space left on device"))


def test_sockets_lie_beside_the_data_unless_the_path_is_too_long(tmp_path: Path) -> None:
    long = tmp_path / ("d" * MAX_SOCKET_FOLDER)
    assert Layout.of(Path("/srv/demo")).sockets == Path("/srv/demo/run")
    assert len(str(Layout.of(long).sockets)) < MAX_SOCKET_FOLDER
    assert Layout.of(long).sockets == Layout.of(long).sockets


def test_the_tests_run_as_no_superuser_on_a_locale_that_knows_chinese(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, cardinality(show_trgm('链主企业需求清单')) > 0 "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, True)
