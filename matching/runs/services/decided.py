"""What reviews have decided about pairs of lines, as runs and lists need it.

Reviews come after runs, so they write it down here: pairs that are kept out, and what was agreed on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from matching.chains.models import Chain
from matching.chains.queries import glossary_for
from matching.engine import units, wire
from matching.engine.demand import monthly_quantity, order_months
from matching.engine.exclusions import Excluded
from matching.engine.text import index_glossary
from matching.engine.types import Need
from matching.errors import Conflict
from matching.lists import queries as lists
from matching.lists.models import DemandLine
from matching.runs.models import Award, Exclusion, Match, MatchingRun
from matching.runs.queries import newer_runs

BASIS_POINTS = 10_000
_PLACES = Decimal("0.0001")
_ROUNDING = Decimal("1.001")
"""An allocation consists of whole steps, so it may exceed a demand by less than one."""


def hold_chain(chain_id: str) -> None:
    """Wait until nobody else excludes pairs, finishes a run or publishes in this chain.

    Side effects: the chain's row stays locked to the end of the transaction.
    """
    Chain.objects.select_for_update(no_key=True).get(pk=chain_id)


def set_excluded(*, pair: tuple[uuid.UUID, uuid.UUID], excluded: bool, reason: str) -> None:
    """Keep a pair out of the lists of the chain from now on, or let it in again.

    Side effects: matches of runs that are not published follow; published ones stay as they are.
    """
    demand, supply = pair
    hold_chain(DemandLine.objects.values_list("chain_id", flat=True).get(pk=demand))
    if excluded:
        Exclusion.objects.update_or_create(demand_id=demand, supply_id=supply, defaults={"reason": reason})
    else:
        Exclusion.objects.filter(demand_id=demand, supply_id=supply).delete()
    Match.objects.filter(demand_id=demand, supply_id=supply, run__published=None).update(
        excluded=excluded, excluded_reason=reason if excluded else ""
    )


def refuse_superseded(run: MatchingRun) -> None:
    """Raise ``Conflict`` where a later run of the chain has finished."""
    if newer_runs(run).exists():
        raise Conflict(_("A newer run of this chain has finished; decide there."), code="run_too_old")


@dataclass(frozen=True, slots=True)
class Awarded:
    """One agreement as runs freeze it and lists show it; quantity per month in ``unit``."""

    demand: str
    supply: str
    quantity: Decimal
    unit: str


def agreed_firms(run: MatchingRun) -> dict[str, frozenset[str]]:
    """Firms that each demand line of a run had an agreement with when it began, by the engine's keys."""
    firms: dict[str, frozenset[str]] = {}
    for one in wire.decode(run.awards.encode(), tuple[Awarded, ...]):
        # A key is the firm's credit code and its own number.
        firms[one.demand] = firms.get(one.demand, frozenset()) | {one.supply.partition("/")[0]}
    return firms


def excluded_pairs(run: MatchingRun) -> Excluded:
    """Pairs of a run's lines that the office had excluded when it began, by the engine's keys."""
    return frozenset(wire.decode(run.exclusions.encode(), tuple[tuple[str, str], ...]))


def awards_of(chain_id: str, kind: str) -> dict[uuid.UUID, list[Awarded]]:
    """What was agreed on so far, by demand line; ordered by supply line."""
    found: dict[uuid.UUID, list[Awarded]] = {}
    awards = (
        Award.objects.filter(demand__chain_id=chain_id, demand__kind=kind)
        .select_related("demand__organisation", "supply__organisation")
        .order_by("demand_id", "supply__organisation__uscc", "supply__key")
    )
    for award in awards:
        found.setdefault(award.demand_id, []).append(
            Awarded(
                demand=lists.engine_key(award.demand),
                supply=lists.engine_key(award.supply),
                quantity=award.quantity,
                unit=award.unit,
            )
        )
    return found


def open_part(need: Need, awards: Iterable[Awarded], aliases: units.UnitAliases) -> Need | None:
    """The need less what was agreed on already; None where nothing is left.

    An agreement in a unit that no longer compares with the need's takes nothing: the firm asks for
    something else now.
    """
    monthly = monthly_quantity(need)
    if not monthly:
        return need
    left = monthly - _taken(need, awards, aliases)
    if left == monthly:
        return need
    if left * BASIS_POINTS < monthly:
        return None
    return replace(need, quantity=(left * order_months(need)).quantize(_PLACES))


def _taken(need: Need, awards: Iterable[Awarded], aliases: units.UnitAliases) -> Decimal:
    converted = (units.convert(one.quantity, one.unit, need.unit, aliases) for one in awards)
    return sum((quantity for quantity in converted if quantity is not None), Decimal(0))


def take_back(*, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    """Forget the agreement of a pair: later runs ask for the whole demand again."""
    Award.objects.filter(demand_id=pair[0], supply_id=pair[1]).delete()


def set_award(*, pair: tuple[uuid.UUID, uuid.UUID], quantity: Decimal, unit: str) -> None:
    """A pair's contract says how much a month was agreed on: later runs ask for that much less."""
    Award.objects.filter(demand_id=pair[0], supply_id=pair[1]).update(quantity=quantity, unit=unit)


def award(match: Match) -> None:
    """Write down that both firms of a match agreed; the caller holds the demand line's lock.

    Side effects: later runs ask for that much less. Raises ``Conflict`` where the demand is covered
    by other agreements meanwhile.
    """
    demand = match.demand
    others = awards_of(demand.chain_id, demand.kind).get(demand.pk, [])
    if others:
        _refuse_covered(match, others)
    Award.objects.create(
        demand_id=match.demand_id, supply_id=match.supply_id, quantity=match.allocated, unit=match.unit
    )


def _refuse_covered(match: Match, others: list[Awarded]) -> None:
    aliases = index_glossary(glossary_for(match.demand.chain_id)).units
    need = lists.as_need(match.demand)
    mine = Awarded(demand="", supply="", quantity=match.allocated, unit=match.unit)
    monthly = monthly_quantity(need)
    if monthly and _taken(need, [*others, mine], aliases) > monthly * _ROUNDING:
        raise Conflict(_("This demand has been covered by others meanwhile."), code="demand_covered")
