"""What a line that changed since its chain was matched would find now: computed, stored nowhere.

The line, as it stands on the list, is compared with all other lines of the last finished run: under that
run's rules, words and day, so whatever differs comes from the line. Quantities are not shared out again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from accounts.models import User
from matching.engine.incremental import Base, Changes, MatchedWhole, Rematched, hold, rematch
from matching.engine.types import Need
from matching.errors import Conflict, Forbidden
from matching.lists import queries as lists
from matching.lists.models import DemandLine, SupplyLine
from matching.memory.queries import aliases_of
from matching.runs import access
from matching.runs.models import FrozenLine, Match, MatchingRun, Side
from matching.runs.queries import policy_of
from matching.runs.queries.frozen import needs_in
from matching.runs.services.artefacts import index_of, other_release, refuse_other_release
from matching.runs.services.decided import awards_of, open_part
from matching.runs.services.finishing import cuts_of
from matching.runs.states import RunState

Pair = tuple[str, str]
"""Keys of a demand line and of a supply line."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pair whose score differs, in basis points; None is no match."""

    demand_key: str
    demand_title: str
    supply_key: str
    supply_title: str
    before: int | None
    after: int | None

    @property
    def gained(self) -> bool:
        """A match that was none."""
        return self.before is None

    @property
    def lost(self) -> bool:
        """A match no more."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class Compared:
    """What is otherwise than in the run, pair by pair; ``same`` matches of the line are as they were.

    Pairs of other lines are among them: an offer that comes nearer can take the place of another.
    """

    run: MatchingRun
    rows: tuple[Row, ...]
    same: int

    @property
    def gained(self) -> int:
        """Matches that were none."""
        return sum(row.gained for row in self.rows)

    @property
    def lost(self) -> int:
        """Matches that are none any more."""
        return sum(row.lost for row in self.rows)


def compare_line(*, actor: User, line: DemandLine | SupplyLine) -> Compared:
    """Which matches of the last finished run a line would gain and lose as it stands now. No side effects.

    A line that is not verified or no longer valid counts as taken off the list. Raises ``Forbidden`` where
    the person does not see the chain's results, ``Conflict`` where there is no run that can be compared.
    """
    if not access.sees_results(actor, line.chain_id):
        raise Forbidden(_("Only offices of this chain see its matches."), code="not_your_chain")
    run = _last_run(line)
    base = _base(run.pk)
    changes = _changes(run, line)
    try:
        found = rematch(base, changes)
    except MatchedWhole as error:
        told = _("This chain is matched with a model of meanings; start a run to see what changed.")
        raise Conflict(told, code="matched_whole") from error
    rows, unchanged = _rows(run, base, changes, found)
    same = sum(lists.engine_key(line) in pair for pair in unchanged)
    return Compared(run, tuple(sorted(rows, key=_weight)), same)


def _last_run(line: DemandLine | SupplyLine) -> MatchingRun:
    finished = MatchingRun.objects.filter(
        round__chain_id=line.chain_id, round__kind=line.kind, state=RunState.FINISHED
    )
    run = finished.select_related("round", "policy").order_by("-created_at").first()
    if run is None:
        raise Conflict(_("This chain has not been matched yet."), code="no_run")
    return run


@lru_cache(maxsize=4)
def _base(run_id: uuid.UUID) -> Base:
    """A finished run never changes, so those of the last chains asked about are kept."""
    run = MatchingRun.objects.select_related("round", "policy").get(pk=run_id)
    refuse_other_release(run)
    frozen = FrozenLine.objects.filter(run=run, side=Side.NEED).order_by("position")
    needs = needs_in(frozen)
    cuts = cuts_of(run)
    offers = index_of(run).chains.get(run.round.chain_id)
    if offers is None or len(cuts) != len(needs):
        raise other_release()
    return hold(needs, cuts, offers, policy_of(run), run.as_of)


def _changes(run: MatchingRun, line: DemandLine | SupplyLine) -> Changes:
    key = frozenset({lists.engine_key(line)})
    chain, kind = run.round.chain_id, run.round.kind
    if isinstance(line, DemandLine):
        demands = DemandLine.objects.matchable(chain=chain, kind=kind, on=run.as_of).filter(pk=line.pk)
        need = next((_open_need(run, each) for each in lists.with_rows(demands)), None)
        return Changes(needs=(need,)) if need else Changes(needs_gone=key)
    supplies = SupplyLine.objects.matchable(chain=chain, kind=kind, on=run.as_of).filter(pk=line.pk)
    aliases = aliases_of(chain, kind).get(line.pk, ())
    offers = tuple(lists.as_offer(each, run.as_of, aliases) for each in lists.with_rows(supplies))
    return Changes(offers=offers) if offers else Changes(offers_gone=key)


def _open_need(run: MatchingRun, line: DemandLine) -> Need | None:
    """The demand less what has been agreed on; None where nothing is left."""
    awards = awards_of(run.round.chain_id, run.round.kind).get(line.pk, ())
    return open_part(lists.as_need(line), awards, _base(run.pk).offers.reader.glossary.units)


def _rows(run: MatchingRun, base: Base, changes: Changes, found: Rematched) -> tuple[list[Row], list[Pair]]:
    """Pairs that are otherwise, and matches that are as they were."""
    before = _stored(run, base, {result.need for result in found.results} | changes.needs_gone)
    needs = {**base.needs, **{need.key: need for need in changes.needs}}
    after = {
        (pair.need, pair.offer): (pair.score, needs[pair.need].title, found.offers.offer(pair.position).title)
        for result in found.results
        for pair in result.matches
    }
    rows, unchanged = [], []
    for pair in sorted(before.keys() | after.keys()):
        old, new = before.get(pair), after.get(pair)
        _score, demand, supply = new or before[pair]
        row = Row(pair[0], demand, pair[1], supply, old and old[0], new and new[0])
        if row.before == row.after:
            unchanged.append(pair)
        else:
            rows.append(row)
    return rows, unchanged


def _weight(row: Row) -> tuple[bool, bool, int]:
    """New matches first, then lost ones, then others; the best of each first."""
    return not row.gained, not row.lost, -(row.after or row.before or 0)


def _stored(run: MatchingRun, base: Base, keys: Iterable[str]) -> dict[Pair, tuple[int, str, str]]:
    """The run's matches of these needs: score and both titles."""
    positions = {key: at for at, key in enumerate(base.needs)}
    wanted = [positions[key] for key in keys if key in positions]
    frozen = FrozenLine.objects.filter(run=run, side=Side.NEED, position__in=wanted)
    demands = dict(frozen.values_list("line_id", "key"))
    columns = ("demand_id", "supply__organisation__uscc", "supply__key", "score")
    rows = Match.objects.filter(run=run, demand_id__in=demands)
    return {
        (demands[demand], f"{uscc}/{key}"): (score, wanted_title, offered_title)
        for demand, uscc, key, score, wanted_title, offered_title in rows.values_list(
            *columns, "demand_title", "supply_title"
        )
    }
