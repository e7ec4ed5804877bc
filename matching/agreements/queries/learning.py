"""What came of accepted pairs, as examples to learn the rules from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from matching.agreements.amounts import Step
from matching.agreements.models import Agreement, Milestone, MilestoneState, Outcome, Result
from matching.agreements.states import IN_FORCE, AgreementState
from matching.engine.learning import Judged, Source
from matching.review.queries import judged_pairs
from matching.review.states import ReviewState

_FURTHEST = (Source.INTENT, Source.SAMPLE, Source.QUOTE, Source.CONTRACT)


def examples(chain_id: str, kind: str) -> tuple[Judged, ...]:
    """One example for each pair of a chain that somebody decided on: the newest that is known of it."""
    return judged_pairs(chain_id, kind, results_of(chain_id, kind))


def results_of(chain_id: str, kind: str) -> dict[uuid.UUID, Source]:
    """What came of the chain's accepted pairs since they were accepted, by review; four queries.

    What both firms stand by goes first, the furthest step of it; else the newest of a deal that was broken
    off and a talk that led to nothing. A firm that did not come, a talk to be continued and an agreement that
    one side alone has stated say nothing of the match.
    """
    pairs = {
        "review__state": ReviewState.ACCEPTED,
        "review__demand__chain_id": chain_id,
        "review__demand__kind": kind,
    }
    agreements = Agreement.objects.filter(**pairs)
    ended = agreements.filter(state=AgreementState.BROKEN_OFF, updated_at__gte=F("review__accepted_at"))
    talks = Outcome.objects.filter(
        **{f"appointment__{path}": value for path, value in pairs.items()},
        result=Result.MET,
        updated_at__gte=F("appointment__review__accepted_at"),
    )
    found = _newest(
        [
            *((row, at, Source.BROKEN_OFF) for row, at in ended.values_list("review_id", "updated_at")),
            *(
                (row, at, Source.NO_RESULT)
                for row, at in talks.values_list("appointment__review_id", "updated_at")
            ),
        ]
    )
    standing: dict[uuid.UUID, Source] = {}
    for row, code in agreements.filter(state__in=IN_FORCE).values_list("review_id", "kind"):
        step = Source(code)
        standing[row] = max(step, standing.get(row, step), key=_FURTHEST.index)
    delivered = Milestone.objects.filter(**pairs, step=Step.DELIVERY, state=MilestoneState.DONE)
    return {
        **found,
        **standing,
        **dict.fromkeys(delivered.values_list("review_id", flat=True), Source.DELIVERY),
    }


def _newest(rows: Iterable[tuple[uuid.UUID, datetime, Source]]) -> dict[uuid.UUID, Source]:
    return {row: source for row, _at, source in sorted(rows, key=lambda one: one[1])}
