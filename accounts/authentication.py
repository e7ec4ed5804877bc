"""``Authorization: Token …``: who asks, by a token that is stored only as its hash."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]
    """Refuses header bytes that are no token, instead of failing over them."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """The person and the token. Raises ``AuthenticationFailed``."""
        if not token.isalnum():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)
