"""When a firm can't come to meetings, and who comes for it."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body, Strict
from accounts.models import Organisation, User
from matching.errors import Conflict, Forbidden
from matching.http.views import ReadOnlyRecords, RecordSerializer
from matching.meetings import access, services
from matching.meetings.models import Absence, Presence


class FirmField(serializers.PrimaryKeyRelatedField[Organisation]):
    """One of the caller's firms; may be left out by who has one only."""

    def get_queryset(self) -> QuerySet[Organisation]:
        """Firms that the caller acts for."""
        person: User = self.context["request"].user
        return Organisation.objects.filter(pk__in=[firm.pk for firm in person.firms()])


@extend_schema_field(OpenApiTypes.UUID)
class PersonField(serializers.SlugRelatedField[User]):
    """Somebody of one of the caller's firms."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="public_id", **options)

    def to_internal_value(self, data: Any) -> User:
        """The person of an id; what is no id is refused as such."""
        return super().to_internal_value(serializers.UUIDField().run_validation(data))

    def get_queryset(self) -> QuerySet[User]:
        """People with a role there."""
        person: User = self.context["request"].user
        firms = [firm.pk for firm in person.firms()]
        held = {"memberships__organisation_id__in": firms, "memberships__is_active": True}
        return User.objects.filter(is_active=True, **held).distinct()


class AbsenceSerializer(Strict, serializers.ModelSerializer[Absence]):
    """A time in which a firm, or one of its people, can't come."""

    organisation = serializers.UUIDField(source="organisation_id", read_only=True)
    person_id = serializers.UUIDField(
        source="person.public_id", read_only=True, allow_null=True, help_text="Null: the whole firm."
    )
    begins = serializers.DateTimeField(source="during.lower", read_only=True)
    ends = serializers.DateTimeField(source="during.upper", read_only=True)
    meeting = serializers.UUIDField(
        source="meeting_id", read_only=True, allow_null=True, help_text="Noted by an office for that one."
    )

    class Meta:
        model = Absence
        fields = ("id", "organisation", "person_id", "begins", "ends", "meeting")
        read_only_fields = fields


class NewAbsenceSerializer(Body):
    """From when to when."""

    organisation = FirmField(
        pk_field=serializers.UUIDField(), required=False, help_text="Needed by who acts for several firms."
    )
    person = PersonField(required=False, allow_null=True, default=None, help_text="Empty: the whole firm.")
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()


class AbsenceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of absences."""

    organisation = django_filters.UUIDFilter(field_name="organisation_id")


def _firm(person: User, named: Organisation | None) -> Organisation:
    firms = person.firms()
    if not firms:
        raise Forbidden(_("Only the firm's own people say when it comes."), code="not_your_firm")
    if named is None and len(firms) > 1:
        raise serializers.ValidationError({"organisation": [_("Say for which of your firms.")]})
    return named or firms[0]


class AbsenceView(ReadOnlyRecords[Absence]):
    """When one's firm can't come; plans heed it."""

    queryset = Absence.objects.none()
    serializer_class = AbsenceSerializer
    filterset_class = AbsenceFilter

    def visible(self) -> QuerySet[Absence]:
        """The own firms', the next first."""
        return Absence.objects.visible_to(self.person).select_related("person").order_by("during", "pk")

    @extend_schema(request=NewAbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Say when the firm, or one of its people, can't come."""
        _firm(self.person, self.person.firms()[0] if self.person.firms() else None)
        wanted = NewAbsenceSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        begins, ends = values["begins"], values["ends"]
        if begins >= ends:
            raise serializers.ValidationError({"ends": [_("The end has to come after the begin.")]})
        absence = services.add_absence(
            actor=self.person,
            organisation=_firm(self.person, values.get("organisation")),
            during=DateTimeTZRange(begins, ends),
            person=values["person"],
        )
        return self.answer(absence, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """The firm can come after all."""
        services.remove_absence(actor=self.person, absence_id=self.get_object().pk)
        return Response(status=204)


class PresenceSerializer(RecordSerializer[Presence]):
    """Who comes for a firm, and what they speak."""

    class Meta:
        model = Presence
        fields = ("id", "organisation", "person", "languages")
        read_only_fields: tuple[str, ...] = ("id", "organisation")

    def build_relational_field(self, field_name: str, relation_info: Any) -> tuple[Any, dict[str, Any]]:
        """Firms and people of the caller only."""
        built, options = super().build_relational_field(field_name, relation_info)
        field = {"organisation": FirmField, "person": PersonField}.get(field_name, built)
        return field, options


class NewPresenceSerializer(PresenceSerializer):
    """The first word of a firm on it."""

    class Meta(PresenceSerializer.Meta):
        read_only_fields = ("id",)
        extra_kwargs: ClassVar = {"organisation": {"required": False}}


class PresenceView(ReadOnlyRecords[Presence]):
    """Who comes for one's firm, and which languages they speak."""

    queryset = Presence.objects.none()
    serializer_class = PresenceSerializer

    def visible(self) -> QuerySet[Presence]:
        """The own firms'."""
        return Presence.objects.visible_to(self.person).select_related("person").order_by("pk")

    def get_serializer_class(self) -> Any:
        """A new one names its firm."""
        return NewPresenceSerializer if self.action == "create" else PresenceSerializer

    def create(self, request: Request) -> Response:
        """Say it for the first time."""
        _firm(self.person, self.person.firms()[0] if self.person.firms() else None)
        serializer: Any = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        firm = _firm(self.person, values.pop("organisation", None))
        if access.keeps_availability(self.person, firm.pk) and self.visible().filter(organisation=firm):
            raise Conflict(_("The firm has said so already; change it."), code="presence_exists")
        presence = Presence(organisation=firm, **values)
        return self.answer(services.save_presence(actor=self.person, presence=presence), status=201)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change the named fields."""
        presence = self.get_object()
        serializer: Any = self.get_serializer(presence, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(presence, name, value)
        return self.answer(services.save_presence(actor=self.person, presence=presence))
