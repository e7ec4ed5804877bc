"""API of credentials: one's own tokens, one's organisations' applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import person_of
from accounts.authentication import Credential
from accounts.bodies import Body
from accounts.credentials import services
from accounts.credentials.models import Application, ApplicationSecret, PersonalToken
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scopes import OF_APPLICATIONS, Scope
from accounts.security.renewal import ReauthenticationRequired, ask_again

T = TypeVar("T")
APPLICATION_SCOPES = [(scope.value, scope.label) for scope in OF_APPLICATIONS]


class TooManyCredentials(APIException):
    """409: delete one first."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "too_many_credentials"


class RenewalRequired(APIException):
    """403: sign in anew in the portal, or come with a token that may make credentials."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "reauthentication_required"


def _renewed(request: Request) -> None:
    """A browser's session makes no credential on its own. Raises ``RenewalRequired``."""
    if isinstance(request.successful_authenticator, SessionAuthentication):
        try:
            ask_again(request._request)
        except ReauthenticationRequired as error:
            raise RenewalRequired(_("Sign in anew first: this makes a credential.")) from error


def _refused_well(verb: Callable[[], T]) -> T:
    try:
        return verb()
    except services.TooMany as error:
        raise TooManyCredentials(error.messages[0]) from error


def _bounds(request: Request) -> services.Bounds:
    credential = request.auth
    if not isinstance(credential, Credential):
        return services.UNBOUNDED
    return services.Bounds(credential.scopes, credential.expires_at)


