"""The queue of submitted lines."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from matching.chains.queries import region_names
from matching.disclosure.services import saw
from matching.lists import access, queries
from matching.lists.forms import LineFilter
from matching.lists.portal.sides import DEMAND, SIDES, ListSide, action_in, change_all, ids_in
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
        ids = ids_in(request.POST.getlist("line"))
        if action == LineAction.RETURN and ids and not request.POST.get("reason", "").strip():
            return _queue(request, side, waiting, ticked=ids)
        change_all(request, side, side.model.objects.visible_to(request.user).filter(pk__in=ids), action)
        return see_other(request.get_full_path())
    return _queue(request, side, waiting)


def _queue(
    request: PortalRequest, side: ListSide, waiting: QuerySet[Any], ticked: Sequence[uuid.UUID] = ()
) -> HttpResponse:
    """The queue; with ``ticked``, lines that were to be returned without a reason, and keep their ticks."""
    filters = LineFilter(request.GET)
    for name in ("state", "q"):
        del filters.fields[name]
    narrowed = filters.narrow(waiting)
    found = page_of(request, queries.with_rows(narrowed))
    saw(found)
    return show(
        request,
        "lists/verification.html",
        {
            "side": side,
            "page": found,
            "filters": filters,
            "hidden": waiting.count() - found.paginator.count if filters.changed_data else 0,
            "ticked": ticked,
            "regions": region_names({line.organisation.region for line in found}),
            "counts": {
                item.name: queries.to_verify(request.user, item.model).count() for item in SIDES.values()
            },
        },
        status=422 if ticked else 200,
    )
