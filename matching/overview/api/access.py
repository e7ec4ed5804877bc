"""API of the access table."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.permits import Scope
from matching.http.views import PersonMixin
from matching.overview.queries.permits import TABLE, acting_as


class PermitSerializer(serializers.Serializer[Any]):
    """A row of the access table."""

    object = serializers.CharField(help_text="Kind of object, as a code.")
    object_name = serializers.CharField()
    action = serializers.CharField(help_text="Code of the action.")
    action_name = serializers.CharField()
    role = serializers.CharField(help_text="A role, or `signed_in` or `visitor` for everybody.")
    role_name = serializers.CharField()
    scope = serializers.ChoiceField(
        choices=Scope.choices, help_text="How far the row reaches: chains and cities are those of the role."
    )
    when = serializers.CharField(help_text="What else must hold, in words; empty: nothing.")
    mine = serializers.BooleanField(help_text="Whether the row holds for the caller.")


class AccessView(PersonMixin, ViewSet):
    """The access table: who may do what with which objects, and how far."""

    @extend_schema(responses=PermitSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All rows; `mine` marks those of the caller's roles. What no row allows is refused."""
        held = acting_as(self.person)
        rows = [
            {
                "object": permits.name,
                "object_name": permits.label,
                "action": row.action.value,
                "action_name": row.action.label,
                "role": row.role.value,
                "role_name": row.role.label,
                "scope": row.scope,
                "when": row.when,
                "mine": row.role in held,
            }
            for permits in TABLE
            for row in permits.rows
        ]
        return Response(PermitSerializer(rows, many=True).data)
