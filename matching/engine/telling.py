"""A stored pair in words: every condition with both values, every term of the score with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from matching.engine.conditions import (
    Reader,
    ReadyNeed,
    failing,
    gating_failures,
    ready_need,
    tell,
)
from matching.engine.scoring import Scorer
from matching.engine.text import GlossaryIndex, tokens
from matching.engine.types import ConditionResult, CriterionScore, Need, Offer, Phrase, Policy, Verdict

_MOST_WORDS = 5
_CONFIRMED = Phrase("以前确认过相近的需求", "confirmed before for a similar need")


@dataclass(frozen=True, slots=True)
class Told:
    """A pair as people read it; ``failing`` is the condition that excludes the offer, if one does."""

    conditions: tuple[ConditionResult, ...]
    criteria: tuple[CriterionScore, ...]
    failing: ConditionResult | None


class Teller:
    """Tells pairs of one run: its policy, its glossary, its day. Pairs of one need are best told in a row."""

    def __init__(self, policy: Policy, reader: Reader, as_of: date) -> None:
        self._policy, self._reader, self._as_of = policy, reader, as_of
        self._scorer = Scorer(policy)
        self._ready: ReadyNeed | None = None
        self._asked: tuple[Need, Asked] | None = None

    def tell(
        self,
        need: Need,
        offer: Offer,
        verdicts: Sequence[Verdict],
        values: Sequence[int | None],
        *,
        confirmed: bool = False,
    ) -> Told:
        """``confirmed``: the offer was found by what people confirmed before, not by its own words."""
        conditions = self.conditions(need, offer, verdicts)
        reason = _CONFIRMED if confirmed else self._words_reason(need, offer)
        criteria = self._scorer.tell(need, offer, values, verdicts, reason)
        return Told(conditions, criteria, failing(conditions) or _bare_failure(verdicts))

    def conditions(
        self, need: Need, offer: Offer, verdicts: Iterable[Verdict]
    ) -> tuple[ConditionResult, ...]:
        """The conditions alone."""
        if self._ready is None or self._ready.need is not need:
            self._ready = ready_need(need, self._policy, self._reader, self._as_of)
        return tell(self._ready, self._reader.offer(offer), verdicts)

    def _words_reason(self, need: Need, offer: Offer) -> Phrase:
        glossary = self._reader.glossary
        if self._asked is None or self._asked[0] is not need:
            self._asked = need, words_asked(need, glossary)
        shared = words_in_common(self._asked[1], offer, glossary)
        if not shared:
            return Phrase("品名和说明没有共同词语", "no words in common")
        words = "、".join(shared)
        return Phrase(f"共同词语：{words}", f"words in common: {words}")


def _bare_failure(verdicts: Iterable[Verdict]) -> ConditionResult | None:
    """A failure whose condition cannot be told any more: an older release read the need otherwise."""
    for kind, hard, outcome, shortfall in gating_failures(verdicts)[:1]:
        return ConditionResult(kind, kind.value, hard, outcome, "", "", Phrase("", ""), shortfall)
    return None


class Asked(NamedTuple):
    """Words of a need's title, and those of its whole text, each once."""

    title: Sequence[str]
    words: Iterable[str]


def words_asked(need: Need, glossary: GlossaryIndex) -> Asked:
    """The words that may be in common with offers."""
    title = tokens(need.title, glossary)
    body = [need.description, *(word for one in need.requirements for word in one.values)]
    return Asked(title, dict.fromkeys([*title, *tokens(" ; ".join(body), glossary)]))


def words_in_common(asked: Asked, offer: Offer, glossary: GlossaryIndex) -> tuple[str, ...]:
    """Words of the need's own text that stand in the offer's own text too: the longest, at most five.

    Neighbouring pairs of Chinese characters are told as one word.
    """
    held = set(tokens(f"{offer.title} ; {offer.description}", glossary)).union(
        *(tokens(word, glossary) for stated in offer.properties for word in stated.values)
    )
    shared = dict.fromkeys(token for token in asked.words if len(token) > 1 and token in held)
    joined = [*_joined(asked.title, shared), *shared]
    whole = [word for word in joined if not any(word != other and word in other for other in joined)]
    place = {word: at for at, word in reversed(list(enumerate(whole)))}
    return tuple(sorted(place, key=lambda word: (-len(word), place[word]))[:_MOST_WORDS])


def _joined(title: Sequence[str], shared: Iterable[str]) -> list[str]:
    known = set(shared)
    found, word, previous = [], "", ""
    for token in (*title, ""):
        pair = len(token) == 2 and not token.isascii() and token in known
        if pair and word and previous[1:] == token[0]:
            word += token[1]
        else:
            found += [word] if len(word) > 2 else []
            word = token if pair else ""
        previous = token
    return found
