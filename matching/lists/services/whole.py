"""Verbs on whole lists of a firm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.errors import Invalid
from matching.lists.models import (
    DemandLine,
    SupplyLine,
)
from matching.lists.services.lines import Row, change_line, lock_numbers, save_line
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
    withdrawn. A row's ``valid_until`` may move a stored line's date forward, never back: a file is often
    older than the last confirmation. Raises ``Invalid`` with ``<row index>.<field>`` for every fault in
    every row.
    """
    result, seen = ListResult(), set[str]()
    problems: dict[str, Sequence[str]] = {}
    lock_numbers(organisation)
    stored = {
        key: (fingerprint, valid_until)
        for key, fingerprint, valid_until in model.objects.filter(
            organisation=organisation, kind=kind
        ).values_list("key", "fingerprint", "valid_until")
    }
    for index, row in enumerate(rows):
        if row.key in seen:
            problems[f"{index}.key"] = [_("This line number occurs twice.")]
            continue
        seen.add(row.key)
        before, holds_until = stored.get(row.key, (None, None))
        try:
            line = save_line(
                actor=actor,
                model=model,
                organisation=organisation,
                key=row.key,
                values={**_never_back(row.values, holds_until), "chain_id": chain_id, "kind": kind},
                rows=row.rows,
            )
        except Invalid as invalid:
            problems.update({f"{index}.{name}": texts for name, texts in invalid.fields.items()})
            continue
        _sort_in(result, row.key, before, line.fingerprint)
    if problems:
        raise Invalid(problems)
    for line in model.objects.filter(organisation=organisation, chain_id=chain_id, kind=kind).exclude(
        key__in=seen
    ):
        if LINE.allows(line.state, LineAction.WITHDRAW):
            change_line(actor=actor, model=model, line_id=line.pk, action=LineAction.WITHDRAW)
            result.withdrawn.append(line.key)
    return result


def _never_back(values: Mapping[str, Any], holds_until: date | None) -> Mapping[str, Any]:
    named = values.get("valid_until")
    if named is None or holds_until is None:
        return values
    return {**values, "valid_until": max(named, holds_until)}


def _sort_in(result: ListResult, key: str, before: str | None, after: str) -> None:
    if before is None:
        result.created.append(key)
    elif before == after:
        result.unchanged.append(key)
    else:
        result.changed.append(key)
