"""Stating, confirming and correcting an agreement, and the files beside it."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _

from matching.agreements import access, queries, services
from matching.agreements.amounts import Kind
from matching.agreements.forms import AgreementForm, CorrectForm
from matching.agreements.models import Agreement, AgreementAttachment
from matching.agreements.portal.progress import detail
from matching.agreements.states import NEEDS_REASON, AgreementAction
from matching.disclosure.models import Part
from matching.disclosure.services import saw, saw_pairs
from matching.errors import Invalid, Refusal
from matching.pages import (
    PortalRequest,
    attempt,
    back,
    in_words,
    page,
    refuse_unless,
    see_other,
    show,
    status_of,
)
from matching.refusals import database_refusals


@page("GET", "POST")
def agreement_create(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """State what was agreed on about a pair."""
    review: Any = get_object_or_404(queries.progress(request.user), pk=pk)
    refuse_unless(access.can_state(request.user, review))
    awaited = review.awaited if review.awaited in set(Kind) else Kind.INTENT
    start = AgreementForm.beginning(awaited, review.supply.unit)
    sent = request.method == "POST"
    form = AgreementForm(request.POST if sent else None, request.FILES if sent else None, initial=start)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with database_refusals():
                stated = services.state_agreement(
                    actor=request.user,
                    review_id=review.pk,
                    kind=Kind(form.cleaned_data["kind"]),
                    terms=form.terms(),
                )
        except Refusal as refusal:
            status = _shown(form, refusal)
        else:
            _keep_file(request, stated, form.cleaned_data["file"])
            messages.success(request, _("The agreement is stated."))
            return see_other(resolve_url("progress_detail", review.pk))
    saw_pairs([review])
    context = {"form": form, "review": review}
    return show(request, "agreements/agreement_form.html", context, status=status)


def _shown(form: Any, refusal: Refusal) -> int:
    if isinstance(refusal, Invalid):
        form.show_problems(refusal)
    else:
        form.add_error(None, in_words(refusal))
    return status_of(refusal)


def _keep_file(request: PortalRequest, agreement: Agreement, file: Any) -> None:
    if file is not None:
        attempt(request, partial(services.attach, actor=request.user, agreement=agreement, upload=file))


def _agreement(request: PortalRequest, pk: uuid.UUID) -> Agreement:
    found: Agreement = get_object_or_404(queries.agreements(request.user), pk=pk)
    return found


@page("POST")
def agreement_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm, dispute, withdraw or annul."""
    agreement = _agreement(request, pk)
    wanted = request.POST.get("action", "")
    if wanted not in AgreementAction:
        raise Http404
    action = AgreementAction(wanted)
    refuse_unless(access.may(request.user, agreement, action))
    reason = request.POST.get("reason", "").replace("\0", "")
    if action in NEEDS_REASON and not reason.strip():
        review = get_object_or_404(queries.progress(request.user), pk=agreement.review_id)
        return detail(request, review, problem=_("Please give a reason."), status=422)
    verb = partial(services.act, actor=request.user, agreement_id=agreement.pk, action=action)
    attempt(
        request,
        partial(verb, reason=reason, seen=request.POST.get("seen", "")),
        done=_("Done: %(action)s.") % {"action": action.label},
    )
    return back(request, "progress_detail", agreement.review_id)


@page("GET", "POST")
def agreement_correct(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose other terms."""
    agreement = _agreement(request, pk)
    refuse_unless(access.may(request.user, agreement, AgreementAction.CORRECT))
    data = request.POST if request.method == "POST" else None
    form = CorrectForm(data, initial=CorrectForm.beginning(agreement))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with database_refusals():
                services.correct(
                    actor=request.user,
                    agreement_id=agreement.pk,
                    terms=form.terms(),
                    reason=form.cleaned_data["reason"],
                )
        except Refusal as refusal:
            status = _shown(form, refusal)
        else:
            messages.success(request, _("The correction is stated."))
            return see_other(resolve_url("progress_detail", agreement.review_id))
    saw_pairs([agreement.review])
    context = {"form": form, "agreement": agreement, "review": agreement.review}
    return show(request, "agreements/agreement_form.html", context, status=status)


@page("POST")
def agreement_file_add(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a scan."""
    agreement = _agreement(request, pk)
    refuse_unless(bool(access.sides(request.user, agreement.review)))
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Please choose a file."))
    else:
        add = partial(services.attach, actor=request.user, agreement=agreement, upload=file)
        attempt(request, add, done=_("The file is added."))
    return back(request, "progress_detail", agreement.review_id)


def _file(request: PortalRequest, pk: uuid.UUID) -> AgreementAttachment:
    visible = AgreementAttachment.objects.visible_to(request.user)
    found: AgreementAttachment = get_object_or_404(
        visible.select_related("agreement__review__demand", "agreement__review__supply"), pk=pk
    )
    return found


@page("GET")
def agreement_file(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A file beside an agreement that the person may see; always as a download."""
    kept = _file(request, pk)
    review = kept.agreement.review
    saw([review.demand, review.supply], Part.FILE)
    return cast(HttpResponse, FileResponse(kept.file.open(), as_attachment=True, filename=kept.name))


@page("POST")
def agreement_file_delete(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete a file beside what one's own side has stated."""
    kept = _file(request, pk)
    refuse_unless(access.may(request.user, kept.agreement, AgreementAction.WITHDRAW))
    delete = partial(services.detach, actor=request.user, attachment_id=kept.pk)
    attempt(request, delete, done=_("Deleted: %(name)s.") % {"name": kept.name})
    return back(request, "progress_detail", kept.agreement.review_id)
