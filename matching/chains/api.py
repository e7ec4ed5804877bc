"""API of reference data: chains with their nodes, regions, the glossary, kinds of lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching import kinds
from matching.chains import access, queries, services
from matching.chains.models import (
    Chain,
    ChainNode,
    GlossaryEntry,
    GlossaryKind,
    Region,
    RegionLevel,
)
from matching.errors import Forbidden
from matching.http.filters import Flag, Ordering
from matching.http.views import ReadOnlyRecords, RecordSerializer


class ChainSerializer(serializers.ModelSerializer[Chain]):
    """An industrial chain; ``name`` is in the reader's language."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = Chain
        fields = ("code", "name", "name_zh", "name_en", "position")


class NodeSerializer(serializers.ModelSerializer[ChainNode]):
    """A node of a chain; ``path`` are the codes from the stream down to it."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = ChainNode
        fields: tuple[str, ...] = (
            *("code", "name", "name_zh", "name_en", "level", "path", "unit", "position"),
        )


class NodeTreeSerializer(NodeSerializer):
    """A node with the nodes below it."""

    children = serializers.SerializerMethodField()

    class Meta(NodeSerializer.Meta):
        fields = (*NodeSerializer.Meta.fields, "children")

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/NodeTree"}})
    def get_children(self, node: ChainNode) -> list[Any]:
        """Nodes whose path goes on from this one."""
        below = self.context["below"].get(node.pk, [])
        return [NodeTreeSerializer(child, context=self.context).data for child in below]


class ChainView(ReadOnlyRecords[Chain]):
    """The chains of the programme."""

    queryset = Chain.objects.none()
    serializer_class = ChainSerializer
    lookup_field = "code"

    def visible(self) -> QuerySet[Chain]:
        """All chains."""
        return Chain.objects.visible_to(self.request.user)

    @extend_schema(responses=NodeSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def nodes(self, request: Request, code: str) -> Response:
        """All nodes of the chain, parents before children."""
        chain = self.get_object()
        return Response(NodeSerializer(queries.nodes_of(chain.pk), many=True).data)

    @extend_schema(responses=NodeTreeSerializer(many=True))
    @action(detail=True, pagination_class=None, url_path="nodes/tree")
    def tree(self, request: Request, code: str) -> Response:
        """The nodes as a tree: streams, segments, products."""
        chain = self.get_object()
        below: dict[int | None, list[ChainNode]] = {}
        for node in queries.nodes_of(chain.pk):
            below.setdefault(node.parent_id, []).append(node)
        context = {**self.get_serializer_context(), "below": below}
        return Response(NodeTreeSerializer(below.get(None, []), many=True, context=context).data)


class RegionSerializer(serializers.ModelSerializer[Region]):
    """An administrative division by its GB/T 2260 code."""

    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent_id", allow_null=True, read_only=True
    )

    class Meta:
        model = Region
        fields = ("code", "name", "level", "parent")


class RegionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of regions."""

    parent = django_filters.CharFilter(field_name="parent_id", max_length=6)
    level = django_filters.ChoiceFilter(choices=RegionLevel.choices)


class RegionView(ReadOnlyRecords[Region]):
    """Provinces, cities and counties."""

    queryset = Region.objects.none()
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    lookup_field = "code"

    def visible(self) -> QuerySet[Region]:
        """All regions."""
        return Region.objects.visible_to(self.request.user)


class GlossaryEntrySerializer(RecordSerializer[GlossaryEntry]):
    """Words that mean the same; of a unit, its written form and the unit it stands for."""

    chain = serializers.PrimaryKeyRelatedField(
        queryset=Chain.objects.all(), allow_null=True, required=False, help_text="Absent: for all chains."
    )
    words = serializers.ListField(child=serializers.CharField(max_length=80), min_length=2, max_length=40)

    class Meta:
        model = GlossaryEntry
        fields = ("id", "kind", "chain", "words", "from_reference", "is_active")


class GlossaryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of the glossary."""

    kind = django_filters.ChoiceFilter(choices=GlossaryKind.choices)
    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    word = django_filters.CharFilter(
        field_name="words", lookup_expr="contains", method="with_word", max_length=80
    )
    active = Flag(field_name="is_active")
    ordering = Ordering(fields=(("kind", "kind"), ("words", "words")))

    def with_word(self, entries: QuerySet[GlossaryEntry], name: str, word: str) -> QuerySet[GlossaryEntry]:
        """Entries that hold exactly that word."""
        return entries.filter(words__contains=[word])


@extend_schema(
    examples=[
        OpenApiExample(
            "Synonyms",
            {"kind": "synonym", "chain": "photovoltaic", "words": ["硅片", "单晶硅片"]},
            request_only=True,
        )
    ]
)
class GlossaryView(mixins.CreateModelMixin, ReadOnlyRecords[GlossaryEntry]):
    """The glossary; chain offices edit it, and it counts from the next run on."""

    queryset = GlossaryEntry.objects.none()
    serializer_class = GlossaryEntrySerializer
    filterset_class = GlossaryFilter

    def visible(self) -> QuerySet[GlossaryEntry]:
        """All entries."""
        return GlossaryEntry.objects.visible_to(self.request.user).order_by("kind", "words", "pk")

    def perform_create(self, serializer: Any) -> None:
        """Add an entry."""
        self._save(serializer, GlossaryEntry())

    @extend_schema(request=GlossaryEntrySerializer, responses=GlossaryEntrySerializer)
    def update(self, request: Request, **kwargs: Any) -> Response:
        """Replace an entry."""
        return self._change(request, partial=False)

    @extend_schema(request=GlossaryEntrySerializer, responses=GlossaryEntrySerializer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change an entry, or switch it off."""
        return self._change(request, partial=True)

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Remove an entry that an office added; reference entries can only be switched off."""
        entry = self.get_object()
        self._refuse_stranger(entry)
        services.remove_entry(entry=entry)
        return Response(status=204)

    def _change(self, request: Request, *, partial: bool) -> Response:
        entry = self.get_object()
        self._refuse_stranger(entry)
        serializer = self.get_serializer(entry, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        self._save(serializer, entry)
        return self.answer(entry)

    def _save(self, serializer: Any, entry: GlossaryEntry) -> None:
        for name, value in serializer.validated_data.items():
            setattr(entry, name, value)
        self._refuse_stranger(entry)
        serializer.instance = services.save_entry(entry=entry)

    def _refuse_stranger(self, entry: GlossaryEntry) -> None:
        if not access.can_edit_entry(self.person, entry):
            raise Forbidden(_("Only an office of this chain edits its glossary."), code="not_your_chain")


class KindFieldSerializer(serializers.Serializer[Any]):
    """A field of a line; ``own`` ones travel in ``attributes``."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.ChoiceField(choices=[(item.value, item.value) for item in kinds.FieldType])
    required = serializers.BooleanField()  # type: ignore[assignment]
    own = serializers.BooleanField()
    options = serializers.ListField(child=serializers.CharField())


class KindParameterSerializer(serializers.Serializer[Any]):
    """A technical parameter that lines of the kind often carry."""

    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class KindSerializer(serializers.Serializer[Any]):
    """A kind of lists as it is declared."""

    code = serializers.CharField()
    name = serializers.CharField()
    need = serializers.CharField()
    offer = serializers.CharField()
    need_fields = KindFieldSerializer(many=True)
    offer_fields = KindFieldSerializer(many=True)
    parameters = KindParameterSerializer(many=True)


class KindView(ViewSet):
    """Kinds of lists: products, and whatever else this installation declares."""

    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    @extend_schema(responses=KindSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All kinds."""
        return Response([_kind(kind) for kind in kinds.registered()])

    @extend_schema(
        parameters=[OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses=KindSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """One kind."""
        try:
            return Response(_kind(kinds.get(code)))
        except KeyError as error:
            raise NotFound from error


def _kind(kind: kinds.Kind) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "code": kind.code,
        "name": kind.name.text(language),
        "need": kind.need.text(language),
        "offer": kind.offer.text(language),
        "need_fields": _fields(kind.need_fields, kind.own_need_fields, language),
        "offer_fields": _fields(kind.offer_fields, kind.own_offer_fields, language),
        "parameters": [{"name": hint.name, "unit": hint.unit} for hint in kind.parameters],
    }


def _fields(
    shared: tuple[kinds.KindField, ...], own: tuple[kinds.KindField, ...], language: str
) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "label": field.label.text(language) if field.label else field.name,
            "type": field.type.value,
            "required": field.required,
            "own": is_own,
            "options": list(field.options),
        }
        for fields, is_own in ((shared, False), (own, True))
        for field in fields
    ]


routes = [
    ("chains", ChainView, "chain"),
    ("regions", RegionView, "region"),
    ("glossary", GlossaryView, "glossary_entry"),
    ("kinds", KindView, "kind"),
]
