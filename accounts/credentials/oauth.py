"""OAuth 2.0: what django-oauth-toolkit asks of us. Client credentials are the only grant there is."""

from __future__ import annotations

import hmac
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.views import OAuthServerMetadataView, RevokeTokenView, TokenView
from oauthlib.common import Request
from oauthlib.oauth2 import OAuth2Error

from accounts.credentials import secrets
from accounts.credentials.models import Application
from accounts.scopes import OF_APPLICATIONS, Scope
from accounts.security import attempts, profiles

BASIC = 'Basic realm="ChainMatch", charset="UTF-8"'
MOST_LIVE = 100
"""Access tokens in force that an application may have."""


def access_token(request: Request) -> str:
    """A new access token; the library stores its checksum only (``COMPLIANT_BCP_RFC9700_TOKEN_STORAGE``)."""
    return secrets.make(secrets.Kind.ACCESS)


class Scopes(BaseScopes):  # type: ignore[misc]
    """Scopes of an application are those that it was made with."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its meaning."""
        return {scope.value: str(Scope(scope).label) for scope in OF_APPLICATIONS}

    def get_available_scopes(self, application: Application | None = None, **options: Any) -> list[str]:
        """What may be asked for; without an application, what there is."""
        return list(application.scopes) if application is not None else list(self.get_all_scopes())

    def get_default_scopes(self, application: Application | None = None, **options: Any) -> list[str]:
        """All that the application has, where it asks for none by name."""
        return self.get_available_scopes(application)


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Several secrets an application, kept as digests; tokens are loaded with what rights are asked of."""

    def _check_secret(self, provided_secret: str, stored_secret: list[str]) -> bool:
        given = secrets.digest(provided_secret)
        # Every one is compared: how many there are or which one fits is not told by the time taken.
        fits = [hmac.compare_digest(given, stored) for stored in stored_secret]
        return any(fits)

    def _load_access_token(self, token: str) -> Any:
        rows = get_access_token_model().objects.select_related("application__user")
        return rows.filter(token_checksum=secrets.checksum(token)).first()

    def _set_oauth2_error_on_request(self, request: Request, access_token: Any, scopes: Any) -> Any:
        request.refused_token = access_token
        return super()._set_oauth2_error_on_request(request, access_token, scopes)

    def _save_bearer_token(self, token: Any, request: Request, *args: Any, **options: Any) -> None:
        """Refuses an application that asks for one token after the other instead of using the one it has."""
        live = get_access_token_model().objects.filter(application=request.client, expires__gt=timezone.now())
        if live.count() >= MOST_LIVE:
            raise TooManyTokens(request=request)
        super()._save_bearer_token(token, request, *args, **options)


class TooManyTokens(OAuth2Error):  # type: ignore[misc]
    """429: the application has as many access tokens as it may; each ends within a quarter of an hour."""

    error = "slow_down"
    status_code = 429


class LimitedTokenView(TokenView):  # type: ignore[misc]
    """The token endpoint; an address that keeps failing has to wait, as on the page for people."""

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """An access token, or what is wrong."""
        attempt = attempts.begin_program(address=attempts.client_address(request))
        if attempt is None:
            minutes = profiles.current().lock_minutes
            return JsonResponse({"error": "slow_down"}, status=429, headers={"Retry-After": minutes * 60})
        answer: HttpResponse = super().post(request, *args, **options)
        if answer.status_code != 401:
            attempts.forgive_program(attempt)
        return _challenged(answer)


class BasicRevokeView(RevokeTokenView):  # type: ignore[misc]
    """The revocation endpoint, which asks for a client as the token endpoint does."""

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Nothing, or what is wrong."""
        return _challenged(super().post(request, *args, **options))


def _challenged(answer: HttpResponse) -> HttpResponse:
    """A client is known here by HTTP Basic (RFC 6749, section 5.2); the library asks for a bearer token."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = BASIC
    else:
        answer.headers.pop("WWW-Authenticate", None)
    return answer


app_name = "oauth2_provider"
urlpatterns = [
    path("oauth/token", LimitedTokenView.as_view(), name="token"),
    path("oauth/revoke", BasicRevokeView.as_view(), name="revoke-token"),
    path(
        ".well-known/oauth-authorization-server",
        OAuthServerMetadataView.as_view(),
        name="oauth-server-metadata",
    ),
]
