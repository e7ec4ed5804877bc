"""Uploads by API: hand in a workbook, follow it, read its rows, apply it, fetch the marked copy."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from accounts.models import Organisation
from matching import kinds
from matching.errors import Forbidden, Invalid
from matching.http.views import Nothing, ReadOnlyRecords, Records
from matching.uploads import access, queries, services
from matching.uploads.models import Side, Upload, UploadRow
from matching.uploads.services import WORKBOOK
from matching.uploads.states import Outcome, Sort, UploadState

UPLOAD = OpenApiParameter("upload", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of an upload.")


class RemarkSerializer(serializers.Serializer[Any]):
    """What is wrong in one place and how to mend it, in the reader's language."""

    cell = serializers.CharField(help_text="Address such as C7, or the number of the row; may be empty.")
    message = serializers.CharField()
    remedy = serializers.CharField()


class CountsSerializer(serializers.Serializer[Any]):
    """Rows of the file by what they are against the list."""

    new = serializers.IntegerField(required=False)
    changed = serializers.IntegerField(required=False)
    unchanged = serializers.IntegerField(required=False)
    absent = serializers.IntegerField(required=False, help_text="Lines of the list that the file has not.")
    faulty = serializers.IntegerField(required=False)


class ResultSerializer(serializers.Serializer[Any]):
    """What became of the list."""

    created = serializers.IntegerField(required=False)
    changed = serializers.IntegerField(required=False)
    withdrawn = serializers.IntegerField(required=False)
    submitted = serializers.IntegerField(required=False)
    unsent = serializers.IntegerField(required=False, help_text="Applied, but not ready to be submitted.")
    stale = serializers.IntegerField(required=False, help_text="Left out: changed after the comparison.")
    refused = serializers.IntegerField(required=False)


class ListUploadSerializer(serializers.ModelSerializer[Upload]):
    """A file of a firm's list; follow ``state`` until it is previewed, refused or failed, then applied."""

    organisation = serializers.UUIDField(source="organisation_id", read_only=True)
    counts = CountsSerializer(read_only=True)
    result = ResultSerializer(read_only=True)
    percent = serializers.IntegerField(read_only=True, help_text="Of the present step.")
    problems = serializers.SerializerMethodField(help_text="Of the file as a whole.")
    notices = serializers.SerializerMethodField(help_text="Worth knowing, nothing to mend.")
    error = serializers.SerializerMethodField(help_text="Why it failed.")

    class Meta:
        model = Upload
        fields = (
            *("id", "organisation", "side", "kind", "name", "size", "sha256", "state", "done", "total"),
            *("percent", "counts", "result", "problems", "notices", "error", "created_at", "finished_at"),
        )
        read_only_fields = fields

    @extend_schema_field(RemarkSerializer(many=True))
    def get_problems(self, upload: Upload) -> Any:
        """In the reader's language."""
        return RemarkSerializer(queries.told(upload.problems), many=True).data

    @extend_schema_field(RemarkSerializer(many=True))
    def get_notices(self, upload: Upload) -> Any:
        """In the reader's language."""
        return RemarkSerializer(queries.told(upload.notices), many=True).data

    def get_error(self, upload: Upload) -> str:
        """In the reader's language."""
        return str(upload.error.get("en" if (get_language() or "").startswith("en") else "zh", ""))


class NewUploadSerializer(Body):
    """A workbook as multipart form data."""

    file = serializers.FileField(max_length=200, help_text="xlsx, xls, ods or csv, at most 20 MB.")
    organisation = serializers.UUIDField(required=False, help_text="Firm; absent: the only one you act for.")
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")


class ApplySerializer(Body):
    """What becomes of a compared file."""

    all_or_nothing = serializers.BooleanField(
        default=False, help_text="One row that can't be applied stops all."
    )
    withdraw = serializers.BooleanField(
        default=False, help_text="Withdraw lines of the file's chains that it does not have."
    )
    submit = serializers.BooleanField(default=False, help_text="Hand in what is a draft then.")


class ChangeSerializer(serializers.Serializer[Any]):
    """A field that a row changes, in words."""

    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()


