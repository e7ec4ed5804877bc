"""Typed environment variables, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import environs
import pytest

from chainmatch import env

BASE = Path("/srv/chainmatch")
GOOD = {
    "CHAINMATCH_MODE": "production",
    "SECRET_KEY": "k" * 60,
    "CHAINMATCH_FIELD_KEYS": "newest,older",
    "ALLOWED_HOSTS": "match.example.cn",
    "DATABASE_URL": "postgresql://app:secret@db/chainmatch",
    "REDIS_URL": "redis://broker:6379/0",
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*GOOD, "DEBUG", "LEASE_SECONDS"):
        monkeypatch.delenv(name, raising=False)


def _read(monkeypatch: pytest.MonkeyPatch, **changes: str) -> env.Environment:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)
    return env.read(BASE)


def test_a_good_production_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _read(monkeypatch)
    assert (found.mode, found.debug, found.allowed_hosts) == ("production", False, ["match.example.cn"])
    assert found.database["NAME"] == "chainmatch"


@pytest.mark.parametrize(
    "changes",
    [
        {"SECRET_KEY": env.DEMO_SECRET_KEY},
        {"SECRET_KEY": "short"},
        {"DEBUG": "true"},
        {"ALLOWED_HOSTS": "*"},
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]) -> None:
    with pytest.raises(env.UnsafeStart):
        _read(monkeypatch, **changes)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"LEASE_SECONDS": "soon"}, "LEASE_SECONDS"),
        ({"CHAINMATCH_MODE": "prod"}, "CHAINMATCH_MODE"),
        ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL"),
        ({"DATABASE_OWNER_URL": "mysql://db/x"}, "DATABASE_OWNER_URL"),
        ({"AUDIT_KEEP_DAYS": "179"}, "at least 180"),
        ({"SEMANTIC_MODEL": "gpt"}, "SEMANTIC_MODEL"),
        ({"SEMANTIC_URL": "https://models.example.cn/v1"}, "SEMANTIC_MODEL"),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], named: str
) -> None:
    with pytest.raises(environs.EnvError, match=named):
        _read(monkeypatch, **changes)
