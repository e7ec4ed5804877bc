"""Firms and offices, for the administrators: to find where a person belongs, to enter and to correct one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.roles import OrganisationKind
from accounts.services import change_organisation, register_organisation
from matching.chains.queries import region_names
from matching.pages import PortalRequest, page, page_of, refuse_unless, see_other, show
from matching.people import access, queries
from matching.people.forms import OrganisationForm
from matching.people.states import OPEN


@page("GET")
def organisation_list(request: PortalRequest) -> HttpResponse:
    """Firms and offices by name."""
    refuse_unless(access.sees_people(request.user))
    q = request.GET.get("q", "").replace("\0", "").strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in OrganisationKind.values else ""
    found = page_of(request, queries.organisations(request.user, q=q, kind=kind))
    regions = region_names(each.region for each in found)
    context = {
        "page": found,
        "rows": [(each, regions[each.region]) for each in found],
        "q": q,
        "kind": kind,
        "kinds": OrganisationKind.choices,
        "enters": access.registers_organisations(request.user),
    }
    return show(request, "people/organisation_list.html", context)


@page("GET")
def organisation_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One organisation with the people who act there."""
    refuse_unless(access.sees_people(request.user))
    found = _organisation(request, pk)
    held = page_of(request, queries.colleagues(found))
    queries.note_contacts(held)
    context = {
        "organisation": found,
        "region": region_names([found.region])[found.region],
        "page": held,
        "reach": queries.reach(held),
        "invited": queries.requests(request.user).filter(organisation=found, state__in=OPEN),
        "enters": access.registers_organisations(request.user),
    }
    return show(request, "people/organisation_detail.html", context)


@page("GET", "POST")
def organisation_create(request: PortalRequest) -> HttpResponse:
    """Enter a firm or an office."""
    refuse_unless(access.registers_organisations(request.user))
    form = OrganisationForm(_sent(request))
    if form.is_bound and form.is_valid():
        return _stored(request, register_organisation(**form.cleaned_data))
    return _form(request, form, None)


@page("GET", "POST")
def organisation_edit(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct its entry."""
    refuse_unless(access.registers_organisations(request.user))
    found = _organisation(request, pk)
    form = OrganisationForm(_sent(request), instance=found)
    if form.is_bound and form.is_valid():
        return _stored(request, change_organisation(organisation=found, values=form.cleaned_data))
    return _form(request, form, found)


def _sent(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _organisation(request: PortalRequest, pk: uuid.UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)


def _stored(request: PortalRequest, stored: Organisation) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(resolve_url("organisation_detail", stored.pk))


def _form(request: PortalRequest, form: OrganisationForm, known: Organisation | None) -> HttpResponse:
    context = {"form": form, "organisation": known}
    return show(request, "people/organisation_form.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("people/organisations/", organisation_list, name="organisation_list"),
    path("people/organisations/new/", organisation_create, name="organisation_create"),
    path("people/organisations/<uuid:pk>/", organisation_detail, name="organisation_detail"),
    path("people/organisations/<uuid:pk>/edit/", organisation_edit, name="organisation_edit"),
]
