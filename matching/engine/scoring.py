"""The score of a pair: a weighted mean of criteria, each with its reason, in basis points.

A criterion about which the need says nothing does not count, for any offer. Unknown earns nothing.
Price earns by being acceptable or not, never by its distance from the ceiling, so that scores do
not reveal the ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping

from matching.engine.retrieval import Hit
from matching.engine.types import (
    FULL_SCORE,
    ConditionKind,
    ConditionResult,
    CriterionScore,
    Need,
    Offer,
    Outcome,
    Phrase,
    Policy,
)

_KINDS: Mapping[str, tuple[ConditionKind, ...]] = {
    "requirements": (ConditionKind.PARAMETER, ConditionKind.STANDARD),
    "certificates": (ConditionKind.CERTIFICATE,),
    "price": (ConditionKind.PRICE,),
    "delivery": (ConditionKind.DELIVERY,),
    "region": (ConditionKind.REGION,),
    "capacity": (ConditionKind.CAPACITY,),
}
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


def score(
    need: Need, offer: Offer, hit: Hit, conditions: tuple[ConditionResult, ...], policy: Policy
) -> tuple[int, tuple[CriterionScore, ...]]:
    """Score in basis points and its terms, in the policy's order.

    Raises ValueError where the policy weighs a criterion that does not exist or a weight is negative.
    """
    terms = []
    for criterion, weight in policy.weights:
        if criterion not in CRITERIA or weight < 0:
            raise ValueError(f"policy {policy.version}: no such criterion or weight: {criterion}={weight}")
        judged = _judge(criterion, need, offer, hit, conditions, policy)
        if judged is not None and weight:
            terms.append(CriterionScore(criterion, judged[0], weight, judged[1]))
    total = sum(term.weight for term in terms)
    return (sum(term.value * term.weight for term in terms) // total if total else 0), tuple(terms)


def _judge(
    criterion: str,
    need: Need,
    offer: Offer,
    hit: Hit,
    conditions: tuple[ConditionResult, ...],
    policy: Policy,
) -> tuple[int, Phrase] | None:
    match criterion:
        case "text":
            return _text(hit)
        case "node":
            return _node(need, offer)
        case "grade":
            return _grade(offer, policy)
        case _:
            return _conditions(criterion, conditions)


def _text(hit: Hit) -> tuple[int, Phrase]:
    if not hit.shared:
        return hit.text, Phrase("品名和说明没有共同词语", "no words in common")
    words = "、".join(hit.shared)
    return hit.text, Phrase(f"共同词语：{words}", f"words in common: {words}")


def _node(need: Need, offer: Offer) -> tuple[int, Phrase] | None:
    """Deeper agreement counts more: of three levels the first is worth 1/6, two 3/6, all 6/6."""
    depth = len(need.node)
    if depth == 0:
        return None
    common = 0
    while common < min(depth, len(offer.node)) and need.node[common] == offer.node[common]:
        common += 1
    value = FULL_SCORE * common * (common + 1) // (depth * (depth + 1))
    if common == depth:
        return value, Phrase("同一产业链产品节点", "same product node of the chain")
    if not offer.node:
        return 0, Phrase("供方未填写产业链节点", "the supplier states no chain node")
    zh, en = f"产业链节点前 {common} 级相同（共 {depth} 级）", f"{common} of {depth} chain levels agree"
    return value, Phrase(zh, en)


def _grade(offer: Offer, policy: Policy) -> tuple[int, Phrase]:
    bonuses = dict(policy.grade_bonus)
    value, grade = max(((bonuses.get(grade, 0), grade) for grade in offer.grades), default=(0, ""))
    if not value:
        return 0, Phrase("无加分资质", "no grade that earns a bonus")
    return min(FULL_SCORE, value), Phrase(f"企业资质：{grade}", f"firm grade: {grade}")


def _conditions(criterion: str, conditions: tuple[ConditionResult, ...]) -> tuple[int, Phrase] | None:
    judged = [c for c in conditions if c.kind in _KINDS[criterion]]
    if not judged:
        return None
    earned = sum(_earned(condition) for condition in judged)
    met, unknown = (sum(c.outcome is outcome for c in judged) for outcome in (Outcome.MET, Outcome.UNKNOWN))
    zh, en = _NAMES[criterion]
    reason = Phrase(
        f"{zh}：{len(judged)} 项中满足 {met} 项，待确认 {unknown} 项",
        f"{en}: {met} of {len(judged)} met, {unknown} to be confirmed",
    )
    return earned // len(judged), reason


def _earned(condition: ConditionResult) -> int:
    if condition.outcome is not Outcome.MET:
        return 0
    return max(0, FULL_SCORE - (condition.shortfall or 0))
