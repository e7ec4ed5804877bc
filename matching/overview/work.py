"""What waits for a person: counts per step of the programme, with the deadline of the round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts import access as roles
from accounts.models import User, chain_filter
from accounts.roles import OrganisationKind, Role
from matching.chains.models import Chain, ChainNode, NodeLevel
from matching.joining import access as joining_access
from matching.joining import queries as joining
from matching.lists import access as lists_access
from matching.lists import queries as lists
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.services.validity import REMIND_DAYS
from matching.lists.states import LineState, RoundState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.states import MeetingState
from matching.review.models import Review
from matching.review.queries import waiting_for
from matching.review.states import ReviewState
from matching.runs.models import Match, MatchingRun, PolicyProposal
from matching.runs.states import LIVE, ProposalState, RunState


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work that waits; ``code`` names it, ``urgent`` says that somebody else waits for it."""

    code: str
    count: int
    urgent: bool = False


def tasks(user: User) -> list[Task]:
    """Everything that waits for the person, in the order of the programme; a few counts per role."""
    return [
        Task(code=code, count=rows.count(), urgent=urgent)
        for source in (_firm_tasks, _office_tasks)
        for code, rows, urgent in source(user)
    ]


Waiting = Iterator[tuple[str, QuerySet[Any], bool]]


def _firm_tasks(user: User) -> Waiting:
    firms = user.firms()
    if not firms:
        return
    soon = timezone.localdate() + timedelta(days=REMIND_DAYS)
    for side, model, kind in (
        ("demand", DemandLine, OrganisationKind.LEADER_FIRM),
        ("supply", SupplyLine, OrganisationKind.MEMBER_FIRM),
    ):
        owners = user.firms(kind)
        if not owners:
            continue
        lines: QuerySet[Any] = model._default_manager.filter(organisation__in=owners)
        yield f"{side}_returned", lines.filter(state=LineState.RETURNED), True
        yield f"{side}_draft", lines.filter(state=LineState.DRAFT), False
        yield f"{side}_lapsing", lines.filter(state=LineState.VERIFIED, valid_until__lte=soon), True
    yield "answer", waiting_for(user), True
    today = timezone.localdate()
    yield "appointments", Appointment.objects.visible_to(user).filter(meeting__date__gte=today), False


def _office_tasks(user: User) -> Waiting:
    if joining_access.verifies_firms(user):
        yield "join", joining.waiting(user), True
    if lists_access.verifies(user):
        yield "verify_demand", lists.to_verify(user, DemandLine), True
        yield "verify_supply", lists.to_verify(user, SupplyLine), True
    for role, source in _BY_ROLE.items():
        memberships = roles.chain_wide(user, *role)
        if memberships:
            yield from source(roles.chains_of(memberships))


def _programme(chains: list[str]) -> Waiting:
    rounds = Round.objects.filter(chain_filter("chain_id", chains))
    runs = MatchingRun.objects.filter(chain_filter("round__chain_id", chains))
    unmatched = rounds.filter(state=RoundState.CLOSED).exclude(runs__state__in=[RunState.FINISHED, *LIVE])
    yield "run", unmatched, True
    newest = (
        runs.filter(state=RunState.FINISHED)
        .order_by("round_id", "-created_at")
        .distinct("round_id")
        .values("pk")
    )
    decided = Review.objects.filter(demand=OuterRef("demand_id"), supply=OuterRef("supply_id")).exclude(
        state=ReviewState.PENDING
    )
    undecided = Match.objects.filter(run__in=newest, run__published=None, excluded=False)
    yield "review", undecided.exclude(Exists(decided)), False
    unpublished = runs.filter(pk__in=newest, published=None).exclude(round__state=RoundState.OPEN)
    yield "publish", unpublished, True
    proposals = PolicyProposal.objects.filter(chain_filter("chain_id", chains), state=ProposalState.OPEN)
    yield "decide_rules", proposals, True


def _meetings(chains: list[str]) -> Waiting:
    meetings = SigningMeeting.objects.filter(chain_filter("chain_id", chains))
    yield "decide_meeting", meetings.filter(state=MeetingState.PROPOSED), True
    today = timezone.localdate()
    yield "held", meetings.filter(state=MeetingState.APPROVED, date__lt=today), False


_BY_ROLE: dict[tuple[Role, ...], Callable[[list[str]], Waiting]] = {
    (Role.CHAIN_OFFICE,): _programme,
    (Role.CHAIN_OFFICE, Role.LEAD_DEPARTMENT, Role.CHAIN_HEAD, Role.CHIEF_CHAIN_HEAD): _meetings,
}


def open_rounds(user: User) -> list[Round]:
    """Open rounds of the person's chains, the next to close first."""
    visible = Round.objects.visible_to(user).filter(state=RoundState.OPEN)
    return list(visible.select_related("chain").order_by("closes_at", "chain__position"))


def products_per_chain() -> dict[str, int]:
    """Number of product nodes by chain code."""
    nodes = ChainNode.objects.filter(level=NodeLevel.PRODUCT).order_by()
    return dict(nodes.values_list("chain_id").annotate(Count("pk")))


def lines_per_node(user: User, chain: Chain) -> dict[int, tuple[int, int]]:
    """Visible demand and supply lines by node id, withdrawn and expired ones left out."""
    demand, supply = (
        dict(
            model._default_manager.visible_to(user)
            .filter(chain=chain, node__isnull=False)
            .exclude(state__in=[LineState.WITHDRAWN, LineState.EXPIRED])
            .order_by()
            .values_list("node_id")
            .annotate(Count("pk"))
        )
        for model in (DemandLine, SupplyLine)
    )
    return {node: (demand.get(node, 0), supply.get(node, 0)) for node in demand.keys() | supply.keys()}
