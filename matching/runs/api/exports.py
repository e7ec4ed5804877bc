"""Published lists and gaps as files; the rows and their secrets are those of the workbooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from matching.downloads import plain_table
from matching.http.exports import ROWS_ACCEPTED, FormOptions, rows_described
from matching.http.views import Records
from matching.kinds import Label
from matching.runs.api.options import RUN, run_of
from matching.runs.models import Gap, MatchingList
from matching.runs.queries import sheets
from matching.sheets.results import GAPS, LISTED

LIST = OpenApiParameter(
    "list", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a published list."
)


@extend_schema(parameters=[RUN])
class GapExportView(Records[Gap]):
    """Gaps of a run as a file."""

    queryset = Gap.objects.none()
    renderer_classes = ROWS_ACCEPTED
    pagination_class = None
    filter_backends = ()

    @rows_described("Columns as in the workbook: firm, line, type, uncovered percent, evidence.")
    def list(self, request: Request, run: str) -> HttpResponse:
        """All gaps of the run, the widest first, as JSON or CSV."""
        found, form = run_of(self), FormOptions.of(request)["form"]
        return plain_table(form, GAPS, sheets.gap_rows(self.person, found), Label("缺口清单", "Gaps"), found)


@extend_schema(parameters=[LIST])
class ListExportView(Records[MatchingList]):
    """A published list as a file."""

    queryset = MatchingList.objects.none()
    renderer_classes = ROWS_ACCEPTED
    pagination_class = None
    filter_backends = ()

    @rows_described("Columns as in the workbook: both lines, rank, band, score, quantity.")
    def list(self, request: Request, list: str) -> HttpResponse:
        """The list as it was published, as JSON or CSV."""
        published = list_of(self)
        form = FormOptions.of(request)["form"]
        title = Label("供需匹配清单", "Matching list")
        return plain_table(form, LISTED, sheets.published_rows(published), title, published)


def list_of(view: Records[Any]) -> MatchingList:
    """The published list in the address, or 404."""
    visible = MatchingList.objects.visible_to(view.person).select_related("chain")
    return get_object_or_404(visible, pk=view.kwargs["list"])
