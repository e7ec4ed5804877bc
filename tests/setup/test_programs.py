"""What the demo's programs are started with, and what a log file shows of the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainmatch.demo import programs
from chainmatch.demo.screen import PlainScreen

URLS = {"DATABASE_URL": "postgresql:///x", "REDIS_URL": "redis://x/0"}


def variables(base: dict[str, str]) -> dict[str, str]:
    """Variables of a demo on this machine only."""
    return programs.environment(base, host="127.0.0.1", port=8123, data=Path("/data"), urls=URLS)


def test_the_demo_is_never_in_production_mode() -> None:
    assert variables({"CHAINMATCH_MODE": "production"})["CHAINMATCH_MODE"] == "demo"


def test_what_make_adds_is_left_out_and_the_rest_is_kept() -> None:
    found = variables({"MAKEFLAGS": "w", "MAKELEVEL": "1", "EMAIL_URL": "smtp://localhost"})
    assert not [name for name in found if name.startswith("MAKE")]
    assert found["EMAIL_URL"] == "smtp://localhost"


def test_e_mails_become_files_whose_links_lead_to_this_demo() -> None:
    found = variables({})
    assert found["EMAIL_URL"] == "file:////data/mail"
    assert found["SITE_URL"] == "http://127.0.0.1:8123/"


def test_the_found_services_win_over_the_environment() -> None:
    assert variables({"DATABASE_URL": "postgresql:///other"})["DATABASE_URL"] == URLS["DATABASE_URL"]


def test_an_asked_worker_gives_its_tasks_back() -> None:
    worker = programs.worker(variables({}), logs=Path("/data/logs"))
    assert worker.environment["REMAP_SIGTERM"] == "SIGQUIT"
    assert {"--without-mingle", "--without-gossip"} <= set(worker.arguments)


def test_plain_progress_prints_every_tenth_part_of_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    screen = PlainScreen()
    screen.begin("matching")
    for step in ("first", "second"):
        screen.note(step)
        for done in range(1, 41):
            screen.progress(done, 40)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[4/5] matching: first"
    assert lines[1:11] == [f"[4/5] matching: {done} of 40" for done in range(4, 41, 4)]
    assert lines[11] == "[4/5] matching: second"
    assert len(lines) == 22