class UploadRowSerializer(serializers.Serializer[Any]):
    """A row of the file, or a line that it does not have."""

    sheet = serializers.CharField(source="row.sheet")
    number = serializers.IntegerField(source="row.number", allow_null=True, help_text="Row of the sheet.")
    key = serializers.CharField(source="row.key", help_text="Line number; empty: given when it is applied.")
    title = serializers.CharField(source="row.title")
    sort = serializers.ChoiceField(source="row.sort", choices=Sort.choices)
    outcome = serializers.ChoiceField(source="row.outcome", choices=Outcome.choices, allow_blank=True)
    line = serializers.UUIDField(allow_null=True, help_text="The stored line.")
    changes = ChangeSerializer(many=True)
    problems = RemarkSerializer(many=True)


class UploadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Uploads by state and list."""

    state = django_filters.ChoiceFilter(choices=UploadState.choices)
    side = django_filters.ChoiceFilter(choices=Side.choices)


class RowFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Rows by what they are and what became of them."""

    sort = django_filters.ChoiceFilter(choices=Sort.choices)
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)


class UploadView(ReadOnlyRecords[Upload]):
    """Files of one's firms' lists."""

    queryset = Upload.objects.none()
    serializer_class = ListUploadSerializer
    filterset_class = UploadFilter
    parser_classes = (MultiPartParser, JSONParser)

    def visible(self) -> QuerySet[Upload]:
        """Uploads of the person's firms, newest first."""
        return queries.uploads(self.person).order_by("-created_at", "pk")

    @extend_schema(
        request={"multipart/form-data": NewUploadSerializer}, responses={201: ListUploadSerializer}
    )
    def create(self, request: Request) -> Response:
        """Hand in a workbook: the demand list of a leader firm, the supply list of a member firm.

        It is read and compared in the background; nothing is written before you apply it.
        """
        if not access.uploads(self.person):
            raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
        wanted = NewUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        firm = self._firm(wanted.validated_data.get("organisation"))
        side = next(side for side, owner in access.OWNER.items() if owner == firm.kind)
        upload = services.receive(
            actor=self.person,
            organisation=firm,
            side=side,
            kind=wanted.validated_data["kind"],
            file=wanted.validated_data["file"],
        )
        return self.answer(upload, status=201)

    def _firm(self, wanted: Any) -> Organisation:
        firms = self.person.firms()
        if wanted is None and len(firms) > 1:
            raise Invalid({"organisation": [_("You act for several firms; name one.")]}, code="required")
        for firm in firms:
            if wanted in (None, firm.pk):
                return firm
        raise Invalid({"organisation": [_("You do not act for this firm.")]}, code="not_your_firm")

    @extend_schema(request=ApplySerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Write the good rows into the list, in the background."""
        upload = self.get_object()
        wanted = ApplySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.order_apply(actor=self.person, upload_id=upload.pk, **wanted.validated_data)
        return self.answer(upload)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"], url_path="read-again", url_name="read-again")
    def read_again(self, request: Request, pk: str) -> Response:
        """Compare the file with the list as it is now."""
        upload = self.get_object()
        services.read_again(actor=self.person, upload_id=upload.pk)
        return self.answer(upload)

    @extend_schema(responses={(200, WORKBOOK): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def marked(self, request: Request, pk: str) -> HttpResponse:
        """The same workbook with its faulty cells marked and a column of remedies."""
        marked = services.marked_copy(upload=self.get_object(), language=get_language() or "")
        if marked is None:
            raise NotFound
        name = content_disposition_header(True, marked.name) or "attachment"
        return HttpResponse(marked.content, content_type=WORKBOOK, headers={"Content-Disposition": name})


@extend_schema(parameters=[UPLOAD])
class UploadRowView(Records[UploadRow]):
    """Rows of one upload."""

    queryset = UploadRow.objects.none()
    serializer_class = UploadRowSerializer
    filterset_class = RowFilter

    def visible(self) -> QuerySet[UploadRow]:
        """Rows of the upload in the address, as they stand in the file."""
        return self._upload().rows.order_by("position")

    def list(self, request: Request, upload: str) -> Response:
        """Rows with what they change and what is wrong with them."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        rows = queries.shown(self._upload(), page)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def _upload(self) -> Upload:
        return get_object_or_404(queries.uploads(self.person), pk=self.kwargs["upload"])


routes = [
    ("uploads/(?P<upload>[^/]+)/rows", UploadRowView, "upload_row"),
    ("uploads", UploadView, "upload"),
]
