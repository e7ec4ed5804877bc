"""The index that all shards of a run share: one file behind Django's storage, named by its content.

A worker maps it into memory where it lies; from a storage without files it takes a copy once. A file that
is missing or damaged is made again from the frozen lines. The offers' secrets stand sealed in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from matching import artefacts
from matching.engine import artefact, pipeline, wire
from matching.engine.pipeline import Index
from matching.engine.types import Glossary, Offer
from matching.errors import Conflict
from matching.runs.models import FrozenLine, MatchingList, MatchingRun, Side
from matching.runs.queries import frozen
from matching.runs.states import LIVE, RunState

_CHUNK = 5000
_ENDING = ".index"


def store_index(run: MatchingRun) -> None:
    """Build the run's index and store it, unless it is there whole."""
    try:
        _open(run.index_hash, run.round.chain_id, run.glossary)
    except (FileNotFoundError, artefact.Damaged):
        _build(run)


def index_of(run: MatchingRun) -> Index:
    """The run's index; built anew where it is missing or damaged."""
    try:
        return _open(run.index_hash, run.round.chain_id, run.glossary)
    except (FileNotFoundError, artefact.Damaged):
        _build(run)
        return _open(run.index_hash, run.round.chain_id, run.glossary)


def refuse_other_release(run: MatchingRun) -> None:
    """Raises ``Conflict`` where another engine computed the run: this one would answer otherwise."""
    if run.engine != pipeline.VERSION or not run.index_hash:
        raise other_release()


def other_release() -> Conflict:
    """What is told where a run lacks what this release needs of it."""
    return Conflict(_("Another release computed this run; start a new one."), code="run_too_old")


def offers_of(run: MatchingRun, positions: Iterable[int]) -> list[Offer]:
    """The run's offers at these positions, ordered by key."""
    chain = index_of(run).chains[run.round.chain_id]
    return [chain.offer(position) for position in sorted(positions)]


def glossary_of(run: MatchingRun) -> Glossary:
    """The glossary that was frozen with the run."""
    return wire.decode(run.glossary.encode(), Glossary)


def remove_idle() -> int:
    """Delete indexes that nothing needs any more; returns how many.

    Live runs need theirs, and questions those of each chain's newest finished and newest published run.
    Whoever still has one open keeps reading it.
    """
    used = [
        *MatchingRun.objects.filter(state__in=LIVE).values_list("index_hash", flat=True),
        *MatchingRun.objects.filter(state=RunState.FINISHED)
        .order_by("round__chain_id", "round__kind", "-created_at")
        .distinct("round__chain_id", "round__kind")
        .values_list("index_hash", flat=True),
        *MatchingList.objects.order_by("chain_id", "kind", "-number")
        .distinct("chain_id", "kind")
        .values_list("run__index_hash", flat=True),
    ]
    kept = {_name(index_hash) for index_hash in used if index_hash}
    idle = [name for name in artefacts.names() if name not in kept]
    for name in idle:
        artefacts.delete(name)
    return len(idle)


def drop_outdated() -> int:
    """Delete indexes that hold secrets under an older data key; returns how many.

    Whoever asks for one makes it again from the frozen lines, which are renewed before.
    """
    outdated = [name for name in artefacts.names() if name.endswith(_ENDING) and _is_outdated(name)]
    for name in outdated:
        artefacts.delete(name)
    return len(outdated)


def _is_outdated(name: str) -> bool:
    try:
        return any(map(frozen.is_outdated, artefact.payloads(artefacts.mapped(name))))
    except FileNotFoundError:
        return False
    except artefact.Damaged:
        return True


def _name(index_hash: str) -> str:
    if not index_hash:
        raise ValueError("an index is named by its content; this run has none yet")
    return f"{index_hash}{_ENDING}"


def _build(run: MatchingRun) -> None:
    lines = FrozenLine.objects.filter(run=run, side=Side.OFFER).order_by("position")
    rows = lines.values_list("line_id", "payload", "sealed").iterator(chunk_size=_CHUNK)
    built = artefact.build((frozen.entry(*row) for row in rows), glossary_of(run))
    artefacts.save(_name(run.index_hash), built)


@lru_cache(maxsize=1)
def _open(index_hash: str, chain: str, glossary: str) -> Index:
    data = artefacts.mapped(_name(index_hash))
    return artefact.open_index(data, chain, wire.decode(glossary.encode(), Glossary), frozen.opened)
