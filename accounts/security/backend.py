"""Who somebody is by name and password, with the same work whether the account exists or not."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.security.attempts import account_of
from accounts.security.separation import refusal


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """One account and one password hash an attempt.

    allauth hashes twice for a known e-mail address and once for an unknown one: that can be measured.
    An account that is switched off answers like a wrong password.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login: str = credentials.get("username") or credentials.get("email") or ""
        found: User | None = self._check_password(account_of(login), credentials.get("password", ""))
        return found

    def _check_password(self, user: User | None, password: str) -> User | None:
        if user is None:
            return None
        self._did_check_password = True
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; none where rules of the profile have come to forbid the account."""
        user: User | None = super().get_user(user_id)
        return None if user is None or refusal(user) else user
