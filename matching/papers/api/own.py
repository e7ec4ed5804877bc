"""A firm's own papers of a meeting."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from matching.errors import Forbidden
from matching.http.views import Nothing, Records
from matching.meetings.models import SigningMeeting
from matching.papers import access, services
from matching.papers.types import DOCX, PDF, ZIP, as_download

MEETING = OpenApiParameter(
    "meeting", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a meeting."
)
WANTED = OpenApiParameter(
    "id",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    enum=list(services.OWN),
    description="The firm's own day, or its letters of intent.",
)


@extend_schema(parameters=[MEETING])
class OwnPaperView(Records[SigningMeeting]):
    """The own agenda and letters of a firm."""

    queryset = SigningMeeting.objects.none()
    serializer_class = Nothing
    filterset_class = None

    def visible(self) -> QuerySet[SigningMeeting]:
        """Meetings that the person sees."""
        return SigningMeeting.objects.visible_to(self.person).select_related("chain", "venue")

    @extend_schema(
        parameters=[WANTED],
        responses={(200, kind): OpenApiResponse(OpenApiTypes.BINARY) for kind in (DOCX, PDF, ZIP)},
    )
    def retrieve(self, request: Request, meeting: str, pk: str) -> HttpResponse:
        """A paper about the firm's own appointments, in the language of the request."""
        if not access.own_papers(self.person):
            raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
        found = get_object_or_404(self.visible(), pk=meeting)
        made = services.own_paper(user=self.person, meeting=found, wanted=pk)
        if made is None:
            raise NotFound
        return as_download(pk, made)
