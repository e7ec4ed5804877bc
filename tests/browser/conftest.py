"""A real Chromium for the tests of this folder; without one they are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from accounts.models import User
from tests.browser.people import Person
from tests.services import WorkerProcess, empty_broker

# Playwright's synchronous calls run inside an event loop; the tests still use the database directly.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Arrive = Callable[..., Person]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, which also runs as root."""
    if CHROMIUM is None and os.environ.get("CI"):
        pytest.fail("continuous integration needs a Chromium on the PATH")
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH; on Debian and Ubuntu: apt install chromium")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def clock(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A real worker with beat."""
    empty_broker()
    process = WorkerProcess(tmp_path, beat=True)
    process.start()
    yield process
    process.stop()
    empty_broker()


@pytest.fixture
def arrive(
    transactional_db: None, live_server: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Arrive]:
    """Somebody who has opened a browser of their own and signed in.

    At the end every browser must have had a quiet console: no error, nothing the content policy blocked.
    """
    # The server's threads give their connections back, or the test database could not be dropped.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    people: list[Person] = []

    def come(user: User, **options: Any) -> Person:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1366, "height": 768}, **options
        )
        person = Person(context.new_page())
        people.append(person)
        person.sign_in(user.username)
        return person

    yield come
    noise = [line for person in people for line in person.faults]
    for person in people:
        person.page.context.close()
    assert noise == []
