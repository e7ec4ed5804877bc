"""How well weights put wanted pairs above unwanted ones, on decisions they have not seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.engine.learning.evidence import Evidence, Integers
from matching.engine.types import FULL_SCORE

_CONFIDENCE = 0.95


class Measure(StrEnum):
    """What is measured, each between 0 and 1."""

    WITHIN = "within"
    OVERALL = "overall"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure on held-out decisions, all in basis points.

    ``present`` and ``learnt`` are means over the ``parts`` where it can be measured, ``spread`` is the
    standard deviation of the gain over them, ``least`` the gain that is exceeded with 95 % confidence.
    """

    measure: Measure
    present: int
    learnt: int
    gain: int
    spread: int
    least: int
    parts: int


def measures(evidence: Evidence, scores: Integers) -> dict[Measure, float]:
    """Every measure that these decisions allow; each counts for its weight, but in ``FIRST``.

    ``WITHIN``: how often, of two offers of the same demand, the wanted one scores higher (ties half).
    ``OVERALL``: the same over all demands (area under the ROC curve).
    ``FIRST``: how often the best of a demand's judged offers is a wanted one; demands with both kinds.
    """
    found: dict[Measure, float] = {}
    if 0 < evidence.wanted.sum() < evidence.wanted.size:
        # scikit-learn is heavy and only learning needs it.
        from sklearn.metrics import roc_auc_score

        found[Measure.OVERALL] = float(roc_auc_score(evidence.wanted, scores, sample_weight=evidence.weight))
    mixed = list(_mixed(evidence))
    if mixed:
        pairs = [_pairs(evidence, scores, rows) for rows in mixed]
        found[Measure.WITHIN] = sum(won for won, _all in pairs) / sum(count for _won, count in pairs)
        found[Measure.FIRST] = sum(_first(evidence, scores, rows) for rows in mixed) / len(mixed)
    return found


def mixed_demands(evidence: Evidence) -> int:
    """Demand lines with a wanted and an unwanted offer."""
    return sum(1 for _rows in _mixed(evidence))


def _mixed(evidence: Evidence) -> Iterator[slice]:
    ends = np.bincount(evidence.demand).cumsum().tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        if 0 < evidence.wanted[start:end].sum() < end - start:
            yield slice(start, end)


def _pairs(evidence: Evidence, scores: Integers, rows: slice) -> tuple[float, float]:
    wanted, here, weight = evidence.wanted[rows], scores[rows], evidence.weight[rows]
    ahead = here[wanted][:, None] - here[~wanted][None, :]
    counted = weight[wanted][:, None] * weight[~wanted][None, :]
    return float(((ahead > 0) + (ahead == 0) / 2).ravel() @ counted.ravel()), float(counted.sum())


def _first(evidence: Evidence, scores: Integers, rows: slice) -> float:
    best = scores[rows] == scores[rows].max()
    return float(evidence.wanted[rows][best].mean())


def figure(measure: Measure, present: Sequence[float], learnt: Sequence[float], held_out: float) -> Figure:
    """A figure from its values on the same parts; ``held_out`` is the share of decisions in one part.

    Parts of repeated cross-validation overlap, so the variance of the mean gain is corrected after
    Nadeau & Bengio, *Inference for the Generalization Error* (2003).
    """
    # Only learning needs scipy.
    from scipy.stats import t

    gains = np.array(learnt) - np.array(present)
    spread = float(gains.std(ddof=1)) if gains.size > 1 else math.inf
    error = spread * math.sqrt(1 / gains.size + held_out / (1 - held_out))
    least = gains.mean() - (t.ppf(_CONFIDENCE, gains.size - 1) * error if spread else 0)
    return Figure(
        measure=measure,
        present=_points(float(np.mean(present))),
        learnt=_points(float(np.mean(learnt))),
        gain=_points(float(gains.mean())),
        spread=_points(spread),
        least=_points(float(least)),
        parts=int(gains.size),
    )


def _points(value: float) -> int:
    """Basis points; what can't be told counts as the worst."""
    return round(value * FULL_SCORE) if math.isfinite(value) else -FULL_SCORE
