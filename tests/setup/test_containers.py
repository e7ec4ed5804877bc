"""The production-shaped start: every service watched, the application without privileges."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from chainmatch import env
from tests.services import PROJECT

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
APPLICATION = ("migrate", "web", "worker", "beat")


def test_these_services_exist() -> None:
    assert set(SERVICES) == {"postgres", "valkey", *APPLICATION}
    assert (SERVICES["postgres"]["image"], SERVICES["valkey"]["image"]) == ("postgres:18", "valkey/valkey:9")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate", "web"}))
def test_a_service_has_a_health_check(name: str) -> None:
    assert "test" in SERVICES[name]["healthcheck"]


def test_the_image_watches_the_web_server_and_drops_root() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert re.search(r"^HEALTHCHECK .*docker/healthcheck\.py", dockerfile, re.M)
    assert re.search(r"^USER chainmatch$", dockerfile, re.M)


@pytest.mark.parametrize("name", APPLICATION)
def test_the_application_runs_in_production_mode_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["environment"]["CHAINMATCH_MODE"] == "production"
    assert (service["cap_drop"], service["read_only"]) == (["ALL"], True)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_programs_wait_for_the_migration(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_example_names_only_variables_that_are_read() -> None:
    example = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.M))
    read_by_compose = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))
    read_by_settings = set(re.findall(r"``([A-Z_]+)``", env.__doc__ or ""))
    assert named <= read_by_compose | read_by_settings
    assert read_by_compose <= named
