"""Sums of money by what they are: an intent is no contract, and neither is added to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

TEN_THOUSAND = 10_000
_CENT = Decimal("0.01")


class Kind(models.TextChoices):
    """What two firms agreed on."""

    INTENT = "intent", _("Intent")
    SAMPLE = "sample", _("Sample")
    QUOTE = "quote", _("Quote")
    CONTRACT = "contract", _("Contract")


class Step(models.TextChoices):
    """Milestones of a pair, in their order; the first four come with an agreement of that kind."""

    INTENT = Kind.INTENT.value, _("Intent")
    SAMPLE = Kind.SAMPLE.value, _("Sample")
    QUOTE = Kind.QUOTE.value, _("Quote")
    CONTRACT = Kind.CONTRACT.value, _("Contract")
    DELIVERY = "delivery", _("Delivery")


class MixedAmounts(TypeError):
    """Amounts of different kinds, or with and without tax, were to be added up."""


@dataclass(frozen=True, slots=True)
class Amount:
    """CNY of one kind of agreement, with tax (含税) or without."""

    kind: Kind
    tax_included: bool
    value: Decimal = Decimal(0)

    def __add__(self, other: object) -> Amount:
        """The sum of two amounts of one sort. Raises ``MixedAmounts`` for any other."""
        if not isinstance(other, Amount):
            return NotImplemented
        if (self.kind, self.tax_included) != (other.kind, other.tax_included):
            raise MixedAmounts(f"{self.kind} and {other.kind} are not added up")
        return Amount(self.kind, self.tax_included, self.value + other.value)


@dataclass(frozen=True, slots=True)
class Total:
    """What agreements of one kind come to: how many, and CNY with and without tax, apart.

    ``open`` counts those without an amount.
    """

    kind: Kind
    count: int = 0
    with_tax: Amount | None = None
    without_tax: Amount | None = None
    open: int = 0


def totals(rows: Iterable[tuple[str, bool, Decimal | None, int, int]]) -> Mapping[Kind, Total]:
    """Totals of every kind from rows of kind, tax flag, sum, number, and number of those with an amount."""
    found = {kind: Total(kind) for kind in Kind}
    for code, tax_included, value, number, priced in rows:
        found[Kind(code)] = _with(found[Kind(code)], tax_included, value, number, number - priced)
    return found


def _with(total: Total, tax_included: bool, value: Decimal | None, number: int, unpriced: int) -> Total:
    more = None if value is None else Amount(total.kind, tax_included, value)
    with_tax, without_tax = total.with_tax, total.without_tax
    if more is not None and tax_included:
        with_tax = more if with_tax is None else with_tax + more
    elif more is not None:
        without_tax = more if without_tax is None else without_tax + more
    return Total(total.kind, total.count + number, with_tax, without_tax, total.open + unpriced)


def wan(value: Decimal | Amount | None) -> str:
    """CNY as offices write it: in 万元 with two decimals, without signs between thousands.

    Nothing for what is not known. Sums are taken before, in CNY.
    """
    if value is None:
        return ""
    cny = value.value if isinstance(value, Amount) else value
    return f"{(cny / TEN_THOUSAND).quantize(_CENT, ROUND_HALF_UP):f}"
