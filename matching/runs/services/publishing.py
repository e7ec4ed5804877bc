"""Verbs on what is published."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.chains.models import Chain
from matching.engine import wire
from matching.errors import Conflict, Forbidden
from matching.lists.models import Round
from matching.lists.states import ROUND, RoundAction, RoundState
from matching.notices.services import tell
from matching.runs import access
from matching.runs.models import (
    FrozenLine,
    Gap,
    Match,
    MatchingList,
    MatchingRun,
)
from matching.runs.states import RunState

RUN_SHARD = "runs.run_shard"
BATCH = 1000


def excluded_pairs(run: MatchingRun) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    """Pairs that the office has excluded in the chain's earlier runs, with the reason that stands."""
    latest = (
        Match.objects.filter(run__round__chain_id=run.round.chain_id, run__round__kind=run.round.kind)
        .exclude(run=run)
        .order_by("demand_id", "supply_id", "-run__created_at")
        .distinct("demand_id", "supply_id")
        .values_list("demand_id", "supply_id", "excluded", "excluded_reason")
    )
    return {(demand, supply): reason for demand, supply, excluded, reason in latest if excluded}


def set_excluded(*, pair: tuple[uuid.UUID, uuid.UUID], excluded: bool, reason: str) -> None:
    """Mark a pair in the chain's runs that are not published yet; later runs inherit it."""
    demand, supply = pair
    Match.objects.filter(demand_id=demand, supply_id=supply, run__published=None).update(
        excluded=excluded, excluded_reason=reason if excluded else ""
    )


@transaction.atomic
def publish(*, actor: User, run_id: uuid.UUID) -> MatchingList:
    """Publish a finished run as the chain's next numbered matching list.

    Side effects: one immutable list with a diff against the previous one; the round becomes published;
    firms with a match are told. Raises ``Forbidden``, or ``Conflict`` where the run is not finished, its
    round is still open, or it is published already.
    """
    run = (
        MatchingRun.objects.select_for_update(of=("self",))
        .select_related("round__chain", "policy")
        .get(pk=run_id)
    )
    _refuse_unready(actor, run)
    round_ = Round.objects.select_for_update().get(pk=run.round_id)
    round_.state = ROUND.target(round_.state, RoundAction.PUBLISH)
    round_.save(update_fields=["state"])
    Chain.objects.select_for_update().get(pk=round_.chain_id)
    previous = (
        MatchingList.objects.filter(chain_id=round_.chain_id, kind=round_.kind).order_by("-number").first()
    )
    content = list_content(run)
    text = wire.encode(content).decode()
    published = MatchingList.objects.create(
        chain_id=round_.chain_id,
        kind=round_.kind,
        number=previous.number + 1 if previous else 1,
        round=round_,
        run=run,
        previous=previous,
        policy_version=run.policy.number,
        input_hash=run.input_hash,
        result_hash=run.result_hash,
        content=text,
        content_hash=wire.digest(text.encode()),
        matches=len(content.matches),
        gaps=len(content.gaps),
        diff=msgspec.to_builtins(difference(_content_of(previous), content)),
        published_by=actor,
    )
    _tell_firms(published)
    return published


def _refuse_unready(actor: User, run: MatchingRun) -> None:
    if not access.can_run(actor, run.round.chain_id):
        raise Forbidden(_("Only the office of this chain publishes its list."), code="not_your_chain")
    if run.state != RunState.FINISHED:
        raise Conflict(_("Only a finished run can be published."), code="run_not_finished")
    if MatchingList.objects.filter(run=run).exists():
        raise Conflict(_("This run is published already."), code="already_published")
    if run.round.state == RoundState.OPEN:
        raise Conflict(_("Close the round first: firms can still change their lists."), code="round_open")


@dataclass(frozen=True, slots=True)
class ListedMatch:
    """One row of a published list; lines are named by credit code and line number."""

    demand: str
    supply: str
    rank: int
    score: int
    band: str
    allocated: Decimal
    unit: str
    share: int


