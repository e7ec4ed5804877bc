"""How sign-in behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by staff in the admin, not by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: staff open accounts in the admin."""
        return False
