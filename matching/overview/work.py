"""What waits for a person: counts per step of the programme, with the deadline of the round."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permits.reach import chain_filter
from accounts.roles import OrganisationKind
from matching.agreements import queries as agreements
from matching.agreements.models import SupervisionOrder
from matching.agreements.permits import ORDER
from matching.agreements.states import OrderAction, OrderState
from matching.chains.models import Chain, ChainNode, NodeLevel
from matching.joining import access as joining_access
from matching.joining import queries as joining
from matching.lists import access as lists_access
from matching.lists import queries as lists
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.services.validity import REMIND_DAYS
from matching.lists.states import LineState, RoundState
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.permits import MEETING
from matching.meetings.states import MeetingAction, MeetingState
from matching.people import access as people_access
from matching.people import queries as people
from matching.review.models import Review
from matching.review.queries import waiting_for
from matching.review.states import ReviewState
from matching.runs.models import Match, MatchingRun, PolicyProposal
from matching.runs.permits import RUN
from matching.runs.states import LIVE, ProposalState, RunAction, RunState

CLOSING_DAYS = 7


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work that waits; ``code`` names it, ``urgent`` says that somebody else waits for it.

    ``due`` is the next deadline among what waits, ``since`` when the oldest of it began to wait; ``run`` is
    the only run that it is about, where there is one.
    """

    code: str
    count: int
    urgent: bool = False
    due: datetime | date | None = None
    since: datetime | date | None = None
    run: uuid.UUID | None = None

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self.due is not None and self.due < (
            timezone.now() if isinstance(self.due, datetime) else timezone.localdate()
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait, and the fields that tell their deadline and since when; empty where none does."""

    code: str
    rows: QuerySet[Any]
    urgent: bool
    due: str = ""
    since: str = ""
    run: str = ""


def tasks(user: User) -> list[Task]:
    """Everything that waits for the person, in the order of the programme; one or two queries each."""
    return [
        _task(waiting)
        for source in (_firm_tasks, _administrators_tasks, _office_tasks)
        for waiting in source(user)
    ]


def _task(waiting: Waiting) -> Task:
    dates = {name: Min(field) for name in ("due", "since") if (field := getattr(waiting, name))}
    figures = waiting.rows.order_by().aggregate(count=Count("pk"), **dates)
    runs = waiting.rows.order_by().values_list(waiting.run).distinct()[:2] if waiting.run else []
    only = [run for (run,) in runs]
    return Task(code=waiting.code, urgent=waiting.urgent, run=only[0] if len(only) == 1 else None, **figures)


def empty_lists(user: User) -> list[str]:
    """Sides on which the person's firms have never written a line; one query each."""
    return [side for side, lines in _own_lines(user) if not lines.exists()]


def _own_lines(user: User) -> Iterator[tuple[str, QuerySet[Any]]]:
    for side, model, kind in (
        ("demand", DemandLine, OrganisationKind.LEADER_FIRM),
        ("supply", SupplyLine, OrganisationKind.MEMBER_FIRM),
    ):
        if owners := user.firms(kind):
            yield side, model._default_manager.filter(organisation__in=owners)


def _firm_tasks(user: User) -> Iterator[Waiting]:
    if not user.firms():
        return
    soon = timezone.localdate() + timedelta(days=REMIND_DAYS)
    for side, lines in _own_lines(user):
        yield Waiting(f"{side}_returned", lines.filter(state=LineState.RETURNED), True, since="updated_at")
        yield Waiting(f"{side}_draft", lines.filter(state=LineState.DRAFT), False)
        lapsing = lines.filter(state=LineState.VERIFIED, valid_until__lte=soon)
        yield Waiting(f"{side}_lapsing", lapsing, True, due="valid_until")
    yield Waiting("answer", waiting_for(user), True, since="updated_at")
    today = timezone.localdate()
    ahead = Appointment.objects.visible_to(user).filter(meeting__date__gte=today)
    yield Waiting("appointments", ahead, False, due="meeting__date")
    yield Waiting("confirm", agreements.to_confirm(user), True, since="updated_at")


def _administrators_tasks(user: User) -> Iterator[Waiting]:
    if people_access.decides(user):
        yield Waiting("roles", people.waiting(user), True, since="created_at")


def _office_tasks(user: User) -> Iterator[Waiting]:
    if joining_access.verifies_firms(user):
        yield Waiting("join", joining.waiting(user), True, since="created_at")
    if lists_access.verifies(user):
        for code, model in (("verify_demand", DemandLine), ("verify_supply", SupplyLine)):
            lines: QuerySet[Any] = lists.to_verify(user, model)
            yield Waiting(code, lines, True, due="round__closes_at", since="submitted_at")
        yield Waiting("closing", _closing(user), False, due="closes_at")
    if chains := RUN.chains(user, RunAction.START):
        yield from _programme(chains)
    if chains := MEETING.chains(user, MeetingAction.APPROVE):
        yield from _meetings(chains)
    yield from _supervision(user)


def _closing(user: User) -> QuerySet[Round]:
    """Open rounds that end within a week: who has not handed in yet wants to be reminded."""
    soon = timezone.now() + timedelta(days=CLOSING_DAYS)
    return Round.objects.visible_to(user).filter(state=RoundState.OPEN, closes_at__lte=soon)


def _programme(chains: list[str]) -> Iterator[Waiting]:
    rounds = Round.objects.filter(chain_filter("chain_id", chains))
    runs = MatchingRun.objects.filter(chain_filter("round__chain_id", chains))
    unmatched = rounds.filter(state=RoundState.CLOSED).exclude(runs__state__in=[RunState.FINISHED, *LIVE])
    yield Waiting("run", unmatched, True, since="closes_at")
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
    waiting = undecided.exclude(Exists(decided))
    yield Waiting("review", waiting, False, since="run__finished_at", run="run_id")
    unpublished = runs.filter(pk__in=newest, published=None).exclude(round__state=RoundState.OPEN)
    yield Waiting("publish", unpublished, True, since="finished_at", run="pk")
    proposals = PolicyProposal.objects.filter(chain_filter("chain_id", chains), state=ProposalState.OPEN)
    yield Waiting("decide_rules", proposals, True, since="created_at")


def _meetings(chains: list[str]) -> Iterator[Waiting]:
    meetings = SigningMeeting.objects.filter(chain_filter("chain_id", chains))
    yield Waiting("decide_meeting", meetings.filter(state=MeetingState.PROPOSED), True, due="date")
    today = timezone.localdate()
    past = meetings.filter(state=MeetingState.APPROVED, date__lt=today)
    yield Waiting("held", past, False, since="date")


def _supervision(user: User) -> Iterator[Waiting]:
    """Orders wait for the department's answer, answers for the office."""
    for code, action, state, dates in (
        ("answer_order", OrderAction.ANSWER, OrderState.OPEN, {"due": "due_on"}),
        ("close_order", OrderAction.CLOSE, OrderState.ANSWERED, {"since": "answered_at"}),
    ):
        if chains := ORDER.chains(user, action):
            orders = SupervisionOrder.objects.filter(chain_filter("chain_id", chains), state=state)
            yield Waiting(code, orders, True, **dates)


def open_rounds(user: User) -> list[Round]:
    """Open rounds of the person's chains, the next to close first; ``overseen``: their page is for them."""
    visible = Round.objects.visible_to(user).filter(state=RoundState.OPEN)
    rounds = list(visible.select_related("chain").order_by("closes_at", "chain__position"))
    for round_ in rounds:
        round_.overseen = lists_access.oversees(user, round_)  # type: ignore[attr-defined]
    return rounds


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
            .annotate(counted=Count("*"))
        )
        for model in (DemandLine, SupplyLine)
    )
    return {node: (demand.get(node, 0), supply.get(node, 0)) for node in demand.keys() | supply.keys()}
