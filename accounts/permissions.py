"""Scopes, asked of every request that came with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.authentication import Credential, InsufficientScope
from accounts.scopes import of_view

if TYPE_CHECKING:  # the framework's views read the settings that name this module
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """Refuses what the token's scopes leave out; sessions have no scopes. What nobody declared is refused."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True, or raises ``InsufficientScope``."""
        credential = request.auth
        if not isinstance(credential, Credential):
            return True
        scope = of_view(view, request.method or "")
        if scope is None or scope not in credential.scopes:
            raise InsufficientScope(scope)
        return True
