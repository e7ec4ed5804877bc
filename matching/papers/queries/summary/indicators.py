"""The figures by name and unit, in the order in which pages, papers and workbooks tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matching.agreements.amounts import Total, wan
from matching.papers.queries.summary.figures import Figures


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure as text; ``number`` is empty where it is not known or would tell of a single firm."""

    name: str
    unit: str
    number: str


def indicators(told: Figures) -> list[Indicator]:
    """All figures; money of each kind, with tax and without, by itself."""
    firms, items, pairs, money = pgettext("unit", "firms"), _("items"), _("pairs"), _("CNY 10,000")
    intents, contracts = told.intents, told.contracts
    return [
        Indicator(_("Leader firms"), firms, str(told.leader_firms)),
        Indicator(_("Member firms"), firms, str(told.member_firms)),
        Indicator(_("Demands"), items, str(told.demands)),
        Indicator(_("Value of demands a month"), money, wan(told.demand_value)),
        Indicator(_("Talks arranged"), pairs, str(told.arranged)),
        Indicator(_("Pairs met"), pairs, str(told.met)),
        Indicator(_("Pairs that signed an intent or a contract"), pairs, str(told.signed)),
        Indicator(_("Intents"), items, str(intents.count)),
        *_money(_("Value of intents, tax included"), _("Value of intents, without tax"), intents),
        Indicator(_("Contracts"), items, str(contracts.count)),
        *_money(_("Value of contracts, tax included"), _("Value of contracts, without tax"), contracts),
        Indicator(_("Pairs delivered"), pairs, str(told.delivered)),
    ]


def _money(with_tax: str, without_tax: str, total: Total) -> Iterator[Indicator]:
    """The second only where there is such an amount."""
    unit = _("CNY 10,000")
    yield Indicator(with_tax, unit, wan(total.with_tax or Decimal(0)))
    if total.without_tax is not None:
        yield Indicator(without_tax, unit, wan(total.without_tax))
