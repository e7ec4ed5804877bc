"""Vectors of texts, kept so that a text is encoded once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class TextMeaning(models.Model):
    """What a model made of one text; ``digest`` tells the text and how it is used, the text is not kept."""

    model = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "digest"], name="matching_meaning_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.digest}"
