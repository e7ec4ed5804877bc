"""How sign-in behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an office, not by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: a firm's account is opened by the office of its city."""
        return False
