"""The queue of submitted lines."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from matching.chains.queries import region_names
from matching.lists import access, queries
from matching.lists.forms import LineFilter
from matching.lists.portal.sides import DEMAND, SIDES, action_in, change_all, ids_in
from matching.lists.states import LineAction
from matching.pages import PortalRequest, page, page_of, refuse_unless, see_other, show


@page("GET", "POST")
def verification(request: PortalRequest) -> HttpResponse:
    """The queue of submitted lines; several can be verified or returned at once."""
    refuse_unless(access.verifies(request.user))
    side = SIDES.get(request.GET.get("side", "demand"), DEMAND)
    waiting: QuerySet[Any] = queries.to_verify(request.user, side.model)
    if request.method == "POST":
        action = action_in(request.POST.get("action", ""), (LineAction.VERIFY, LineAction.RETURN))
        chosen = side.model.objects.visible_to(request.user).filter(
            pk__in=ids_in(request.POST.getlist("line"))
        )
        change_all(request, side, chosen, action)
        return see_other(request.get_full_path())
    filters = LineFilter(request.GET)
    for name in ("state", "q"):
        del filters.fields[name]
    found = page_of(request, queries.with_rows(filters.narrow(waiting)))
    return show(
        request,
        "lists/verification.html",
        {
            "side": side,
            "page": found,
            "filters": filters,
            "regions": region_names({line.organisation.region for line in found}),
            "counts": {
                item.name: queries.to_verify(request.user, item.model).count() for item in SIDES.values()
            },
        },
    )
