"""API of people and organisations: who am I, organisations."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.access import sets_grades
from accounts.bodies import Body, represented
from accounts.models import Membership, Organisation, User
from accounts.permits import Act
from accounts.permits.rows import ORGANISATION
from accounts.roles import Grade, OrganisationKind
from accounts.services import (
    HeldGrade,
    change_organisation,
    choose_language,
    register_organisation,
    set_grades,
)


class GradeSerializer(serializers.Serializer[Any]):
    """A grade that a firm holds."""

    grade = serializers.CharField()
    number = serializers.CharField(help_text="Of its certificate; may be empty.")
    expires = serializers.DateField(allow_null=True)


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """A firm or an office."""

    grades = GradeSerializer(many=True, read_only=True)

    class Meta:
        model = Organisation
        fields = ("id", "kind", "name", "short_name", "uscc", "region", "address", "grades")


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """A role and how far it reaches; ``*`` means all."""

    organisation = serializers.UUIDField(source="organisation_id", read_only=True)
    organisation_name = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = Membership
        fields = ("organisation", "organisation_name", "role", "chains", "regions")


class FirmOfPersonSerializer(serializers.ModelSerializer[Organisation]):
    """A firm that the person acts for."""

    class Meta:
        model = Organisation
        fields = ("id", "kind", "name", "uscc", "region")


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in person."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    memberships = MembershipSerializer(source="active_memberships", many=True, read_only=True)
    firms = FirmOfPersonSerializer(many=True, read_only=True)
    email = serializers.CharField(read_only=True)
    is_office = serializers.BooleanField(read_only=True)
    language = serializers.CharField(
        read_only=True,
        help_text="Of pages and notices, empty for the usual; the API follows Accept-Language.",
    )

    class Meta:
        model = User
        fields = ("id", "username", "name", "email", "phone", "language", "is_office", "memberships", "firms")
        read_only_fields = ("id", "username", "name", "email", "phone")


class LanguageSerializer(Body):
    """What a person may change about themselves here."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class MeView(GenericViewSet[User]):
    """The signed-in person and what they may do."""

    serializer_class = MeSerializer
    pagination_class = None
    filter_backends = ()
    is_one_object = True

    def represent(self, request: Request) -> Response:
        """What GET answers."""
        return represented(Response(MeSerializer(person_of(request)).data))

    @extend_schema(responses=MeSerializer)
    @action(detail=False, url_path="me")
    def show(self, request: Request) -> Response:
        """Name, roles, firms and language of the person whose token or session this is."""
        return self.represent(request)

    @extend_schema(
        request=LanguageSerializer,
        responses=MeSerializer,
        examples=[OpenApiExample("English", {"language": "en"}, request_only=True)],
    )
    @show.mapping.patch
    def change(self, request: Request) -> Response:
        """Choose the language of pages and notices."""
        wanted = LanguageSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        choose_language(user=person_of(request), language=wanted.validated_data["language"])
        return self.represent(request)


def person_of(request: Request) -> User:
    """Who asks; views are behind ``IsAuthenticated``."""
    assert isinstance(request.user, User)
    return request.user


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of organisations."""

    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    region = django_filters.CharFilter(
        lookup_expr="startswith", max_length=6, help_text="GB/T 2260 code or the beginning of one."
    )
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", help_text="Part of the name.")


class OrganisationEntrySerializer(Body):
    """A firm or an office as the system administrator enters it; a firm has a credit code."""

    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    name = serializers.CharField(max_length=200)
    short_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    uscc = serializers.CharField(max_length=18, required=False, allow_null=True)
    region = serializers.CharField(max_length=6, help_text="GB/T 2260 code: 2, 4 or 6 digits.")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


class OrganisationChangeSerializer(Body):
    """What of an organisation's entry can be corrected."""

    name = serializers.CharField(max_length=200, required=False)
    short_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    region = serializers.CharField(max_length=6, required=False)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


class HeldGradeSerializer(Body):
    """A grade as an office enters it."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    expires = serializers.DateField(required=False, allow_null=True, default=None, help_text="The last day.")


class HeldGradesSerializer(Body):
    """All grades that the firm holds."""

    grades = HeldGradeSerializer(many=True, help_text="What is not named is taken away.")

    def validate_grades(self, grades: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each grade once."""
        if len({one["grade"] for one in grades}) < len(grades):
            raise serializers.ValidationError(_("Name each grade once."))
        return grades


class OrganisationView(ReadOnlyModelViewSet[Organisation]):
    """Organisations: one's own; offices see those of their cities, administrators all."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Organisation]:
        """Visible organisations in a stable order."""
        visible = Organisation.objects.visible_to(self.request.user)
        return visible.prefetch_related("grades").order_by("name", "pk")

    @extend_schema(
        request=OrganisationEntrySerializer,
        responses={201: OrganisationSerializer},
        examples=[
            OpenApiExample(
                "An office", {"kind": "office", "name": "光伏产业链专班", "region": "14"}, request_only=True
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Enter a firm or an office; firms mostly join by themselves."""
        _refuse_unless(ORGANISATION.somewhere(request.user, Act.CREATE))
        typed = OrganisationEntrySerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        stored = register_organisation(**typed.validated_data)
        return Response(OrganisationSerializer(stored).data, status=201)

    @extend_schema(
        request=OrganisationChangeSerializer,
        responses=OrganisationSerializer,
        examples=[OpenApiExample("A new name", {"name": "示例硅业有限公司"}, request_only=True)],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct its entry; kind and credit code stay."""
        found = self.get_object()
        _refuse_unless(ORGANISATION.somewhere(request.user, Act.EDIT))
        typed = OrganisationChangeSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        change_organisation(organisation=found, values=typed.validated_data)
        return represented(Response(OrganisationSerializer(self.get_object()).data))

    @extend_schema(
        request=HeldGradesSerializer,
        responses=OrganisationSerializer,
        examples=[
            OpenApiExample(
                "A little giant",
                {"grades": [{"grade": "小巨人", "number": "晋工信 2025-17", "expires": "2028-12-31"}]},
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["put"])
    def grades(self, request: Request, pk: str) -> Response:
        """Set the grades of a firm (等级认定); matching counts them from the next run on."""
        found = self.get_object()
        _refuse_unless(sets_grades(person_of(request), found))
        typed = HeldGradesSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        held = [HeldGrade(**{**one, "grade": Grade(one["grade"])}) for one in typed.validated_data["grades"]]
        set_grades(organisation=found, grades=held)
        return represented(Response(OrganisationSerializer(self.get_object()).data))


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


routes = [
    ("", MeView, "me"),
    ("organisations", OrganisationView, "organisation"),
]
