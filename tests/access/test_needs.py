"""The matrices written by hand say what follows from the access table; every route says what it needs."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.permits import Act, Permits, grant
from accounts.permits.table import Scope
from accounts.roles import ADMINISTRATORS, OFFICES, Role
from matching.overview.queries.permits import ROOMS, TABLE
from tests import factories
from tests.access import needs
from tests.access.needs import Need
from tests.access.oracle import Facts, allowed
from tests.api import matrix as api
from tests.api.matrix import PARTS
from tests.api.story import Story
from tests.portal import matrix as portal

pytestmark = pytest.mark.django_db
OBJECTS = {permits.name: permits for permits in TABLE}
API, PAGES = needs.read(needs.API), needs.read(needs.PAGES)
PUBLIC = ("visitor", "nothing")
OF_PEOPLE = frozenset({"application", "colleague", "membership", "role_request"})
"""Objects that people manage and programs never do, though they act for the same firm."""


SHOWN = {
    ("demand_line", "secrets"),
    ("figures", "view"),
    ("meeting", "whole"),
    ("person", "bind"),
    ("review", "contacts"),
    ("review", "names"),
    ("round", "count"),
    ("round", "publish"),
    ("sign_in", "view"),
    ("supply_line", "secrets"),
}
"""Rows that decide what an answer holds or which step is meant, not whether there is an answer."""


def facts_of(story: Story, target: str) -> Facts:
    """Where the story's object is, and whose."""
    here = story.world
    leader, member = factories.firm_of(here.leader).pk, factories.firm_of(here.member).pk
    chain, region = here.chain.pk, "140105"
    owner = {"demand": frozenset({leader}), "supply": frozenset({member})}
    state, _, side = target.partition("_")
    if side in owner:
        return Facts(chain, region, owner[side], None, OFFICES if state == "draft" else frozenset())
    return {
        "chain": Facts(chain),
        "run": Facts(chain),
        "confirmation": Facts(chain),
        "open_round": Facts(chain),
        "planned_round": Facts("nev"),
        "organisation": Facts(None, region, frozenset({leader})),
        "application": Facts(firms=frozenset({leader})),
        "webhook": Facts(firms=frozenset({leader})),
        "membership": Facts(firms=frozenset({leader})),
        "role_request": Facts(firms=frozenset({leader})),
        "token": Facts(person=here.leader.pk),
        "calendar": Facts(person=here.leader.pk),
        "attachment": Facts(chain, region, frozenset({leader})),
        "upload": Facts(firms=frozenset({leader})),
        "join_request": Facts(chain, region, closed_to=frozenset({Role.CHAIN_OFFICE})),
        "arrival": Facts(chain, firms=frozenset({leader})),
        "review": Facts(chain, firms=frozenset({leader, member})),
        "accepted": Facts(chain, firms=frozenset({leader, member})),
        # The leader firm has stated it.
        "agreement": Facts(chain, firms=frozenset({leader, member}), closed_to=frozenset({Role.LEADER_FIRM})),
        "own_agreement": Facts(
            chain, firms=frozenset({leader, member}), closed_to=frozenset({Role.MEMBER_FIRM})
        ),
        "pack": Facts(chain),
        "meeting": Facts(chain, firms=frozenset({leader, member})),
        "invitation": Facts(chain, firms=frozenset({leader})),
        "absence": Facts(firms=frozenset({leader})),
    }[target]


def verdict(story: Story, need: Need, part: str, objects: dict[str, Permits] = OBJECTS) -> str:
    """What follows from the table: ``done``, ``refused``, ``absent`` or ``stranger``."""
    person = story.people[part]
    if need.object in PUBLIC:
        return "absent" if need.object == "nothing" else "done"
    if not need.actions:
        return "stranger" if person is None else "done"
    facts = facts_of(story, need.target) if need.target else None
    may = any(allowed(objects[need.object].rows, action, person, facts) for action in need.actions)
    # The condition of these rows: a program is no person.
    open_to_all = any(allowed(objects[need.object].rows, action, None, facts) for action in need.actions)
    program = part == "integrator" and need.object in OF_PEOPLE and not open_to_all
    may = may and not program
    if may and need.mode != "of":
        return "done"
    if person is None:
        return "stranger"
    if need.mode == "of" and (program or not allowed(objects[need.seen].rows, Act.VIEW, person, facts)):
        return "absent"
    if may or need.mode not in ("hid", "then"):
        return "done" if may else "refused"
    nowhere = program or not any(
        allowed(objects[need.object].rows, action, person, None) for action in need.actions
    )
    return "refused" if need.mode == "then" and nowhere else "absent"


def told(status: int, part: str, public: bool) -> str:
    """What a status of the matrices means."""
    if part == "nobody" and not public:
        return {401: "stranger", 302: "stranger"}[status]
    return {404: "absent", 403: "refused"}.get(status, "done")


def differences(
    story: Story, objects: dict[str, Permits] = OBJECTS
) -> dict[tuple[str, ...], tuple[str, str]]:
    """Cells in which the matrices and the table disagree: (written, derived)."""
    rows: list[tuple[str, str, Need, Any, bool]] = [
        (row.method, row.path, API[row.method, row.path], row, False) for row in api.TABLE
    ]
    rows += [(row.method, row.name, PAGES[row.method, row.name], row, row.public) for row in portal.TABLE]
    return {
        (method, route, part): found
        for method, route, need, row, public in rows
        for part in PARTS
        if len(set(found := (told(row.status(part), part, public), verdict(story, need, part, objects)))) > 1
    }


def test_every_route_says_what_it_needs() -> None:
    assert set(API) == {(row.method, row.path) for row in api.TABLE}
    assert set(PAGES) == {(row.method, row.name) for row in portal.TABLE}


def test_every_need_names_rows_of_the_table() -> None:
    for need in (*API.values(), *PAGES.values()):
        if need.object not in (*PUBLIC, "signed_in"):
            known = {row.action for row in OBJECTS[need.object].rows}
            assert set(need.actions) <= known, need


def test_the_matrices_follow_from_the_table(story: Story) -> None:
    assert differences(story) == {}


@pytest.mark.parametrize(
    ("name", "role", "action"),
    [("result", Role.CITY_TASK_FORCE, Act.VIEW), ("upload", Role.AUDITOR, Act.VIEW)],
)
def test_a_planted_permissive_row_is_reported(story: Story, name: str, role: Role, action: Act) -> None:
    wider = Permits(name, "", OBJECTS[name].rows, grant(action, role, Scope.ALL))
    found = differences(story, {**OBJECTS, name: wider})
    assert {(part, derived) for (_method, _route, part), (_written, derived) in found.items()} >= {
        (role.value if role in ADMINISTRATORS else "city", "done")
    }


def test_every_row_is_needed_by_a_route_or_says_what_is_shown() -> None:
    used = {(need.object, action) for need in (*API.values(), *PAGES.values()) for action in need.actions}
    used |= {(need.seen, "view") for need in (*API.values(), *PAGES.values()) if need.mode == "of"}
    rows = {(permits.name, str(row.action)) for permits in TABLE for row in permits.rows}
    assert rows - used == SHOWN


def test_the_table_has_every_room_and_names_its_objects_once() -> None:
    assert len(OBJECTS) == len(TABLE)
    assert len(ROOMS) == len(set(ROOMS))
