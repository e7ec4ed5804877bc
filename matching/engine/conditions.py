"""Each condition of a pair: met, unmet or unknown, with both values and a sentence.

How an offered value is read. A range with two ends is a *capability*: the offer can deliver any
value in it. One end only (“≥690”) is a *guarantee* and counts as that value in its own direction.

- at least / at most: a capability meets it with its better end.
- equal / between: a capability meets it when it reaches into what is wanted. A parameter that names
  a span (工作温度, 量程, 行程, 范围 …) must be covered whole.
- a guarantee that could still satisfy ``between`` is unknown, not met.

Sentences may be shown to firms, so prices, ceilings and capacities stand only in ``wanted`` and
``offered``, never in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matching.engine import units
from matching.engine.demand import monthly_quantity
from matching.engine.text import (
    GlossaryIndex,
    canonical_word,
    designation,
    normalise,
    parameter_key,
    standard_key,
    standards_in,
    tokens,
    word_key,
)
from matching.engine.types import (
    FULL_SCORE,
    Certificate,
    ConditionKind,
    ConditionResult,
    Need,
    Offer,
    Operator,
    Outcome,
    Phrase,
    Policy,
    Property,
    Requirement,
)
from matching.engine.units import show
from matching.engine.values import parse_property

_SIGNS = {
    Operator.AT_LEAST: "≥",
    Operator.AT_MOST: "≤",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUAL: "",
}
_SPANS = ("范围", "温度", "量程", "行程", "工作区间", "频段", "range")
_ELEMENT_SIGNS = ("掺", "元素", "杂质", "dop", "element")
_PART = re.compile("[a-z0-9.]+")
# Direct or alternating current is told by the parameter's name as a rule.
_CURRENT = re.compile(r"(?<=[0-9][Vv])\s*(?:dc|ac)$|^(?:dc|ac)\s*(?=[0-9])", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:强制性?)?(?:产品)?(?:认证|证书|标志|标识|认可|certificat(?:e|ion)|mark(?:ing)?|approval)+$"
)
_OUTCOME_ZH = {Outcome.MET: "满足", Outcome.UNMET: "不满足", Outcome.UNKNOWN: "待确认"}
_OUTCOME_EN = {Outcome.MET: "met", Outcome.UNMET: "not met", Outcome.UNKNOWN: "to be confirmed"}


@dataclass(frozen=True, slots=True)
class ReadyNeed:
    """A need with what every comparison would otherwise compute again."""

    need: Need
    parameters: tuple[str, ...]
    standards: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class ReadyOffer:
    """An offer with its properties, standards and words keyed for look-up."""

    offer: Offer
    properties: Mapping[str, tuple[Property, ...]]
    standards: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    shortfall: int | None = None


_MET = _Verdict(Outcome.MET)
_UNKNOWN = _Verdict(Outcome.UNKNOWN)


def ready_need(need: Need, glossary: GlossaryIndex) -> ReadyNeed:
    """Standards that the need lists are hard; those only mentioned in its text are soft."""
    listed = {standard_key(standard): standard for standard in need.standards}
    mentioned = standards_in(f"{need.title} ; {need.description}")
    standards = [(key, name, True) for key, name in listed.items()]
    standards += [(key, key.upper(), False) for key in mentioned if key not in listed]
    keys = tuple(parameter_key(requirement.parameter, glossary) for requirement in need.requirements)
    return ReadyNeed(need, keys, tuple(standards))


def ready_offer(offer: Offer, glossary: GlossaryIndex) -> ReadyOffer:
    """Key an offer once for all needs."""
    properties: dict[str, list[Property]] = {}
    for stated in offer.properties:
        properties.setdefault(parameter_key(stated.parameter, glossary), []).append(stated)
    text = f"{offer.title} ; {offer.description}"
    standards = {standard_key(standard) for standard in offer.standards} | set(standards_in(text))
    return ReadyOffer(
        offer,
        {key: tuple(held) for key, held in properties.items()},
        frozenset(standards),
        frozenset(token for token in tokens(text, glossary) if len(token) > 1),
    )


def evaluate(
    need: ReadyNeed, offer: ReadyOffer, policy: Policy, glossary: GlossaryIndex, as_of: date
) -> tuple[ConditionResult, ...]:
    """One result for each condition that the need states; ``hard`` tells whether it gates."""
    results = [
        _parameter(requirement, offer, offer.properties.get(key, ()), policy, glossary)
        for requirement, key in zip(need.need.requirements, need.parameters, strict=True)
    ]
    results += [_standard(key, name, hard, offer, policy) for key, name, hard in need.standards]
    wanted, given = need.need, offer.offer
    held = given.certificates
    results += [_certificate(name, held, policy, glossary, as_of) for name in wanted.certificates]
    optional = (
        _capacity(wanted, given, glossary),
        _minimum_order(wanted, given, glossary),
        _price(wanted, given, policy, glossary),
        _region(wanted, given, policy),
        _delivery(wanted, given, as_of),
    )
    results += [result for result in optional if result is not None]
    return tuple(results)


def gating_failures(conditions: Iterable[ConditionResult]) -> tuple[ConditionResult, ...]:
    """The unmet conditions that exclude the offer, in the order of the conditions."""
    return tuple(c for c in conditions if c.hard and c.outcome is Outcome.UNMET)


def compare(
    requirement: Requirement, stated: Property, units_of: units.UnitAliases = units.NO_ALIASES
) -> tuple[Outcome, int | None]:
    """Compare two numeric statements in base units: outcome and, if unmet, the relative shortfall."""
    verdict = _compare_numbers(requirement, stated, units_of)
    return verdict.outcome, verdict.shortfall


def _compare_numbers(requirement: Requirement, stated: Property, aliases: units.UnitAliases) -> _Verdict:
    wanted, offered = units.measure(requirement.unit, aliases), units.measure(stated.unit, aliases)
    if wanted.base != offered.base:
        return _UNKNOWN
    low, high = _ends(stated.low, stated.high, offered)
    need_low, need_high = _ends(requirement.low, requirement.high, wanted)
    relative = wanted.base != "°C"
    match requirement.operator:
        case Operator.AT_LEAST | Operator.MORE_THAN:
            bound = need_low if need_low is not None else need_high
            return _at_least(bound, low, high, requirement.operator is Operator.MORE_THAN, relative)
        case Operator.AT_MOST | Operator.LESS_THAN:
            bound = need_high if need_high is not None else need_low
            strict = requirement.operator is Operator.LESS_THAN
            return _at_least(_minus(bound), _minus(high), _minus(low), strict, relative)
        case _:
            whole = _names_span(requirement.parameter) and need_low != need_high
            return _between(need_low, need_high, low, high, whole, relative)


def _ends(
    low: Decimal | None, high: Decimal | None, of: units.Measure
) -> tuple[Decimal | None, Decimal | None]:
    return (None if low is None else of.to_base(low), None if high is None else of.to_base(high))


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _names_span(parameter: str) -> bool:
    name = parameter.casefold()
    return any(word in name for word in _SPANS)


def _at_least(
    bound: Decimal | None, low: Decimal | None, high: Decimal | None, strict: bool, relative: bool
) -> _Verdict:
    """``at most`` is the same with all signs turned round."""
    if bound is None:
        return _UNKNOWN
    best = high if high is not None else low
    if best is None:
        return _UNKNOWN
    if best < bound or (strict and best == bound):
        return _Verdict(Outcome.UNMET, _shortfall(bound - best, bound, relative))
    # “At most 800” says nothing about reaching 690.
    return _UNKNOWN if low is None else _MET


def _between(
    need_low: Decimal | None,
    need_high: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    whole: bool,
    relative: bool,
) -> _Verdict:
    if (need_low is None and need_high is None) or (low is None and high is None):
        return _UNKNOWN
    if need_low is None or need_high is None:
        if need_low is not None:
            return _at_least(need_low, low, high, False, relative)
        return _at_least(_minus(need_high), _minus(high), _minus(low), False, relative)
    if high is not None and high < need_low:
        return _Verdict(Outcome.UNMET, _shortfall(need_low - high, need_low, relative))
    if low is not None and low > need_high:
        return _Verdict(Outcome.UNMET, _shortfall(low - need_high, need_high, relative))
    if low is None or high is None:
        return _UNKNOWN
    if whole and (low > need_low or high < need_high):
        missing = max(low - need_low, need_high - high)
        return _Verdict(Outcome.UNMET, _shortfall(missing, need_high - need_low, True))
    return _MET


def _shortfall(missing: Decimal, of: Decimal, relative: bool) -> int | None:
    if not relative or of == 0:
        return None
    return max(1, min(10 * FULL_SCORE, int(abs(missing / of) * FULL_SCORE)))


def _parameter(
    requirement: Requirement,
    offer: ReadyOffer,
    stated: tuple[Property, ...],
    policy: Policy,
    glossary: GlossaryIndex,
) -> ConditionResult:
    hard = requirement.hard or ConditionKind.PARAMETER in policy.gates
    wanted = describe_requirement(requirement)
    if not stated:
        return _unstated(requirement, offer, hard, wanted, glossary)
    judged = [(_judge(requirement, each, glossary), each) for each in stated]
    # Several rows for one parameter (two grades in stock): the best of them speaks for the offer.
    verdict, best = min(judged, key=lambda pair: (_RANK[pair[0].outcome], pair[0].shortfall or 0))
    question = None
    if verdict.outcome is Outcome.UNKNOWN:
        question = Phrase(
            f"“{requirement.parameter}”写为 {_describe_property(best)}，能否满足 {wanted}？",
            f'"{requirement.parameter}" is stated as {_describe_property(best)}; does it satisfy {wanted}?',
        )
    shown = _property_like(best, requirement.unit, glossary.units)
    return ConditionResult(
        ConditionKind.PARAMETER,
        requirement.parameter,
        hard,
        verdict.outcome,
        wanted,
        shown,
        _compared(requirement.parameter, wanted, shown, verdict.outcome),
        verdict.shortfall,
        question,
    )


_RANK = {Outcome.MET: 0, Outcome.UNKNOWN: 1, Outcome.UNMET: 2}


def _judge(requirement: Requirement, stated: Property, glossary: GlossaryIndex) -> _Verdict:
    if _numeric(requirement) and _numeric(stated):
        return _compare_numbers(requirement, stated, glossary.units)
    wanted, offered = _words(requirement), _words(stated)
    if not wanted or not offered:
        return _UNKNOWN
    pairs = [(word, other) for word in wanted for other in offered]
    element = any(sign in requirement.parameter.casefold() for sign in _ELEMENT_SIGNS)
    if any(_same_word(word, other, glossary, element) for word, other in pairs):
        return _MET
    certain = all(_is_designation(word) for word in (*wanted, *offered))
    alike = any(_may_be_same(word, other, glossary) for word, other in pairs)
    return _UNKNOWN if alike or not certain else _Verdict(Outcome.UNMET)


def _same_word(wanted: str, offered: str, glossary: GlossaryIndex, element: bool) -> bool:
    """Equal by glossary or spelling, as quantities, or the offered one only says more (5083 ← 5083-H112)."""
    keys = (word_key(word, glossary, element=element) for word in (wanted, offered))
    if len(set(keys)) == 1:
        return True
    first, second = (_amount(word, glossary) for word in (wanted, offered))
    if first is not None and first == second:
        return True
    return _parts(wanted) < _parts(offered)


def _may_be_same(wanted: str, offered: str, glossary: GlossaryIndex) -> bool:
    if _share_pair(wanted, offered) or _parts(offered) < _parts(wanted):
        return True
    # A Latin and a Chinese name of one thing (LTO, 钛酸锂) have no letter in common.
    foreign = [word for word in (wanted, offered) if word.isascii()]
    known = all(canonical_word(word, glossary) in glossary.canonical for word in (wanted, offered))
    return len(foreign) == 1 and foreign[0].isalpha() and not known


def _parts(word: str) -> frozenset[str]:
    """Parts of a Latin designation; empty for other words and where no part is a name by itself."""
    parts = frozenset(_PART.findall(normalise(word))) if normalise(word).isascii() else frozenset[str]()
    return parts if any(len(part) > 1 for part in parts) else frozenset()


def _amount(word: str, glossary: GlossaryIndex) -> tuple[Decimal, str] | None:
    """A word that is a quantity (“350bar”, “DC1500V”) in base units."""
    stated = parse_property("", _CURRENT.sub("", word), aliases=glossary.units)
    if stated.low is None or stated.low != stated.high or not stated.unit:
        return None
    return units.base(stated.low, stated.unit, glossary.units)


def _numeric(side: Requirement | Property) -> bool:
    return side.low is not None or side.high is not None


def _words(side: Requirement | Property) -> tuple[str, ...]:
    """The words of a side; a bare number (304) is a word where the other side is one."""
    if side.values:
        return side.values
    if side.low is not None and side.low == side.high and not side.unit:
        return (show(side.low),)
    return ()


def _is_designation(word: str) -> bool:
    """Whether a text names something (Q355B, 镀锌) and differs from another name for certain."""
    compact = designation(word)
    return 0 < len(compact) <= (24 if compact.isascii() else 4) and "约" not in compact


def _share_pair(word: str, other: str) -> bool:
    """Whether two Chinese words share two characters in a row: 镀锌 and 热镀锌 need a person."""
    first, second = designation(word), designation(other)
    if first.isascii() or second.isascii():
        return False
    return any(first[at : at + 2] in second for at in range(len(first) - 1))


def _unstated(
    requirement: Requirement, offer: ReadyOffer, hard: bool, wanted: str, glossary: GlossaryIndex
) -> ConditionResult:
    """No such property: the offer's own title may still name the wanted grade."""
    named = [w for w in requirement.values if _tells(w) and canonical_word(w, glossary) in offer.words]
    if named:
        sentence = Phrase(
            f"{requirement.parameter}：要求 {wanted}，供方品名写明 {named[0]}，满足",
            f"{requirement.parameter}: required {wanted}, named in the offer as {named[0]}, met",
        )
        return ConditionResult(
            ConditionKind.PARAMETER, requirement.parameter, hard, Outcome.MET, wanted, named[0], sentence
        )
    sentence = Phrase(
        f"{requirement.parameter}：要求 {wanted}，供方未填写，待确认",
        f"{requirement.parameter}: required {wanted}, not stated by the supplier, to be confirmed",
    )
    question = Phrase(
        f"请补充“{requirement.parameter}”：需方要求 {wanted}，贵方产品为多少？",
        f'Please state "{requirement.parameter}": {wanted} is required; what does your product reach?',
    )
    return ConditionResult(
        ConditionKind.PARAMETER,
        requirement.parameter,
        hard,
        Outcome.UNKNOWN,
        wanted,
        "",
        sentence,
        question=question,
    )


