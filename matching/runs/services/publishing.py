"""Verbs on what is published."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from matching.engine import wire
from matching.errors import Conflict, Forbidden
from matching.lists.models import Round
from matching.lists.states import ROUND, RoundAction, RoundState
from matching.runs import access, queries
from matching.runs.models import (
    FrozenLine,
    Gap,
    Match,
    MatchingList,
    MatchingRun,
    Side,
)
from matching.runs.services.announcing import announce
from matching.runs.services.decided import Awarded, hold_chain
from matching.runs.states import RunState


@transaction.atomic
def publish(*, actor: User, run_id: uuid.UUID) -> MatchingList:
    """Publish a finished run as the chain's next numbered matching list.

    Side effects: one immutable list with a diff against the previous one; the round becomes published;
    what the list leaves out is no longer marked as listed; firms with a match are told. Lines that were
    changed or withdrawn after the run began are left out with their pairs and named as ``lapsed``. Raises
    ``Forbidden``, or ``Conflict`` where the run is not finished, its round is still open, it is published
    already, or it began before the round was closed or before the run that was published last.
    """
    hold_chain(MatchingRun.objects.values_list("round__chain_id", flat=True).get(pk=run_id))
    run = (
        MatchingRun.objects.select_for_update(of=("self",))
        .select_related("round__chain", "policy")
        .get(pk=run_id)
    )
    _refuse_unready(actor, run)
    round_ = Round.objects.select_for_update().get(pk=run.round_id)
    round_.state = ROUND.target(round_.state, RoundAction.PUBLISH)
    round_.save(update_fields=["state"])
    previous = _newest(round_)
    _refuse_old(run, round_, previous)
    lapsed = _lapsed(run)
    content = _content(run, lapsed)
    left_out = Q(excluded=True) | Q(demand_id__in=lapsed) | Q(supply_id__in=lapsed)
    Match.objects.filter(left_out, run=run, listed=True).update(listed=False)
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
    announce(published)
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


def _refuse_old(run: MatchingRun, round_: Round, previous: MatchingList | None) -> None:
    if run.created_at < round_.closes_at:
        raise Conflict(_("This run began before the round was closed; start a new one."), code="run_too_old")
    if previous is not None and run.created_at < previous.run.created_at:
        raise Conflict(_("A newer run of this chain is published already."), code="run_too_old")


def _newest(round_: Round) -> MatchingList | None:
    lists = MatchingList.objects.filter(chain_id=round_.chain_id, kind=round_.kind)
    return lists.select_related("run").order_by("-number").first()


def _lapsed(run: MatchingRun) -> dict[uuid.UUID, str]:
    """Keys of the run's lines that are no longer verified as they were frozen, by their ids."""
    return {
        line: key for side in Side for line, key in queries.lapsed(run, side).values_list("line_id", "key")
    }


class ListedMatch(msgspec.Struct, frozen=True, gc=False):
    """One row of a published list; lines are named by credit code and line number.

    Out of the garbage collector's sight, which would look through hundreds of thousands again and again.
    """

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
    """What a published list says; free of dates, names of people and database ids.

    ``accepted`` is what both firms had agreed on when the run began, ``lapsed`` the lines that were
    changed or withdrawn after that; nothing else names those.
    """

    chain: str
    kind: str
    policy: int
    input_hash: str
    result_hash: str
    matches: tuple[ListedMatch, ...] = ()
    excluded: tuple[ListedExclusion, ...] = ()
    gaps: tuple[ListedGap, ...] = ()
    accepted: tuple[Awarded, ...] = ()
    lapsed: tuple[str, ...] = ()


def list_content(run: MatchingRun) -> ListContent:
    """The content of a run's list, ordered by demand, rank and supply."""
    return _content(run, _lapsed(run))


def _content(run: MatchingRun, lapsed: dict[uuid.UUID, str]) -> ListContent:
    needs, offers = (_keys(run, side) for side in Side)
    matches = Match.objects.filter(run=run).order_by("need_position", "rank", "offer_position")
    listed: list[ListedMatch] = []
    excluded: list[ListedExclusion] = []
    for demand_id, supply_id, reason, kept_out, need, offer, *row in matches.values_list(
        *_COLUMNS
    ).iterator():
        if demand_id in lapsed or supply_id in lapsed:
            continue
        if kept_out:
            excluded.append(ListedExclusion(needs[need], offers[offer], reason))
        else:
            listed.append(ListedMatch(needs[need], offers[offer], *row))
    keys = dict(FrozenLine.objects.filter(run=run, side=Side.NEED).values_list("line_id", "key"))
    open_ = Gap.objects.filter(run=run).values_list("demand_id", "type", "uncovered")
    gaps = sorted((keys[line], kind, part) for line, kind, part in open_ if line not in lapsed)
    return ListContent(
        chain=run.round.chain_id,
        kind=run.round.kind,
        policy=run.policy.number,
        input_hash=run.input_hash,
        result_hash=run.result_hash,
        matches=tuple(listed),
        excluded=tuple(excluded),
        gaps=tuple(ListedGap(key, kind, part) for key, kind, part in gaps),
        accepted=wire.decode(run.awards.encode(), tuple[Awarded, ...]),
        lapsed=tuple(sorted(lapsed.values())),
    )


_COLUMNS = (
    *("demand_id", "supply_id", "excluded_reason", "excluded", "need_position", "offer_position"),
    *("rank", "score", "band", "allocated", "unit", "share"),
)


def _keys(run: MatchingRun, side: Side) -> dict[int, str]:
    return dict(FrozenLine.objects.filter(run=run, side=side).values_list("position", "key"))


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
    """Compare two lists; ``changed`` are pairs whose band or allocated quantity differs.

    A pair that both firms accepted meanwhile is not ``removed``: it has found each other.
    """
    old = {(row.demand, row.supply): (row.band, row.allocated) for row in before.matches} if before else {}
    new = {(row.demand, row.supply): (row.band, row.allocated) for row in after.matches}
    old_gaps = {gap.demand for gap in before.gaps} if before else set()
    new_gaps = {gap.demand for gap in after.gaps}
    accepted = {(one.demand, one.supply) for one in after.accepted}
    both = old.keys() & new.keys()
    changed = {pair for pair in both if old[pair] != new[pair]}
    return ListDiff(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys() - accepted)),
        changed=tuple(sorted(changed)),
        unchanged=len(both) - len(changed),
        gaps_opened=tuple(sorted(new_gaps - old_gaps)),
        gaps_closed=tuple(sorted(old_gaps - new_gaps)),
    )


def preview(run: MatchingRun) -> ListDiff:
    """What publishing this run would change."""
    return difference(_content_of(_newest(run.round)), list_content(run))


def _content_of(published: MatchingList | None) -> ListContent | None:
    return None if published is None else wire.decode(published.content.encode(), ListContent)
