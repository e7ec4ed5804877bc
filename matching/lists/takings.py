"""What contracts take of a supply line's capacity, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.lists.models import SupplyLine


class CapacityTaken(models.Model):
    """A contract's quantity a month, in the line's unit, between two days; ``is_over`` once they have passed.

    ``source`` is the contract's id, ``pair`` that of the review. ``counted`` is how much of the line's
    ``committed`` stands for it: all rows of a line together count what they take in their fullest
    month to come.
    """

    supply = models.ForeignKey(
        SupplyLine, models.PROTECT, related_name="takings", verbose_name=_("supply line")
    )
    source = models.UUIDField(unique=True)
    pair = models.UUIDField(db_index=True)
    monthly = models.DecimalField(max_digits=18, decimal_places=4)
    counted = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    begins_on = models.DateField()
    ends_on = models.DateField()
    is_over = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("capacity taken by a contract")
        verbose_name_plural = _("capacities taken by contracts")
        ordering = ("begins_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("begins_on")), name="matching_taken_window"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_on"], condition=models.Q(is_over=False), name="matching_taken_until")
        ]

    def __str__(self) -> str:
        return f"{self.supply_id}: {self.begins_on} – {self.ends_on}"