def _tells(word: str) -> bool:
    """A word long enough to be looked for in a title; a bare number is not."""
    compact = designation(word)
    return len(compact) > 1 and not compact.replace(".", "").isdigit()


def _standard(key: str, name: str, hard: bool, offer: ReadyOffer, policy: Policy) -> ConditionResult:
    """Listing another standard does not say that this one is not kept: that is a question."""
    kind = ConditionKind.STANDARD
    gating = hard or kind in policy.gates
    listed = "、".join(sorted(standard.upper() for standard in offer.standards))
    if key in offer.standards:
        sentence = Phrase(
            f"执行标准：要求 {name}，供方 {listed}，满足",
            f"Standard: {name} required, offered {listed}, met",
        )
        return ConditionResult(kind, name, gating, Outcome.MET, name, listed, sentence)
    question = Phrase(f"贵方产品是否执行标准 {name}？", f"Does your product comply with {name}?")
    sentence = Phrase(
        f"执行标准：要求 {name}，供方{f'列出 {listed}' if listed else '未填写'}，待确认",
        f"Standard: {name} required, supplier lists {listed or 'none'}, to be confirmed",
    )
    return ConditionResult(kind, name, gating, Outcome.UNKNOWN, name, listed, sentence, question=question)


def _certificate(
    name: str, held: tuple[Certificate, ...], policy: Policy, glossary: GlossaryIndex, as_of: date
) -> ConditionResult:
    matching = [certificate for certificate in held if _same_certificate(name, certificate.name, glossary)]
    valid = [c for c in matching if c.expires is None or c.expires >= as_of]
    question = None
    if valid:
        best = max(valid, key=lambda c: (c.expires or date.max, c.name, c.number))
        outcome, offered = Outcome.MET, best.name
        until = f"有效期至 {best.expires}" if best.expires else "未注明有效期"
        until_en = f"valid until {best.expires}" if best.expires else "no expiry date stated"
        zh, en = f"持有且{until}，满足", f"held, {until_en}, met"
    elif matching:
        expired = max(c.expires for c in matching if c.expires is not None)
        outcome, offered = Outcome.UNMET, f"{matching[0].name} {expired}"
        zh, en = f"已于 {expired} 到期，不满足", f"expired on {expired}, not met"
    elif held:
        outcome, offered = Outcome.UNMET, "、".join(sorted(c.name for c in held))
        zh, en = "供方未列出，不满足", "not among the supplier's certificates, not met"
    else:
        outcome, offered = Outcome.UNKNOWN, ""
        zh, en = "供方未填写证书，待确认", "no certificates stated, to be confirmed"
        question = Phrase(
            f"贵方是否持有 {name}？请提供证书编号和有效期。",
            f"Do you hold {name}? Please give its number and expiry date.",
        )
    return ConditionResult(
        ConditionKind.CERTIFICATE,
        name,
        ConditionKind.CERTIFICATE in policy.gates,
        outcome,
        name,
        offered,
        Phrase(f"证书 {name}：{zh}", f"Certificate {name}: {en}"),
        question=question,
    )


