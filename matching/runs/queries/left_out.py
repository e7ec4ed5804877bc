"""Lines of a run that its list leaves out: they are no longer verified as they were compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import FrozenLine, Match, MatchingRun, Side

MODELS: dict[Side, Any] = {Side.NEED: DemandLine, Side.OFFER: SupplyLine}


class Why(models.TextChoices):
    """What has become of a line since the run began."""

    REWRITTEN = "rewritten", _("Changed and verified again")
    SUBMITTED = "submitted", _("Changed, waits for verification")
    DRAFT = "draft", _("Being changed by the firm")
    RETURNED = "returned", _("Returned to the firm")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    GONE = "gone", _("No longer in the list")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line as it was compared, and why it is left out."""

    side: str
    key: str
    title: str
    why: Why

    @property
    def side_label(self) -> str:
        """Which list it is from."""
        return str(Side(self.side).label)


@dataclass(frozen=True, slots=True)
class Omission:
    """What publishing a run now would leave out; ``matches`` are those of the lines that go with them."""

    lines: tuple[LeftOut, ...] = ()
    matches: int = 0

    @property
    def groups(self) -> list[tuple[Why, list[LeftOut]]]:
        """The lines by reason."""
        found = ((why, [line for line in self.lines if line.why == why]) for why in Why)
        return [(why, lines) for why, lines in found if lines]


def lapsed(run: MatchingRun, side: Side) -> QuerySet[FrozenLine]:
    """Lines of one side that are no longer verified as they were frozen."""
    verified = MODELS[side].objects.filter(pk=OuterRef("line_id"), state=LineState.VERIFIED)
    same = Exists(verified.filter(fingerprint=OuterRef("fingerprint")))
    return FrozenLine.objects.filter(~same, run=run, side=side)


def left_out(run: MatchingRun) -> Omission:
    """What publishing the run now would leave out, demand first; three queries."""
    lines: list[LeftOut] = []
    ids: list[Any] = []
    for side in Side:
        now = Subquery(MODELS[side].objects.filter(pk=OuterRef("line_id")).values("state")[:1])
        rows = lapsed(run, side).annotate(now=now).order_by("key")
        for line_id, key, title, state in rows.values_list("line_id", "key", "title", "now"):
            ids.append(line_id)
            lines.append(LeftOut(side, key, title, _why(state)))
    return Omission(tuple(lines), _matches(run, ids))


def _why(state: str | None) -> Why:
    if state is None:
        return Why.GONE
    return Why.REWRITTEN if state == LineState.VERIFIED else Why(state)


def _matches(run: MatchingRun, ids: Iterable[Any]) -> int:
    theirs = Q(demand_id__in=ids) | Q(supply_id__in=ids)
    return Match.objects.filter(theirs, run=run, excluded=False).count()
