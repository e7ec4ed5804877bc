"""``python -m chainmatch.embedded run``: a command beside services of its own."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chainmatch.embedded.__main__ import parse
from tests.services import PROJECT

RUN = (sys.executable, "-m", "chainmatch.embedded", "run")
WITHOUT_SERVICES = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
}
ASK_BOTH = """
import os, psycopg, redis, urllib.parse
socket = urllib.parse.urlsplit(os.environ["REDIS_URL"]).path
policy = redis.Redis(unix_socket_path=socket).config_get("maxmemory-policy")
assert policy == {"maxmemory-policy": "noeviction"}
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT current_user, current_database()").fetchone())
raise SystemExit(7)
"""
WAIT = ASK_BOTH.replace("raise SystemExit(7)", "import signal, sys; sys.stdout.flush(); signal.pause()")


def test_a_command_finds_both_services_and_its_exit_code_is_returned() -> None:
    done = subprocess.run(
        [*RUN, "--", sys.executable, "-c", ASK_BOTH],
        env=WITHOUT_SERVICES,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "('chainmatch_app', 'chainmatch')\n", "")


def test_kill_minus_nine_leaves_a_folder_that_serves_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for _ in range(2):
        process = subprocess.Popen(
            [*RUN, "--data", str(data), "--", sys.executable, "-c", WAIT],
            env=WITHOUT_SERVICES,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"('chainmatch_app', 'chainmatch')\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    with (data / "demo.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back once everything has been cleared up
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert [pid for pid in Path("/proc").glob("[0-9]*") if str(data) in _words(pid)] == []


def test_the_command_may_have_options_of_its_own() -> None:
    assert parse(["run", "--", "manage.py", "check", "--deploy", "--", "x"]).command == [
        *("manage.py", "check", "--deploy", "--", "x")
    ]


def test_a_missing_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["run", "--"])
    assert "no command given" in capsys.readouterr().err


def _words(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""
