"""Why not: gaps with their type and evidence; and the coarse bands that firms may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from matching.engine.types import (
    FULL_SCORE,
    ConditionKind,
    Gap,
    GapType,
    NearMiss,
    Need,
    NeedResult,
    Outcome,
    Phrase,
    Policy,
    Verdict,
)

_TYPES = {
    ConditionKind.PARAMETER: GapType.SPECIFICATION,
    ConditionKind.STANDARD: GapType.SPECIFICATION,
    ConditionKind.CERTIFICATE: GapType.CERTIFICATE,
    ConditionKind.CAPACITY: GapType.CAPACITY,
    ConditionKind.MINIMUM_ORDER: GapType.CAPACITY,
    ConditionKind.PRICE: GapType.PRICE,
    ConditionKind.REGION: GapType.REGION,
    ConditionKind.DELIVERY: GapType.DELIVERY,
}
_REASONS = {
    GapType.SPECIFICATION: ("技术指标或标准不满足", "a requirement or standard is not met"),
    GapType.CERTIFICATE: ("所需证书缺失或过期", "a required certificate is missing or expired"),
    GapType.CAPACITY: ("产能或起订量不合适", "capacity or minimum order does not fit"),
    GapType.PRICE: ("价格不在可接受范围内", "the price is not acceptable"),
    GapType.REGION: ("不在指定区域", "outside the wanted region"),
    GapType.DELIVERY: ("交期不满足", "delivery is too late"),
}


def band(score: int, policy: Policy) -> str:
    """``A``, ``B`` or ``C``: all of a score that a firm may learn."""
    first, second, _ = policy.bands
    return "A" if score >= first else "B" if score >= second else "C"


def gap(need: Need, result: NeedResult, covered: int, sentence: Callable[[NearMiss], Phrase]) -> Gap | None:
    """The gap that ``covered`` basis points leave open, typed by the commonest failing condition
    among the closest offers; None where the need is covered.

    ``sentence`` tells the failing condition of a near miss.
    """
    uncovered = max(0, FULL_SCORE - covered)
    if uncovered == 0:
        return None
    if result.matches:
        return _short(need, result, uncovered)
    failing = Counter(_TYPES[miss.failing.kind] for miss in result.near_misses)
    if not failing:
        for excluded, times in result.excluded:
            failing[_TYPES[excluded]] += times
    if not failing:
        return Gap(need.key, GapType.NO_PRODUCT, uncovered, _no_product(result))
    kind, count = min(failing.items(), key=lambda item: (-item[1], item[0].value))
    return Gap(need.key, kind, uncovered, _why(kind, count, result, sentence))


def _short(need: Need, result: NeedResult, uncovered: int) -> Gap:
    """There are matches, but what they can give is too little or not known."""
    measured = [_capacity_of(candidate.conditions) for candidate in result.matches]
    share = _percent(uncovered)
    if all(condition is None or condition.outcome is Outcome.UNKNOWN for condition in measured):
        evidence = Phrase(
            f"有 {len(measured)} 条匹配供应，但均未填写可比的空闲产能，{share} 的需求量无法落实",
            f"{len(measured)} matching offers, none with comparable free capacity: {share} is open",
        )
        return Gap(need.key, GapType.UNKNOWN_DATA, uncovered, evidence)
    evidence = Phrase(
        f"有 {len(measured)} 条匹配供应，分配后仍有 {share} 的需求量没有产能覆盖",
        f"{len(measured)} matching offers; after allocation {share} of the quantity has no capacity",
    )
    return Gap(need.key, GapType.CAPACITY, uncovered, evidence)


def _capacity_of(conditions: tuple[Verdict, ...]) -> Verdict | None:
    return next((c for c in conditions if c.kind is ConditionKind.CAPACITY), None)


def _percent(basis_points: int) -> str:
    # A sliver still shows as something: 0.04 % is not 0 %.
    return f"{max(1, basis_points // 10) / 10:g}%"


def _no_product(result: NeedResult) -> Phrase:
    if result.retrieved == 0:
        return Phrase("供应清单中没有相近产品", "no similar product in the supply list")
    return Phrase(
        f"比较了 {result.retrieved} 条供应，没有一条足够相近",
        f"{result.retrieved} offers were compared; none is similar enough",
    )


def _why(kind: GapType, count: int, result: NeedResult, sentence: Callable[[NearMiss], Phrase]) -> Phrase:
    zh, en = _REASONS[kind]
    alike = (miss for miss in result.near_misses if _TYPES[miss.failing.kind] is kind)
    example = next(map(sentence, alike), None)
    tail_zh = f"；例如：{example.zh}" if example else ""
    tail_en = f"; for example: {example.en}" if example else ""
    return Phrase(
        f"比较了 {result.retrieved} 条供应，最常见的原因是{zh}（{count} 条）{tail_zh}",
        f"{result.retrieved} offers were compared; most often {en} ({count}){tail_en}",
    )
