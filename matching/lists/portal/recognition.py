"""Proposals from a line's description: shown with their source, added only when ticked."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from matching.lists.forms import RECOGNISABLE, chosen, proposals, segments
from matching.lists.forms.rows import RowsSpec
from matching.pages import PortalRequest, page, show

LONGEST = 10_000
PLACES = {
    "standards": _lazy("standards"),
    "certificates": _lazy("Certificates"),
    "lead_time": _lazy("lead time"),
    "deliver_until": _lazy("delivery until"),
}


@page("POST", beside=True)
def recognised(request: PortalRequest, name: str) -> HttpResponse:
    """What the description says, as rows to tick; nothing is stored."""
    spec = _spec(name)
    whole = request.POST.get("description", "").replace("\r\n", "\n")
    text = whole[:LONGEST]
    found = proposals(spec, text, request.POST.get("chain", ""), timezone.localdate())
    context = {
        "spec": spec,
        "proposals": found.rows,
        "further": found.further,
        "cut": len(whole) > LONGEST,
        "longest": LONGEST,
        "segments": segments(text, found.rows),
        "text": text.strip(),
        "places": PLACES,
    }
    return show(request, "lists/_recognised.html", context)


@page("POST", beside=True)
def recognised_add(request: PortalRequest, name: str) -> HttpResponse:
    """The ticked proposals as rows and fields of the form, and the new numbers of rows."""
    return show(request, "lists/_recognised_added.html", {"chosen": chosen(_spec(name), request.POST)})


def _spec(name: str) -> RowsSpec:
    spec = RECOGNISABLE.get(name)
    if spec is None:
        raise Http404
    return spec
