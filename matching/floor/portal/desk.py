"""The desk at the door, and the pass by which a party is known there."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import qrcode
from django.http import Http404, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from accounts.models import Organisation
from matching.floor import access, services
from matching.floor.codes import code_of, pass_of, read_pass
from matching.floor.models import Arrival
from matching.floor.permits import FloorAct
from matching.floor.portal.board import DELAYS, meeting_of
from matching.floor.queries import invited, knocking, may_come, whose_code
from matching.meetings.models import SigningMeeting
from matching.meetings.queries.today import is_on
from matching.pages import PortalRequest, attempt, back, page, page_of, refuse_unless, see_other, show

_VERBS: dict[str, Callable[..., Arrival]] = {
    FloorAct.CHECK_IN: services.check_in,
    FloorAct.UNDO_CHECK_IN: services.undo_check_in,
}


@page("GET")
def floor_desk(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is to come, who is here; found by name, credit code or the code of the pass."""
    meeting = meeting_of(request, pk)
    refuse_unless(access.keeps_desk(request.user, meeting))
    words = request.GET.get("q", "")
    rows = knocking(request.user, meeting, words)
    missing = request.GET.get("show") == "missing"
    context = {
        "meeting": meeting,
        "page": page_of(request, [row for row in rows if not (missing and row.is_here)]),
        "here": sum(row.is_here for row in rows),
        "expected": len(rows),
        "words": words,
        "missing": missing,
        "is_on": is_on(meeting),
        "delays": DELAYS,
    }
    return show(request, "floor/desk.html", context)


@page("POST")
def floor_arrive(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Check a party in, take that back, or note that it comes later."""
    meeting = meeting_of(request, pk)
    firm = _firm(meeting, request.POST.get("organisation", ""))
    act = request.POST.get("act", "")
    if act not in FloorAct or not access.may_arrive(request.user, meeting, firm.pk, FloorAct(act)):
        raise Http404
    told: dict[str, Any] = {"actor": request.user, "meeting_id": meeting.pk, "organisation_id": firm.pk}
    if act in _VERBS:
        verb = partial(_VERBS[act], **told)
    elif act == FloorAct.BE_LATE and request.POST.get("minutes", "").isdecimal():
        verb = partial(services.announce_delay, **told, minutes=int(request.POST["minutes"][:4]))
    else:
        raise Http404
    attempt(request, verb, done=f"{firm.name}: {FloorAct(act).label}")
    return back(request, "floor_board", meeting.pk)


@page("GET")
def floor_pass(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One's firm's pass: a code for the desk, as letters and as a picture to scan."""
    meeting = meeting_of(request, pk)
    own = {firm.pk for firm in request.user.firms()}
    passes = [
        (firm, code_of(meeting.pk, firm.pk), pass_of(meeting.pk, firm.pk))
        for firm in invited(meeting).filter(pk__in=own)
    ]
    if not passes:
        raise Http404
    return show(request, "floor/pass.html", {"meeting": meeting, "passes": passes})


@page("GET", "POST")
def floor_card(request: PortalRequest, token: str) -> HttpResponse:
    """What a scanned pass opens: the desk, or the firm itself, checks it in here."""
    meeting, firm = _of_pass(request, token)
    if request.method == "POST":
        verb = partial(services.check_in, actor=request.user, meeting_id=meeting.pk, organisation_id=firm)
        attempt(request, verb, done=_("Checked in."))
        return see_other(resolve_url("floor_card", token))
    row = next(row for row in knocking(request.user, meeting) if row.organisation.pk == firm)
    context = {"meeting": meeting, "row": row, "keeps_desk": access.keeps_desk(request.user, meeting)}
    return show(request, "floor/card.html", context)


@page("GET")
def floor_picture(request: PortalRequest, token: str) -> HttpResponse:
    """The QR code of a pass; it leads to the pass itself."""
    meeting, firm = _of_pass(request, token)
    address = request.build_absolute_uri(resolve_url("floor_card", pass_of(meeting.pk, firm)))
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _of_pass(request: PortalRequest, token: str) -> tuple[SigningMeeting, uuid.UUID]:
    """Meeting and firm of a pass; the 404 page for who may not check that firm in."""
    read = read_pass(token)
    if read is None:
        raise Http404
    meeting = meeting_of(request, read[0])
    found = whose_code(meeting, read[1])
    if found is None or not access.may_arrive(request.user, meeting, found, FloorAct.CHECK_IN):
        raise Http404
    return meeting, found


def _firm(meeting: SigningMeeting, told: str) -> Organisation:
    try:
        found = may_come(meeting).filter(pk=uuid.UUID(told)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
