"""The page of one review."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from matching.chains.queries import region_names
from matching.disclosure.services import saw_pairs
from matching.pages import (
    PortalRequest,
    attempt,
    back,
    page,
    show,
)
from matching.review import access, queries, services
from matching.review.models import Review
from matching.review.portal.offers import add_actions
from matching.review.states import NEEDS_REASON, ReviewAction
from matching.runs import queries as run_queries


@page("GET")
def review_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One pair: for a firm what it may know of it, for an office all with its history."""
    return _detail(request, pk)


def _detail(
    request: PortalRequest, pk: uuid.UUID, problem: str = "", status: int = 200, typed: str = ""
) -> HttpResponse:
    visible = Review.objects.visible_to(request.user)
    review = get_object_or_404(queries.with_parties(visible), pk=pk)
    is_party = access.is_leader(request.user, review) or access.is_member(request.user, review)
    context: dict[str, Any] = {"review": review, "problem": problem, "typed_reason": typed}
    if is_party:
        context["match"] = queries.firm_matches(request.user, reviews=[review])[0]
        return show(request, "review/review_firm.html", context, status=status)
    offer: Any = run_queries.tell([review.match])[0]
    offer.review_state, offer.review_id = review.state, review.pk
    add_actions(request.user, offer)
    decides = access.decides_for_office(request.user, review)
    saw_pairs([review], secrets=decides)
    places = region_names([review.supply.organisation.region])
    context.update(offer=offer, decides=decides, sees_secrets=decides, regions=places)
    return show(request, "review/review_office.html", context, status=status)


@page("POST")
def review_decide(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A firm's or an office's answer to a review."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("action", "")
    if wanted not in ReviewAction:
        raise Http404
    action = ReviewAction(wanted)
    reason = request.POST.get("reason", "")
    if action in NEEDS_REASON and not reason.strip():
        return _detail(request, pk, problem=_("Please give a reason."), status=422)
    decide = partial(
        services.decide,
        actor=request.user,
        review_id=review.pk,
        action=action,
        reason=reason,
        seen=request.POST.get("seen", ""),
    )
    done = attempt(request, decide, done=_("Your answer is stored."))
    if done is None:
        return _detail(request, pk, status=409, typed=reason)
    return back(request, "review_detail", review.pk)


urlpatterns = [
    path("reviews/<uuid:pk>/", review_detail, name="review_detail"),
    path("reviews/<uuid:pk>/decide/", review_decide, name="review_decide"),
]
