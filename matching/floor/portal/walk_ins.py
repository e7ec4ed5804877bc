"""Two firms that are both there meet on the spot."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from matching.disclosure.services import saw_pairs
from matching.floor import access, services
from matching.floor.portal.board import meeting_of
from matching.floor.queries import may_come, walk_ins
from matching.meetings.queries.today import here, is_on
from matching.pages import PortalRequest, attempt, page, page_of, refuse_unless, see_other, show
from matching.review.models import Review

MOST_FOUND = 20


@page("GET", "POST")
def floor_walk_ins(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Pairs whose firms are both here and that have no appointment; who is not here yet is found by name."""
    meeting = meeting_of(request, pk)
    refuse_unless(access.seats_walk_ins(request.user, meeting))
    if request.method == "POST":
        return _seat(request, pk, meeting.chain_id)
    words = request.GET.get("q", "").strip()
    pairs = page_of(request, walk_ins(request.user, meeting))
    saw_pairs(row.review for row in pairs)
    absent = may_come(meeting).exclude(pk__in=here(meeting)).filter(name__icontains=words)
    context = {
        "meeting": meeting,
        "page": pairs,
        "words": words,
        "absent": absent[:MOST_FOUND] if words else (),
        "is_on": is_on(meeting),
    }
    return show(request, "floor/walk_ins.html", context)


def _seat(request: PortalRequest, meeting_id: uuid.UUID, chain: str) -> HttpResponse:
    try:
        asked = uuid.UUID(request.POST.get("review", ""))
    except ValueError as error:
        raise Http404 from error
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=asked, demand__chain=chain)
    said = {name: request.POST.get(name, "") for name in ("demand_said_by", "supply_said_by")}
    verb = partial(
        services.seat_walk_in, actor=request.user, meeting_id=meeting_id, review_id=review.pk, **said
    )
    seated = attempt(request, verb)
    if seated is None:
        return see_other(resolve_url("floor_walk_ins", meeting_id))
    told = {"time": time_format(localtime(seated.during.lower), "H:i"), "number": seated.table.number}
    return _told(request, meeting_id, _("They meet at %(time)s at table %(number)d.") % told)


def _told(request: PortalRequest, meeting_id: uuid.UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return see_other(resolve_url("floor_walk_ins", meeting_id))
