"""All conditions of a need, in their one order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from matching.engine.conditions import papers, places, terms
from matching.engine.conditions.base import Condition
from matching.engine.conditions.parameters import parameter
from matching.engine.conditions.reading import Reader, ReadyOffer
from matching.engine.text import editions_in, standards_in
from matching.engine.types import ConditionKind, ConditionResult, Need, Outcome, Policy, Verdict


@dataclass(frozen=True, slots=True)
class ReadyNeed:
    """A need with its conditions: requirements, standards, certificates, then terms, place and time."""

    need: Need
    conditions: tuple[Condition, ...]


def ready_need(need: Need, policy: Policy, reader: Reader, as_of: date) -> ReadyNeed:
    """Standards that the need lists are hard; those only mentioned in its text are soft."""
    listed = {reader.standard(standard): standard for standard in need.standards}
    text = f"{need.title} ; {need.description}"
    mentioned, editions = standards_in(text), editions_in(text)
    standards = [(key, name, True) for key, name in listed.items()]
    standards += [(key, _edition(key, editions), False) for key in mentioned if key not in listed]
    return ReadyNeed(
        need,
        (
            *(parameter(requirement, policy, reader) for requirement in need.requirements),
            *(papers.standard(key, name, hard, policy) for key, name, hard in standards),
            *(papers.certificate(name, policy, reader, as_of) for name in need.certificates),
            *(one for one in _terms(need, policy, reader, as_of) if one is not None),
        ),
    )


def _edition(key: str, editions: Mapping[str, int]) -> str:
    return f"{key.upper()}-{editions[key]}" if key in editions else key.upper()


def _terms(need: Need, policy: Policy, reader: Reader, as_of: date) -> tuple[Condition | None, ...]:
    return (
        terms.capacity(need, reader),
        terms.minimum_order(need, reader),
        terms.price(need, policy, reader),
        places.region(need, policy),
        places.delivery(need, as_of),
    )


def judge(need: ReadyNeed, offer: ReadyOffer) -> tuple[Verdict, ...]:
    """One verdict for each condition that the need states and the offer gives occasion for."""
    found = [condition.judge(offer) for condition in need.conditions]
    return tuple([verdict for verdict in found if verdict is not None])


def tell(need: ReadyNeed, offer: ReadyOffer, verdicts: Iterable[Verdict]) -> tuple[ConditionResult, ...]:
    """What was judged, in words.

    ``verdicts`` may be years old: of each kind, the first belongs to the need's first condition of that
    kind, and so on; a condition that nobody judged is not told.
    """
    given: dict[ConditionKind, deque[Verdict]] = {}
    for verdict in verdicts:
        given.setdefault(verdict.kind, deque()).append(verdict)
    return tuple(
        condition.tell(offer, given[condition.kind].popleft())
        for condition in need.conditions
        if given.get(condition.kind)
    )


def gating_failures(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The unmet conditions that exclude the offer, in the order of the conditions."""
    return tuple(verdict for verdict in verdicts if verdict.hard and verdict.outcome is Outcome.UNMET)


def failing(told: Iterable[ConditionResult]) -> ConditionResult | None:
    """The condition that excludes the offer, as it was told; the first where there are several."""
    return next((one for one in told if one.hard and one.outcome is Outcome.UNMET), None)
