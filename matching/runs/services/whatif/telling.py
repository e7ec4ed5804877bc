"""An answer with the lines that it names, for pages and responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from matching.engine import units
from matching.engine.types import FULL_SCORE, Gap
from matching.engine.whatif import NeedEffect, PairEffect
from matching.lists.models import DemandLine, SupplyLine
from matching.runs.models import FrozenLine
from matching.runs.services.whatif.computing import Answer


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A demand line of which another part is covered, or which stays open for another reason."""

    demand: DemandLine
    demand_title: str
    before: int
    after: int
    gap_before: Gap | None
    gap_after: Gap | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair that is gained or lost, or gives another quantity: per month in ``unit``; None is no match."""

    demand: DemandLine
    demand_title: str
    supply: SupplyLine
    supply_title: str
    unit: str
    score: int
    open_questions: int
    before: Decimal | None
    after: Decimal | None
    share_before: int
    share_after: int
    need_unit: str = ""

    @property
    def in_need_unit(self) -> tuple[str, Decimal | None, Decimal | None]:
        """Unit and the two quantities as the demand counts, so that all its offers count alike."""
        then = [
            None if quantity is None else units.convert(quantity, self.unit, self.need_unit)
            for quantity in (self.before, self.after)
        ]
        if [one is None for one in then] != [self.before is None, self.after is None]:
            return self.unit, self.before, self.after
        return self.need_unit, then[0], then[1]

    @property
    def gained(self) -> bool:
        """A match that was none."""
        return self.before is None

    @property
    def lost(self) -> bool:
        """A match no more."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """What would be otherwise. ``whole``: all that hangs together with the change was shared out again."""

    needs: tuple[NeedRow, ...]
    pairs: tuple[PairRow, ...]
    whole: bool

    @property
    def covered(self) -> int:
        """Demand lines that would be covered in full and are not now."""
        return sum(row.before < FULL_SCORE <= row.after for row in self.needs)

    @property
    def opened(self) -> int:
        """Demand lines that are covered in full and would not be."""
        return sum(row.after < FULL_SCORE <= row.before for row in self.needs)

    @property
    def gained(self) -> int:
        """Matches that are none now."""
        return sum(row.gained for row in self.pairs)

    @property
    def lost(self) -> int:
        """Matches that would be none."""
        return sum(row.lost for row in self.pairs)


def tell(answer: Answer) -> ToldAnswer:
    """The rows of an answer with their lines and firms; two queries."""
    effect, lines = answer.effect, answer.lines
    named = {*(row.need for row in effect.needs), *(row.need for row in effect.pairs)}
    needs = {lines[key].line_id for key in named}
    offers = {lines[row.offer].line_id for row in effect.pairs}
    demands = DemandLine.objects.select_related("organisation").in_bulk(needs)
    supplies = SupplyLine.objects.select_related("organisation").in_bulk(offers)
    return ToldAnswer(
        tuple(_need(row, lines, demands) for row in effect.needs),
        tuple(_pair(row, lines, demands, supplies) for row in effect.pairs),
        answer.whole,
    )


def _need(row: NeedEffect, lines: Mapping[str, FrozenLine], demands: Mapping[object, DemandLine]) -> NeedRow:
    line = lines[row.need]
    return NeedRow(demands[line.line_id], line.title, row.before, row.after, row.gap_before, row.gap_after)


def _pair(
    row: PairEffect,
    lines: Mapping[str, FrozenLine],
    demands: Mapping[object, DemandLine],
    supplies: Mapping[object, SupplyLine],
) -> PairRow:
    need, offer = lines[row.need], lines[row.offer]
    return PairRow(
        demand=demands[need.line_id],
        demand_title=need.title,
        supply=supplies[offer.line_id],
        supply_title=offer.title,
        unit=offer.unit,
        score=row.score,
        open_questions=row.open_questions,
        before=row.before.quantity if row.before else None,
        after=row.after.quantity if row.after else None,
        share_before=row.before.share if row.before else 0,
        share_after=row.after.share if row.after else 0,
        need_unit=need.unit,
    )
