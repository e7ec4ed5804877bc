"""Plain admin of rounds and lines; lines are read here and written by their firms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from matching.lists.models import (
    Attachment,
    Certificate,
    DemandLine,
    LineEvent,
    Property,
    Requirement,
    Round,
    SupplyLine,
)
from matching.record_admin import ReadOnlyAdmin, ReadOnlyInline


class RequirementInline(ReadOnlyInline[Requirement, DemandLine]):
    """Technical conditions."""

    model = Requirement


class PropertyInline(ReadOnlyInline[Property, SupplyLine]):
    """What the firm states."""

    model = Property


class CertificateInline(ReadOnlyInline[Certificate, SupplyLine]):
    """Certificates."""

    model = Certificate


class EventInline(ReadOnlyInline[LineEvent, Any]):
    """What happened to the line."""

    model = LineEvent
    fields = ("action", "state", "reason", "actor", "created_at")
    readonly_fields = ("created_at",)


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin[Round]):
    """Rounds; the state changes through its verbs."""

    list_display = ("name", "chain", "kind", "state", "opens_at", "closes_at")
    list_filter = ("state", "chain")
    readonly_fields = ("state",)
    list_select_related = ("chain",)


@admin.register(DemandLine)
class DemandLineAdmin(ReadOnlyAdmin[DemandLine]):
    """Demand lines."""

    list_display = ("key", "title", "organisation", "chain", "state", "valid_until")
    list_filter = ("state", "chain")
    search_fields = ("key", "title", "organisation__name")
    list_select_related = ("organisation", "chain")
    inlines = (RequirementInline, EventInline)


@admin.register(SupplyLine)
class SupplyLineAdmin(ReadOnlyAdmin[SupplyLine]):
    """Supply lines."""

    list_display = ("key", "title", "organisation", "chain", "state", "valid_until")
    list_filter = ("state", "chain")
    search_fields = ("key", "title", "organisation__name")
    list_select_related = ("organisation", "chain")
    inlines = (PropertyInline, CertificateInline, EventInline)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin[Attachment]):
    """Files beside demand lines."""

    list_display = ("name", "demand", "size", "created_at")
    search_fields = ("name",)
    list_select_related = ("demand",)
