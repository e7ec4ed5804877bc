"""The keys that values and files are sealed under, themselves encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField


class DataKey(models.Model):
    """64 random bytes in base64, encrypted under the field keys; what is sealed names its number."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    secret = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return str(self.number)
