"""Pages of the glossary."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permits.reach import chain_filter
from matching.chains import access, services
from matching.chains.forms import EntryFilter, EntryForm
from matching.chains.models import Chain, GlossaryEntry
from matching.pages import PortalRequest, page, page_of, refuse_unless, see_other, show


@page("GET")
def glossary_list(request: PortalRequest) -> HttpResponse:
    """Synonyms, equivalent grades and units that the matching knows."""
    filters = EntryFilter(request.GET, chains=Chain.objects.all())
    entries = filters.narrow(GlossaryEntry.objects.visible_to(request.user).select_related("chain"))
    found = page_of(request, entries.order_by("kind", "words", "pk"))
    editable = {entry.pk for entry in found if access.can_edit_entry(request.user, entry)}
    return show(
        request,
        "chains/glossary_list.html",
        {
            "page": found,
            "filters": filters,
            "editable": editable,
            "can_add": access.can_edit_glossary(request.user),
        },
    )


@page("GET", "POST")
def glossary_create(request: PortalRequest) -> HttpResponse:
    """Teach the matching new words."""
    refuse_unless(access.can_edit_glossary(request.user))
    return _entry(request, None)


@page("GET", "POST")
def glossary_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change or switch off an entry."""
    entry = get_object_or_404(GlossaryEntry.objects.visible_to(request.user), pk=pk)
    refuse_unless(access.can_edit_entry(request.user, entry))
    return _entry(request, entry)


def _entry(request: PortalRequest, entry: GlossaryEntry | None) -> HttpResponse:
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        chains=_office_chains(request.user),
        for_all=access.can_edit_all_chains(request.user),
        instance=entry,
    )
    if form.is_bound and form.is_valid():
        try:
            services.save_entry(entry=form.instance)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved; it counts from the next run on."))
            return see_other(resolve_url("glossary_list"))
    status = 422 if form.is_bound else 200
    return show(request, "chains/glossary_form.html", {"form": form, "entry": entry}, status=status)


def _office_chains(user: User) -> QuerySet[Chain]:
    return Chain.objects.filter(chain_filter("code", access.glossary_chains(user)))


urlpatterns = [
    path("glossary/", glossary_list, name="glossary_list"),
    path("glossary/new/", glossary_create, name="glossary_create"),
    path("glossary/<int:pk>/", glossary_edit, name="glossary_edit"),
]
