"""What firms agreed on: by kind of agreement, and by leader firm. No figure adds two kinds up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from accounts.models import Organisation
from matching.agreements.amounts import Kind, Step, Total
from matching.agreements.models import Agreement, Milestone, MilestoneState, Outcome, Result
from matching.agreements.queries import totals_by, totals_of
from matching.agreements.states import IN_FORCE
from matching.overview.queries.scope import Scope
from matching.review.models import Review
from matching.review.states import ReviewState

MOST_FIRMS = 30
_ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class LeaderFirm:
    """How far a leader firm's demand has come: accepted pairs, agreements by kind, deliveries."""

    firm: uuid.UUID
    name: str
    accepted: int
    delivered: int
    totals: Mapping[Kind, Total] = field(default_factory=dict)

    @property
    def kinds(self) -> list[Total]:
        """Agreements of each kind."""
        return list(self.totals.values())


def agreed(scope: Scope) -> Mapping[Kind, Total]:
    """Agreements in force on visible demand lines, each kind by itself; one query.

    Whoever does not see the agreements themselves (a city's task force) is told how many there are, and
    no amount.
    """
    rows = Agreement.objects.filter(review__demand__in=scope.demands().order_by().values("pk"))
    if scope.sees_results:
        return totals_of(rows)
    counted = dict(rows.filter(state__in=IN_FORCE).order_by().values_list("kind").annotate(number=Count("*")))
    return {kind: Total(kind, counted.get(kind, 0)) for kind in Kind}


def with_agreement(scope: Scope, kind: Kind) -> QuerySet[Agreement]:
    """Visible agreements in force of a kind or of one that comes after it."""
    later = _ORDER[_ORDER.index(kind) :]
    return Agreement.objects.visible_to(scope.user).filter(kind__in=later, state__in=IN_FORCE)


def talks(scope: Scope) -> QuerySet[Outcome]:
    """Visible appointments to which somebody came."""
    return Outcome.objects.visible_to(scope.user).exclude(result=Result.NO_SHOW)


def deliveries(scope: Scope) -> QuerySet[Milestone]:
    """Visible deliveries."""
    done = Milestone.objects.filter(step=Step.DELIVERY, state=MilestoneState.DONE)
    return done.filter(review__in=Review.objects.visible_to(scope.user))


def by_leader_firm(scope: Scope) -> list[LeaderFirm]:
    """Leader firms with accepted pairs, those with most first; four queries."""
    if not scope.sees_results:
        return []
    lines = scope.demands().order_by().values("pk")
    accepted = Review.objects.filter(state=ReviewState.ACCEPTED, demand__in=lines).order_by()
    counted = dict(accepted.values_list("demand__organisation_id").annotate(number=Count("*")))
    first = sorted(counted, key=lambda firm: (-counted[firm], str(firm)))[:MOST_FIRMS]
    names = dict(Organisation.objects.filter(pk__in=first).values_list("pk", "name"))
    done = deliveries(scope).filter(review__demand__in=lines).order_by()
    delivered = dict(done.values_list("review__demand__organisation_id").annotate(number=Count("*")))
    agreements = Agreement.objects.visible_to(scope.user).filter(review__demand__in=lines)
    apart = totals_by(agreements, "review__demand__organisation_id")
    nothing = {kind: Total(kind) for kind in Kind}
    return [
        LeaderFirm(firm, names[firm], counted[firm], delivered.get(firm, 0), apart.get(firm, nothing))
        for firm in first
    ]
