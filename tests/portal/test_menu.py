"""The main menu: groups of what a person may open, with the page marked that the person is at."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from matching.templatetags.menu import MENU, groups_of
from tests import factories, world

FIRM = {"is_office": False, "is_chain_wide": False, "held_roles": frozenset(), "member_firms": []}


def _menu(client: Client, path: str = "/") -> list[Any]:
    """The groups of the menu that a page shows."""
    answer = client.get(path)
    assert answer.status_code == 200
    return list(answer.context["groups"])


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _names(groups: list[Any]) -> list[list[str]]:
    return [[entry.name for entry in group.entries] for group in groups]


@pytest.mark.django_db
def test_a_chain_office_reads_its_menu_in_groups() -> None:
    here = world.build()
    assert _names(_menu(_client(here.office))) == [
        ["home"],
        ["verification", "demand_list", "supply_list", "round_list"],
        ["run_list", "published_list", "memory_list", "policy_list"],
        ["meeting_list", "progress_list", "order_list", "chain_summary"],
        ["overview"],
        ["chain_list", "glossary_list", "grade_list"],
    ]


@pytest.mark.django_db
def test_firms_have_their_own_list_at_hand() -> None:
    here = world.build()
    follow_up = ["invitation_list", "appointment_list", "progress_list"]
    for user, own in ((here.leader, "demand_list"), (here.member, "supply_list")):
        assert _names(_menu(_client(user))) == [
            *(["home"], [own], ["upload_list"], ["my_matches"], follow_up),
            ["round_list", "chain_list", "glossary_list"],
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_every_entry_opens_for_whom_it_is_shown(role: str) -> None:
    here = world.build()
    user = factories.make_user(Role(role), chains=(here.chain.pk,))
    client = _client(user)
    entries = [entry for group in _menu(client) for entry in group.entries]
    answers = {entry.name: client.get(reverse(entry.name)).status_code for entry in entries}
    assert {name: status for name, status in answers.items() if status != 200} == {}


def _marked(path: str, **reader: Any) -> str | None:
    user = factories.make_user(Role.LEADER_FIRM)
    shown = groups_of({**FIRM, "user": user, "leader_firms": ["a firm"], **reader}, path)
    return next((group.current.name for group in shown if group.current), None)


@pytest.mark.django_db
def test_a_page_is_marked_where_it_belongs() -> None:
    office = {"is_chain_wide": True, "leader_firms": []}
    found = {path: _marked(path, **office) for path in ("/", "/meetings/1/desk/", "/progress/1/", "/audit/")}
    assert found == {
        "/": "home",
        "/meetings/1/desk/": "meeting_list",
        "/progress/1/": "progress_list",
        "/audit/": None,
    }
    assert _marked("/progress/rules/rail/", **office) == "order_list"
    assert _marked("/appointments/1/result/", **office) == "meeting_list"
    assert _marked("/appointments/") == "appointment_list"


def test_no_page_is_named_by_two_groups_for_one_reader() -> None:
    names = [entry.name for group in MENU for entry in group.entries]
    twice = {name for name in names if names.count(name) > 1}
    assert twice == {"demand_list", "supply_list", "round_list"}
