"""An integrator can do everything that a person can: every page has its operations, or a written reason."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.urls import URLPattern

from chainmatch.urls import ROOMS_PORTAL
from tests.api.completeness import PAGES, Only

DESCRIBED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
FEWEST_WORDS = 5


def _pages() -> set[str]:
    return {
        str(route.name)
        for room in ROOMS_PORTAL
        for route in room.urlpatterns
        if isinstance(route, URLPattern)
    }


def _operations() -> set[str]:
    paths = yaml.safe_load(DESCRIBED.read_text())["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}


def test_every_page_is_declared() -> None:
    assert PAGES.keys() ^ _pages() == set(), "declare the page in tests/api/completeness.py"


def test_pages_lead_to_operations_that_exist_or_to_a_reason() -> None:
    known = _operations()
    wrong = {
        page: does
        for page, does in PAGES.items()
        if (isinstance(does, Only) and len(does.people.split()) < FEWEST_WORDS)
        or (not isinstance(does, Only) and (not does or set(does) - known))
    }
    assert wrong == {}
