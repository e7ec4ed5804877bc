"""A client that is generated from the description works against a live server."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from accounts.roles import Role
from tests import factories
from tests.api.parallel import token_of
from tests.api.test_schema import COMMITTED

PACKAGE = "chainmatch_client"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package stands that the generator wrote."""
    folder = tmp_path_factory.mktemp("generated")
    settings = folder / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    asked = ("generate", "--path", str(COMMITTED), "--output-path", str(folder / PACKAGE), "--meta", "none")
    program = [sys.executable, "-m", "openapi_python_client", *asked, "--config", str(settings)]
    subprocess.run(program, check=True, capture_output=True)
    return folder


class Generated:
    """The package's operations and models, by name, and a client with a token."""

    def __init__(self, server: str, token: str) -> None:
        # 404 and 409 are answers, not exceptions: every problem has a type of its own.
        self.client = self.part("client").AuthenticatedClient(
            base_url=server, token=token, headers={"Accept-Language": "en"}
        )

    def part(self, name: str) -> Any:
        """A module of the package."""
        return importlib.import_module(f"{PACKAGE}.{name}")

    def model(self, name: str, body: dict[str, Any]) -> Any:
        """A model made of a body."""
        return getattr(self.part("models"), name).from_dict(body)

    def call(self, operation: str, **asked: Any) -> Any:
        """The typed answer of an operation."""
        return self.part(f"api.{operation}").sync(client=self.client, **asked)


@pytest.fixture
def generated(
    folder: Path, transactional_db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> Generated:
    """The client of a buyer, with a token of its own for lines alone."""
    factories.make_chain("photovoltaic")
    monkeypatch.syspath_prepend(str(folder))
    first = Generated(live_server.url, token_of(factories.make_user(Role.LEADER_FIRM)))
    asked = {"name": "ERP", "scopes": ["lines:read", "lines:write"]}
    made = first.call("tokens.token_create", body=first.model("NewTokenRequest", asked))
    return Generated(live_server.url, made.token)


def _line(generated: Generated, key: str, **facts: Any) -> Any:
    body = {"chain": "photovoltaic", "title": "电池片", "unit": "片", "quantity": "5", "key": key, **facts}
    return generated.call("demand_lines.demand_line_create", body=generated.model("DemandLineRequest", body))


def test_lines_are_created_and_listed_by_cursor(generated: Generated) -> None:
    made = [_line(generated, f"D{number}") for number in range(5)]
    assert {type(line).__name__ for line in made} == {"DemandLine"}
    listed: list[Any] = []
    cursor, pages = generated.part("types").UNSET, 0
    while cursor is not None:
        page = generated.call("demand_lines.demand_line_list", page_size=2, cursor=cursor)
        listed, cursor, pages = listed + page.results, page.next_cursor, pages + 1
    assert (pages, {line.id for line in listed}) == (3, {line.id for line in made})
    assert listed[0].state == generated.part("models").LineState.DRAFT


def test_a_conflict_is_a_typed_problem(generated: Generated) -> None:
    _line(generated, "D1")
    refused = _line(generated, "D1")
    assert (type(refused).__name__, refused.status) == ("Problem", 409)
    told = [(error.field, error.code, error.meaning.zh) for error in refused.errors]
    assert told == [(None, "key_taken", "该企业已有相同编号的条目。")]


def test_faults_name_their_fields_and_scopes_bind(generated: Generated) -> None:
    wrong = _line(generated, "D1", quantity="-1")
    assert (wrong.status, [error.field for error in wrong.errors]) == (400, ["quantity"])
    foreign = generated.call("webhooks.webhook_list")
    assert (foreign.status, foreign.errors[0].code) == (403, "insufficient_scope")
