"""Credentials are made and revoked on their own pages, never in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class Closed(admin.ModelAdmin[Any]):
    """A table that the OAuth library registers, and that nobody sees."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the index."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False
