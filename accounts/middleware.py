"""Address, language, caching and size of every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers

API_PREFIX = "/api/"
Handler = Callable[[HttpRequest], HttpResponse]


class SameRequestElsewhere(HttpResponsePermanentRedirect):
    """308: the same method and body again, at another address."""

    status_code = 308


class SlashMiddleware(CommonMiddleware):
    """Leads an address without its last slash to the one with it, as a request that stays what it was.

    After the framework's 301 most clients send a GET: a program that forgot the slash of a POST would be
    answered with the list, and nothing would be stored.
    """

    response_redirect_class = SameRequestElsewhere


class LanguageMiddleware:
    """Chinese unless the person chose otherwise.

    A browser's ``Accept-Language`` does not decide: office machines are often set to English by
    accident. API clients name their language in that header.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if cookie in known:
            return cookie
        if request.path.startswith(API_PREFIX) and "Accept-Language" in request.headers:
            return translation.get_language_from_request(request)
        chosen: str = getattr(request.user, "language", "")
        return chosen if chosen in known else settings.LANGUAGE_CODE


class PrivatePagesMiddleware:
    """Answers to signed-in people are never kept by browsers or proxies."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages go out compressed; downloads, which are compressed already, and API answers as they are.

    Compression tells secrets to who can watch the length of many answers that repeat his own input (BREACH).
    Here other sites can't ask with our cookie (``SameSite=Lax``), the CSRF token is masked anew in every
    answer, and Django pads each answer with a random number of bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is HTML."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
