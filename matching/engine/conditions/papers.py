"""Standards and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matching.engine.conditions.base import Condition
from matching.engine.conditions.numbers import MET, UNKNOWN, Finding
from matching.engine.conditions.reading import Reader, ReadyOffer
from matching.engine.text import editions_in
from matching.engine.types import (
    Certificate,
    ConditionKind,
    ConditionResult,
    Outcome,
    Phrase,
    Policy,
    Verdict,
)

_UNMET: Finding = (Outcome.UNMET, None)


@dataclass(frozen=True)
class StandardCondition(Condition):
    """Listing another standard, or an older edition, says not that this one is not kept: it is a question.

    ``year`` is that of the wanted edition, None where any will do; a newer one replaces it.
    """

    key: str
    year: int | None

    def find(self, offer: ReadyOffer) -> Finding:
        """Met or unknown."""
        return MET if self.key in offer.standards and self._older(offer) is None else UNKNOWN

    def _older(self, offer: ReadyOffer) -> int | None:
        """The year of the offered edition where it is older than the wanted one."""
        year = None if self.year is None else offer.editions.get(self.key)
        return year if year is not None and self.year is not None and year < self.year else None

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """With the standards that the offer lists."""
        name = self.name
        listed = "、".join(sorted(standard.upper() for standard in offer.standards))
        if verdict.outcome is Outcome.MET:
            sentence = Phrase(
                f"执行标准：要求 {name}，供方 {listed}，满足",
                f"Standard: {name} required, offered {listed}, met",
            )
            return self._told(verdict, name, listed, sentence)
        question = Phrase(f"贵方产品是否执行标准 {name}？", f"Does your product comply with {name}?")
        older = self._older(offer)
        if older is not None:
            sentence = Phrase(
                f"执行标准：要求 {name}，供方按 {older} 版，待确认",
                f"Standard: {name} required, offered in the edition of {older}, to be confirmed",
            )
            return self._told(verdict, name, listed, sentence, question)
        sentence = Phrase(
            f"执行标准：要求 {name}，供方{f'列出 {listed}' if listed else '未填写'}，待确认",
            f"Standard: {name} required, supplier lists {listed or 'none'}, to be confirmed",
        )
        return self._told(verdict, name, listed, sentence, question)


def standard(key: str, name: str, hard: bool, policy: Policy) -> StandardCondition:
    """The condition that a standard makes."""
    kind = ConditionKind.STANDARD
    return StandardCondition(kind, name, hard or kind in policy.gates, key, editions_in(name).get(key))


@dataclass(frozen=True)
class CertificateCondition(Condition):
    """A certificate that must be held and valid on the day of the run."""

    as_of: date
    reader: Reader

    def find(self, offer: ReadyOffer) -> Finding:
        """An offer that states no certificate at all is asked."""
        held = offer.offer.certificates
        if not held:
            return UNKNOWN
        return MET if any(self._valid(one) and self._is(one) for one in held) else _UNMET

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """With the date until which it is valid."""
        held = offer.offer.certificates
        same = [one for one in held if self._is(one)]
        if verdict.outcome is Outcome.UNKNOWN:
            question = Phrase(
                f"贵方是否持有 {self.name}？请提供证书编号和有效期。",
                f"Do you hold {self.name}? Please give its number and expiry date.",
            )
            text = "供方未填写证书，待确认", "no certificates stated, to be confirmed"
            return self._result(verdict, "", text, question)
        valid = [one for one in same if self._valid(one)]
        if valid:
            return self._held(verdict, valid)
        dates = [one.expires for one in same if one.expires is not None]
        if dates:
            text = f"已于 {max(dates)} 到期，不满足", f"expired on {max(dates)}, not met"
            return self._result(verdict, f"{same[0].name} {max(dates)}", text)
        text = "供方未列出，不满足", "not among the supplier's certificates, not met"
        return self._result(verdict, "、".join(sorted(one.name for one in held)), text)

    def _held(self, verdict: Verdict, valid: list[Certificate]) -> ConditionResult:
        best = max(valid, key=lambda one: (one.expires or date.max, one.name, one.number))
        until = f"有效期至 {best.expires}" if best.expires else "未注明有效期"
        until_en = f"valid until {best.expires}" if best.expires else "no expiry date stated"
        return self._result(verdict, best.name, (f"持有且{until}，满足", f"held, {until_en}, met"))

    def _result(
        self, verdict: Verdict, offered: str, text: tuple[str, str], question: Phrase | None = None
    ) -> ConditionResult:
        sentence = Phrase(f"证书 {self.name}：{text[0]}", f"Certificate {self.name}: {text[1]}")
        return self._told(verdict, self.name, offered, sentence, question)

    def _valid(self, held: Certificate) -> bool:
        return held.expires is None or held.expires >= self.as_of

    def _is(self, held: Certificate) -> bool:
        return self.reader.certificate(self.name, held.name)


def certificate(name: str, policy: Policy, reader: Reader, as_of: date) -> CertificateCondition:
    """The condition that a wanted certificate makes."""
    kind = ConditionKind.CERTIFICATE
    return CertificateCondition(kind, name, kind in policy.gates, as_of, reader)
