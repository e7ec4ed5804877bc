"""What every condition of a need can do."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.conditions.numbers import Finding
from matching.engine.conditions.reading import ReadyOffer
from matching.engine.types import ConditionKind, ConditionResult, Phrase, Verdict


@dataclass(frozen=True)
class Condition:
    """One thing that a need asks of every offer; ``hard`` tells whether it gates."""

    kind: ConditionKind
    name: str
    hard: bool

    def judge(self, offer: ReadyOffer) -> Verdict | None:
        """What becomes of it; None where the offer gives no occasion for it."""
        found = self.find(offer)
        return None if found is None else Verdict(self.kind, self.hard, found[0], found[1])

    def find(self, offer: ReadyOffer) -> Finding | None:
        """As ``judge``, the bare outcome and shortfall."""
        raise NotImplementedError

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """The verdict with both values, its sentence and what to ask."""
        raise NotImplementedError

    def _told(
        self, verdict: Verdict, wanted: str, offered: str, sentence: Phrase, question: Phrase | None = None
    ) -> ConditionResult:
        return ConditionResult(
            self.kind,
            self.name,
            verdict.hard,
            verdict.outcome,
            wanted,
            offered,
            sentence,
            verdict.shortfall,
            question,
        )
