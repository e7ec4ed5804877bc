"""The panel beside a line's form that shows similar products of others while the line is being typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from matching import kinds
from matching.chains.models import ChainNode
from matching.engine.similar import LEAST_TYPED, Typed
from matching.lists.live import IndexedSide
from matching.lists.portal.sides import ListSide
from matching.lists.queries.pace import has_answer_left
from matching.lists.queries.similar import SHOWN, Listed, similar
from matching.pages import PortalRequest, page, refuse_unless, show

MOST_TITLE, MOST_DESCRIPTION = 200, 4000
TOO_MANY = 429


@page("POST", beside=True)
def line_similar(request: PortalRequest, side: ListSide) -> HttpResponse:
    """Offers like the need, or needs like the offer, that is being typed.

    Sent by POST though it changes nothing, so that what firms type stands in no address and no log.
    """
    refuse_unless(bool(request.user.firms(side.owner)))
    if not has_answer_left(request.user):
        return HttpResponse(status=TOO_MANY)
    chain, kind = request.POST.get("chain", ""), request.POST.get("kind", "product")
    typed = Typed(
        request.POST.get("title", "")[:MOST_TITLE],
        request.POST.get("description", "")[:MOST_DESCRIPTION],
        _node(chain, request.POST.get("node", "")),
    )
    asked = bool(chain) and _is_kind(kind) and len(typed.title.strip()) >= LEAST_TYPED
    other = IndexedSide.SUPPLY if side.is_demand else IndexedSide.DEMAND
    found = similar(request.user, Listed(chain, kind, other), typed) if asked else []
    return show(
        request,
        "lists/_similar.html",
        {"side": side, "asked": asked, "found": found, "full": len(found) >= SHOWN},
    )


def _is_kind(code: str) -> bool:
    return any(kind.code == code for kind in kinds.registered())


def _node(chain: str, pk: str) -> tuple[str, ...]:
    if not (pk.isascii() and pk.isdigit()):
        return ()
    nodes: Any = ChainNode.objects.filter(chain_id=chain, pk=int(pk)).values_list("path", flat=True)
    return tuple(nodes.first() or ())
