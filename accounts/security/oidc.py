"""Offices sign in through their own service (OpenID Connect): only people who have an account here.

An account is found by the subject that was bound to it, or else by an e-mail address that the service has
verified; the subject is bound then, so that a later change of the address opens nothing. Firms sign in with
what they have here: an office's service has no say about them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import ADMINISTRATORS, OFFICES

LONGEST_SUBJECT = 191
"""Characters that the library's column takes."""


class OfficeAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who may come in by the offices' service."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody gets an account by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account, or refuse in words. Side effects: the subject is bound to the account."""
        if sociallogin.state.get("process") == "connect" or not _same_subject(sociallogin.account.extra_data):
            _refuse(request)
        user = sociallogin.user if sociallogin.is_existing else _by_mail(sociallogin)
        if user is None or not may_sign_in(user):
            _refuse(request)
        sociallogin.user = user
        sociallogin.account.user = user
        # Which subject it is suffices; what else the service tells about the person is not kept.
        sociallogin.account.extra_data = {}
        sociallogin.account.save()


def may_sign_in(user: User) -> bool:
    """Whether that account belongs to an office or an administrator, and to no firm."""
    held = {membership.role for membership in user.active_memberships}
    return bool(held) and held <= OFFICES | ADMINISTRATORS


def bind(*, user: User, subject: str) -> SocialAccount:
    """Let the person with that subject of the offices' service sign in to that account and to no other."""
    SocialAccount.objects.filter(user=user).delete()
    return SocialAccount.objects.create(user=user, provider="office", uid=subject)


def _by_mail(login: SocialLogin) -> User | None:
    verified = [address.email for address in login.email_addresses if address.verified]
    found = [user for mail in verified for user in User.objects.filter(email__iexact=mail, is_active=True)]
    bound = SocialAccount.objects.filter(user__in=found).exists()
    return found[0] if len(found) == 1 and not bound else None


def _same_subject(told: dict[str, Any]) -> bool:
    """What the service says about a person counts only for the token's subject (OIDC Core 5.3.2)."""
    userinfo, token = told.get("userinfo"), told.get("id_token")
    return token is not None and (userinfo is None or userinfo.get("sub") == token.get("sub"))


def _refuse(request: HttpRequest) -> NoReturn:
    words = _(
        "No account of an office here belongs to you, or your address is not verified there. "
        "Ask your security administrator to open one or to bind it."
    )
    raise ImmediateHttpResponse(render(request, "account/refused.html", {"words": words}, status=403))
