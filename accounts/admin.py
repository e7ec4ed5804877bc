"""Plain admin for staff: people, organisations, roles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import GradeHolding, Membership, Organisation, User


class GradeInline(admin.TabularInline[GradeHolding, Organisation]):
    """Grades beside their firm."""

    model = GradeHolding
    extra = 0


class MembershipInline(admin.TabularInline[Membership, User]):
    """Roles beside their person."""

    model = Membership
    extra = 0
    autocomplete_fields = ("organisation",)


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Accounts with their roles."""

    list_display = ("username", "name", "email", "is_active", "is_staff", "is_demo")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("username", "name", "email")
    inlines = (MembershipInline,)
    fieldsets: ClassVar = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "phone", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "is_demo")}),
    )


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """Firms and offices."""

    list_display = ("name", "kind", "uscc", "region")
    list_filter = ("kind", "is_demo")
    search_fields = ("name", "uscc")
    inlines = (GradeInline,)
