"""The computation behind a question, from a run's frozen lines.

The demand lines that a change touches are matched again; quantities are shared out again among what hangs
together with them, up to a number of pairs that a page can wait for, while demand beyond that keeps what
it has.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.engine import wire
from matching.engine.conditions import from_text
from matching.engine.pipeline import Index
from matching.engine.types import Candidate, Glossary, Need, NeedResult
from matching.engine.whatif import (
    Change,
    Changed,
    Effect,
    OfferChanged,
    OtherDimension,
    Situation,
    TooLarge,
    Waived,
    Withdrawn,
    changed_need,
    compare,
    relaxable,
    rematch,
)
from matching.errors import Invalid
from matching.runs.models import FrozenLine, Match, MatchingRun, NearMiss, Side
from matching.runs.queries import policy_of
from matching.runs.queries.frozen import need_of, offer_of
from matching.runs.queries.neighbourhood import Neighbourhood, StoredMatch, given_elsewhere, neighbourhood
from matching.runs.services.artefacts import index_of
from matching.runs.services.decided import agreed_firms, excluded_pairs

MOST_PAIRS = 4_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a change would do. ``lines``: the frozen lines that it may name, by key.

    ``whole``: all that hangs together with the change was shared out again; otherwise only the nearest.
    """

    effect: Effect
    lines: Mapping[str, FrozenLine]
    whole: bool


def compute(run: MatchingRun, change: Change) -> Answer:
    """The effect of a change on a finished run; reads only.

    Raises ``Invalid`` where the demand has no such condition or the change can't be understood.
    """
    touched = _touched(run, change)
    index = index_of(run)
    needs = [need_of(line) for line in touched]
    _refuse_unknown(run, change, needs, index)
    before = rematch(None, needs, index, policy_of(run), run.as_of)
    after = rematch(change, needs, index, policy_of(run), run.as_of)
    matched, near = _offers_in((*before, *after))
    named = _lines(run, Side.OFFER, matched | near)
    beside = {line.line_id for line in named if line.position in matched}
    around = neighbourhood(run, _ids(touched), beside, MOST_PAIRS)
    rows = [row for held in around.matches.values() for row in held]
    others = _lines(run, Side.NEED, {row[2] for row in rows})
    offers = _lines(run, Side.OFFER, {row[3] for row in rows} | {line.position for line in named})
    stored = _stored(around, {line.line_id: line.key for line in (*others, *offers)})
    taken = given_elsewhere(run, _ids((*touched, *others)), around.supplies)
    given = {line.key: taken[line.line_id] for line in offers if line.line_id in taken}
    situation = Situation(
        [*needs, *map(need_of, others)], [offer_of(line) for line in offers], [*before, *stored]
    )
    effect = compare(
        situation.less(given),
        situation.changed(change, [*after, *stored], index.reader.glossary.units).less(given),
        policy_of(run),
        agreed_firms(run),
        run.as_of,
        wire.decode(run.glossary.encode(), Glossary),
        excluded_pairs(run),
    )
    return Answer(effect, {line.key: line for line in (*touched, *others, *offers)}, around.whole)


def _lines(run: MatchingRun, side: Side, positions: Collection[int]) -> list[FrozenLine]:
    return list(FrozenLine.objects.filter(run=run, side=side, position__in=positions).order_by("position"))


def _named(run: MatchingRun, side: Side, keys: Collection[str]) -> list[FrozenLine]:
    return list(FrozenLine.objects.filter(run=run, side=side, key__in=keys).order_by("position"))


def _ids(lines: Iterable[FrozenLine]) -> set[uuid.UUID]:
    return {line.line_id for line in lines}


def _touched(run: MatchingRun, change: Change) -> list[FrozenLine]:
    """Demand lines whose results may be others: those that matched the offers, or nearly."""
    match change:
        case Waived() | Changed():
            return _named(run, Side.NEED, [change.need])
        case Withdrawn():
            supplies = _ids(_named(run, Side.OFFER, change.offers))
        case OfferChanged():
            supplies = _ids(_named(run, Side.OFFER, [change.offer]))
    pairs = (rows.filter(run=run, supply_id__in=supplies) for rows in (Match.objects, NearMiss.objects))
    return _lines(
        run, Side.NEED, {at for found in pairs for at in found.values_list("need_position", flat=True)}
    )


def _refuse_unknown(run: MatchingRun, change: Change, needs: list[Need], index: Index) -> None:
    if not isinstance(change, Waived | Changed):
        return
    known = {(one.kind, one.ordinal): one for need in needs for one in relaxable(need, policy_of(run))}
    one = known.get((change.kind, change.ordinal))
    if one is None or not (one.waivable if isinstance(change, Waived) else one.changeable):
        raise Invalid(
            {"kind": [_("The demand has no such condition that could be relaxed.")]}, code="invalid"
        )
    if isinstance(change, Changed):
        try:
            changed_need(needs[0], change, index.reader.glossary.units)
        except ValueError as error:
            told = _unreadable(error) % {"text": change.to, "wanted": one.wanted}
            raise Invalid({"to": [told]}, code="invalid") from error


def _unreadable(error: ValueError) -> str:
    match error:
        case OtherDimension():
            return _("The unit of “%(text)s” can't be compared with that of the list (%(wanted)s).")
        case TooLarge():
            return _("“%(text)s” is too large a number.")
    return _("“%(text)s” can't be read as a value of this condition.")


def _offers_in(results: tuple[NeedResult, ...]) -> tuple[set[int], set[int]]:
    """Positions of the offers that match, and of those that nearly do."""
    matched = {match.position for result in results for match in result.matches}
    return matched, {miss.candidate.position for result in results for miss in result.near_misses}


def _stored(around: Neighbourhood, keys: Mapping[uuid.UUID, str]) -> list[NeedResult]:
    return [
        NeedResult(keys[demand], tuple(_candidate(row, keys) for row in rows))
        for demand, rows in around.matches.items()
    ]


def _candidate(row: StoredMatch, keys: Mapping[uuid.UUID, str]) -> Candidate:
    demand, supply, _, position, score, verdicts = row
    return Candidate(keys[demand], keys[supply], score, True, from_text(verdicts), (), position=position)
