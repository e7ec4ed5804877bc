"""Words for what a policy and a lesson say; pages and the command line share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from matching.engine.allocation.worth import FIRST_OF_KIND, LOCAL
from matching.engine.learning import Measure, Source, Verdict
from matching.engine.policies import Term
from matching.engine.types import ConditionKind, Outcome

CRITERIA: Mapping[str, StrPromise] = {
    "text": _("Words of product and description"),
    "node": _("Place in the chain"),
    "requirements": _("Technical requirements"),
    "certificates": _("Certificates"),
    "price": _("Price"),
    "delivery": _("Delivery"),
    "region": _("Region"),
    "grade": _("Grade of the firm"),
    "capacity": _("Capacity"),
}
GATES: Mapping[str, StrPromise] = {
    ConditionKind.PARAMETER: _("Technical requirements"),
    ConditionKind.STANDARD: _("Standard"),
    ConditionKind.CERTIFICATE: _("Certificate"),
    ConditionKind.CAPACITY: _("Capacity"),
    ConditionKind.MINIMUM_ORDER: _("Minimum order"),
    ConditionKind.PRICE: _("Price"),
    ConditionKind.REGION: _("Region"),
    ConditionKind.DELIVERY: _("Delivery"),
}
OUTCOMES: Mapping[str, StrPromise] = {
    Outcome.MET: _("met"),
    Outcome.UNMET: _("unmet"),
    Outcome.UNKNOWN: _("unknown"),
}
SECRET_KINDS = frozenset({ConditionKind.PRICE, ConditionKind.CAPACITY, ConditionKind.MINIMUM_ORDER})
"""Conditions whose two values are trade secrets."""

FIELDS: Mapping[str, StrPromise] = {
    "weights": _("Weight"),
    "gates": _("Always excludes when unmet"),
    "grade_bonus": _("Bonus of a grade"),
    "allocation_bonus": _("Bonus in the allocation"),
    "home_regions": _("Regions that count as local"),
    "bands": _("Band begins at"),
    "candidates": _("Offers compared a demand line"),
    "minimum_text": _("Least likeness of the words"),
    "minimum_score": _("Least score of a match"),
    "near_misses": _("Near misses kept a demand line"),
    "max_suppliers": _("Most suppliers a demand line"),
}
BONUSES: Mapping[str, StrPromise] = {LOCAL: _("local firm"), FIRST_OF_KIND: _("first of its kind")}
POINTS = frozenset({"grade_bonus", "allocation_bonus", "bands", "minimum_text", "minimum_score"})
"""Fields in basis points, shown as points of a hundred."""

VERDICTS: Mapping[str, StrPromise] = {
    Verdict.GAIN: _("The learnt weights are clearly better on decisions that they had not seen."),
    Verdict.NO_CLEAR_GAIN: _("No clear gain on unseen decisions: the present weights stay."),
    Verdict.TOO_FEW: _("Too few decisions to learn from: the present weights stay."),
    Verdict.NOTHING_VARIES: _("The decided pairs hardly differ in their criteria: nothing to learn."),
}
MEASURES: Mapping[str, StrPromise] = {
    Measure.WITHIN: _("Wanted offer above unwanted one of the same demand line"),
    Measure.OVERALL: _("Wanted pair above unwanted pair, all demand lines together"),
    Measure.FIRST: _("Best judged offer of a demand line is a wanted one"),
}

SOURCES: Mapping[str, StrPromise] = {
    Source.ASKED: _("Shortlisted by the office"),
    Source.ACCEPTED: _("Both said yes"),
    Source.REJECTED: _("Rejected by the office"),
    Source.DECLINED: _("Declined by a firm"),
    Source.NO_RESULT: _("Talk that led to nothing"),
    Source.BROKEN_OFF: _("Deal broken off"),
    Source.INTENT: _("Intent"),
    Source.SAMPLE: _("Sample"),
    Source.QUOTE: _("Quote"),
    Source.CONTRACT: _("Contract"),
    Source.DELIVERY: _("Delivery"),
}


def condition_in_words(condition: Mapping[str, Any]) -> str:
    """What a condition speaks about: the parameter's own name, or the name of its kind."""
    kind = ConditionKind(condition["kind"])
    if kind is ConditionKind.PARAMETER:
        return str(condition["name"])
    general = str(GATES[kind])
    return general if condition["name"] == kind else f"{general} {condition['name']}"


def term_in_words(term: Term) -> str:
    """Name of a term of a policy."""
    field, name = term
    names = {"weights": CRITERIA, "gates": GATES, "allocation_bonus": BONUSES}.get(field, {})
    words = str(FIELDS.get(field, field))
    return f"{words} · {names.get(name, name)}" if name else words


def term_value(term: Term, value: int | None) -> str:
    """A term's value as people read it: points for shares, a tick for what is set."""
    if value is None:
        return "—"
    if term[0] in ("gates", "home_regions"):
        return "✓"
    return f"{value / 100:g}" if term[0] in POINTS else str(value)
