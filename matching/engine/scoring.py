"""The score of a pair: a weighted mean of criteria, in basis points; each with its reason when it is read.

A criterion about which the need says nothing does not count, for any offer. Unknown earns nothing.
Price earns by being acceptable or not, never by its distance from the ceiling, so that scores do
not reveal the ceiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matching.engine.types import (
    FULL_SCORE,
    ConditionKind,
    CriterionScore,
    Need,
    Offer,
    Outcome,
    Phrase,
    Policy,
    Verdict,
)

_KINDS: Mapping[str, tuple[ConditionKind, ...]] = {
    "requirements": (ConditionKind.PARAMETER, ConditionKind.STANDARD),
    "certificates": (ConditionKind.CERTIFICATE,),
    "price": (ConditionKind.PRICE,),
    "delivery": (ConditionKind.DELIVERY,),
    "region": (ConditionKind.REGION,),
    "capacity": (ConditionKind.CAPACITY,),
}
_CRITERION = {kind: criterion for criterion, kinds in _KINDS.items() for kind in kinds}
_NAMES = {
    "requirements": ("技术指标与标准", "requirements and standards"),
    "certificates": ("证书", "certificates"),
    "price": ("价格", "price"),
    "delivery": ("交期", "delivery"),
    "region": ("区域", "region"),
    "capacity": ("产能", "capacity"),
}
CRITERIA = frozenset({"text", "node", "grade", *_KINDS})
"""Names that a policy may weigh."""
Values = tuple[int | None, ...]


class Scorer:
    """A policy ready to score pairs.

    Raises ValueError where the policy weighs a criterion that does not exist or a weight is negative.
    """

    def __init__(self, policy: Policy) -> None:
        for criterion, weight in policy.weights:
            if criterion not in CRITERIA or weight < 0:
                raise ValueError(
                    f"policy {policy.version}: no such criterion or weight: {criterion}={weight}"
                )
        self._weights = policy.weights
        self._bonuses = dict(policy.grade_bonus)

    def score(self, need: Need, offer: Offer, text: int, verdicts: Iterable[Verdict]) -> tuple[int, Values]:
        """Score in basis points and the value of each criterion in the policy's order.

        ``text`` is how alike the two texts are, in basis points. A criterion without weight has no value.
        """
        earned: dict[str, int | None] = _earned_by_criterion(verdicts)
        earned["text"] = text
        earned["node"] = _node(need.node, offer.node)
        earned["grade"] = self._grade(offer)[0]
        total = weights = 0
        values = []
        for criterion, weight in self._weights:
            value = earned.get(criterion) if weight else None
            values.append(value)
            if value is not None:
                total += value * weight
                weights += weight
        return (total // weights if weights else 0), tuple(values)

    def tell(
        self,
        need: Need,
        offer: Offer,
        values: Sequence[int | None],
        verdicts: Iterable[Verdict],
        text_reason: Phrase,
    ) -> tuple[CriterionScore, ...]:
        """The terms of a score that was computed under this policy, each with its reason."""
        judged = tuple(verdicts)
        terms = []
        for (criterion, weight), value in zip(self._weights, values, strict=True):
            if value is None:
                continue
            match criterion:
                case "text":
                    reason = text_reason
                case "node":
                    reason = _node_reason(need.node, offer.node)
                case "grade":
                    reason = self._grade_reason(offer)
                case _:
                    reason = _conditions_reason(criterion, judged)
            terms.append(CriterionScore(criterion, value, weight, reason))
        return tuple(terms)

    def _grade(self, offer: Offer) -> tuple[int, str]:
        value, grade = max(((self._bonuses.get(grade, 0), grade) for grade in offer.grades), default=(0, ""))
        return min(FULL_SCORE, value), grade

    def _grade_reason(self, offer: Offer) -> Phrase:
        value, grade = self._grade(offer)
        if not value:
            return Phrase("无加分资质", "no grade that earns a bonus")
        return Phrase(f"企业资质：{grade}", f"firm grade: {grade}")


def _earned_by_criterion(verdicts: Iterable[Verdict]) -> dict[str, int | None]:
    earned: dict[str, int] = {}
    counted: dict[str, int] = {}
    for kind, _, outcome, shortfall in verdicts:
        criterion = _CRITERION.get(kind)
        if criterion is not None:
            counted[criterion] = counted.get(criterion, 0) + 1
            if outcome is Outcome.MET:
                earned[criterion] = earned.get(criterion, 0) + max(0, FULL_SCORE - (shortfall or 0))
    return {criterion: earned.get(criterion, 0) // count for criterion, count in counted.items()}


def _common(wanted: tuple[str, ...], offered: tuple[str, ...]) -> int:
    common = 0
    while common < min(len(wanted), len(offered)) and wanted[common] == offered[common]:
        common += 1
    return common


def _node(wanted: tuple[str, ...], offered: tuple[str, ...]) -> int | None:
    """Deeper agreement counts more: of three levels the first is worth 1/6, two 3/6, all 6/6."""
    depth = len(wanted)
    if depth == 0:
        return None
    if wanted == offered:
        return FULL_SCORE
    common = _common(wanted, offered)
    return FULL_SCORE * common * (common + 1) // (depth * (depth + 1))


def _node_reason(wanted: tuple[str, ...], offered: tuple[str, ...]) -> Phrase:
    depth, common = len(wanted), _common(wanted, offered)
    if common == depth:
        return Phrase("同一产业链产品节点", "same product node of the chain")
    if not offered:
        return Phrase("供方未填写产业链节点", "the supplier states no chain node")
    return Phrase(f"产业链节点前 {common} 级相同（共 {depth} 级）", f"{common} of {depth} chain levels agree")


def _conditions_reason(criterion: str, verdicts: Iterable[Verdict]) -> Phrase:
    judged = [verdict.outcome for verdict in verdicts if _CRITERION.get(verdict.kind) == criterion]
    met, unknown = judged.count(Outcome.MET), judged.count(Outcome.UNKNOWN)
    zh, en = _NAMES[criterion]
    return Phrase(
        f"{zh}：{len(judged)} 项中满足 {met} 项，待确认 {unknown} 项",
        f"{en}: {met} of {len(judged)} met, {unknown} to be confirmed",
    )
