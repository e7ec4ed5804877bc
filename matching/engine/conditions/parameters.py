"""Technical requirements against stated properties."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.conditions.base import Condition
from matching.engine.conditions.describing import (
    OUTCOME_EN,
    OUTCOME_ZH,
    describe_property,
    describe_requirement,
    property_like,
)
from matching.engine.conditions.numbers import MET, UNKNOWN, Finding, Span, compare_spans, names_span
from matching.engine.conditions.reading import Reader, ReadyOffer, Stated
from matching.engine.conditions.words import names_element, tells, words_of
from matching.engine.text import GlossaryIndex, canonical_word
from matching.engine.types import (
    ConditionKind,
    ConditionResult,
    Outcome,
    Phrase,
    Policy,
    Requirement,
    Verdict,
)

_RANK = {Outcome.MET: 0, Outcome.UNKNOWN: 1, Outcome.UNMET: 2}


@dataclass(frozen=True)
class ParameterCondition(Condition):
    """A requirement with its key, its ends in base units and its words."""

    requirement: Requirement
    key: str
    span: Span | None
    words: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    names_span: bool
    element: bool
    reader: Reader

    def find(self, offer: ReadyOffer) -> Finding:
        """The best of several rows for one parameter (two grades in stock) speaks for the offer."""
        stated = offer.properties.get(self.key)
        if stated is None:
            return UNKNOWN if self._named(offer) is None else MET
        return self._compare(stated[0]) if len(stated) == 1 else self._best(stated)[0]

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """Both values in the need's unit."""
        stated = offer.properties.get(self.key)
        if stated is None:
            return self._tell_unstated(offer, verdict)
        best = self._best(stated)[1].property
        wanted, name = describe_requirement(self.requirement), self.name
        question = None
        if verdict.outcome is Outcome.UNKNOWN:
            question = Phrase(
                f"“{name}”写为 {describe_property(best)}，能否满足 {wanted}？",
                f'"{name}" is stated as {describe_property(best)}; does it satisfy {wanted}?',
            )
        shown = property_like(best, self.requirement.unit, self.reader.glossary.units)
        sentence = Phrase(
            f"{name}：要求 {wanted}，供方 {shown}，{OUTCOME_ZH[verdict.outcome]}",
            f"{name}: required {wanted}, offered {shown}, {OUTCOME_EN[verdict.outcome]}",
        )
        return self._told(verdict, wanted, shown, sentence, question)

    def _best(self, stated: tuple[Stated, ...]) -> tuple[Finding, Stated]:
        found = ((self._compare(each), each) for each in stated)
        return min(found, key=lambda pair: (_RANK[pair[0][0]], pair[0][1] or 0))

    def _compare(self, stated: Stated) -> Finding:
        if self.span is not None and stated.span is not None:
            return compare_spans(self.requirement.operator, self.names_span, self.span, stated.span)
        return self.reader.words(self.words, stated.words, self.element)

    def _named(self, offer: ReadyOffer) -> str | None:
        """No such property: the offer's own title may still name the wanted grade."""
        return next((word for word, key in self.named if key in offer.words), None)

    def _tell_unstated(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        wanted, name = describe_requirement(self.requirement), self.name
        named = self._named(offer)
        if named is not None and verdict.outcome is Outcome.MET:
            sentence = Phrase(
                f"{name}：要求 {wanted}，供方品名写明 {named}，满足",
                f"{name}: required {wanted}, named in the offer as {named}, met",
            )
            return self._told(verdict, wanted, named, sentence)
        sentence = Phrase(
            f"{name}：要求 {wanted}，供方未填写，待确认",
            f"{name}: required {wanted}, not stated by the supplier, to be confirmed",
        )
        question = Phrase(
            f"请补充“{name}”：需方要求 {wanted}，贵方产品为多少？",
            f'Please state "{name}": {wanted} is required; what does your product reach?',
        )
        return self._told(verdict, wanted, "", sentence, question)


def parameter(requirement: Requirement, policy: Policy, reader: Reader) -> ParameterCondition:
    """The condition that a requirement makes."""
    return ParameterCondition(
        ConditionKind.PARAMETER,
        requirement.parameter,
        requirement.hard or ConditionKind.PARAMETER in policy.gates,
        requirement,
        reader.parameter(requirement.parameter),
        reader.span(requirement),
        words_of(requirement),
        _names(requirement, reader.glossary),
        names_span(requirement.parameter),
        names_element(requirement.parameter),
        reader,
    )


def _names(requirement: Requirement, glossary: GlossaryIndex) -> tuple[tuple[str, str], ...]:
    return tuple((word, canonical_word(word, glossary)) for word in requirement.values if tells(word))
