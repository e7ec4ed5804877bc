"""A firm's matches."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _lazy

from matching.pages import PortalRequest, page, page_of, refuse_unless, show
from matching.review import queries
from matching.runs.models import Band

_COOKIE = "matches_seen"
_COOKIE_DAYS = 400
_VISIT_SECONDS = 30 * 60
"""Pages opened within half an hour of each other are one visit."""


class MatchFilter(forms.Form):
    """What a firm's matches can be narrowed by."""

    band = forms.ChoiceField(
        label=_lazy("band"), required=False, choices=[("", _lazy("All bands")), *Band.choices]
    )
    line = forms.ChoiceField(label=_lazy("our line"), required=False)

    def __init__(self, data: Any, lines: list[tuple[uuid.UUID, str]]) -> None:
        super().__init__(data)
        offered = [(str(pk), words[:60]) for pk, words in lines]
        self.fields["line"].choices = [("", _lazy("All lines")), *offered]  # type: ignore[attr-defined]

    def narrow(self, shelf: queries.Shelf) -> queries.Shelf:
        """The pairs that the filter lets through."""
        if not self.is_valid():
            return shelf
        line = self.cleaned_data["line"]
        return shelf.narrowed(band=self.cleaned_data["band"], line=uuid.UUID(line) if line else None)


@page("GET")
def my_matches(request: PortalRequest) -> HttpResponse:
    """A firm's matches: those that wait for its answer, those it answered, those that are published."""
    refuse_unless(bool(request.user.firms()))
    shelves = queries.shelves(request.user)
    filters = MatchFilter(request.GET, queries.own_lines(request.user, shelves["all"]))
    counts = {name: shelf.count() for name, shelf in shelves.items()}
    wanted = request.GET.get("show", "")
    first = next((name for name, count in counts.items() if count), "waiting")
    named = wanted if wanted in shelves else first
    ids = queries.pair_ids(filters.narrow(shelves[named]))
    found = page_of(request, ids)
    since, cookie = _visit(request)
    context = {
        "page": found,
        "matches": queries.load_pairs(request.user, list(found.object_list)),
        "counts": counts,
        "fresh": _fresh(shelves, since),
        "since": since,
        "shelf": named,
        "filters": filters,
        "hidden": counts[named] - len(ids),
    }
    response = show(request, "review/my_matches.html", context)
    _remember(request, response, cookie)
    return response


def _fresh(shelves: dict[str, queries.Shelf], since: datetime | None) -> dict[str, int]:
    if since is None:
        return {}
    return {name: shelves[name].newer(since).count() for name in ("waiting", "published")}


def _visit(request: PortalRequest) -> tuple[datetime | None, str]:
    """When the visit before this one ended, as this browser knows; and what it is to remember.

    It stands in a signed cookie, because reading a page must not write to the database.
    """
    now = int(time.time())
    kept = request.get_signed_cookie(_COOKIE, default="", salt=str(request.user.pk)) or ""
    before, _dash, last = kept.partition("-")
    if last and now - int(last) > _VISIT_SECONDS:
        before = last
    since = datetime.fromtimestamp(int(before), UTC) if before else None
    return since, f"{before}-{now}"


def _remember(request: PortalRequest, response: HttpResponse, value: str) -> None:
    response.set_signed_cookie(
        _COOKIE,
        value,
        salt=str(request.user.pk),
        max_age=_COOKIE_DAYS * 24 * 3600,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


urlpatterns = [path("matches/", my_matches, name="my_matches")]
