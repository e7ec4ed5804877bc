"""The letter of intent that a chain's firms are given to sign."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.chains.models import Chain
from matching.errors import Forbidden
from matching.http.views import ReadOnlyRecords
from matching.papers import access, queries, services
from matching.papers.queries.letters import template_of
from matching.papers.types import DOCX, as_download


class LetterSerializer(serializers.ModelSerializer[Chain]):
    """Which letter a chain takes: its own, or the built-in one."""

    chain = serializers.CharField(source="pk", read_only=True)
    own = serializers.SerializerMethodField(help_text="False: the built-in letter.")
    name = serializers.SerializerMethodField(help_text="File name of the own letter.")
    sha256 = serializers.SerializerMethodField()

    class Meta:
        model = Chain
        fields = ("chain", "own", "name", "sha256")
        read_only_fields = fields

    def get_own(self, chain: Chain) -> bool:
        """Whether the office has written one."""
        return hasattr(chain, "letter_template")

    def get_name(self, chain: Chain) -> str:
        """Empty for the built-in letter."""
        return chain.letter_template.name if self.get_own(chain) else ""

    def get_sha256(self, chain: Chain) -> str:
        """Empty for the built-in letter."""
        return chain.letter_template.sha256 if self.get_own(chain) else ""


class NewLetterSerializer(Body):
    """A .docx as multipart form data."""

    file = serializers.FileField(max_length=200, help_text="A .docx with placeholders, at most 2 MB.")


class LetterView(ReadOnlyRecords[Chain]):
    """Letters of intent by chain."""

    queryset = Chain.objects.none()
    serializer_class = LetterSerializer
    filterset_class = None
    parser_classes = (MultiPartParser, JSONParser)

    def visible(self) -> QuerySet[Chain]:
        """Chains whose letters the person sees."""
        return queries.chains_with_letters(self.person)

    @extend_schema(request={"multipart/form-data": NewLetterSerializer})
    def update(self, request: Request, pk: str) -> Response:
        """Take this letter from now on. It is tried out first; what is wrong is told."""
        chain = self.get_object()
        if not access.keeps_letter(self.person, chain.pk):
            raise Forbidden(
                _("Only the chain's office or department writes its letters."), code="not_your_chain"
            )
        wanted = NewLetterSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.keep_template(actor=self.person, chain=chain, upload=wanted.validated_data["file"])
        return self.answer(chain)

    def destroy(self, request: Request, pk: str) -> Response:
        """Back to the built-in letter."""
        services.drop_template(actor=self.person, chain=self.get_object().pk)
        return Response(status=204)

    @extend_schema(responses={(200, DOCX): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> HttpResponse:
        """The letter as it is now, to be changed in a word processor."""
        chain = self.get_object()
        return as_download(f"{_('Letter of intent')}-{chain.name}.docx", template_of(chain.pk))