def _same_certificate(wanted: str, held: str, glossary: GlossaryIndex) -> bool:
    if canonical_word(wanted, glossary) == canonical_word(held, glossary):
        return True
    bare = [canonical_word(_PAPER.sub("", normalise(name)) or name, glossary) for name in (wanted, held)]
    if bare[0] == bare[1]:
        return True
    standards = set(standards_in(wanted))
    if standards:
        return bool(standards & set(standards_in(held)))
    short, long = sorted((designation(wanted), designation(held)), key=len)
    return len(short) >= 3 and short in long


def _capacity(need: Need, offer: Offer, glossary: GlossaryIndex) -> ConditionResult | None:
    monthly = monthly_quantity(need)
    if monthly is None or monthly <= 0:
        return None
    wanted = _with_unit(show(monthly), need.unit) + "/月"
    if offer.free_capacity is None:
        question = Phrase(
            f"请补充该产品每月可用的空闲产能（单位：{offer.unit or need.unit or '件'}）。",
            f"Please state the free capacity per month (in {offer.unit or need.unit or 'pieces'}).",
        )
        zh, en = "供方未填写空闲产能", "free capacity not stated"
        return _capacity_result(_UNKNOWN, wanted, "", zh, en, question)
    free = units.convert(offer.free_capacity, offer.unit, need.unit, glossary.units)
    offered = _in_unit_of(free, need.unit, offer.free_capacity, offer.unit) + "/月"
    if offer.free_capacity <= 0:
        verdict = _Verdict(Outcome.UNMET, FULL_SCORE)
        zh, en = "供方目前没有空闲产能", "no free capacity at present"
        return _capacity_result(verdict, wanted, offered, zh, en)
    if free is None:
        question = Phrase(
            f"需方以“{need.unit}”计量，请按该单位补充每月空闲产能。",
            f"The demand is counted in {need.unit or 'units'}; please state the free capacity in that unit.",
        )
        zh, en = "供需双方计量单位不同", "the two sides count in different units"
        return _capacity_result(_UNKNOWN, wanted, offered, zh, en, question)
    if free >= monthly:
        zh, en = "空闲产能可满足全部月需求", "free capacity covers the whole monthly demand"
        return _capacity_result(_MET, wanted, offered, zh, en)
    verdict = _Verdict(Outcome.MET, _shortfall(monthly - free, monthly, True))
    zh, en = "空闲产能可满足部分月需求", "free capacity covers part of the monthly demand"
    return _capacity_result(verdict, wanted, offered, zh, en)


