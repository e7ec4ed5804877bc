"""Plain admin of rounds and lines; lines are read here and written by their firms."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.http import HttpRequest

from matching.disclosure.models import Part
from matching.disclosure.services import saw
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

L = TypeVar("L", DemandLine, SupplyLine)


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


class LineAdmin(ReadOnlyAdmin[L]):
    """Lines; their firms read who of the staff has looked."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The line of a page."""
        line = super().get_object(request, object_id, from_field)
        if line is not None:
            saw([line], Part.CONTACTS, Part.SECRETS)
        return line

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The lines of a list."""
        found = super().get_changelist_instance(request)
        saw(found.result_list)
        return found


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin[Round]):
    """Rounds; the state changes through its verbs."""

    list_display = ("name", "chain", "kind", "state", "opens_at", "closes_at")
    list_filter = ("state", "chain")
    readonly_fields = ("state",)
    list_select_related = ("chain",)


@admin.register(DemandLine)
class DemandLineAdmin(LineAdmin[DemandLine]):
    """Demand lines."""

    list_display = ("key", "title", "organisation", "chain", "state", "valid_until")
    list_filter = ("state", "chain")
    search_fields = ("key", "title", "organisation__name")
    list_select_related = ("organisation", "chain")
    inlines = (RequirementInline, EventInline)


@admin.register(SupplyLine)
class SupplyLineAdmin(LineAdmin[SupplyLine]):
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
