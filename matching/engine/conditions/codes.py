"""Verdicts as short text, as runs store them: ``P+ P-1304 s? R+``.

One word a condition: the letter of its kind, large where it gates; ``+`` met, ``-`` unmet, ``?`` unknown;
the shortfall in basis points where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from matching.engine.types import ConditionKind, Outcome, Verdict

_LETTERS = {
    ConditionKind.PARAMETER: "p",
    ConditionKind.STANDARD: "s",
    ConditionKind.CERTIFICATE: "c",
    ConditionKind.CAPACITY: "q",
    ConditionKind.MINIMUM_ORDER: "m",
    ConditionKind.PRICE: "y",
    ConditionKind.REGION: "r",
    ConditionKind.DELIVERY: "d",
}
_SIGNS = {Outcome.MET: "+", Outcome.UNMET: "-", Outcome.UNKNOWN: "?"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_OUTCOMES = {sign: outcome for outcome, sign in _SIGNS.items()}


def as_text(verdicts: Iterable[Verdict]) -> str:
    """Verdicts in their order."""
    return " ".join(map(_word, verdicts))


def from_text(text: str) -> tuple[Verdict, ...]:
    """What ``as_text`` wrote. Raises KeyError or ValueError for anything else."""
    return tuple(map(_verdict, text.split()))


@lru_cache(1 << 14)
def _word(verdict: Verdict) -> str:
    letter = _LETTERS[verdict.kind]
    sign = _SIGNS[verdict.outcome]
    missing = "" if verdict.shortfall is None else str(verdict.shortfall)
    return f"{letter.upper() if verdict.hard else letter}{sign}{missing}"


@lru_cache(1 << 14)
def _verdict(word: str) -> Verdict:
    shortfall = int(word[2:]) if len(word) > 2 else None
    return Verdict(_KINDS[word[0].lower()], word[0].isupper(), _OUTCOMES[word[1]], shortfall)