def _capacity_result(
    verdict: _Verdict, wanted: str, offered: str, zh: str, en: str, question: Phrase | None = None
) -> ConditionResult:
    return ConditionResult(
        ConditionKind.CAPACITY,
        ConditionKind.CAPACITY.value,
        True,
        verdict.outcome,
        wanted,
        offered,
        Phrase(
            f"产能：{zh}，{_OUTCOME_ZH[verdict.outcome]}",
            f"Capacity: {en}, {_OUTCOME_EN[verdict.outcome]}",
        ),
        verdict.shortfall,
        question,
    )


def _minimum_order(need: Need, offer: Offer, glossary: GlossaryIndex) -> ConditionResult | None:
    """One order covers the period that the need counts by; no minimum stated is no restriction."""
    if offer.minimum_order is None or offer.minimum_order <= 0 or need.quantity is None:
        return None
    order = units.convert(need.quantity, need.unit, offer.unit, glossary.units)
    wanted = _with_unit(show(need.quantity), need.unit)
    least = units.convert(offer.minimum_order, offer.unit, need.unit, glossary.units)
    offered = "≥" + _in_unit_of(least, need.unit, offer.minimum_order, offer.unit)
    question = None
    shortfall = None
    if order is None:
        outcome = Outcome.UNKNOWN
        zh, en = "供需双方计量单位不同", "the two sides count in different units"
        question = Phrase(
            f"需方以“{need.unit}”计量，请按该单位补充起订量。",
            f"The demand is counted in {need.unit or 'units'}; please state the minimum order in that unit.",
        )
    elif order >= offer.minimum_order:
        outcome, zh, en = Outcome.MET, "需求量达到起订量", "the demand reaches the minimum order"
    else:
        outcome, zh, en = Outcome.UNMET, "需求量低于起订量", "the demand is below the minimum order"
        shortfall = _shortfall(offer.minimum_order - order, offer.minimum_order, True)
    return ConditionResult(
        ConditionKind.MINIMUM_ORDER,
        ConditionKind.MINIMUM_ORDER.value,
        True,
        outcome,
        wanted,
        offered,
        Phrase(f"起订量：{zh}，{_OUTCOME_ZH[outcome]}", f"Minimum order: {en}, {_OUTCOME_EN[outcome]}"),
        shortfall,
        question,
    )


