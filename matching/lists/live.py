"""Where the newest index of each list's titles lies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from matching.chains.models import Chain


class IndexedSide(models.TextChoices):
    """Which of the two lists."""

    DEMAND = "demand"
    SUPPLY = "supply"


class LiveIndex(models.Model):
    """The titles of a chain's list as they were at most a minute ago; ``name`` is empty where it has none.

    Pages ask for it with every request, so it holds a file's name and no more.
    """

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    side = models.CharField(max_length=6, choices=IndexedSide.choices)
    name = models.CharField(max_length=100, default="")
    lines = models.PositiveIntegerField(default=0)
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("chain", "kind", "side")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "kind", "side"], name="matching_one_live_index")
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.kind} {self.side}"
