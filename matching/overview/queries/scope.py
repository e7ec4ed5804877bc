"""What a page of figures is about: whose eyes, which chain, city and round, and the runs that count."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from accounts.models import User
from accounts.permits import Act
from matching.agreements.permits import AGREEMENT
from matching.chains.models import Chain
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.runs.models import MatchingRun
from matching.runs.states import RunState


@dataclass(frozen=True, slots=True)
class Scope:
    """``city`` is the prefix of a region code, ``round`` a name: rounds of several chains may share it, and
    ``rounds`` are those meant. ``runs``: the newest finished run of each chain and kind, or of those rounds;
    empty for whoever sees no results of a whole chain."""

    user: User
    chain: Chain | None
    city: str
    round: str
    rounds: tuple[uuid.UUID, ...]
    runs: tuple[uuid.UUID, ...]

    @property
    def sees_results(self) -> bool:
        """Whether the person sees what was decided and agreed on in whole chains."""
        return AGREEMENT.somewhere(self.user, Act.VIEW)

    @property
    def by_city(self) -> bool:
        """Within one chain figures are told by city, else by chain."""
        return self.chain is not None

    def group(self, prefix: str = "") -> F | Substr:
        """What figures are grouped by; ``prefix`` leads to the line."""
        if self.by_city:
            return Substr(f"{prefix}organisation__region", 1, 4)
        return F(f"{prefix}chain_id")

    def within(self, prefix: str = "", *, rounds: bool = True) -> Q:
        """Rows of the chain, city and round; ``prefix`` leads to the line."""
        inside = Q()
        if self.chain is not None:
            inside &= Q(**{f"{prefix}chain_id": self.chain.pk})
        if self.city:
            inside &= Q(**{f"{prefix}organisation__region__startswith": self.city})
        if self.round and rounds:
            inside &= Q(**{f"{prefix}round_id__in": self.rounds})
        return inside

    def demands(self) -> QuerySet[DemandLine]:
        """Visible demand lines."""
        return DemandLine.objects.visible_to(self.user).filter(self.within())

    def supplies(self) -> QuerySet[SupplyLine]:
        """Visible supply lines."""
        return SupplyLine.objects.visible_to(self.user).filter(self.within())

    def lines(self, side: str) -> QuerySet[Any]:
        """Visible lines of one list."""
        return self.demands() if side == "demand" else self.supplies()


def scope_of(user: User, *, chain: Chain | None = None, city: str = "", round_: str = "") -> Scope:
    """The scope with its runs; one query, and one more where a round is named."""
    runs = MatchingRun.objects.visible_to(user).filter(state=RunState.FINISHED)
    if chain is not None:
        runs = runs.filter(round__chain=chain)
    rounds: tuple[uuid.UUID, ...] = ()
    if round_:
        named = Round.objects.visible_to(user).filter(name=round_)
        if chain is not None:
            named = named.filter(chain=chain)
        rounds = tuple(named.values_list("pk", flat=True))
        runs = runs.filter(round_id__in=rounds)
    newest = runs.order_by("round__chain_id", "round__kind", "-created_at", "pk").distinct(
        "round__chain_id", "round__kind"
    )
    return Scope(user, chain, city, round_, rounds, tuple(newest.values_list("pk", flat=True)))
