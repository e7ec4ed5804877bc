"""The end of a run: allocation over all needs, then matches, near misses and gaps in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from accounts.sealing.fields import seal_row
from accounts.sealing.keys import keyed_digest
from matching.engine import explain, pipeline, wire
from matching.engine.conditions import as_text
from matching.engine.types import AllocationPlan, Candidate, NeedResult, Policy
from matching.engine.types import Gap as FoundGap
from matching.engine.types import Outcome as Met
from matching.runs.models import FrozenLine, Gap, Match, MatchingRun, NearMiss, Shard, Side
from matching.runs.queries import policy_of
from matching.runs.queries import results as results_of
from matching.runs.queries.frozen import needs_in
from matching.runs.services import artefacts
from matching.runs.services.decided import agreed_firms, excluded_pairs, hold_chain
from matching.runs.services.leases import Lease, complete
from matching.runs.states import RUN, RunAction, ShardStage

BATCH = 1000
_CUT = np.dtype("<i8")
_STAGED = """
    CREATE TEMP TABLE found (
        near boolean, need integer, offer integer, rank smallint, score smallint, verdicts bytea,
        "values" bytea, confirmed boolean, band text, allocated numeric(18, 4), share smallint,
        certain boolean
    )
"""
_COPY = "COPY found FROM STDIN"
_COLUMNS = """id, created_at, run_id, demand_id, supply_id, demand_title, supply_title, rank, score,
    need_position, offer_position, verdicts, "values", confirmed"""
_SHARED = """gen_random_uuid(), now(), %(run)s, need.line_id, offer.line_id, need.title, offer.title,
    found.rank, found.score, found.need, found.offer, found.verdicts, found."values", found.confirmed"""
_LINES = """
    FROM found
    JOIN matching_frozenline need
      ON need.run_id = %(run)s AND need.side = 'need' AND need.position = found.need
    JOIN matching_frozenline offer
      ON offer.run_id = %(run)s AND offer.side = 'offer' AND offer.position = found.offer
"""
_MATCHES = f"""
    INSERT INTO matching_match ({_COLUMNS}, unit, demand_fingerprint, supply_fingerprint, band, allocated,
        share, certain, excluded, excluded_reason, listed)
    SELECT {_SHARED}, offer.unit, need.fingerprint, offer.fingerprint, found.band, found.allocated,
        found.share, found.certain, kept_out.id IS NOT NULL, coalesce(kept_out.reason, ''), true
    {_LINES}
    LEFT JOIN matching_exclusion kept_out
      ON kept_out.demand_id = need.line_id AND kept_out.supply_id = offer.line_id
    WHERE NOT found.near
"""
_NEAR_MISSES = f"""
    INSERT INTO matching_nearmiss ({_COLUMNS}) SELECT {_SHARED} {_LINES} WHERE found.near
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a run found, before it is stored; ``positions`` are those of the needs.

    ``cuts`` is what ``cuts_of`` reads.
    """

    results: tuple[NeedResult, ...]
    plan: AllocationPlan
    gaps: tuple[FoundGap, ...]
    positions: dict[str, int]
    cuts: bytes
    result_hash: str


def allocate(run: MatchingRun) -> Outcome:
    """Allocate capacity over the results of all shards and name the gaps."""
    lines = FrozenLine.objects.filter(run=run, side=Side.NEED).order_by("position")
    needs = needs_in(lines)
    shards = Shard.objects.filter(run=run, stage=ShardStage.MATCH).order_by("number")
    pieces = [piece for shard in shards for piece in wire.pieces(results_of.opened(shard))]
    results = tuple(map(wire.unpack, pieces))
    offers = artefacts.offers_of(run, {pair.position for pair in _pairs(results)})
    glossary = artefacts.glossary_of(run)
    decided = (agreed_firms(run), run.as_of, glossary, excluded_pairs(run))
    plan, gaps = pipeline.finish(needs, offers, results, policy_of(run), *decided)
    return Outcome(
        results=results,
        plan=plan,
        gaps=gaps,
        positions={need.key: position for position, need in enumerate(needs)},
        cuts=np.array([result.cut for result in results], _CUT).tobytes(),
        # What is found tells a price to a hundredth of a percent: nobody is to try prices out against it.
        result_hash=keyed_digest(wire.digest(*pieces, wire.encode(plan), wire.encode(gaps)).encode()),
    )


def sealed_result(shard: Shard, results: tuple[NeedResult, ...]) -> bytes:
    """What a shard of the matching has found, as it is kept until the allocation reads it."""
    return results_of.sealed(wire.pack(results), shard)


def cuts_of(run: MatchingRun) -> list[int]:
    """The ``cut`` of each need's result of a finished run, by position; empty where none were kept."""
    kept = Shard.objects.filter(run=run, stage=ShardStage.ALLOCATE).values_list("result", flat=True).first()
    return [int(cut) for cut in np.frombuffer(kept or b"", _CUT)]


