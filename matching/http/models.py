"""Answers that are kept for requests sent again."""

from __future__ import annotations

import uuid

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a POST under its ``Idempotency-Key``, sealed; see ``matching.http.idempotency``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    request = models.CharField(max_length=64)
    standing = models.CharField(max_length=64)
    answer = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "matching"

    def __str__(self) -> str:
        return self.key
