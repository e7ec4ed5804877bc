"""Plain admin of reference data."""

from __future__ import annotations

from django.contrib import admin

from matching.chains.models import Chain, ChainNode, GlossaryEntry, Region


@admin.register(Chain)
class ChainAdmin(admin.ModelAdmin[Chain]):
    """Chains in the programme's order."""

    list_display = ("code", "name_zh", "name_en", "position")


@admin.register(ChainNode)
class ChainNodeAdmin(admin.ModelAdmin[ChainNode]):
    """Nodes of the chains."""

    list_display = ("code", "name_zh", "chain", "level", "unit")
    list_filter = ("chain", "level")
    search_fields = ("code", "name_zh", "name_en")
    list_select_related = ("chain",)
    raw_id_fields = ("parent",)


@admin.register(GlossaryEntry)
class GlossaryEntryAdmin(admin.ModelAdmin[GlossaryEntry]):
    """What the normaliser was taught."""

    list_display = ("__str__", "kind", "chain", "from_reference", "is_active")
    list_filter = ("kind", "chain", "is_active")
    search_fields = ("words",)
    list_select_related = ("chain",)


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin[Region]):
    """Administrative divisions."""

    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    search_fields = ("code", "name")
    list_select_related = ("parent",)
    raw_id_fields = ("parent",)