def _price(need: Need, offer: Offer, policy: Policy, glossary: GlossaryIndex) -> ConditionResult | None:
    if need.price_ceiling is None:
        return None
    wanted = f"≤{show(need.price_ceiling)} 元/{need.unit}"
    question = None
    shortfall = None
    per_unit = units.convert(Decimal(1), need.unit, offer.unit, glossary.units)
    offered = ""
    if offer.price_low is not None:
        price, unit = (
            (offer.price_low, offer.unit) if per_unit is None else (offer.price_low * per_unit, need.unit)
        )
        offered = f"{show(price)} 元/{unit}"
    if offer.price_low is None:
        outcome, zh, en = Outcome.UNKNOWN, "供方未填写报价区间", "no price stated"
        question = Phrase("请补充该产品的报价区间（含税）。", "Please state the price range, tax included.")
    elif per_unit is None:
        outcome, zh, en = Outcome.UNKNOWN, "双方计价单位不同", "the two sides price by different units"
        question = Phrase(
            f"请按“{need.unit}”补充该产品的报价区间（含税）。",
            f"Please state the price range per {need.unit or 'unit'}, tax included.",
        )
    elif offer.price_low * per_unit <= need.price_ceiling:
        outcome, zh, en = Outcome.MET, "报价在可接受范围内", "the price is acceptable"
    else:
        outcome, zh, en = Outcome.UNMET, "报价不在可接受范围内", "the price is not acceptable"
        shortfall = _shortfall(offer.price_low * per_unit - need.price_ceiling, need.price_ceiling, True)
    return ConditionResult(
        ConditionKind.PRICE,
        ConditionKind.PRICE.value,
        ConditionKind.PRICE in policy.gates,
        outcome,
        wanted,
        offered,
        Phrase(f"价格：{zh}，{_OUTCOME_ZH[outcome]}", f"Price: {en}, {_OUTCOME_EN[outcome]}"),
        shortfall,
        question,
    )


