"""Plain admin of notices and the outbox, read-only."""

from __future__ import annotations

from django.contrib import admin

from matching.notices.models import Notice, OutboxMessage
from matching.record_admin import ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin[Notice]):
    """What people were told."""

    list_display = ("user", "text_zh", "created_at", "read_at", "mailed_at")
    search_fields = ("text_zh", "user__username")
    list_select_related = ("user",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    """Work that waits for the broker."""

    list_display = ("task", "created_at", "sent_at", "attempts")
    list_filter = ("task",)
