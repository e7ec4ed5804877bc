"""API of people: accounts, roles, and the roles that were asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from accounts.models import Membership, User
from accounts.roles import EVERYWHERE, Role
from matching.errors import Forbidden
from matching.http.filters import Ordering
from matching.http.views import KnownByPublicId, ReadOnlyRecords, ReasonSerializer, RecordSerializer
from matching.people import access, queries, services
from matching.people.models import RoleRequest
from matching.people.services import Wanted
from matching.people.services.asking import LONGEST_ADDRESS
from matching.people.states import ROLE, RoleAction, RoleState


class RoleRequestSerializer(RecordSerializer[RoleRequest]):
    """A role that was asked for a person; ``account`` once it is known whose it is."""

    account = serializers.UUIDField(source="account.public_id", read_only=True, allow_null=True)
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = RoleRequest
        fields = (
            *("id", "organisation", "role", "chains", "regions", "name", "email", "account", "state"),
            *("reason", "invited_at", "created_at", "updated_at", "actions"),
        )
        read_only_fields = fields

    def get_actions(self, request: RoleRequest) -> list[str]:
        """Steps of the table that the person may take."""
        return [
            str(step)
            for step in ROLE.actions(request.state)
            if step != RoleAction.ACCEPT
            and access.may_take(self.person, RoleAction(step), request.organisation_id)
        ]


class WantedSerializer(Body):
    """A role for a person, who may have no account yet."""

    organisation = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    name = serializers.CharField(max_length=60)
    email = serializers.EmailField(max_length=LONGEST_ADDRESS)
    chains = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, allow_empty=False, max_length=200
    )
    regions = serializers.ListField(
        child=serializers.CharField(max_length=6), required=False, allow_empty=False, max_length=200
    )


class RoleRequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of roles asked for."""

    state = django_filters.ChoiceFilter(choices=[(state.value, state.value) for state in RoleState])
    ordering = Ordering(fields=(("created_at", "created_at"),))


class RoleRequestView(ReadOnlyRecords[RoleRequest]):
    """Roles asked for: a firm's for its colleagues, the system administrator's for everybody."""

    queryset = RoleRequest.objects.none()
    serializer_class = RoleRequestSerializer
    filterset_class = RoleRequestFilter

    def visible(self) -> QuerySet[RoleRequest]:
        """Those that the person may see, the newest first."""
        seen = RoleRequest.objects.visible_to(self.person).select_related("account")
        return seen.order_by("-created_at", "pk")

    @extend_schema(
        request=WantedSerializer,
        responses={201: RoleRequestSerializer},
        examples=[
            OpenApiExample(
                "A colleague",
                {
                    "organisation": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
                    "role": "member_firm",
                    "name": "李工",
                    "email": "li.gong@firm.example",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Ask for a role.

        A firm's own is an invitation at once, others wait for the security administrator.
        """
        typed = WantedSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(typed.validated_data)
        organisation = values.pop("organisation")
        if not access.may_ask(self.person, organisation):
            raise Forbidden(_("You do not act for this organisation."), code="not_your_organisation")
        wanted = Wanted(**{"chains": (EVERYWHERE,), "regions": (EVERYWHERE,), **values})
        return self.answer(services.ask(actor=self.person, organisation_id=organisation, wanted=wanted), 201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Grant it: who has an account has the role at once, who has none gets an invitation."""
        return self.answer(services.approve(actor=self.person, request_id=self.get_object().pk))

    @extend_schema(
        request=ReasonSerializer,
        examples=[OpenApiExample("A reason", {"reason": "此人已调离"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse it with a reason."""
        typed = ReasonSerializer(data=request.data)
        found = self.get_object()
        typed.is_valid(raise_exception=True)
        reason = typed.validated_data["reason"]
        return self.answer(services.refuse(actor=self.person, request_id=found.pk, reason=reason))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw it; a link that was sent opens nothing any more."""
        return self.answer(services.withdraw(actor=self.person, request_id=self.get_object().pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: str) -> Response:
        """Send a new link by e-mail; the one before opens nothing any more."""
        return self.answer(services.resend(actor=self.person, request_id=self.get_object().pk))


class HeldRoleSerializer(RecordSerializer[Membership]):
    """A role that a person holds, or held."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    person = serializers.UUIDField(source="user.public_id", read_only=True)  # type: ignore[assignment]
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields = (
            *("id", "person", "name", "email", "organisation", "role", "chains", "regions"),
            *("is_active", "created_at"),
        )
        read_only_fields = fields


class HeldRoleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of roles."""

    organisation = django_filters.UUIDFilter()
    role = django_filters.ChoiceFilter(choices=Role.choices)
    is_active = django_filters.BooleanFilter()
    ordering = Ordering(fields=(("created_at", "created_at"),))


class HeldRoleView(KnownByPublicId, ReadOnlyRecords[Membership]):
    """Roles of people: one's own, one's colleagues', for administrators everybody's."""

    queryset = Membership.objects.none()
    serializer_class = HeldRoleSerializer
    filterset_class = HeldRoleFilter

    def visible(self) -> QuerySet[Membership]:
        """Roles that the person may see."""
        seen = Membership.objects.visible_to(self.person).select_related("user")
        return seen.order_by("created_at", "pk")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Firms read who saw the contact data of their people."""
        shown = args[0] if args else None
        if isinstance(shown, Membership):
            queries.note_contacts([shown])
        elif kwargs.get("many") and shown is not None:
            queries.note_contacts(shown)
        return super().get_serializer(*args, **kwargs)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End the role: nobody acts by it from the next request on."""
        return self.answer(services.end_role(actor=self.person, membership_id=self.get_object().pk))


class AccountSerializer(RecordSerializer[User]):
    """An account, as administrators see it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    has_second_factor = serializers.BooleanField(source="factors", read_only=True)
    locked_until = serializers.DateTimeField(source="locked_now", read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = (
            *("id", "username", "name", "email", "phone", "is_active", "last_login", "date_joined"),
            *("has_second_factor", "locked_until"),
        )
        read_only_fields = fields


class AccountFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of accounts."""

    is_active = django_filters.BooleanFilter()
    ordering = Ordering(fields=(("name", "name"), ("date_joined", "date_joined")))


class AccountView(KnownByPublicId, ReadOnlyRecords[User]):
    """Accounts of people, for the administrators who look after them."""

    queryset = User.objects.none()
    serializer_class = AccountSerializer
    filterset_class = AccountFilter

    def visible(self) -> QuerySet[User]:
        """Accounts by name."""
        if not access.sees_people(self.person):
            raise Forbidden(_("Your role does not allow this."), code="permission_denied")
        return queries.people(self.person)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Firms read who saw the contact data of their people."""
        given: Any = args[0] if args else ()
        shown: list[User] = [given] if isinstance(given, User) else list(given)
        queries.note_contacts(held for person in shown for held in person.memberships.all())
        return super().get_serializer(*args, **kwargs)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End the account with all its roles, sessions and tokens."""
        person = self.get_object()
        return self.answer(services.end_account(actor=self.person, person_id=person.pk))


routes = [
    ("role-requests", RoleRequestView, "role_request"),
    ("memberships", HeldRoleView, "membership"),
    ("people", AccountView, "person"),
]
