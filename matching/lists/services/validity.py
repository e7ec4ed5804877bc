"""What the calendar does to lines."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction

from matching.lists.models import (
    DemandLine,
    SupplyLine,
)
from matching.lists.services.lines import record
from matching.lists.services.people import link_to, people_of
from matching.lists.states import LINE, LineAction, LineState
from matching.notices.models import Topic
from matching.notices.services import tell

REMIND_DAYS = 14


def expire_lines(*, today: date) -> int:
    """Lines whose validity has passed become expired; their firms are told."""
    return sum(
        _expire(model, line_id, today)
        for model in (DemandLine, SupplyLine)
        for line_id in list(
            model.objects.filter(
                valid_until__lt=today, state__in=[LineState.SUBMITTED, LineState.VERIFIED, LineState.RETURNED]
            ).values_list("pk", flat=True)
        )
    )


@transaction.atomic
def _expire(model: type[DemandLine] | type[SupplyLine], line_id: uuid.UUID, today: date) -> int:
    line = model.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=line_id)
    if line.valid_until >= today or not LINE.allows(line.state, LineAction.EXPIRE):
        return 0
    line.state = LINE.target(line.state, LineAction.EXPIRE)
    line.save(update_fields=["state", "updated_at"])
    record(line, LineAction.EXPIRE, None)
    tell(
        users=people_of(line.organisation),
        key=f"expired:{line.pk}:{line.valid_until}",
        zh=f"“{line.title}”（{line.key}）已过有效期，请确认后重新提交",
        en=f"“{line.title}” ({line.key}) has expired; please confirm it",
        link=link_to(line),
        topic=Topic.LISTS,
    )
    return 1


def remind_expiring(*, today: date) -> int:
    """Ask owners to confirm lines that lapse within two weeks, once for each date."""
    reminded = 0
    for model in (DemandLine, SupplyLine):
        due = model.objects.filter(
            state=LineState.VERIFIED, valid_until__range=(today, today + timedelta(days=REMIND_DAYS))
        ).select_related("organisation")
        for line in due.exclude(reminded_for__isnull=False).iterator():
            reminded += _remind(line)
    return reminded


@transaction.atomic
def _remind(line: DemandLine | SupplyLine) -> int:
    tell(
        users=people_of(line.organisation),
        key=f"expiring:{line.pk}:{line.valid_until}",
        zh=f"“{line.title}”（{line.key}）将于 {line.valid_until} 到期，请确认是否仍有效",
        en=f"“{line.title}” ({line.key}) lapses on {line.valid_until}; please confirm it",
        link=link_to(line),
        topic=Topic.LISTS,
    )
    line.reminded_for = line.valid_until
    line.save(update_fields=["reminded_for"])
    return 1