@dataclass(frozen=True, slots=True)
class ListedExclusion:
    """A pair that the office kept out of the list, with its reason."""

    demand: str
    supply: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListedGap:
    """Demand that stays open."""

    demand: str
    type: str
    uncovered: int


@dataclass(frozen=True, slots=True)
class ListContent:
    """What a published list says; free of dates, names of people and database ids."""

    chain: str
    kind: str
    policy: int
    input_hash: str
    result_hash: str
    matches: tuple[ListedMatch, ...] = ()
    excluded: tuple[ListedExclusion, ...] = ()
    gaps: tuple[ListedGap, ...] = ()


def list_content(run: MatchingRun) -> ListContent:
    """The content of a run's list, ordered by demand, rank and supply."""
    keys = dict(FrozenLine.objects.filter(run=run).values_list("line_id", "key"))
    matches = sorted(
        Match.objects.filter(run=run).select_related("supply"),
        key=lambda match: (keys[match.demand_id], match.rank, keys[match.supply_id]),
    )
    return ListContent(
        chain=run.round.chain_id,
        kind=run.round.kind,
        policy=run.policy.number,
        input_hash=run.input_hash,
        result_hash=run.result_hash,
        matches=tuple(
            ListedMatch(
                demand=keys[match.demand_id],
                supply=keys[match.supply_id],
                rank=match.rank,
                score=match.score,
                band=match.band,
                allocated=match.allocated,
                unit=match.supply.unit,
                share=match.share,
            )
            for match in matches
            if not match.excluded
        ),
        excluded=tuple(
            ListedExclusion(
                demand=keys[match.demand_id], supply=keys[match.supply_id], reason=match.excluded_reason
            )
            for match in matches
            if match.excluded
        ),
        gaps=tuple(
            ListedGap(demand=keys[gap.demand_id], type=gap.type, uncovered=gap.uncovered)
            for gap in sorted(Gap.objects.filter(run=run), key=lambda gap: keys[gap.demand_id])
        ),
    )


@dataclass(frozen=True, slots=True)
class ListDiff:
    """How a list differs from the one before; pairs as ``[demand, supply]``."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    gaps_opened: tuple[str, ...] = ()
    gaps_closed: tuple[str, ...] = ()


def difference(before: ListContent | None, after: ListContent) -> ListDiff:
    """Compare two lists; ``changed`` are pairs whose band or allocated quantity differs."""
    old = {(row.demand, row.supply): (row.band, row.allocated) for row in before.matches} if before else {}
    new = {(row.demand, row.supply): (row.band, row.allocated) for row in after.matches}
    old_gaps = {gap.demand for gap in before.gaps} if before else set()
    new_gaps = {gap.demand for gap in after.gaps}
    both = old.keys() & new.keys()
    changed = {pair for pair in both if old[pair] != new[pair]}
    return ListDiff(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(changed)),
        unchanged=len(both) - len(changed),
        gaps_opened=tuple(sorted(new_gaps - old_gaps)),
        gaps_closed=tuple(sorted(old_gaps - new_gaps)),
    )


def preview(run: MatchingRun) -> ListDiff:
    """What publishing this run would change."""
    previous = (
        MatchingList.objects.filter(chain_id=run.round.chain_id, kind=run.round.kind)
        .order_by("-number")
        .first()
    )
    return difference(_content_of(previous), list_content(run))


def _content_of(published: MatchingList | None) -> ListContent | None:
    return None if published is None else wire.decode(published.content.encode(), ListContent)


def _tell_firms(published: MatchingList) -> None:
    listed = Match.objects.filter(run_id=published.run_id, excluded=False)
    for path in ("demand__organisation_id", "supply__organisation_id"):
        people = User.objects.filter(
            is_active=True,
            memberships__is_active=True,
            memberships__organisation_id__in=listed.values(path),
        ).distinct()
        tell(
            users=people,
            key=f"published:{published.pk}",
            zh=f"{published.chain.name_zh}第 {published.number} 号匹配清单已发布,贵单位有匹配结果",
            en=f"Matching list no. {published.number} of {published.chain.name_en} has matches of yours",
            link="/matches/",
        )
