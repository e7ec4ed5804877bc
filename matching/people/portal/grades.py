"""Grades of firms (等级认定), for the offices that recognise them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import sets_grades
from accounts.models import Organisation
from accounts.services import set_grades
from matching.chains.queries import region_names
from matching.pages import PortalRequest, page, page_of, refuse_unless, see_other, show
from matching.people import access, queries
from matching.people.forms import GradesForm


@page("GET")
def grade_list(request: PortalRequest) -> HttpResponse:
    """Firms in reach with the grades that they hold."""
    refuse_unless(access.grades_firms(request.user))
    q = request.GET.get("q", "").replace("\0", "").strip()
    found = page_of(request, queries.graded_firms(request.user, q=q))
    regions = region_names(each.region for each in found)
    context = {
        "page": found,
        "rows": [(each, regions[each.region]) for each in found],
        "q": q,
        "today": timezone.localdate(),
    }
    return show(request, "people/grade_list.html", context)


@page("GET", "POST")
def grade_edit(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which grades a firm holds, and until when."""
    firm = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    refuse_unless(sets_grades(request.user, firm))
    form = GradesForm(request.POST if request.method == "POST" else None, firm=firm)
    if form.is_bound and form.is_valid():
        set_grades(organisation=firm, grades=form.grades())
        messages.success(request, _("Saved; it counts from the next run on."))
        return see_other(resolve_url("grade_list"))
    context = {"form": form, "organisation": firm}
    return show(request, "people/grade_form.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("grades/", grade_list, name="grade_list"),
    path("grades/<uuid:pk>/", grade_edit, name="grade_edit"),
]
