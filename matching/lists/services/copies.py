"""A line once more, as the beginning of another."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import transaction

from accounts.models import User
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services.content import CHILD_ROWS, current_rows
from matching.lists.services.lines import save_line

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)
_NOT_COPIED = {"organisation", "key", "state", "reason", "round", "valid_until"}


@transaction.atomic
def copy_line(*, actor: User, model: type[AnyLine], line_id: uuid.UUID) -> AnyLine:
    """A new draft with the content and the rows of a line, under the firm's next free number.

    It holds for as long as any new line; attachments and history stay behind. Side effects: one event.
    Raises ``Forbidden`` for strangers, ``Invalid`` where the line could not be stored as it is.
    """
    line = model.objects.prefetch_related(*CHILD_ROWS[model]).select_related("organisation").get(pk=line_id)
    values = {
        field.name: getattr(line, field.name)
        for field in line._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in _NOT_COPIED
    }
    return save_line(
        actor=actor,
        model=model,
        organisation=line.organisation,
        key="",
        values=values,
        rows=current_rows(line),
        create=True,
    )
