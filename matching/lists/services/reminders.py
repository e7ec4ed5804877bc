"""Reminders to firms that have handed in nothing for an open round."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching.errors import Conflict, Forbidden
from matching.lists import access
from matching.lists.models import Round
from matching.lists.queries.submissions import reminder_key, submissions
from matching.lists.states import RoundState
from matching.notices.models import Notice
from matching.notices.services import tell


@transaction.atomic
def remind_missing(
    *, actor: User, round_id: uuid.UUID, firms: Collection[uuid.UUID] | None = None
) -> list[Notice]:
    """Remind firms that have handed in nothing: those of ``firms`` (absent: all) that the actor looks after.

    Side effects: one notice, and one e-mail where there is an address, to everybody who acts for such a
    firm; at most one a person and day, whoever sends it. Raises ``Forbidden``, or ``Conflict`` where the
    round is not open.
    """
    round_ = Round.objects.select_related("chain").get(pk=round_id)
    if not access.oversees(actor, round_):
        raise Forbidden(_("Only offices of this chain remind its firms."), code="not_your_chain")
    if round_.state != RoundState.OPEN:
        raise Conflict(_("Firms are reminded while the round is open."), code="round_not_open")
    missing = [
        row.firm
        for row in submissions(actor, round_)
        if row.missing and (firms is None or row.firm.pk in firms)
    ]
    return [
        notice
        for kind, side in ((OrganisationKind.LEADER_FIRM, "demand"), (OrganisationKind.MEMBER_FIRM, "supply"))
        for notice in _remind(round_, [firm for firm in missing if firm.kind == kind], side)
    ]


def _remind(round_: Round, firms: list[Organisation], side: str) -> list[Notice]:
    people = User.objects.filter(
        is_active=True, memberships__organisation__in=firms, memberships__is_active=True
    ).distinct()
    last_day = timezone.localdate(round_.closes_at)
    return tell(
        users=people,
        key=f"{reminder_key(round_)}{timezone.localdate()}",
        zh=f"{round_.chain.name_zh}“{round_.name}”将于 {last_day} 截止，贵单位尚未提交清单"[:300],
        en=f"“{round_.name}” of {round_.chain.name_en} closes on {last_day}; you have handed in nothing yet"[
            :300
        ],
        link=f"/lists/{side}/",
    )
