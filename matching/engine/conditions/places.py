"""Where and when: regions and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matching.engine.conditions.base import Condition
from matching.engine.conditions.describing import outcome_phrase
from matching.engine.conditions.numbers import MET, UNKNOWN, Finding, shortfall_of
from matching.engine.conditions.reading import ReadyOffer
from matching.engine.types import ConditionKind, ConditionResult, Need, Outcome, Phrase, Policy, Verdict

_UNMET: Finding = (Outcome.UNMET, None)
_LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class RegionCondition(Condition):
    """The supplier's region against the wanted ones, by GB/T 2260 prefixes."""

    regions: tuple[str, ...]
    prefixes: tuple[str, ...]

    def find(self, offer: ReadyOffer) -> Finding:
        """Unknown where the supplier's region is wider than the wanted one."""
        code = region_prefix(offer.offer.region)
        if code and code.startswith(self.prefixes):
            return MET
        if not code or any(wanted.startswith(code) for wanted in self.prefixes):
            return UNKNOWN
        return _UNMET

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """With the codes."""
        question = None
        match verdict.outcome:
            case Outcome.MET:
                text = "供方位于指定区域", "the supplier is in the wanted region"
            case Outcome.UNKNOWN:
                text = "供方所在区域不明确", "the supplier's region is not precise"
                question = Phrase(
                    "请补充生产所在地（到县区）。", "Please state the county where you produce."
                )
            case _:
                text = "供方不在指定区域", "the supplier is outside the wanted region"
        sentence = outcome_phrase(("区域", "Region"), text, verdict.outcome)
        return self._told(verdict, "、".join(self.regions), offer.offer.region, sentence, question)


@dataclass(frozen=True)
class DeliveryCondition(Condition):
    """Whether the lead time ends before the delivery must; ``allowed`` is in days from ``as_of``."""

    until: date
    as_of: date
    allowed: int

    def find(self, offer: ReadyOffer) -> Finding:
        """Late by how much of the time allowed."""
        if offer.offer.lead_time_days is None:
            return UNKNOWN
        late = self._days(offer.offer.lead_time_days) - self.allowed
        if late <= 0:
            return MET
        return Outcome.UNMET, shortfall_of(Decimal(late), Decimal(max(1, self.allowed)))

    def tell(self, offer: ReadyOffer, verdict: Verdict) -> ConditionResult:
        """With the two dates."""
        question = None
        offered = ""
        if offer.offer.lead_time_days is None:
            zh, en = "供方未填写交货周期", "no lead time stated"
            question = Phrase("请补充交货周期（天）。", "Please state the lead time in days.")
        else:
            earliest = self.as_of + timedelta(days=self._days(offer.offer.lead_time_days))
            offered = earliest.isoformat()
            zh, en = f"最早 {offered} 交货", f"earliest delivery {offered}"
        text = f"要求 {self.until} 前，{zh}", f"required by {self.until}, {en}"
        sentence = outcome_phrase(("交期", "Delivery"), text, verdict.outcome)
        return self._told(verdict, self.until.isoformat(), offered, sentence, question)

    @staticmethod
    def _days(lead_time: int) -> int:
        return max(0, min(lead_time, _LONGEST_DAYS))


def region(need: Need, policy: Policy) -> RegionCondition | None:
    """None where the need names no region."""
    if not need.regions:
        return None
    kind = ConditionKind.REGION
    prefixes = tuple(region_prefix(each) for each in need.regions)
    hard = need.region_required or kind in policy.gates
    return RegionCondition(kind, kind.value, hard, need.regions, prefixes)


def delivery(need: Need, as_of: date) -> DeliveryCondition | None:
    """None where the need names no day."""
    if need.deliver_until is None:
        return None
    kind, allowed = ConditionKind.DELIVERY, (need.deliver_until - as_of).days
    return DeliveryCondition(kind, kind.value, True, need.deliver_until, as_of, allowed)


def region_prefix(code: str) -> str:
    """A GB/T 2260 code without the zeros that only fill it up (``140000`` is ``14``)."""
    code = code.strip()
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code
