"""Who may open Django's admin: superusers, and under a profile that keeps administrators apart nobody."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.security.profiles import current


class Site(AdminSite):
    """The admin sees every firm's secrets, so what it shows is no matter of single rights."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may open it at all."""
        person = request.user
        return (
            isinstance(person, User)
            and person.is_active
            and person.is_staff
            and person.is_superuser
            and not current().administrators_apart
        )

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Visitors sign in as in the portal, with the same limits on wrong passwords; others are refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer
