"""The pages that problem documents lead to: each code, what it means and what to do."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from matching.http.codes import MEANINGS, SECTIONS, in_both_languages
from matching.pages import show


def problems(request: HttpRequest) -> HttpResponse:
    """All codes."""
    sections = [(name, codes.items()) for name, codes in SECTIONS]
    return show(request, "http/problems.html", {"sections": sections})


def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One code, in both languages."""
    if code not in MEANINGS:
        raise Http404
    return show(request, "http/problem.html", {"code": code, "meaning": in_both_languages(code)})


urlpatterns = [
    path("api/problems/", problems, name="problems"),
    path("api/problems/<slug:code>/", problem, name="problem"),
]
