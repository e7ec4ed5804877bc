"""The description of the API as it is served: made once a language, for that takes seconds."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

_KEPT = ("Content-Type", "Content-Disposition")


class DescriptionView(SpectacularAPIView):
    """OpenAPI of this installation, the same for everybody."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """YAML or JSON, in the language asked for."""
        key = _key(request)
        if key is None:
            return self._made(request, *args, **kwargs)
        kept = caches["process"].get(key)
        if kept is None:
            made = self._rendered(request, self._made(request, *args, **kwargs))
            kept = (made.content, {name: made.headers[name] for name in _KEPT})
            caches["process"].set(key, kept, timeout=None)
        content, headers = kept
        return HttpResponse(content, headers=headers)

    def _rendered(self, request: Request, made: Response) -> Response:
        """As ``finalize_response``, which takes its headers from the view: those belong to every answer."""
        vars(made).update(
            accepted_renderer=request.accepted_renderer,
            accepted_media_type=request.accepted_media_type,
            renderer_context=self.get_renderer_context(),
        )
        return cast(Response, made.render())

    def _made(self, *asked: Any, **named: Any) -> Response:
        return super().get(*asked, **named)  # type: ignore[no-untyped-call,no-any-return]


def _key(request: Request) -> str | None:
    """What tells one description from another; None where a request asks for something of its own."""
    language = request.query_params.get("lang", get_language())
    media = request.accepted_renderer.media_type
    usual = request.accepted_media_type == media and {"lang", "format"}.issuperset(request.query_params)
    return f"api-description:{language}:{media}" if usual and language in dict(settings.LANGUAGES) else None
