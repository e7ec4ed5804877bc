"""Plain admin of the memory, read-only: it is told and revoked by the chain's office."""

from __future__ import annotations

from django.contrib import admin

from matching.memory.models import Confirmation
from matching.record_admin import ReadOnlyAdmin


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin[Confirmation]):
    """Confirmations."""

    list_display = ("text", "product", "chain", "source", "state", "confirmed_on", "confirmed_by")
    list_filter = ("state", "source", "chain")
    search_fields = ("text", "product")
    list_select_related = ("chain", "confirmed_by")
