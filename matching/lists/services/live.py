"""Keeping the indexes fresh in which firms find similar products while they type."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain, product
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Count, DecimalField, Func, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from matching import artefacts
from matching.chains.queries import glossary_for, nodes_of
from matching.engine import pipeline, similar, wire
from matching.engine.types import Glossary
from matching.lists.live import IndexedSide, LiveIndex
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries.similar import Listed, searchable
from matching.lists.states import LineState

FOLDER = "live"
_CHUNK = 5000


def refresh_live_indexes() -> int:
    """Index anew every list whose titles have changed; returns how many were.

    Side effects: files in the storage of artefacts, of which each list keeps one. A list that another
    process is indexing is left to it.
    """
    return sum(_refresh(listed) for listed in _lists())


def _lists() -> list[Listed]:
    models: tuple[type[Any], ...] = (DemandLine, SupplyLine)
    held = (
        model.objects.filter(state=LineState.VERIFIED).order_by().values_list("chain_id", "kind").distinct()
        for model in models
    )
    known = LiveIndex.objects.order_by().values_list("chain_id", "kind").distinct()
    pairs = sorted(set(chain(known, *held)))
    return [Listed(code, kind, side) for (code, kind), side in product(pairs, IndexedSide)]


def _refresh(listed: Listed) -> bool:
    row, _created = LiveIndex.objects.get_or_create(chain_id=listed.chain, kind=listed.kind, side=listed.side)
    with transaction.atomic():
        locked = LiveIndex.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
        if locked is None:
            return False
        glossary = glossary_for(listed.chain)
        public = sorted({name for node in nodes_of(listed.chain) for name in (node.name_zh, node.name_en)})
        old, lines = locked.name, searchable(listed)
        count, name = _name(listed, lines, glossary, public)
        if old == name and (not name or artefacts.exists(name)):
            return False
        if name:
            artefacts.save(name, similar.build(_titled(lines), glossary, public))
        locked.name, locked.lines = name, count
        locked.save()
    # Whoever still has the old one open keeps reading it.
    if old and old != name:
        artefacts.delete(old)
    return True


def _titled(lines: QuerySet[Any]) -> list[similar.Titled]:
    columns = ("pk", "title", "node__path", "organisation")
    rows = lines.order_by("pk").values_list(*columns).iterator(chunk_size=_CHUNK)
    return [similar.Titled(key, title, tuple(path or ()), firm) for key, title, path, firm in rows]


def _name(listed: Listed, lines: QuerySet[Any], glossary: Glossary, public: Sequence[str]) -> tuple[int, str]:
    """How many lines there are, and a name that says all that the index depends on; empty without lines."""
    path = Cast(Coalesce("node__path", Value("{}")), TextField())
    key, firm = Cast("pk", TextField()), Cast("organisation_id", TextField())
    end = Value("\n")
    line = Concat(key, end, firm, end, "title", end, path, output_field=TextField())
    hashed = Func(line, Value(0), function="hashtextextended", output_field=BigIntegerField())
    # A sum does not depend on the order in which the database reads the lines.
    found = lines.order_by().aggregate(
        count=Count("pk"), sum=Sum(hashed, output_field=DecimalField(max_digits=40, decimal_places=0))
    )
    if not found["count"]:
        return 0, ""
    stated = "/".join([str(pipeline.VERSION), *listed, str(found["count"]), str(found["sum"])])
    digest = hashlib.sha256("\n".join([stated, *public, ""]).encode() + wire.encode(glossary)).hexdigest()
    return found["count"], f"{FOLDER}/{digest[:40]}.titles"
