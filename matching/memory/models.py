"""What people confirmed: the words of a need, and the offer that turned out to be meant by them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.chains.models import Chain
from matching.engine import wire
from matching.engine.text import normalise
from matching.lists.models import DemandLine, SupplyLine
from matching.memory.permits import CONFIRMATION
from matching.memory.states import ConfirmationState
from matching.record import Record
from matching.visibility import ChainRows

LONGEST = 300
"""Characters of the words that are remembered."""
LONGEST_PRODUCT = 200
"""Characters of the offer's name, as long as a supply line's."""


class Source(models.TextChoices):
    """Who confirmed, and how."""

    REVIEW = "review", _("Both firms said yes")
    OFFICE = "office", _("Told by the office")


def same_words(text: str) -> str:
    """A key that is equal for texts that differ only in width, case, spaces and signs."""
    return wire.digest(normalise(text).encode())


class Confirmation(Record):
    """One confirmation that ``text`` means this offer (匹配记忆); in force it is an alias of the offer.

    It holds for one chain and kind. ``text`` is the need's title as it was then and may be a leader
    firm's secret: only chain-wide offices read it. ``product`` is the supply line's title as confirmed:
    while the line names another product, the confirmation sleeps. ``demand`` is empty where an office
    told the pair from its own history. ``confirmed_on`` is when people agreed, ``created_at`` when it
    was written down.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="+", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    supply = models.ForeignKey(
        SupplyLine, models.PROTECT, related_name="confirmations", verbose_name=_("supply line")
    )
    demand = models.ForeignKey(
        DemandLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("demand line")
    )
    text = models.CharField(_("words of the need"), max_length=LONGEST)
    product = models.CharField(_("product as confirmed"), max_length=LONGEST_PRODUCT)
    # Keys only keep one row of equal words; whoever compares reads the words themselves.
    text_key = models.CharField(max_length=64, editable=False)
    product_key = models.CharField(max_length=64, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=ConfirmationState.choices, default=ConfirmationState.STANDING
    )
    confirmed_on = models.DateField(_("confirmed on"))
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    ended_reason = models.CharField(_("reason"), max_length=500, blank=True, default="", editable=False)

    permits = CONFIRMATION
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ("-created_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["demand", "supply", "source"],
                condition=models.Q(state=ConfirmationState.STANDING),
                name="matching_confirmed_pair_once",
            ),
            models.UniqueConstraint(
                fields=["chain", "supply", "text_key", "product_key"],
                condition=models.Q(state=ConfirmationState.STANDING, demand=None),
                name="matching_confirmed_words_once",
            ),
            models.CheckConstraint(
                condition=models.Q(source=Source.OFFICE) ^ models.Q(demand__isnull=False),
                name="matching_confirmed_pair_or_told",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ConfirmationState.STANDING) ^ models.Q(ended_at__isnull=False),
                name="matching_confirmation_ended_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(models.F("created_at").desc(), "id", name="matching_confirmed_newest"),
            models.Index(
                fields=["chain", "kind", "supply"],
                condition=models.Q(state=ConfirmationState.STANDING),
                name="matching_confirmed_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.product}"
