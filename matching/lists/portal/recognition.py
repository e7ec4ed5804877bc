"""Proposals from a line's description: shown with their source, added only when ticked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from matching.lists.forms import RECOGNISABLE, added_rows, proposals, segments
from matching.lists.forms.rows import RowsSpec
from matching.pages import PortalRequest, page, show

LONGEST = 10_000


@page("POST")
def recognised(request: PortalRequest, name: str) -> HttpResponse:
    """What the description says, as rows to tick; nothing is stored."""
    spec = _spec(name)
    text = request.POST.get("description", "")[:LONGEST].replace("\r\n", "\n")
    found = proposals(text, request.POST.get("chain", ""))
    context = {"spec": spec, "proposals": found, "segments": segments(text, found), "text": text.strip()}
    return show(request, "lists/_recognised.html", context)


@page("POST")
def recognised_add(request: PortalRequest, name: str) -> HttpResponse:
    """The ticked proposals as rows of the form, and the new number of rows."""
    spec = _spec(name)
    forms = added_rows(spec, request.POST)
    total = forms.start + len(forms.rows)
    context: dict[str, Any] = {"spec": spec, "forms": forms.rows, "total": total}
    return show(request, "lists/_recognised_added.html", context)


def _spec(name: str) -> RowsSpec:
    spec = RECOGNISABLE.get(name)
    if spec is None:
        raise Http404
    return spec
