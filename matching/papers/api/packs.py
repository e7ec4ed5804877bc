"""Papers of meetings: order them, follow them, fetch them."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.downloads import XLSX
from matching.errors import Forbidden
from matching.http.views import Nothing, ReadOnlyRecords, RecordSerializer
from matching.meetings.models import SigningMeeting
from matching.papers import access, queries, services
from matching.papers.models import Language, PaperPack
from matching.papers.states import PackState
from matching.papers.types import DOCX, PDF, ZIP, as_download
from matching.runs.queries.sheets import phrase

NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="Place in `files`.")


class FileSerializer(serializers.Serializer[Any]):
    """A file of the archive."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class ChangedSerializer(serializers.Serializer[Any]):
    """What has changed since the papers were made."""

    appointments = serializers.IntegerField()
    meeting = serializers.BooleanField(help_text="Its day, time or place.")
    letter = serializers.BooleanField(help_text="The template of letters of intent.")
    results = serializers.BooleanField(help_text="What came of the appointments.")


class PackSerializer(RecordSerializer[PaperPack]):
    """Papers of a meeting; follow `state` until it is ready or failed."""

    percent = serializers.IntegerField(read_only=True)
    error = serializers.SerializerMethodField(help_text="Why it failed.")

    class Meta:
        model = PaperPack
        fields: tuple[str, ...] = (
            *(
                "id",
                "meeting",
                "state",
                "issuer",
                "number",
                "addressee",
                "language",
                "dated",
                "done",
                "total",
            ),
            *("percent", "size", "sha256", "made_at", "error", "created_at"),
        )
        read_only_fields = fields

    def get_error(self, pack: PaperPack) -> str:
        """In the reader's language."""
        return phrase(pack.error) or ""


class PackDetailSerializer(PackSerializer):
    """Papers of a meeting, with their files and what has changed since they were made."""

    files = serializers.SerializerMethodField()
    changed = serializers.SerializerMethodField()

    class Meta(PackSerializer.Meta):
        fields = (*PackSerializer.Meta.fields, "files", "changed")

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, pack: PaperPack) -> Any:
        """Empty until they are ready."""
        return [{"number": number, **told} for number, told in enumerate(pack.held)]

    @extend_schema_field(ChangedSerializer)
    def get_changed(self, pack: PaperPack) -> Any:
        """Against the meeting as it is now."""
        return ChangedSerializer(queries.freshness(pack)).data


class OrderSerializer(Body):
    """The head of the papers."""

    meeting = serializers.UUIDField()
    issuer = serializers.CharField(max_length=60, help_text="Stands in red at the head of the notice.")
    number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    addressee = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(choices=Language.choices, default=Language.CHINESE)


class PackFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Papers by meeting, chain and state."""

    meeting = django_filters.UUIDFilter(field_name="meeting_id")
    chain = django_filters.CharFilter(field_name="meeting__chain_id", max_length=40)
    state = django_filters.ChoiceFilter(choices=PackState.choices)


class PackView(ReadOnlyRecords[PaperPack]):
    """Papers of the meetings of one's chains."""

    queryset = PaperPack.objects.none()
    serializer_class = PackDetailSerializer
    filterset_class = PackFilter

    def visible(self) -> QuerySet[PaperPack]:
        """Packs of one's chains, the newest first."""
        found = queries.packs(self.person).order_by("-created_at", "pk")
        return found if self.action == "list" else found.defer(None)

    def get_serializer_class(self) -> Any:
        """Lists leave the files out."""
        return PackSerializer if self.action == "list" else PackDetailSerializer

    @extend_schema(
        request=OrderSerializer,
        responses={201: PackDetailSerializer},
        examples=[
            OpenApiExample(
                "A notice of the chain's office",
                {
                    "meeting": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
                    "issuer": "示例省光伏产业链链长办公室",
                    "number": "示光链办〔2026〕12号",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Have all papers of a meeting made, in the background; made again where there are some."""
        if not access.orders_somewhere(self.person):
            raise Forbidden(
                _("Only the chain's office or department makes its papers."), code="not_your_meeting"
            )
        wanted = OrderSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = dict(wanted.validated_data)
        meeting = SigningMeeting.objects.visible_to(self.person).filter(pk=told.pop("meeting")).first()
        if meeting is None:
            raise NotFound
        pack = services.order(actor=self.person, meeting_id=meeting.pk, **told)
        return self.answer(pack, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"], url_path="order-again", url_name="order-again")
    def order_again(self, request: Request, pk: str) -> Response:
        """Make the papers of the meeting as it is now, under the same head."""
        pack = self.get_object()
        services.order_again(actor=self.person, pack_id=pack.pk)
        return self.answer(pack)

    @extend_schema(responses={(200, ZIP): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def archive(self, request: Request, pk: str) -> HttpResponse:
        """All files as one archive."""
        pack = self.get_object()
        if not pack.held:
            raise NotFound
        try:
            opened = services.archive(pack=pack)
        except FileNotFoundError:
            raise NotFound from None
        name = f"{pack.meeting.title}-{pack.dated:%Y-%m-%d}.zip"
        answer = FileResponse(opened, as_attachment=True, filename=name, content_type=ZIP)
        return cast(HttpResponse, answer)

    @extend_schema(
        parameters=[NUMBER],
        responses={(200, kind): OpenApiResponse(OpenApiTypes.BINARY) for kind in (DOCX, PDF, XLSX)},
    )
    @action(detail=True, url_path="files/(?P<number>[^/]+)", url_name="file")
    def file(self, request: Request, pk: str, number: str) -> HttpResponse:
        """One of the files."""
        pack = self.get_object()
        try:
            found = services.one_file(pack=pack, number=number)
        except FileNotFoundError:
            found = None
        if found is None:
            raise NotFound
        return as_download(*found)
