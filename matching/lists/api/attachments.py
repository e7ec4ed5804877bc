"""Files beside demand lines; who sees the line sees its files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.http.views import ReadOnlyRecords, Records
from matching.lists import services
from matching.lists.models import (
    Attachment,
    DemandLine,
)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file beside a demand line."""

    demand = serializers.UUIDField(source="demand_id", read_only=True)

    class Meta:
        model = Attachment
        fields = ("id", "demand", "name", "size", "created_at")
        read_only_fields = fields


class UploadSerializer(Body):
    """One file as multipart form data."""

    file = serializers.FileField(max_length=200)


LINE = OpenApiParameter("line", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a demand line.")


@extend_schema(parameters=[LINE])
class LineAttachmentView(Records[Attachment]):
    """Files of one demand line."""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    parser_classes = (MultiPartParser,)

    def visible(self) -> QuerySet[Attachment]:
        """Files of the line in the address."""
        return Attachment.objects.filter(demand=self._line()).order_by("created_at", "pk")

    def list(self, request: Request, line: str) -> Response:
        """Files of the line."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: AttachmentSerializer})
    def create(self, request: Request, line: str) -> Response:
        """Add a drawing or specification of at most 20 MB, as the firm of the line."""
        demand = self._line()
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        attachment = services.attach(actor=self.person, demand=demand, upload=upload.validated_data["file"])
        return Response(AttachmentSerializer(attachment).data, status=201)

    def _line(self) -> DemandLine:
        return get_object_or_404(DemandLine.objects.visible_to(self.person), pk=self.kwargs["line"])


class AttachmentView(ReadOnlyRecords[Attachment]):
    """Files by their id."""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer

    def visible(self) -> QuerySet[Attachment]:
        """Files of visible demand lines."""
        lines = DemandLine.objects.visible_to(self.person)
        return Attachment.objects.filter(demand__in=lines).order_by("created_at", "pk")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file itself; always a download, never shown by the browser."""
        attachment = self.get_object()
        saw([attachment.demand], Part.FILE)
        return FileResponse(
            attachment.file.open("rb"),
            as_attachment=True,
            filename=attachment.name,
            content_type="application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a file for good, as the firm of the line."""
        services.detach(actor=self.person, attachment_id=self.get_object().pk)
        return Response(status=204)
