"""Why not: gaps with their type and evidence; and the coarse bands that firms may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from matching.engine.shortage import Hindrance, Shortage
from matching.engine.types import (
    ConditionKind,
    Gap,
    GapType,
    NearMiss,
    Need,
    NeedResult,
    Phrase,
    Policy,
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

_HINDRANCES = {
    Hindrance.SUPPLIERS: (
        "尚有空闲产能，但供方数量已达上限（{most} 家）",
        "with free capacity, but the limit of {most} suppliers is reached",
    ),
    Hindrance.MINIMUM_ORDER: (
        "起订量高于剩余数量",
        "with a minimum order above what is left",
    ),
    Hindrance.USED_UP: ("已无空闲产能", "without free capacity left"),
    Hindrance.NOT_STATED: ("未填写可比的空闲产能", "without comparable free capacity"),
    Hindrance.NOT_USED: ("尚有余量，本次分配未使用", "with free capacity that this allocation does not use"),
}


def band(score: int, policy: Policy) -> str:
    """``A``, ``B`` or ``C``: all of a score that a firm may learn."""
    first, second, _ = policy.bands
    return "A" if score >= first else "B" if score >= second else "C"


def gap(
    need: Need,
    result: NeedResult,
    uncovered: int,
    shortage: Shortage,
    kept_out: int,
    sentence: Callable[[NearMiss], Phrase],
) -> Gap:
    """The gap that leaves ``uncovered`` basis points open: typed by what the matches lack, or where there
    are none by the commonest failing condition among the closest offers.

    ``kept_out`` counts the close offers that people excluded, which are not in ``result``. ``sentence`` tells
    the failing condition of a near miss.
    """
    if result.matches:
        kind, evidence = _short(len(result.matches), uncovered, shortage)
    else:
        kind, evidence = _unmatched(result, kept_out, sentence)
    return Gap(need.key, kind, uncovered, _with_kept_out(evidence, kept_out))


def _unmatched(
    result: NeedResult, kept_out: int, sentence: Callable[[NearMiss], Phrase]
) -> tuple[GapType, Phrase]:
    failing = Counter(_TYPES[miss.failing.kind] for miss in result.near_misses)
    if not failing:
        for excluded, times in result.excluded:
            failing[_TYPES[excluded]] += times
    if not failing:
        return GapType.NO_PRODUCT, _no_product(result, kept_out)
    kind, count = min(failing.items(), key=lambda item: (-item[1], item[0].value))
    return kind, _why(kind, count, result, sentence)


def _short(matches: int, uncovered: int, shortage: Shortage) -> tuple[GapType, Phrase]:
    """There are matches, but what they can give is too little, not to be had or not known."""
    share, hindered = _percent(uncovered), shortage.hindered
    if hindered[Hindrance.NOT_STATED] == matches:
        return GapType.UNKNOWN_DATA, Phrase(
            f"有 {matches} 条匹配供应，但均未填写可比的空闲产能，{share} 的需求量无法落实",
            f"{matches} matching offers, none with comparable free capacity: {share} is open",
        )
    told = [(hindered[one], words) for one, words in _HINDRANCES.items() if hindered[one]]
    zh = "；".join(f"{count} 条{words[0].format(most=shortage.most)}" for count, words in told)
    en = "; ".join(f"{count} {words[1].format(most=shortage.most)}" for count, words in told)
    return GapType.CAPACITY, Phrase(
        f"有 {matches} 条匹配供应，分配后仍有 {share} 的需求量未落实：{zh}",
        f"{matches} matching offers; after allocation {share} of the quantity is open: {en}",
    )


def _with_kept_out(evidence: Phrase, kept_out: int) -> Phrase:
    if not kept_out:
        return evidence
    return Phrase(
        f"{evidence.zh}；另有 {kept_out} 条供应已被排除",
        f"{evidence.en}; {kept_out} further offers have been excluded",
    )


def _percent(basis_points: int) -> str:
    # A sliver still shows as something: 0.04 % is not 0 %.
    return f"{max(1, basis_points // 10) / 10:g}%"


def _no_product(result: NeedResult, kept_out: int) -> Phrase:
    if kept_out:
        return Phrase("没有其他匹配供应", "no other offer matches")
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
