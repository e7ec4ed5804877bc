"""Pages of a meeting's papers: order them, follow them, fetch them; firms fetch their own."""

from __future__ import annotations

import uuid
from functools import partial
from typing import cast

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from matching.errors import Refusal
from matching.meetings.models import SigningMeeting
from matching.meetings.states import GIVEN_UP
from matching.pages import PortalRequest, attempt, in_words, page, refuse_unless, see_other, show, status_of
from matching.papers import access, queries, services
from matching.papers.forms import HeadForm
from matching.papers.models import Language, PaperPack
from matching.papers.types import ZIP, as_download
from matching.refusals import database_refusals
from matching.runs.queries.sheets import phrase


@page("GET", "POST")
def meeting_papers(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The papers of a meeting: an office's pack, or what a firm may fetch of its own."""
    meeting = _meeting(request, pk)
    if not access.sees_packs(request.user, meeting):
        refuse_unless(request.method == "GET")
        return show(request, "papers/own_papers.html", {"meeting": meeting, "given_up": _given_up(meeting)})
    pack = queries.packs(request.user).filter(meeting=meeting).first()
    form = HeadForm(request.POST if request.method == "POST" else None, instance=pack or _blank(request))
    if not form.is_bound:
        return _page(request, meeting, pack, form)
    refuse_unless(access.can_order(request.user, meeting.chain_id))
    if not form.is_valid():
        return _page(request, meeting, pack, form, status=422)
    try:
        with database_refusals():
            services.order(actor=request.user, meeting_id=meeting.pk, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
        return _page(request, meeting, pack, form, status=status_of(refusal))
    return see_other(resolve_url("meeting_papers", meeting.pk))


def _page(
    request: PortalRequest, meeting: SigningMeeting, pack: PaperPack | None, form: HeadForm, status: int = 200
) -> HttpResponse:
    can_order = access.can_order(request.user, meeting.chain_id) and not _given_up(meeting)
    context = {
        "meeting": meeting,
        "pack": pack,
        "form": form,
        "error": phrase(pack.error) if pack else None,
        "folders": _folders(pack),
        "freshness": queries.freshness(pack) if pack else None,
        "can_order": can_order and not (pack and pack.running),
        "keeps_letter": access.keeps_letter(request.user, meeting.chain_id),
    }
    return show(request, "papers/meeting_papers.html", context, status=status)


def _blank(request: PortalRequest) -> PaperPack:
    """A pack in the name of the person's own office."""
    held = request.user.active_memberships
    language = Language.ENGLISH if (get_language() or "").startswith("en") else Language.CHINESE
    return PaperPack(issuer=held[0].organisation.name[:60] if held else "", language=language)


def _folders(pack: PaperPack | None) -> list[tuple[str, list[tuple[int, str, int]]]]:
    """Files of a pack by folder: their number, name and size."""
    found: dict[str, list[tuple[int, str, int]]] = {}
    for number, told in enumerate(pack.held if pack else ()):
        folder, _slash, name = told["name"].rpartition("/")
        found.setdefault(folder, []).append((number, name, told["size"]))
    return list(found.items())


def _given_up(meeting: SigningMeeting) -> bool:
    return meeting.state in GIVEN_UP


def _meeting(request: PortalRequest, pk: uuid.UUID) -> SigningMeeting:
    visible = SigningMeeting.objects.visible_to(request.user).select_related("chain", "venue")
    return get_object_or_404(visible, pk=pk)


def _pack(request: PortalRequest, pk: uuid.UUID) -> PaperPack:
    return get_object_or_404(queries.packs(request.user), pk=pk)


@page("GET")
def paper_progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The bar while the papers are made; the page anew when they are."""
    pack = _pack(request, pk)
    if not pack.running:
        return HttpResponseClientRefresh()
    return show(request, "papers/_progress.html", {"pack": pack})


@page("POST")
def paper_again(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the papers again from the meeting as it is now."""
    pack = _pack(request, pk)
    refuse_unless(access.can_order(request.user, pack.meeting.chain_id))
    attempt(request, partial(services.order_again, actor=request.user, pack_id=pack.pk))
    return see_other(resolve_url("meeting_papers", pack.meeting_id))


@page("GET")
def paper_archive(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All papers in one archive."""
    pack = _pack(request, pk)
    if not pack.held:
        raise Http404
    try:
        opened = services.archive(pack=pack)
    except FileNotFoundError:
        raise Http404 from None
    name = f"{pack.meeting.title}-{pack.dated:%Y-%m-%d}.zip"
    answer = FileResponse(opened, as_attachment=True, filename=name, content_type=ZIP)
    return cast(HttpResponse, answer)


@page("GET")
def paper_file(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One of the papers, by its ``number``."""
    pack = _pack(request, pk)
    try:
        found = services.one_file(pack=pack, number=request.GET.get("number", ""))
    except FileNotFoundError:
        found = None
    if found is None:
        raise Http404
    return as_download(*found)


@page("GET")
def own_paper(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A firm's own agenda or letters of a meeting, as ``wanted``."""
    meeting, wanted = _meeting(request, pk), request.GET.get("wanted", "")
    refuse_unless(access.own_papers(request.user))
    made = services.own_paper(user=request.user, meeting=meeting, wanted=wanted)
    if made is None:
        raise Http404
    words = _("Own agenda") if wanted.startswith("agenda") else _("Letters of intent")
    return as_download(f"{words}-{meeting.date:%Y-%m-%d}.{wanted.rpartition('.')[2]}", made)


urlpatterns = [
    path("meetings/<uuid:pk>/papers/", meeting_papers, name="meeting_papers"),
    path("meetings/<uuid:pk>/papers/own/", own_paper, name="own_paper"),
    path("papers/<uuid:pk>/progress/", paper_progress, name="paper_progress"),
    path("papers/<uuid:pk>/again/", paper_again, name="paper_again"),
    path("papers/<uuid:pk>/archive/", paper_archive, name="paper_archive"),
    path("papers/<uuid:pk>/file/", paper_file, name="paper_file"),
]