class TokenSerializer(serializers.ModelSerializer[PersonalToken]):
    """A token of one's own; the token itself is shown once, when it is made."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)

    class Meta:
        model = PersonalToken
        fields = ("id", "name", "start", "scopes", "created_at", "expires_at", "last_used_at")
        read_only_fields = fields


class NewTokenSerializer(Body):
    """What a token shall be called, what it shall be good for and for how long."""

    name = serializers.CharField(max_length=60, help_text="Where it is used.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), allow_empty=False, max_length=len(Scope)
    )
    days = serializers.IntegerField(
        min_value=1,
        max_value=36_500,
        required=False,
        help_text="Days until it expires; absent: 90. At most 365, unless the installation says otherwise.",
    )


class MadeTokenSerializer(TokenSerializer):
    """A token just made, with its secret."""

    token = serializers.CharField(read_only=True, help_text="Shown only now.")

    class Meta:
        model = PersonalToken
        fields = (*TokenSerializer.Meta.fields, "token")
        read_only_fields = fields


class TokenView(
    mixins.ListModelMixin, mixins.CreateModelMixin, mixins.DestroyModelMixin, GenericViewSet[PersonalToken]
):
    """API tokens of one's own, stored as hashes."""

    queryset = PersonalToken.objects.none()
    serializer_class = TokenSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[PersonalToken]:
        """The person's tokens, newest first."""
        return PersonalToken.objects.visible_to(self.request.user)

    @extend_schema(
        request=NewTokenSerializer,
        responses={201: MadeTokenSerializer},
        examples=[
            OpenApiExample(
                "Ninety days",
                {"name": "ERP", "scopes": ["lines:read", "lines:write"], "days": 90},
                request_only=True,
            )
        ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a token; it is shown in this answer and never again. At most 20 a person.

        A token makes none that is good for more or lives longer than itself.
        """
        wanted = NewTokenSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        _renewed(request)
        made, secret = _refused_well(
            lambda: services.make_token(
                actor=person_of(request), within=_bounds(request), **wanted.validated_data
            )
        )
        answer = {**TokenSerializer(made).data, "token": secret}
        return Response(answer, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: PersonalToken) -> None:
        """Revoke it; the next request with it is refused."""
        services.revoke_token(actor=person_of(self.request), token_id=instance.pk)


class SecretSerializer(serializers.ModelSerializer[ApplicationSecret]):
    """A secret of an application: how it begins, and until when it is in force."""

    class Meta:
        model = ApplicationSecret
        fields = ("start", "created_at", "expires_at")
        read_only_fields = fields


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """A program of an organisation that signs in by OAuth 2 client credentials."""

    organisation = serializers.UUIDField(source="organisation_id", read_only=True)
    role = serializers.SerializerMethodField(help_text="What it acts as in its organisation.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)
    secrets = SecretSerializer(many=True, read_only=True)
    made_by = serializers.CharField(source="created_by.name", read_only=True, default=None)

    class Meta:
        model = Application
        fields = (
            *("client_id", "name", "organisation", "role", "scopes", "secrets"),
            *("made_by", "created", "last_used_at"),
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Role.choices, allow_null=True))
    def get_role(self, application: Application) -> str | None:
        """The role of its account; null where its membership has ended."""
        held = application.user.active_memberships
        return held[0].role if held else None


class NewApplicationSerializer(Body):
    """A new application."""

    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=APPLICATION_SCOPES),
        allow_empty=False,
        max_length=len(Scope),
    )
    organisation = serializers.UUIDField(
        required=False, help_text="Absent: the organisation of the person's first role."
    )


class RotationSerializer(Body):
    """How long the secret before stays in force."""

    overlap_days = serializers.IntegerField(
        min_value=0, max_value=services.MOST_OVERLAP_DAYS, required=False, default=7
    )


class MadeApplicationSerializer(ApplicationSerializer):
    """An application with a secret just made."""

    client_secret = serializers.CharField(read_only=True, help_text="Shown only now.")

    class Meta:
        model = Application
        fields = (*ApplicationSerializer.Meta.fields, "client_secret")
        read_only_fields = fields


class ApplicationView(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    GenericViewSet[Application],
):
    """Applications of the organisations whose applications the person manages."""

    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    lookup_field = "client_id"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Application]:
        """Visible applications by name."""
        visible = Application.objects.visible_to(self.request.user)
        return visible.select_related("user", "created_by").prefetch_related("secrets")

    @extend_schema(
        request=NewApplicationSerializer,
        responses={201: MadeApplicationSerializer},
        examples=[
            OpenApiExample(
                "An ERP", {"name": "ERP", "scopes": ["lines:read", "lines:write"]}, request_only=True
            )
        ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an application; its secret is shown in this answer and never again.

        A firm's acts as an integrator, an office's with the role and the reach of whoever makes it.
        """
        wanted = NewApplicationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        _renewed(request)
        person, values = person_of(request), dict(wanted.validated_data)
        membership = _membership(person, values.pop("organisation", None))
        made, secret = _refused_well(
            lambda: services.make_application(
                actor=person, membership=membership, within=_bounds(request), **values
            )
        )
        return self._with_secret(made, secret, status.HTTP_201_CREATED)

    @extend_schema(
        request=RotationSerializer,
        responses=MadeApplicationSerializer,
        examples=[OpenApiExample("A week for both", {"overlap_days": 7}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, client_id: str) -> Response:
        """Make a new secret; the one before stays in force for ``overlap_days``, an older one ends now."""
        known = self.get_object()
        wanted = RotationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        _renewed(request)
        made, secret = services.rotate_secret(
            actor=person_of(request),
            client_id=known.client_id,
            within=_bounds(request),
            **wanted.validated_data,
        )
        return self._with_secret(made, secret, status.HTTP_200_OK)

    def perform_destroy(self, instance: Application) -> None:
        """Revoke it with all its secrets and tokens."""
        services.revoke_application(actor=person_of(self.request), client_id=instance.client_id)

    def _with_secret(self, made: Application, secret: str, code: int) -> Response:
        fresh = self.get_queryset().get(pk=made.pk)
        return Response({**ApplicationSerializer(fresh).data, "client_secret": secret}, status=code)


def _membership(person: User, organisation: Any) -> Membership:
    """The membership that an application is made from."""
    held = person.granting_memberships
    found = next((one for one in held if organisation in (None, one.organisation_id)), None)
    if found is None:
        raise PermissionDenied(_("You do not manage the applications of this organisation."))
    return found


routes = [
    ("tokens", TokenView, "token"),
    ("applications", ApplicationView, "application"),
]
