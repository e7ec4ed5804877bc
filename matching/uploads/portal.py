"""Pages of uploads: hand in a file, look at what it would change, apply it."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from matching.errors import Invalid, Refusal
from matching.lists.portal.sides import DEMAND, SIDES, SUPPLY, ListSide
from matching.pages import (
    PortalRequest,
    attempt,
    in_words,
    page,
    page_of,
    refuse_unless,
    see_other,
    show,
    status_of,
)
from matching.refusals import database_refusals
from matching.uploads import access, queries, services
from matching.uploads.forms import ApplyForm, UploadForm
from matching.uploads.models import Upload
from matching.uploads.services import WORKBOOK
from matching.uploads.states import Outcome, Sort, UploadState

HELD = "held"
"""The tab of rows that did not go their way."""


@page("GET")
def upload_list(request: PortalRequest) -> HttpResponse:
    """Files that one's firms have handed in, newest first."""
    refuse_unless(access.uploads(request.user))
    sides = [side for side in (DEMAND, SUPPLY) if access.firms(request.user, side.name)]
    return show(
        request,
        "uploads/upload_list.html",
        {"page": page_of(request, queries.uploads(request.user)), "sides": sides},
    )


@page("GET", "POST")
def upload_create(request: PortalRequest, side: ListSide) -> HttpResponse:
    """Hand in a file of one's own list."""
    firms = access.firms(request.user, side.name)
    refuse_unless(bool(firms))
    if request.method == "GET":
        return _form(request, side, UploadForm(firms=firms), 200)
    form = UploadForm(request.POST, request.FILES, firms=firms)
    if not form.is_valid():
        return _form(request, side, form, 422)
    try:
        with database_refusals():
            upload = services.receive(
                actor=request.user,
                organisation=form.firm(),
                side=side.name,
                kind=form.chosen_kind(),
                file=form.cleaned_data["file"],
            )
    except Invalid as invalid:
        for name, texts in invalid.fields.items():
            form.add_error(name if name in form.fields else None, list(texts))
        return _form(request, side, form, 422)
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
        return _form(request, side, form, status_of(refusal))
    return see_other(resolve_url("upload_detail", upload.pk))


def _form(request: PortalRequest, side: ListSide, form: UploadForm, status: int) -> HttpResponse:
    recent = queries.uploads(request.user).filter(side=side.name)[:5]
    context = {"side": side, "form": form, "recent": recent}
    return show(request, "uploads/upload_form.html", context, status=status)


def _upload(request: PortalRequest, pk: uuid.UUID) -> Upload:
    return get_object_or_404(queries.uploads(request.user), pk=pk)


@page("GET")
def upload_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What the file would change, or what it has changed."""
    return _detail(request, _upload(request, pk), ApplyForm(initial={"mode": "good"}))


def _detail(request: PortalRequest, upload: Upload, form: ApplyForm, status: int = 200) -> HttpResponse:
    held = queries.held_back(upload)
    tabs = _tabs(upload, held)
    chosen = request.GET.get("show", "")
    shown = chosen if chosen in {name for name, _label, _count in tabs} else _first(tabs)
    rows = upload.rows.exclude(outcome="") if shown == HELD else upload.rows.filter(sort=shown)
    found = page_of(request, rows.order_by("position"))
    return show(
        request,
        "uploads/upload_detail.html",
        {
            "upload": upload,
            "side": SIDES[upload.side],
            "tabs": tabs,
            "shown": shown,
            "page": found,
            "rows": queries.shown(upload, found.object_list),  # type: ignore[arg-type]
            "held": [(Outcome(name).label, count) for name, count in held.items()],
            "problems": queries.told(upload.problems),
            "notices": queries.told(upload.notices),
            "error": upload.error.get("en" if (get_language() or "").startswith("en") else "zh", ""),
            "form": form,
            "good": sum(upload.counts.get(sort, 0) for sort in (Sort.NEW, Sort.CHANGED)),
            "can_apply": upload.state == UploadState.PREVIEWED and bool(upload.file),
            "can_read_again": upload.state == UploadState.FAILED and bool(upload.file),
            "can_mark": bool(upload.file) and (bool(upload.counts.get(Sort.FAULTY)) or bool(held)),
        },
        status=status,
    )


def _tabs(upload: Upload, held: dict[str, int]) -> list[tuple[str, Any, int]]:
    order = (Sort.FAULTY, Sort.NEW, Sort.CHANGED, Sort.ABSENT, Sort.UNCHANGED)
    tabs: list[tuple[str, Any, int]] = [
        (sort.value, sort.label, upload.counts.get(sort, 0)) for sort in order
    ]
    return [(HELD, _("Not applied"), sum(held.values())), *tabs] if held else tabs


def _first(tabs: list[tuple[str, Any, int]]) -> str:
    return next((name for name, _label, count in tabs if count), Sort.UNCHANGED.value)


@page("GET")
def upload_progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the worker is; the page is shown anew when it is done."""
    upload = _upload(request, pk)
    if not upload.running:
        return HttpResponseClientRefresh()
    return show(request, "uploads/_progress.html", {"upload": upload})


@page("POST")
def upload_apply(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the file's rows into the list."""
    upload = _upload(request, pk)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _detail(request, upload, form, 422)
    order = partial(services.order_apply, actor=request.user, upload_id=upload.pk, **form.choices())
    attempt(request, order)
    return see_other(resolve_url("upload_detail", upload.pk))


@page("POST")
def upload_again(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Compare the file with the list as it is now."""
    upload = _upload(request, pk)
    attempt(request, partial(services.read_again, actor=request.user, upload_id=upload.pk))
    return see_other(resolve_url("upload_detail", upload.pk))


@page("GET")
def upload_marked(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The same workbook with its faulty cells marked."""
    upload = _upload(request, pk)
    marked = services.marked_copy(upload=upload, language=get_language() or "")
    if marked is None:
        raise Http404
    return HttpResponse(
        marked.content,
        content_type=WORKBOOK,
        headers={"Content-Disposition": content_disposition_header(True, marked.name) or "attachment"},
    )


urlpatterns = [
    path("uploads/", upload_list, name="upload_list"),
    path("uploads/demand/new/", upload_create, {"side": DEMAND}, name="demand_upload"),
    path("uploads/supply/new/", upload_create, {"side": SUPPLY}, name="supply_upload"),
    path("uploads/<uuid:pk>/", upload_detail, name="upload_detail"),
    path("uploads/<uuid:pk>/progress/", upload_progress, name="upload_progress"),
    path("uploads/<uuid:pk>/apply/", upload_apply, name="upload_apply"),
    path("uploads/<uuid:pk>/again/", upload_again, name="upload_again"),
    path("uploads/<uuid:pk>/marked/", upload_marked, name="upload_marked"),
]