def _region(need: Need, offer: Offer, policy: Policy) -> ConditionResult | None:
    if not need.regions:
        return None
    wanted_codes = tuple(region_prefix(region) for region in need.regions)
    code = region_prefix(offer.region)
    question = None
    if code and any(code.startswith(wanted) for wanted in wanted_codes):
        outcome, zh, en = Outcome.MET, "供方位于指定区域", "the supplier is in the wanted region"
    elif not code or any(wanted.startswith(code) for wanted in wanted_codes):
        outcome, zh, en = Outcome.UNKNOWN, "供方所在区域不明确", "the supplier's region is not precise"
        question = Phrase("请补充生产所在地（到县区）。", "Please state the county where you produce.")
    else:
        outcome, zh, en = Outcome.UNMET, "供方不在指定区域", "the supplier is outside the wanted region"
    return ConditionResult(
        ConditionKind.REGION,
        ConditionKind.REGION.value,
        need.region_required or ConditionKind.REGION in policy.gates,
        outcome,
        "、".join(need.regions),
        offer.region,
        Phrase(f"区域：{zh}，{_OUTCOME_ZH[outcome]}", f"Region: {en}, {_OUTCOME_EN[outcome]}"),
        question=question,
    )


def region_prefix(code: str) -> str:
    """A GB/T 2260 code without the zeros that only fill it up (``140000`` is ``14``)."""
    code = code.strip()
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _delivery(need: Need, offer: Offer, as_of: date) -> ConditionResult | None:
    if need.deliver_until is None:
        return None
    question = None
    shortfall = None
    offered = ""
    if offer.lead_time_days is None:
        outcome, zh, en = Outcome.UNKNOWN, "供方未填写交货周期", "no lead time stated"
        question = Phrase("请补充交货周期（天）。", "Please state the lead time in days.")
    else:
        earliest = as_of + timedelta(days=max(0, min(offer.lead_time_days, 36_500)))
        offered = earliest.isoformat()
        late = (earliest - need.deliver_until).days
        outcome = Outcome.UNMET if late > 0 else Outcome.MET
        zh, en = f"最早 {offered} 交货", f"earliest delivery {offered}"
        if late > 0:
            allowed = max(1, (need.deliver_until - as_of).days)
            shortfall = _shortfall(Decimal(late), Decimal(allowed), True)
    return ConditionResult(
        ConditionKind.DELIVERY,
        ConditionKind.DELIVERY.value,
        True,
        outcome,
        need.deliver_until.isoformat(),
        offered,
        Phrase(
            f"交期：要求 {need.deliver_until} 前，{zh}，{_OUTCOME_ZH[outcome]}",
            f"Delivery: required by {need.deliver_until}, {en}, {_OUTCOME_EN[outcome]}",
        ),
        shortfall,
        question,
    )


