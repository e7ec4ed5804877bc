"""Verbs on whole lists of a firm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.errors import Invalid
from matching.lists.models import (
    DemandLine,
    SupplyLine,
)
from matching.lists.services.lines import Row, change_line, save_line
from matching.lists.states import LINE, LineAction

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list that replaces a firm's list of a chain."""

    key: str
    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]]


@dataclass(slots=True)
class ListResult:
    """Line numbers by what happened to them."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


@transaction.atomic
def replace_list(
    *,
    actor: User,
    model: type[AnyLine],
    organisation: Organisation,
    chain_id: str,
    rows: Iterable[ListRow],
    kind: str = "product",
) -> ListResult:
    """Make a firm's list of one chain equal to ``rows``, all or nothing.

    Lines keep their identity by key: unchanged ones keep state and decisions, absent ones are
    withdrawn. Raises ``Invalid`` with ``<row index>.<field>`` for every fault in every row.
    """
    result, seen = ListResult(), set[str]()
    problems: dict[str, Sequence[str]] = {}
    stamps = dict(
        model.objects.filter(organisation=organisation, kind=kind).values_list("key", "fingerprint")
    )
    for index, row in enumerate(rows):
        if row.key in seen:
            problems[f"{index}.key"] = [_("This line number occurs twice.")]
            continue
        seen.add(row.key)
        try:
            line = save_line(
                actor=actor,
                model=model,
                organisation=organisation,
                key=row.key,
                values={**row.values, "chain_id": chain_id, "kind": kind},
                rows=row.rows,
            )
        except Invalid as invalid:
            problems.update({f"{index}.{name}": texts for name, texts in invalid.fields.items()})
            continue
        _sort_in(result, row.key, stamps.get(row.key), line.fingerprint)
    if problems:
        raise Invalid(problems)
    for line in model.objects.filter(organisation=organisation, chain_id=chain_id, kind=kind).exclude(
        key__in=seen
    ):
        if LINE.allows(line.state, LineAction.WITHDRAW):
            change_line(actor=actor, model=model, line_id=line.pk, action=LineAction.WITHDRAW)
            result.withdrawn.append(line.key)
    return result


def _sort_in(result: ListResult, key: str, before: str | None, after: str) -> None:
    if before is None:
        result.created.append(key)
    elif before == after:
        result.unchanged.append(key)
    else:
        result.changed.append(key)
