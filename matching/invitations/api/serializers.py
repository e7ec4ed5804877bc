"""Bodies of invitations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.bodies import Body, Strict
from accounts.models import Organisation
from matching.http.views import RecordSerializer, many
from matching.invitations import access
from matching.invitations.models import Delegate, Invitation
from matching.invitations.models.invitations import REASON_LENGTH
from matching.invitations.services import Person
from matching.invitations.services.answering import MOST_PEOPLE, NAME_LENGTH
from matching.invitations.states import AnswerVia, InvitationAction
from matching.meetings.models import SigningMeeting


class DelegateSerializer(Strict, serializers.ModelSerializer[Delegate]):
    """Somebody who comes."""

    class Meta:
        model = Delegate
        fields = ("name", "job", "phone", "language")
        read_only_fields = fields


class InvitationSerializer(RecordSerializer[Invitation]):
    """An organisation's invitation to a signing meeting, its answer, and who comes."""

    organisation_name = serializers.CharField(source="organisation.name", read_only=True)
    title = serializers.CharField(source="meeting.title", read_only=True)
    date = serializers.DateField(source="meeting.date", read_only=True)
    via = serializers.ChoiceField(choices=AnswerVia.choices, read_only=True, allow_blank=True)
    delegates = DelegateSerializer(many=True, read_only=True)
    actions = serializers.SerializerMethodField(help_text="Answers that you may give now.")

    class Meta:
        model = Invitation
        fields = (
            *("id", "meeting", "title", "date", "organisation", "organisation_name", "state", "deadline"),
            *("offered", "reason", "via", "answered_at", "delegates", "actions"),
        )
        read_only_fields = fields

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=InvitationAction.choices))
    )
    def get_actions(self, invitation: Invitation) -> list[str]:
        """Answers that role, state and meeting allow."""
        return [one.value for one in access.actions(self.person, invitation)]


class AgendaItemSerializer(serializers.Serializer[Any]):
    """One appointment of the day as the invited firm sees it."""

    appointment = serializers.UUIDField(source="appointment.pk")
    begins = serializers.DateTimeField(source="appointment.during.lower")
    ends = serializers.DateTimeField(source="appointment.during.upper")
    table = serializers.IntegerField(source="appointment.table.number")
    own_title = serializers.CharField(source="own.title")
    other_title = serializers.CharField(source="other.title")
    other_name = serializers.CharField(source="other.organisation.name")
    other_contact = serializers.CharField(source="contact", help_text="Empty before both firms said yes.")


class PersonSerializer(Body):
    """Somebody who will come; personal data, erased some time after the day."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    job = serializers.CharField(max_length=NAME_LENGTH, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default=settings.LANGUAGE_CODE
    )


class AcceptSerializer(Body):
    """Who comes; without ``delegates`` the people named before stay."""

    delegates = many(PersonSerializer, max_length=MOST_PEOPLE, required=False)

    def people(self) -> list[Person] | None:
        """The people as the service takes them."""
        rows = self.validated_data.get("delegates")
        return None if rows is None else [Person(**row) for row in rows]


class RefuseSerializer(Body):
    """Why the organisation does not come."""

    reason = serializers.CharField(max_length=REASON_LENGTH, required=False, allow_blank=True, default="")


class GuestSerializer(Body):
    """Which office is invited to which meeting."""

    meeting = serializers.PrimaryKeyRelatedField(
        queryset=SigningMeeting.objects.none(), pk_field=serializers.UUIDField()
    )
    organisation = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(kind="office"), pk_field=serializers.UUIDField()
    )

    def get_fields(self) -> dict[str, Any]:
        """A meeting that one does not see is one that does not exist."""
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["meeting"].queryset = SigningMeeting.objects.visible_to(user)
        return fields