def describe_requirement(requirement: Requirement) -> str:
    """What is wanted, in the unit in which it was written (“≥690 MPa”, “3～5 mm”)."""
    wanted = requirement
    return _describe(wanted.operator, wanted.low, wanted.high, wanted.values, wanted.unit)


def _describe(
    operator: Operator, low: Decimal | None, high: Decimal | None, values: tuple[str, ...], unit: str
) -> str:
    if values:
        return " / ".join(values)
    if operator is Operator.BETWEEN or operator is Operator.EQUAL:
        return _describe_ends(low, high, unit)
    first, second = (low, high) if operator in {Operator.AT_LEAST, Operator.MORE_THAN} else (high, low)
    bound = first if first is not None else second
    return "" if bound is None else _with_unit(_SIGNS.get(operator, "") + show(bound), unit)


def _describe_ends(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    if low is not None and high is not None:
        return _with_unit(show(low) if low == high else f"{show(low)}～{show(high)}", unit)
    if low is not None:
        return _with_unit(f"≥{show(low)}", unit)
    return "" if high is None else _with_unit(f"≤{show(high)}", unit)


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit in {"", "%", "‰"} else f"{number} {unit}"


def _describe_property(stated: Property) -> str:
    if stated.values:
        return " / ".join(stated.values)
    return _describe_ends(stated.low, stated.high, stated.unit)


def _property_like(stated: Property, unit: str, aliases: units.UnitAliases) -> str:
    """The offered value in the need's unit where that is possible, so that the two can be read together."""
    if stated.values or units.measure(unit, aliases).base != units.measure(stated.unit, aliases).base:
        return _describe_property(stated)
    ends = (stated.low, stated.high)
    low, high = (None if end is None else units.convert(end, stated.unit, unit, aliases) for end in ends)
    return _describe_ends(low, high, unit)


def _in_unit_of(converted: Decimal | None, to: str, value: Decimal, unit: str) -> str:
    """The offered quantity in the need's unit; as the supplier wrote it where the two can't be compared."""
    return _with_unit(show(value), unit) if converted is None else _with_unit(show(converted), to)


def _compared(name: str, wanted: str, offered: str, outcome: Outcome) -> Phrase:
    return Phrase(
        f"{name}：要求 {wanted}，供方 {offered}，{_OUTCOME_ZH[outcome]}",
        f"{name}: required {wanted}, offered {offered}, {_OUTCOME_EN[outcome]}",
    )
