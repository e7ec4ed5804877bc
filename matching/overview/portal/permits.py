"""The page of the access table."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.permits import Scope
from accounts.roles import EVERYWHERE
from matching.chains.models import Chain, Region
from matching.overview.queries.permits import acting_as, sections
from matching.pages import PortalRequest, page, show

MEANINGS = (
    (Scope.ALL, _("Every object of the kind.")),
    (Scope.CHAIN, _("The chains that the role names, whichever cities it names.")),
    (
        Scope.WHOLE_CHAIN,
        _("The chains that the role names; a role that is limited to cities does not reach it."),
    ),
    (Scope.CITY, _("Firms in the cities that the role names, in the chains that it names.")),
    (Scope.REGION, _("The cities that the role names, whichever chains it names.")),
    (Scope.FIRM, _("The firm or office that the person belongs to.")),
    (Scope.SELF, _("The person's own account, and what belongs to it.")),
)


@page("GET")
def access_table(request: PortalRequest) -> HttpResponse:
    """Who may do what: first the reader's own roles, then everybody's."""
    held = request.user.active_memberships
    codes = {code for membership in held for code in (*membership.chains, *membership.regions)}
    names: dict[str, StrOrPromise] = {EVERYWHERE: _("All")}
    names |= {chain.pk: str(chain) for chain in Chain.objects.filter(pk__in=codes)}
    names |= {region.pk: region.name for region in Region.objects.filter(pk__in=codes)}
    context = {
        "held": [(one, _named(one.chains, names), _named(one.regions, names)) for one in held],
        "own": sections(acting_as(request.user)),
        "whole": sections(),
        "meanings": MEANINGS,
    }
    return show(request, "overview/access_table.html", context)


def _named(codes: list[str], names: dict[str, StrOrPromise]) -> list[StrOrPromise]:
    return [names.get(code, code) for code in codes]
