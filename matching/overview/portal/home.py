"""The first page of everybody, and the chains with their figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.roles import Role
from matching.chains.models import Chain, ChainNode
from matching.lists.portal.sides import SIDES
from matching.overview import queries, work
from matching.pages import PortalRequest, page, show

TASKS: dict[str, tuple[Any, Any, str]] = {
    "demand_returned": (
        _lazy("Demand lines were returned"),
        _lazy("Mend them and submit again"),
        "/lists/demand/?state=returned",
    ),
    "demand_draft": (
        _lazy("Demand lines are drafts"),
        _lazy("Complete and submit them"),
        "/lists/demand/?state=draft",
    ),
    "demand_lapsing": (
        _lazy("Demand lines lapse within two weeks"),
        _lazy("Confirm that they still hold"),
        "/lists/demand/?state=verified",
    ),
    "supply_returned": (
        _lazy("Supply lines were returned"),
        _lazy("Mend them and submit again"),
        "/lists/supply/?state=returned",
    ),
    "supply_draft": (
        _lazy("Supply lines are drafts"),
        _lazy("Complete and submit them"),
        "/lists/supply/?state=draft",
    ),
    "supply_lapsing": (
        _lazy("Supply lines lapse within two weeks"),
        _lazy("Confirm that they still hold"),
        "/lists/supply/?state=verified",
    ),
    "answer": (
        _lazy("Matches wait for your answer"),
        _lazy("Say yes, or no with a reason"),
        "/matches/?show=waiting",
    ),
    "appointments": (
        _lazy("Appointments lie ahead"),
        _lazy("See time and table"),
        "/appointments/",
    ),
    "confirm": (
        _lazy("Agreements wait for your confirmation"),
        _lazy("Confirm them, or dispute them with a reason"),
        "/progress/?show=confirm",
    ),
    "roles": (
        _lazy("Roles wait for approval"),
        _lazy("Approve, or refuse with a reason"),
        "/people/requests/",
    ),
    "join": (
        _lazy("Firms ask to join"),
        _lazy("Verify them, or return with a reason"),
        "/firms/requests/",
    ),
    "verify_demand": (
        _lazy("Demand lines to verify"),
        _lazy("Verify, or return with a reason"),
        "/verification/?side=demand",
    ),
    "verify_supply": (
        _lazy("Supply lines to verify"),
        _lazy("Verify, or return with a reason"),
        "/verification/?side=supply",
    ),
    "closing": (
        _lazy("Rounds close within a week"),
        _lazy("Remind the firms that are missing"),
        "/rounds/?state=open",
    ),
    "run": (_lazy("Closed rounds to match"), _lazy("Start the matching"), "/rounds/?state=closed"),
    "review": (
        _lazy("Matches are undecided"),
        _lazy("Shortlist or reject them"),
        "/runs/?state=finished",
    ),
    "publish": (
        _lazy("Finished runs to publish"),
        _lazy("Look at the changes and publish"),
        "/runs/?state=finished",
    ),
    "decide_rules": (
        _lazy("Rules learnt from decisions are proposed"),
        _lazy("Adopt them or turn them down"),
        "/policies/",
    ),
    "decide_meeting": (
        _lazy("Signing meetings are proposed"),
        _lazy("Approve or decline"),
        "/meetings/",
    ),
    "held": (_lazy("Meetings are past"), _lazy("Mark them as held"), "/meetings/"),
    "answer_order": (
        _lazy("Supervision orders want an answer"),
        _lazy("Say what was done about them"),
        "/supervision/",
    ),
    "close_order": (
        _lazy("Supervision orders are answered"),
        _lazy("Close them, or return them for another answer"),
        "/supervision/",
    ),
}


DUTIES: dict[str, tuple[Any, tuple[tuple[str, Any], ...]]] = {
    Role.SYSTEM_ADMIN: (
        _lazy(
            "Register the offices, open accounts for their people and ask for their roles. "
            "A role counts once the security administrator has approved it and the person has accepted it."
        ),
        (
            ("organisation_list", _lazy("Organisations")),
            ("person_list", _lazy("Accounts")),
            ("system_settings", _lazy("Installation")),
        ),
    ),
    Role.SECURITY_ADMIN: (
        _lazy(
            "Approve or refuse the roles that are asked for. "
            "Unlock accounts, end sign-ins and reset second factors on a person's page."
        ),
        (("role_request_list", _lazy("Roles asked for")), ("person_list", _lazy("Accounts"))),
    ),
    Role.AUDITOR: (
        _lazy("Read who changed what, and when. Nobody can change these entries."),
        (("audit_list", _lazy("Audit")),),
    ),
}
"""What administrators do and where, for each of their roles; nothing of the programme is theirs to see."""


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person; visitors read what the programme is."""
    if not isinstance(request.user, User):
        return show(request, "overview/landing.html", {"chains": Chain.objects.all()})
    memberships = request.user.active_memberships
    return show(
        request,
        "overview/home.html",
        {
            "beginnings": [SIDES[side] for side in work.empty_lists(request.user)],
            "duties": [DUTIES[one.role] for one in memberships if one.role in DUTIES],
            "tasks": [_shown(task) for task in work.tasks(request.user)],
            "open_rounds": work.open_rounds(request.user)[:12],
            "figures": queries.chain_figures(request.user),
            "memberships": memberships,
        },
    )


def _shown(task: work.Task) -> tuple[work.Task, Any, Any, str]:
    """A task with its words and the page where it is done: the run's own where it is about one run."""
    title, then, address = TASKS[task.code]
    if task.run is not None:
        address = {
            "review": f"/runs/{task.run}/matches/?state=pending",
            "publish": f"/runs/{task.run}/publish/",
        }.get(task.code, address)
    return task, title, then, address


@page("GET")
def chain_list(request: PortalRequest) -> HttpResponse:
    """The chains with their figures."""
    figures = {item.chain.pk: item for item in queries.chain_figures(request.user)}
    products = work.products_per_chain()
    rows = [(chain, products.get(chain.pk, 0), figures.get(chain.pk)) for chain in Chain.objects.all()]
    return show(request, "overview/chain_list.html", {"rows": rows})


@page("GET")
def chain_detail(request: PortalRequest, code: str) -> HttpResponse:
    """The tree of a chain with the lines that the person may see at each product."""
    chain = get_object_or_404(Chain.objects.visible_to(request.user), pk=code)
    counts = work.lines_per_node(request.user, chain)
    return show(request, "overview/chain_detail.html", {"chain": chain, "streams": _tree(chain, counts)})


def _tree(chain: Chain, counts: dict[int, tuple[int, int]]) -> list[dict[str, Any]]:
    nodes = list(ChainNode.objects.filter(chain=chain).order_by("position", "pk"))
    branches: dict[int | None, list[dict[str, Any]]] = {}
    for node in nodes:
        demand, supply = counts.get(node.pk, (0, 0))
        branch = {"node": node, "demand": demand, "supply": supply, "children": []}
        branches.setdefault(node.parent_id, []).append(branch)
    roots = branches.get(None, [])
    for root in roots:
        _grow(root, branches)
    return roots


def _grow(branch: dict[str, Any], branches: dict[int | None, list[dict[str, Any]]]) -> None:
    branch["children"] = branches.get(branch["node"].pk, [])
    for child in branch["children"]:
        _grow(child, branches)
        branch["demand"] += child["demand"]
        branch["supply"] += child["supply"]
