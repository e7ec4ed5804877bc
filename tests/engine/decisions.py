"""Decisions as people with known weights would make them."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from matching.engine.learning import Judged, Source
from matching.engine.types import Policy

CRITERIA = tuple(criterion for criterion, _weight in Policy().weights)
LEVELS: Mapping[str, tuple[int, ...]] = {
    "node": (0, 1_666, 5_000, 10_000),
    "requirements": (0, 2_500, 5_000, 7_500, 10_000),
    "grade": (0, 3_000, 5_000, 7_000, 9_000),
}
OPTIONAL = ("requirements", "certificates", "price", "delivery", "region")


def decided(
    weights: Mapping[str, int], *, demands: int, offers: int = 6, seed: int = 1, factor: float = 9
) -> list[Judged]:
    """Decisions on ``offers`` offers of each demand: logistic in the score under ``weights``."""
    rng = random.Random(seed)
    found = []
    for demand in range(demands):
        absent = {criterion for criterion in OPTIONAL if rng.random() < 0.4}
        for offer in range(offers):
            values = {name: _value(rng, name) for name in CRITERIA if name not in absent}
            chance = 1 / (1 + math.exp(-factor * (score(weights, values) / 10_000 - 0.5)))
            wanted = rng.random() < chance
            found.append(judged(f"d{demand:03}", f"o{offer}", wanted, tuple(values.items())))
    return found


def judged(demand: str, offer: str, wanted: bool, values: tuple[tuple[str, int], ...]) -> Judged:
    """A word of the firms on an offer, between firms of their own."""
    source = Source.ACCEPTED if wanted else Source.DECLINED
    return Judged(demand, offer, f"buyer {demand} {offer}", f"supplier {demand} {offer}", source, values)


def _value(rng: random.Random, criterion: str) -> int:
    if criterion == "text":
        return rng.randint(1_500, 10_000)
    return rng.choice(LEVELS.get(criterion, (0, 10_000)))


def score(weights: Mapping[str, int], values: Mapping[str, int]) -> int:
    """The product's score: a weighted mean of what applies, in basis points."""
    total = sum(weights.get(name, 0) for name in values)
    return sum(weights.get(name, 0) * value for name, value in values.items()) // max(total, 1)
