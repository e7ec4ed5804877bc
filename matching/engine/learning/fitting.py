"""Weights that explain decisions: a logistic model on the product's own score.

The chance that a pair is wanted is logistic in its score times a factor, plus a level of its demand line:
what was decided about the offers of one demand is compared among themselves first of all, as people do.
Each decision counts for its weight. Weights of criteria are never negative, so a better offer never scores
lower. They are held near the present ones, the more so the less evidence there is: a penalty on their
direction, as their sum is only a scale.

Cf. Gelman & Hill, *Data Analysis Using Regression and Multilevel Models* (2007), chapters 12 and 14.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.learning.evidence import Evidence, Flags, Floats, Integers
from matching.engine.types import FULL_SCORE

_LEVEL_PENALTY = 0.5
"""Levels of demand lines vary with standard deviation 1 (in log-odds)."""
_SIZE_PENALTY = 1e-3
"""Keeps the factor finite where the scores part the decisions without a fault."""
_SMALLEST = 1e-4
_FIRST_FACTOR = 5.0
_STEPS = 400


@dataclass(frozen=True, slots=True)
class Model:
    """The function to minimise; parameters are free weights, one common level, one level a demand line.

    ``spread`` (k × m) turns m free weights into k: what shows no evidence keeps its share of the sum.
    ``toward`` (m) is the direction of the present weights, of length 1. ``strength`` is what a right angle to
    it costs, as log-likelihood: the penalty is the squared sine, so it does not depend on the factor.
    """

    earned: Floats
    counted: Floats
    sums: Floats
    demand: Integers
    wanted: Floats
    weight: Floats
    toward: Floats
    strength: float

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        """Loss and gradient: minus log-likelihood plus penalties."""
        weights, common, levels = self._split(parameters)
        score, factor, counted = self._score(weights)
        odds = factor * score + common + levels[self.demand]
        surplus = self.weight * (np.exp(-np.logaddexp(0, -odds)) - self.wanted)
        size, along = weights @ weights, weights @ self.toward
        loss = (
            self.weight @ (np.logaddexp(0, odds) - self.wanted * odds)
            + self.strength * (1 - along**2 / size)
            + _SIZE_PENALTY * size
            + _LEVEL_PENALTY * (levels @ levels)
        )
        pull = factor * surplus / counted
        by_weight = (
            self.sums * (surplus @ score)
            + self.earned.T @ pull
            - self.counted.T @ (pull * score)
            + 2 * self.strength * along / size * (weights * (along / size) - self.toward)
            + 2 * _SIZE_PENALTY * weights
        )
        by_level = np.bincount(self.demand, surplus, levels.size) + 2 * _LEVEL_PENALTY * levels
        return float(loss), np.concatenate([by_weight, [surplus.sum()], by_level])

    def _split(self, parameters: Floats) -> tuple[Floats, float, Floats]:
        size = self.toward.size
        return parameters[:size], float(parameters[size]), parameters[size + 1 :]

    def _score(self, weights: Floats) -> tuple[Floats, float, Floats]:
        counted = self.counted @ weights
        return self.earned @ weights / counted, float(self.sums @ weights), counted


def spread_of(present: Integers, varies: Flags) -> Floats:
    """Matrix (k × m) from the m weights that vary to all k; the others keep their share of the sum."""
    share = present / present.sum()
    spread = np.zeros((present.size, int(varies.sum())))
    spread[np.flatnonzero(varies), np.arange(spread.shape[1])] = 1
    fixed = ~varies
    spread[fixed] = (share[fixed] / (1 - share[fixed].sum()))[:, None]
    return spread


def model(evidence: Evidence, present: Integers, varies: Flags, strength: float) -> Model:
    """The model of these decisions; at least one of the criteria with a weight must vary."""
    spread = spread_of(present, varies)
    toward = present[varies].astype(np.float64)
    return Model(
        earned=evidence.values / FULL_SCORE @ spread,
        counted=evidence.applies @ spread,
        sums=spread.sum(axis=0),
        demand=evidence.demand,
        wanted=evidence.wanted.astype(np.float64),
        weight=evidence.weight,
        toward=toward / np.sqrt(toward @ toward),
        strength=strength,
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of all criteria (k, any scale) with the common level."""

    weights: Floats
    common: float

    def loss(self, evidence: Evidence) -> float:
        """Mean minus log-likelihood of decisions on demand lines that were not seen."""
        score = evidence.values / FULL_SCORE @ self.weights / (evidence.applies @ self.weights)
        odds = self.weights.sum() * score + self.common
        losses = np.logaddexp(0, odds) - evidence.wanted * odds
        return float(np.average(losses, weights=evidence.weight))


def fit(evidence: Evidence, present: Integers, varies: Flags, strength: float) -> Fitted:
    """The best weights (L-BFGS-B within bounds, from the present weights; the same on every call)."""
    # Only the command that learns needs the solver; web and workers start without it.
    from scipy.optimize import minimize

    loss = model(evidence, present, varies, strength)
    size = loss.toward.size
    first = np.zeros(size + 1 + evidence.demands)
    first[:size] = _FIRST_FACTOR * present[varies] / present.sum()
    bounds = [(_SMALLEST, None)] * size + [(None, None)] * (first.size - size)
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _STEPS})
    return Fitted(spread_of(present, varies) @ found.x[:size], float(found.x[size]))


def whole(weights: Floats, present: Integers, varies: Flags) -> Integers:
    """Whole weights with the sum of ``present``, by largest remainders.

    What does not vary keeps its weight. No other falls below 1: a criterion without weight is not
    measured any more, so nothing could ever be learnt about it again.
    """
    result = present.copy()
    free = np.flatnonzero(varies)
    shares = weights[free] / weights[free].sum() * present[free].sum()
    rounded = np.maximum(1, np.floor(shares)).astype(np.int64)
    rest = int(present[free].sum() - rounded.sum())
    order = sorted(range(free.size), key=lambda place: (rounded[place] - shares[place], place))
    for step in range(abs(rest)):
        if rest > 0:
            rounded[order[step % free.size]] += 1
        else:
            rounded[int(np.argmax(rounded))] -= 1
    result[free] = rounded
    return result
