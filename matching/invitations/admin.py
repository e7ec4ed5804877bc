"""Plain admin of invitations, read-only."""

from __future__ import annotations

from django.contrib import admin

from matching.invitations.models import Invitation
from matching.record_admin import ReadOnlyAdmin


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin[Invitation]):
    """Who was invited and what came of it."""

    list_display = ("meeting", "organisation", "state", "deadline", "via")
    list_filter = ("state",)
    list_select_related = ("meeting", "organisation")
