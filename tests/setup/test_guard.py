"""Production refuses to start where the database holds demo accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from celery.signals import beat_init

from accounts.models import User
from accounts.roles import Role
from chainmatch.env import UnsafeStart
from chainmatch.guard import refuse_demo_accounts
from tests import factories
from tests.services import WorkerProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings: Any) -> None:
    settings.MODE = "production"


def _demo_user() -> User:
    user = factories.make_user(Role.CHAIN_OFFICE, username="office")
    user.is_demo = True
    user.save()
    return user


def test_demo_accounts_are_refused_by_name(production: None) -> None:
    _demo_user()
    with pytest.raises(UnsafeStart, match="office"):
        refuse_demo_accounts()


def test_beat_stops(production: None) -> None:
    _demo_user()
    with pytest.raises(SystemExit, match="office"):
        beat_init.send(sender=None)


@pytest.mark.django_db(transaction=True)
def test_a_worker_stops(tmp_path: Path) -> None:
    _demo_user()
    worker = WorkerProcess(
        tmp_path,
        CHAINMATCH_MODE="production",
        SECRET_KEY="k" * 60,
        CHAINMATCH_FIELD_KEYS="a-key",
        DEBUG="false",
    )
    with pytest.raises(RuntimeError, match="production must not run with demo accounts"):
        worker.start()
    worker.stop()


def test_switched_off_accounts_and_the_demo_itself_are_fine(settings: Any) -> None:
    user = _demo_user()
    refuse_demo_accounts()
    settings.MODE = "production"
    user.is_active = False
    user.save()
    refuse_demo_accounts()
