"""One step with several of one's own lines, asked back before it is taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from matching.errors import Invalid
from matching.lists.forms import OwnLineFilter
from matching.lists.models import default_valid_until
from matching.lists.portal.sides import ListSide, action_in, change_all, day_in, ids_in
from matching.lists.states import LINE, LineAction
from matching.pages import PortalRequest, back, in_words, page, refuse_unless, show

BULK_FIRM_ACTIONS = (LineAction.SUBMIT, LineAction.WITHDRAW, LineAction.RESTORE, LineAction.CONFIRM)
MOST = 500
"""Lines that one step changes; more would keep the browser waiting."""
_NAMED = 20


@page("POST")
def line_bulk(request: PortalRequest, side: ListSide) -> HttpResponse:
    """Submit, withdraw, restore or confirm several of one's own lines.

    The first request asks back with the number of lines; the one that says ``confirmed`` does it.
    """
    firms = request.user.firms(side.owner)
    refuse_unless(bool(firms))
    action = action_in(request.POST.get("action", ""), BULK_FIRM_ACTIONS)
    own = side.model.objects.filter(organisation__in=firms)
    chosen = list(_chosen(request, own).order_by("organisation_id", "key")[: MOST + 1])
    if not chosen:
        messages.warning(request, _("Tick the lines first."))
        return back(request, f"{side.name}_list")
    if "confirmed" not in request.POST:
        return _ask(request, side, action, chosen)
    try:
        until = day_in(request.POST.get("valid_until", ""))
    except Invalid as invalid:
        return _ask(request, side, action, chosen, problem=in_words(invalid))
    change_all(request, side, chosen[:MOST], action, valid_until=until)
    return back(request, f"{side.name}_list")


def _chosen(request: PortalRequest, own: Any) -> Any:
    """The ticked lines, or all that the list's filter lets through."""
    if "all" in request.POST:
        return OwnLineFilter(QueryDict(request.POST.get("filter", ""))).narrow(own)
    return own.filter(pk__in=ids_in(request.POST.getlist("line")))


def _ask(
    request: PortalRequest, side: ListSide, action: LineAction, chosen: list[Any], problem: str = ""
) -> HttpResponse:
    possible = [line for line in chosen if LINE.allows(line.state, action)]
    context = {
        "side": side,
        "action": action,
        "destructive": action == LineAction.WITHDRAW,
        "lines": possible[:MOST],
        "named": possible[:_NAMED],
        "further": max(0, len(possible[:MOST]) - _NAMED),
        "skipped": [line for line in chosen if line not in possible],
        "too_many": len(chosen) > MOST,
        "most": MOST,
        "next": request.POST.get("next", ""),
        "asks_until": action == LineAction.CONFIRM,
        "until": request.POST.get("valid_until") or default_valid_until().isoformat(),
        "problem": problem,
    }
    return show(request, "lists/bulk_confirm.html", context, status=422 if problem else 200)
