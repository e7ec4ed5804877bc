"""Files beside agreements; who sees the agreement sees its files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from matching.agreements import queries, services
from matching.agreements.api.serializers import AgreementFileSerializer
from matching.agreements.models import Agreement, AgreementAttachment
from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.http.views import ReadOnlyRecords, Records
from matching.lists.api.attachments import UploadSerializer

AGREEMENT = OpenApiParameter(
    "agreement", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of an agreement."
)


@extend_schema(parameters=[AGREEMENT])
class AgreementFilesView(Records[AgreementAttachment]):
    """Files of one agreement; its own answer lists them."""

    queryset = AgreementAttachment.objects.none()
    serializer_class = AgreementFileSerializer
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer}, responses={201: AgreementFileSerializer}
    )
    def create(self, request: Request, agreement: str) -> Response:
        """Add a scan of at most 20 MB, as one of the two firms or as the chain's office."""
        found: Agreement = get_object_or_404(queries.agreements(self.person), pk=agreement)
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        kept = services.attach(actor=self.person, agreement=found, upload=upload.validated_data["file"])
        return Response(AgreementFileSerializer(kept).data, status=201)


class AgreementFileView(ReadOnlyRecords[AgreementAttachment]):
    """Files by their id."""

    queryset = AgreementAttachment.objects.none()
    serializer_class = AgreementFileSerializer

    def visible(self) -> QuerySet[AgreementAttachment]:
        """Files of visible agreements."""
        rows = AgreementAttachment.objects.visible_to(self.person)
        return rows.select_related("agreement__review__demand", "agreement__review__supply").order_by(
            "created_at", "pk"
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file itself; always a download, never shown by the browser."""
        kept = self.get_object()
        saw((kept.agreement.review.demand, kept.agreement.review.supply), Part.FILE)
        return FileResponse(
            kept.file.open("rb"),
            as_attachment=True,
            filename=kept.name,
            content_type="application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a file beside what your side has stated, while it is not confirmed."""
        services.detach(actor=self.person, attachment_id=self.get_object().pk)
        return Response(status=204)
