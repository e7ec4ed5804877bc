"""Templates and exports of the two lists."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from matching import kinds
from matching.downloads import reader_language, workbook
from matching.kinds import Kind
from matching.lists import access
from matching.lists.forms import LineFilter, OwnLineFilter
from matching.lists.portal.sides import ListSide
from matching.lists.queries.sheets import sheet_columns, sheet_rows, side_of
from matching.lists.queries.vocabulary import vocabulary
from matching.lists.states import LineState
from matching.pages import PortalRequest, page, refuse_unless
from matching.sheets.columns import columns
from matching.sheets.template import write_template
from matching.sheets.writing import write_rows


@page("GET")
def list_template(request: PortalRequest, side: ListSide) -> HttpResponse:
    """The empty workbook of a list, for firms of that side and for offices that hand it out."""
    refuse_unless(access.sees_list(request.user, side.model))
    kind = _kind(request)
    title = kind.need if side.is_demand else kind.offer
    language = reader_language()
    return workbook(
        *(title.text(language), _("template")),
        write=lambda out: write_template(
            out, columns(kind, side_of(side.model)), vocabulary(), title=title, language=language
        ),
    )


@page("GET")
def list_export(request: PortalRequest, side: ListSide) -> HttpResponse:
    """The lines that the page of the list shows under the same filters; ``?of=office`` as there.

    A firm's own list leaves out withdrawn lines unless it was narrowed to them: uploading the file again
    would restore them.
    """
    firms = request.user.firms(side.owner)
    refuse_unless(access.sees_list(request.user, side.model))
    kind = _kind(request)
    lines = side.model.objects.visible_to(request.user).filter(kind=kind.code)
    own = bool(firms) and not (request.user.is_office and request.GET.get("of") == "office")
    if own:
        lines = lines.filter(organisation__in=firms)
        if request.GET.get("state") != LineState.WITHDRAWN:
            lines = lines.exclude(state=LineState.WITHDRAWN)
    lines = _narrowed(request, lines, own=own).order_by("organisation_id", "key", "pk")
    with_firm = not own or len(firms) > 1
    title = kind.need if side.is_demand else kind.offer
    language = reader_language()
    return workbook(
        *(title.text(language), "" if with_firm else firms[0].name),
        write=lambda out: write_rows(
            out,
            sheet_columns(side.model, kind.code, with_firm=with_firm),
            sheet_rows(request.user, lines),
            vocabulary=vocabulary(),
            title=title,
            language=language,
        ),
    )


def _kind(request: PortalRequest) -> Kind:
    try:
        return kinds.get(request.GET.get("kind", "product"))
    except KeyError as error:
        raise Http404 from error


def _narrowed(request: PortalRequest, lines: Any, *, own: bool) -> Any:
    filters = OwnLineFilter(request.GET) if own else LineFilter(request.GET)
    return filters.narrow(lines)
