"""Who has handed in what for a round: by firm and by city."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from accounts.models import Organisation, User
from accounts.permits.reach import region_filter
from matching.lists import access
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.states import LineState
from matching.notices.models import Notice

CITY = 4
"""Digits of a region code that name its city."""


@dataclass(slots=True)
class Submission:
    """What one firm of the chain has handed in for a round.

    ``in_force`` counts verified lines of earlier rounds, which are matched as well; ``changed_at`` is when
    any of its lines of the chain last changed.
    """

    firm: Organisation
    handed_in: int = 0
    in_force: int = 0
    drafts: int = 0
    changed_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def missing(self) -> bool:
        """Whether the firm has handed in nothing yet."""
        return not self.handed_in


@dataclass(frozen=True, slots=True)
class CityRate:
    """How many firms of a city have handed in, of how many; ``percent`` of them."""

    city: str
    firms: int
    handed_in: int
    lines: int

    @property
    def percent(self) -> int:
        """Firms that handed in, of a hundred."""
        return 100 * self.handed_in // self.firms


def submissions(user: User, round_: Round) -> list[Submission]:
    """Firms with lines of the chain that the person looks after, the missing ones first; four queries."""
    rows = {firm.pk: Submission(firm) for firm in _firms(user, round_)}
    for model in (DemandLine, SupplyLine):
        lines = model._default_manager.filter(chain=round_.chain_id, kind=round_.kind).order_by()
        counted = lines.values_list("organisation_id").annotate(
            handed_in=Count("pk", filter=Q(round=round_) & ~Q(state=LineState.DRAFT)),
            in_force=Count("pk", filter=Q(state=LineState.VERIFIED) & ~Q(round=round_)),
            drafts=Count("pk", filter=Q(state=LineState.DRAFT)),
            changed_at=Max("updated_at"),
        )
        for firm, handed_in, in_force, drafts, changed_at in counted:
            if row := rows.get(firm):
                row.handed_in += handed_in
                row.in_force += in_force
                row.drafts += drafts
                row.changed_at = max(filter(None, (row.changed_at, changed_at)), default=None)
    for firm, reminded_at in _reminders(round_):
        if row := rows.get(firm):
            row.reminded_at = reminded_at
    return sorted(rows.values(), key=lambda row: (row.handed_in > 0, row.firm.region, row.firm.name))


def _firms(user: User, round_: Round) -> Iterable[Organisation]:
    in_reach = Q(pk__in=[])
    for membership in access.overseers(user, round_):
        in_reach |= region_filter("region", membership.regions)
    chain = {"chain": round_.chain_id, "kind": round_.kind}
    writers = Q(pk__in=DemandLine.objects.filter(**chain).values("organisation")) | Q(
        pk__in=SupplyLine.objects.filter(**chain).values("organisation")
    )
    return Organisation.objects.filter(in_reach, writers)


def reminder_key(round_: Round) -> str:
    """How the keys of a round's reminders begin."""
    return f"remind:{round_.pk}:"


def _reminders(round_: Round) -> Iterable[tuple[uuid.UUID, datetime]]:
    sent = Notice.objects.filter(key__startswith=reminder_key(round_), user__memberships__is_active=True)
    return sent.order_by().values_list("user__memberships__organisation").annotate(Max("created_at"))


def by_city(rows: Iterable[Submission]) -> list[CityRate]:
    """The rate of each city, the lowest first; ``city`` is its region code."""
    cities: dict[str, list[Submission]] = {}
    for row in rows:
        cities.setdefault(row.firm.region[:CITY], []).append(row)
    rates = [
        CityRate(
            city=city,
            firms=len(firms),
            handed_in=sum(not firm.missing for firm in firms),
            lines=sum(firm.handed_in for firm in firms),
        )
        for city, firms in cities.items()
    ]
    return sorted(rates, key=lambda rate: (rate.percent, rate.city))
