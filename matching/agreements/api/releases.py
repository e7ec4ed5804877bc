"""Agreements and published lists as Open Contracting releases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from matching.agreements.queries import contracting
from matching.downloads import JSON, saved
from matching.errors import Conflict
from matching.http.views import Records
from matching.review.models import Review
from matching.review.queries.accepted import accepted_pairs
from matching.runs.api.exports import LIST, list_of
from matching.runs.models import MatchingList

PACKAGE = OpenApiResponse(OpenApiTypes.OBJECT, "A release package of OCDS 1.1.")


class AgreementReleaseView(Records[Review]):
    """What was agreed on, as Open Contracting releases."""

    queryset = Review.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(operation_id="agreement_releases", responses={(200, JSON): PACKAGE})
    def list(self, request: Request) -> HttpResponse:
        """Demand lines of all accepted pairs that you may see, with awards and confirmed contracts."""
        found = contracting.releases_of_agreements(self.person, accepted_pairs(self.person))
        return _package(request, "agreements", found)


@extend_schema(parameters=[LIST])
class ListReleaseView(Records[MatchingList]):
    """A published list as Open Contracting releases."""

    queryset = MatchingList.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses={(200, JSON): PACKAGE})
    def list(self, request: Request, list: str) -> HttpResponse:
        """The demand lines that the list names as tenders, with what has been agreed on since."""
        published = list_of(self)
        found = contracting.releases_of_list(self.person, published)
        return _package(request, f"{published}", found)


def _package(request: Request, name: str, releases: Iterator[Any]) -> HttpResponse:
    if not settings.OCDS_PREFIX:
        told = _("This installation has no registered prefix for Open Contracting ids (OCDS_PREFIX).")
        raise Conflict(told, code="no_ocds_prefix")
    first = next(releases, None)
    if first is None:
        told = _("There is nothing to release; a package holds one release at least.")
        raise Conflict(told, code="nothing_to_release")
    address = request.build_absolute_uri()
    return saved(
        "ocds",
        name,
        suffix="json",
        content_type=JSON,
        write=lambda out: contracting.write_package(out, address, chain([first], releases)),
    )
