"""Verbs on whole lists of a firm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from matching.errors import Fault, Invalid
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services.bulk import ListRow, Saved, lock_list, save_lines, withdraw_lines

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)


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
    every row, ``Conflict`` for an absent line that accepted matches rest on.
    """
    lock_list(organisation=organisation, model=model, kind=kind)
    wanted = [replace(row, values={**row.values, "chain_id": chain_id}) for row in rows]
    first = {row.key: index for index, row in reversed(list(enumerate(wanted)))}
    twice = [index for index, row in enumerate(wanted) if first[row.key] != index]
    again = [Fault(_("This line number occurs twice."), "duplicate")]
    problems: dict[str, Sequence[str]] = {f"{index}.key": again for index in twice}
    once = {index: row for index, row in enumerate(wanted) if first[row.key] == index}
    result = ListResult()
    saved = save_lines(actor=actor, model=model, organisation=organisation, kind=kind, rows=once.values())
    for index, one in zip(once, saved, strict=True):
        problems.update({f"{index}.{name}": texts for name, texts in one.problems.items()})
        _sort_in(result, one)
    if problems:
        raise Invalid(problems)
    own = model.objects.filter(organisation=organisation, chain_id=chain_id, kind=kind)
    absent = own.exclude(key__in=first).values_list("pk", flat=True)
    told = withdraw_lines(actor=actor, model=model, organisation=organisation, ids=list(absent))
    for key, refusal in told.items():
        if refusal is not None:
            raise refusal
        result.withdrawn.append(key)
    return result


def _sort_in(result: ListResult, saved: Saved) -> None:
    if saved.new:
        result.created.append(saved.key)
    elif saved.rewritten:
        result.changed.append(saved.key)
    else:
        result.unchanged.append(saved.key)
