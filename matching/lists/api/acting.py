"""Steps with many lines, and a line once more as the beginning of another."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.bodies import Body
from matching.errors import Forbidden
from matching.http.views import BulkResultSerializer, Nothing, Records, ids_field, in_bulk
from matching.lists import access, services
from matching.lists.models import MAX_REASON, DemandLine, SupplyLine
from matching.lists.states import FIRM_ACTIONS, OFFICE_ACTIONS, LineAction

L = TypeVar("L", DemandLine, SupplyLine)
STEPS = [(step.value, step.value) for step in LineAction if step in FIRM_ACTIONS | OFFICE_ACTIONS]


class ManySerializer(Body):
    """One step with several lines."""

    ids = ids_field()
    action = serializers.ChoiceField(choices=[step for step in STEPS if step[0] != LineAction.EDIT])
    reason = serializers.CharField(
        max_length=MAX_REASON, required=False, allow_blank=True, default="", help_text="Needed to return."
    )
    valid_until = serializers.DateField(
        required=False, help_text="To confirm: until when; absent: half a year from today."
    )


class ManyMixin(Records[L]):
    """Each line for itself: what can't be done is told, the rest is done."""

    model: ClassVar[type[Any]]

    @extend_schema(
        request=ManySerializer,
        responses=BulkResultSerializer,
        examples=[
            OpenApiExample(
                "Verify two",
                {
                    "ids": ["0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11", "5d3e7c52-1c0b-4d1a-8a53-0c2f9b7e2a10"],
                    "action": "verify",
                },
                request_only=True,
            )
        ],
    )
    @action(detail=False, methods=["post"], url_path="act", url_name="act", filterset_class=None)
    def act_on_many(self, request: Request) -> Response:
        """Submit, withdraw, restore, confirm, verify or return several lines, each for itself."""
        wanted = read_body(ManySerializer, request)
        ids: list[uuid.UUID] = wanted.pop("ids")
        visible = self.model.objects.visible_to(self.person).filter(pk__in=ids).values_list("pk", flat=True)
        step = {**wanted, "action": LineAction(wanted["action"])}

        def one(line_id: uuid.UUID) -> str:
            line = services.change_line(actor=self.person, model=self.model, line_id=line_id, **step)
            return str(line.state)

        return in_bulk(ids, visible, one)


class CopyMixin(Records[L]):
    """A line once more."""

    model: ClassVar[type[Any]]

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        """A new draft with the content of the line, under the firm's next free number."""
        line = self.get_object()
        if not access.can_edit(self.person, line):
            raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
        copied = services.copy_line(actor=self.person, model=self.model, line_id=line.pk)
        return self.answer(copied, status=201)


def read_body(serializer_class: Any, request: Request) -> dict[str, Any]:
    """The checked body of a request. Raises ``ValidationError``."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