def _pairs(results: Iterable[NeedResult]) -> Iterator[Candidate]:
    for result in results:
        yield from result.matches
        yield from (miss.candidate for miss in result.near_misses)


@transaction.atomic
def finish_run(*, held: Lease, outcome: Outcome) -> bool:
    """Store matches, near misses and gaps, and the hash over all of them.

    Side effects: pairs that the office excluded before stay excluded; of the shards' results only what
    it takes to match a changed line later is kept.
    Returns whether the token was still current.
    """
    hold_chain(MatchingRun.objects.values_list("round__chain_id", flat=True).get(pk=held.shard.run_id))
    run = (
        MatchingRun.objects.select_for_update(of=("self",))
        .select_related("policy", "round")
        .get(pk=held.shard.run_id)
    )
    if not complete(held, run, outcome.cuts):
        return False
    _store_pairs(run, outcome)
    _store_gaps(run, outcome)
    Shard.objects.filter(run=run, stage=ShardStage.MATCH).update(result=b"")
    run.refresh_from_db(fields=["shards_done"])
    run.state = RUN.target(run.state, RunAction.FINISH)
    run.finished_at = timezone.now()
    run.result_hash = outcome.result_hash
    run.allocation_gap = outcome.plan.gap
    run.allocation_methods = dict(outcome.plan.methods)
    told = ("allocation_gap", "allocation_methods")
    run.save(update_fields=["state", "finished_at", "result_hash", *told])
    return True


def _store_pairs(run: MatchingRun, outcome: Outcome) -> None:
    policy = policy_of(run)
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        with cursor.copy(_COPY) as into:
            for row in _rows(run, outcome, policy):
                into.write_row(row)
        cursor.execute("ANALYZE found")
        cursor.execute(_MATCHES, {"run": run.pk})
        cursor.execute(_NEAR_MISSES, {"run": run.pk})
        cursor.execute("DROP TABLE found")


def _rows(run: MatchingRun, outcome: Outcome, policy: Policy) -> Iterator[tuple[Any, ...]]:
    given = {(item.need, item.offer): (item.quantity, item.share) for item in outcome.plan.allocations}
    nothing = (0, 0)
    sealing = {model: _Sealing(model, run) for model in (Match, NearMiss)}
    for result in outcome.results:
        need = outcome.positions[result.need]
        for rank, pair in enumerate(result.matches, start=1):
            quantity, share = given.get((pair.need, pair.offer), nothing)
            shared = sealing[Match].row(need, rank, pair)
            yield False, *shared, explain.band(pair.score, policy), quantity, share, _is_certain(pair)
        for rank, miss in enumerate(result.near_misses, start=1):
            yield True, *sealing[NearMiss].row(need, rank, miss.candidate), None, None, None, None


def _is_certain(pair: Candidate) -> bool:
    return not any(verdict.hard and verdict.outcome is not Met.MET for verdict in pair.conditions)


class _Sealing:
    """Writes pairs of a run for one of the two tables: what tells of prices and capacities is sealed."""

    def __init__(self, model: type[Match] | type[NearMiss], run: MatchingRun) -> None:
        self._run = run.pk
        self._fields: list[Any] = [model._meta.get_field(name) for name in ("verdicts", "values")]

    def row(self, need: int, rank: int, pair: Candidate) -> tuple[Any, ...]:
        """The columns that both tables have."""
        told = (as_text(pair.conditions), pair.criteria)
        verdicts, values = seal_row(self._fields, told, self._run, need, pair.position)
        return need, pair.position, rank, pair.score, verdicts, values, pair.confirmed


def _store_gaps(run: MatchingRun, outcome: Outcome) -> None:
    lines = FrozenLine.objects.filter(run=run, side=Side.NEED)
    needs = {key: (line, title) for key, line, title in lines.values_list("key", "line_id", "title")}
    Gap.objects.bulk_create(
        (
            Gap(
                run=run,
                demand_id=needs[gap.need][0],
                demand_title=needs[gap.need][1],
                type=gap.type,
                uncovered=gap.uncovered,
                evidence_zh=gap.evidence.zh,
                evidence_en=gap.evidence.en,
            )
            for gap in outcome.gaps
        ),
        batch_size=BATCH,
    )
