"""``Authorization: Bearer …``: who asks, by a personal token or by an application's access token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request as OAuthRequest
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.credentials import secrets
from accounts.credentials.models import PersonalToken
from accounts.credentials.services import note_use
from accounts.models import User
from accounts.scopes import Scope
from accounts.security.separation import refusal

SCHEMES = (b"bearer", b"token")
REALM = 'Bearer realm="ChainMatch"'


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request came with: ``request.auth`` of every request that came without a session."""

    via: Literal["token", "oauth"]
    id: str
    scopes: frozenset[str]
    expires_at: datetime | None


class TokenAuthentication(authentication.BaseAuthentication):
    """Personal tokens and access tokens. ``Token`` instead of ``Bearer`` is what earlier releases took."""

    @method_decorator(sensitive_variables())
    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        """The person and the credential. Raises ``AuthenticationFailed``."""
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() not in SCHEMES:
            return None
        if len(header) != 2 or not header[1].isascii():
            raise _invalid()
        secret = header[1].decode()
        if secrets.well_formed(secret, secrets.Kind.ACCESS):
            user, credential = _by_access_token(request, secret)
        elif secrets.well_formed(secret, secrets.Kind.PERSONAL) or secrets.of_earlier_release(secret):
            user, credential = _by_personal_token(secret)
        else:
            raise _invalid()
        return user, credential

    def authenticate_header(self, request: HttpRequest | Request) -> str:
        """``WWW-Authenticate`` of a 401 (RFC 6750)."""
        return f'{REALM}, error="invalid_token"' if "Authorization" in request.headers else REALM


@sensitive_variables()
def _by_personal_token(secret: str) -> tuple[User, Credential]:
    found = PersonalToken.objects.select_related("user").filter(digest=secrets.digest(secret)).first()
    if found is None or not found.user.is_active or refusal(found.user):
        raise _invalid()
    if found.has_expired:
        raise _expired()
    note_use(found)
    return found.user, Credential("token", str(found.pk), frozenset(found.scopes), found.expires_at)


@sensitive_variables()
def _by_access_token(request: Request, secret: str) -> tuple[User, Credential]:
    asked = OAuthRequest(request.build_absolute_uri())
    if not oauth2_settings.OAUTH2_VALIDATOR_CLASS().validate_bearer_token(secret, [], asked):
        token = getattr(asked, "refused_token", None)
        raise _expired() if token is not None and token.is_expired() else _invalid()
    application, token = asked.client, asked.access_token
    note_use(application)
    scopes = frozenset(token.scope.split()) & frozenset(application.scopes)
    return application.user, Credential("oauth", application.client_id, scopes, token.expires)


def _invalid() -> exceptions.AuthenticationFailed:
    return exceptions.AuthenticationFailed(_("Invalid token."), code="invalid_token")


def _expired() -> exceptions.AuthenticationFailed:
    return exceptions.AuthenticationFailed(_("The token has expired; make a new one."), code="token_expired")


class InsufficientScope(exceptions.PermissionDenied):
    """403: the credential is not good for this operation, whatever its person may do (RFC 6750)."""

    default_code = "insufficient_scope"

    def __init__(self, scope: Scope | None) -> None:
        super().__init__(
            _("This needs the scope %(scope)s.") % {"scope": scope}
            if scope
            else _("Tokens are not accepted here.")
        )
        wanted = f', scope="{scope}"' if scope else ""
        self.auth_header = f'{REALM}, error="insufficient_scope"{wanted}'
