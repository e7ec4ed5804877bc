"""How sign-in behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.models import User
from accounts.security import attempts
from accounts.security.separation import refusal
from accounts.security.sessions import CLIENT, SIGNED_IN_AT


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by invitation, not by the visitor; attempts are counted in the database."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: people are invited, firms ask to join."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Who that is by name and password, also where somebody signed in proves it anew.

        While the account or the address is locked nothing is looked at, so the right password is answered
        like a wrong one. Side effects: the counters of failures.
        """
        login = credentials.get("username") or credentials.get("email") or ""
        attempt = attempts.begin(login=login, address=self.get_client_ip(request))
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, **credentials)
        if user is None:
            self.authentication_failed(request, **credentials)
        else:
            attempts.forgive(attempt)
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our own proxies told."""
        return attempts.client_address(request)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Accounts that the security profile forbids are told why."""
        if isinstance(user, User) and (words := refusal(user)):
            return render(request, "account/refused.html", {"words": words}, status=403)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the person's session, under a new key."""
        super().login(request, user)
        request.session[SIGNED_IN_AT] = timezone.now().timestamp()
        request.session[CLIENT] = (self.get_client_ip(request), self.get_http_user_agent(request)[:200])

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password; who could set it has shown who he is, so failures are forgotten."""
        super().set_password(user, password)
        if isinstance(user, User):
            attempts.unlock(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language that the person chose."""
        person = context.get("user")
        language = getattr(person, "language", "") or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)
