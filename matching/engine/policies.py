"""What a policy says, term by term: to check it, and to compare two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from matching.engine.scoring import CRITERIA
from matching.engine.types import FULL_SCORE, Policy

BANDS = ("A", "B", "C")
MOST_WEIGHT = 1_000
MOST_NUMBER = 1_000

_REGION = re.compile("[0-9]{2}(?:[0-9]{2}){0,2}")

Term = tuple[str, str]
"""Field of the policy, and the name within it: ``("weights", "text")``; empty for a plain number."""


class Fault(StrEnum):
    """What can be wrong with a policy."""

    UNKNOWN_CRITERION = "unknown_criterion"
    WEIGHT = "weight"
    NO_WEIGHT = "no_weight"
    BANDS = "bands"
    ABOVE_BANDS = "above_bands"
    SHARE = "share"
    COUNT = "count"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Difference:
    """A term that two policies give differently; None where one of them does not have it."""

    term: Term
    before: int | None
    after: int | None


def faults(policy: Policy) -> dict[str, Fault]:
    """What is wrong, by field of the policy; empty where it can be used."""
    return dict(_faults(policy))


def _faults(policy: Policy) -> Iterator[tuple[str, Fault]]:
    weights = dict(policy.weights)
    if not any(weights.values()):
        yield "weights", Fault.NO_WEIGHT
    if not all(0 <= weight <= MOST_WEIGHT for weight in weights.values()):
        yield "weights", Fault.WEIGHT
    if not weights.keys() <= CRITERIA:
        yield "weights", Fault.UNKNOWN_CRITERION
    first, second, third = policy.bands
    if not FULL_SCORE >= first >= second >= third >= 0:
        yield "bands", Fault.BANDS
    for field in ("grade_bonus", "allocation_bonus"):
        if not all(0 <= bonus <= FULL_SCORE for _name, bonus in getattr(policy, field)):
            yield field, Fault.SHARE
    if not all(_REGION.fullmatch(code) for code in policy.home_regions):
        yield "home_regions", Fault.REGION
    for name in ("minimum_text", "minimum_score"):
        if not 0 <= getattr(policy, name) <= FULL_SCORE:
            yield name, Fault.SHARE
    if first < policy.minimum_score <= FULL_SCORE:
        yield "minimum_score", Fault.ABOVE_BANDS
    for name, least in (("candidates", 1), ("near_misses", 0), ("max_suppliers", 1)):
        if not least <= getattr(policy, name) <= MOST_NUMBER:
            yield name, Fault.COUNT


def same(one: Policy, other: Policy) -> bool:
    """Whether two policies mean the same: numbers that are 0 and the order of terms say nothing."""
    return _meant(one) == _meant(other)


def _meant(policy: Policy) -> dict[Term, int]:
    return {term: number for term, number in terms(policy) if number}


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Terms in which two policies differ, in the policy's order."""
    old, new = dict(terms(before)), dict(terms(after))
    return tuple(
        Difference(term, old.get(term), new.get(term))
        for term in [*old, *(term for term in new if term not in old)]
        if old.get(term) != new.get(term)
    )


def terms(policy: Policy) -> Iterator[tuple[Term, int]]:
    """Every number of a policy but its version; a gate that is set counts 1."""
    for field in fields(policy):
        value = getattr(policy, field.name)
        if field.name == "bands":
            yield from (((field.name, band), score) for band, score in zip(BANDS, value, strict=True))
        elif isinstance(value, int) and field.name != "version":
            yield (field.name, ""), value
        elif isinstance(value, tuple):
            for item in value:
                name, number = item if isinstance(item, tuple) else (item, 1)
                yield (field.name, str(name)), number
