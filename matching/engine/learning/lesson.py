"""From decisions to a lesson: new weights, what they gain on decisions they have not seen, and a verdict.

The gain is measured by nested cross-validation in groups: all decisions on a demand line are on the same
side, how strongly to hold to the present weights is chosen inside each training part, and both old and
new weights are measured, rounded, as a run would use them.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.engine.learning.evidence import Evidence, Flags, Integers, Judged, evidence, in_order
from matching.engine.learning.fitting import fit, whole
from matching.engine.learning.measuring import Figure, Measure, figure, measures, mixed_demands
from matching.engine.learning.sources import Source
from matching.engine.types import Policy

LEAST_DECISIONS = 50
LEAST_OF_A_KIND = 5
LEAST_DEMANDS = 10
"""Demand lines, or demand lines with both kinds of decisions, that a measure needs."""
LEAST_GAIN = 100
"""Basis points that are worth a new version."""
PARTS = 5
REPEATS = 4
INNER_PARTS = 4
STRENGTHS = (1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)


class Verdict(StrEnum):
    """What came of it; only a gain is proposed."""

    GAIN = "gain"
    NO_CLEAR_GAIN = "no_clear_gain"
    TOO_FEW = "too_few"
    NOTHING_VARIES = "nothing_varies"


@dataclass(frozen=True, slots=True)
class WeightChange:
    """A criterion's weight before and after; without ``evidence`` it was kept."""

    criterion: str
    before: int
    after: int
    evidence: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Examples from one source, and what they count for together, in hundredths of a word of the office."""

    source: Source
    examples: int
    weight: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the decisions teach.

    ``mixed`` counts demand lines with a wanted and an unwanted offer; ``strength`` is how strongly the
    weights were held to the present ones (0 where nothing was fitted). ``decisive`` is the measure that
    the verdict rests on. ``sources`` are those that there are, in the order of ``Source``.
    """

    verdict: Verdict
    wanted: int
    unwanted: int
    demands: int
    mixed: int
    weights: tuple[WeightChange, ...] = ()
    figures: tuple[Figure, ...] = ()
    decisive: Measure = Measure.OVERALL
    strength: float = 0
    sources: tuple[Share, ...] = ()

    @property
    def decisions(self) -> int:
        """How many decisions there were."""
        return self.wanted + self.unwanted


def learn(judged: Iterable[Judged], policy: Policy) -> Lesson:
    """Fit the policy's weights to the decisions; the order in which they come does not matter."""
    weighed = [(criterion, weight) for criterion, weight in policy.weights if weight > 0]
    pairs = in_order(judged)
    known = evidence(pairs, tuple(criterion for criterion, _weight in weighed))
    sources = _shares(pairs, known)
    present = np.array([weight for _criterion, weight in weighed], np.int64)
    varies = known.varies()
    wanted, mixed = int(known.wanted.sum()), mixed_demands(known)
    counts = (wanted, known.wanted.size - wanted, known.demands, mixed)
    if known.wanted.size < LEAST_DECISIONS or min(counts[:2]) < LEAST_OF_A_KIND or counts[2] < LEAST_DEMANDS:
        return Lesson(Verdict.TOO_FEW, *counts, sources=sources)
    if varies.sum() < 2:
        return Lesson(Verdict.NOTHING_VARIES, *counts, sources=sources)
    # Only learning needs it. Threads gain nothing on so few numbers, and one alone sums in one order.
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        strength, learnt = _learnt(known, present, varies)
        figures = _held_out(known, present, varies)
    decisive = Measure.WITHIN if mixed >= LEAST_DEMANDS else Measure.OVERALL
    changes = tuple(
        WeightChange(criterion, before, int(after), bool(says))
        for (criterion, before), after, says in zip(weighed, learnt, varies, strict=True)
    )
    better = _is_better(figures, decisive) and (learnt != present).any()
    verdict = Verdict.GAIN if better else Verdict.NO_CLEAR_GAIN
    return Lesson(verdict, *counts, changes, figures, decisive, strength, sources)


def _shares(pairs: Sequence[Judged], known: Evidence) -> tuple[Share, ...]:
    found: dict[Source, list[float]] = {}
    for pair, weight in zip(pairs, known.weight.tolist(), strict=True):
        found.setdefault(pair.source, []).append(weight)
    return tuple(
        Share(source, len(found[source]), round(100 * math.fsum(found[source])))
        for source in Source
        if source in found
    )


def _is_better(figures: Iterable[Figure], decisive: Measure) -> bool:
    """A gain on the decisive measure beyond doubt, and no loss within demands or over all of them."""
    gains: dict[Measure, int] = {one.measure: one.gain for one in figures if one.measure is not Measure.FIRST}
    beyond_doubt = any(one.measure is decisive and one.least > 0 for one in figures)
    return beyond_doubt and gains[decisive] >= LEAST_GAIN and min(gains.values()) > -LEAST_GAIN


def _learnt(known: Evidence, present: Integers, varies: Flags) -> tuple[float, Integers]:
    """The strength that serves unseen demand lines best, and the whole weights under it."""
    parts = [(known.part(seen), known.part(held)) for seen, held in _parts(known, INNER_PARTS, seed=0)]
    losses = {
        each: sum(fit(seen, present, varies, each).loss(held) for seen, held in parts) for each in STRENGTHS
    }
    strength = min(losses, key=lambda each: (losses[each], -each))
    fitted = fit(known, present, varies, strength)
    return strength, whole(fitted.weights, present, varies)


def _held_out(known: Evidence, present: Integers, varies: Flags) -> tuple[Figure, ...]:
    before: dict[Measure, list[float]] = {measure: [] for measure in Measure}
    after: dict[Measure, list[float]] = {measure: [] for measure in Measure}
    for repeat in range(REPEATS):
        for seen, held in _parts(known, PARTS, seed=repeat):
            _strength, learnt = _learnt(known.part(seen), present, varies)
            unseen = known.part(held)
            for weights, values in ((present, before), (learnt, after)):
                for measure, value in measures(unseen, unseen.scores(weights)).items():
                    values[measure].append(value)
    return tuple(
        figure(measure, before[measure], after[measure], held_out=1 / PARTS)
        for measure in Measure
        if before[measure]
    )


def _parts(known: Evidence, count: int, seed: int) -> Iterator[tuple[Integers, Integers]]:
    """Rows to learn from and rows held out: demand lines stay whole, both kinds are spread evenly."""
    # scikit-learn is heavy and only learning needs it.
    from sklearn.model_selection import StratifiedGroupKFold

    split = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # It warns where a part has to do without one of the kinds; measures leave out what is not there.
        warnings.simplefilter("ignore", UserWarning)
        for seen, held in split.split(known.values, known.wanted, known.demand):
            if held.size:
                yield seen, held
