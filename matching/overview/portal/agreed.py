"""Agreements as charts: a row a kind, and a row a leader firm; no sum goes over two kinds."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from matching.agreements.amounts import Amount, Kind
from matching.overview.charts import Cell, Chart, Row, Shape, columns, count
from matching.overview.figures import Figures
from matching.templatetags.portal import amount as written


def _money(amount: Amount | None) -> Cell:
    return Cell(None, "—") if amount is None else Cell(Decimal(amount.value), f"¥ {written(amount.value)}")


def by_kind(figures: Figures) -> Chart:
    """How many agreements of each kind are in force, and what they come to."""
    rows = tuple(
        Row(
            kind.label,
            (
                count(figures.agreed[kind].count),
                *(
                    (_money(figures.agreed[kind].with_tax), _money(figures.agreed[kind].without_tax))
                    if figures.scope.sees_results
                    else ()
                ),
            ),
        )
        for kind in Kind
    )
    amounts = (_("CNY, tax included"), _("CNY, without tax")) if figures.scope.sees_results else ()
    return Chart(
        key="agreements",
        title=_("Agreements in force by kind"),
        shape=Shape.BARS,
        first=_("Kind"),
        columns=columns(_("Agreements"), hidden=amounts),
        rows=rows,
        note=_("Confirmed by both sides or recorded by the office. Kinds are never added up."),
    )


def by_leader_firm(figures: Figures) -> Chart:
    """Accepted pairs, agreements and deliveries of each leader firm."""
    rows = tuple(
        Row(
            one.name,
            (
                count(one.accepted),
                *(count(one.totals[kind].count) for kind in Kind),
                count(one.delivered),
                _money(one.totals[Kind.INTENT].with_tax),
                _money(one.totals[Kind.CONTRACT].with_tax),
            ),
        )
        for one in figures.leaders
    )
    return Chart(
        key="leader-firms",
        title=_("Conversion by leader firm"),
        shape=Shape.BARS,
        first=_("Leader firm"),
        columns=columns(
            _("Accepted pairs"),
            hidden=(
                *(kind.label for kind in Kind),
                _("Goods delivered"),
                _("Intents, CNY, tax included"),
                _("Contracts, CNY, tax included"),
            ),
        ),
        rows=rows,
        note=_("The leader firms with most accepted pairs."),
    )
