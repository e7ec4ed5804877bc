"""How good a ranking is: recall, reciprocal rank and discounted gain, as trec_eval computes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

CUT = 10
DEEP_CUT = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the ``demands`` that have at least one relevant supply, each 0 … 1."""

    demands: int
    recall: float
    deep_recall: float
    reciprocal_rank: float
    gain: float


def measure(
    rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Mapping[str, int]], relevant_at: int
) -> Figures:
    """Recall@10 and @100, MRR@10 and nDCG@10 of rankings (demand → supplies, best first).

    A pair that was not judged counts as not relevant; a demand without a ranking counts as one that
    found nothing; a demand without a relevant supply counts nowhere.
    """
    rows = []
    for demand, judged in grades.items():
        relevant = {supply for supply, grade in judged.items() if grade >= relevant_at}
        if relevant:
            ranked = list(dict.fromkeys(rankings.get(demand, ())))
            rows.append(
                (
                    recall(ranked[:CUT], relevant),
                    recall(ranked[:DEEP_CUT], relevant),
                    reciprocal_rank(ranked[:CUT], relevant),
                    normalised_gain(ranked, judged, CUT),
                )
            )
    means = [math.fsum(column) / len(rows) for column in zip(*rows, strict=True)] if rows else [0.0] * 4
    return Figures(len(rows), *means)


def recall(ranked: Sequence[str], relevant: Set[str]) -> float:
    """The share of the relevant supplies that is in the ranking."""
    return len(relevant & set(ranked)) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str]) -> float:
    """One over the rank of the first relevant supply; 0 where there is none."""
    return next((1 / rank for rank, supply in enumerate(ranked, 1) if supply in relevant), 0.0)


def normalised_gain(ranked: Sequence[str], judged: Mapping[str, int], cut: int) -> float:
    """Discounted gain of the first ``cut`` supplies over that of the best possible ranking.

    The gain of a supply is its grade (linear), discounted by log2(rank + 1).
    """
    best = _discounted(sorted(judged.values(), reverse=True)[:cut])
    return _discounted([judged.get(supply, 0) for supply in ranked[:cut]]) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(max(0, gain) / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
