"""How far a run is: its stages, who computes, how long it took and about how long it will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from matching.runs.models import MatchingRun, Shard
from matching.runs.states import ShardStage, ShardState


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a run; ``total`` is 0 where its parts are not known yet."""

    name: str
    done: int
    total: int
    in_work: int


@dataclass(frozen=True, slots=True)
class Progress:
    """``workers`` compute now; ``remaining`` is a guess from the parts that are done, None where none is."""

    stages: tuple[Stage, ...]
    workers: int
    elapsed: timedelta
    remaining: timedelta | None


def progress(run: MatchingRun, *, now: datetime) -> Progress:
    """The progress of a run in work; one query."""
    leased = Q(state=ShardState.LEASED, leased_until__gt=now)
    counted = (
        Shard.objects.filter(run=run)
        .order_by()
        .values_list("stage")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=ShardState.DONE)),
            now=Count("pk", filter=leased),
        )
    )
    by_stage = {stage: figures for stage, *figures in counted}
    stages = {stage: _stage(stage, *by_stage.get(stage, (0, 0, 0))) for stage in ShardStage}
    elapsed = now - (run.started_at or run.created_at)
    return Progress(
        stages=tuple(stages.values()),
        workers=sum(stage.in_work for stage in stages.values()),
        elapsed=elapsed,
        remaining=_remaining(stages[ShardStage.MATCH], elapsed),
    )


def _stage(stage: ShardStage, total: int, done: int, in_work: int) -> Stage:
    return Stage(name=str(stage.label), done=done, total=total, in_work=in_work)


def _remaining(matching: Stage, elapsed: timedelta) -> timedelta | None:
    if not 0 < matching.done < matching.total:
        return None
    return elapsed * (matching.total - matching.done) / matching.done
