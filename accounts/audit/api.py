"""API of the audit, for auditors alone."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api import person_of
from accounts.audit import services
from accounts.audit.models import AuditEntry, Via
from accounts.audit.search import EntryFilter
from accounts.roles import Role


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One row that was written. ``before`` and ``after`` hold an update's columns; secrets read ``***``."""

    via = serializers.ChoiceField(Via.choices, allow_blank=True, read_only=True)
    before = serializers.DictField(allow_null=True, read_only=True)
    after = serializers.DictField(allow_null=True, read_only=True)

    class Meta:
        model = AuditEntry
        fields = (
            *("id", "at", "actor", "via", "credential", "request_id", "action", "table", "object_id"),
            *("before", "after"),
        )
        read_only_fields = fields


class AuditEntryView(ReadOnlyModelViewSet[AuditEntry]):
    """Who wrote what, how and in which request. Reading it is itself on record."""

    queryset = AuditEntry.objects.none()
    serializer_class = AuditEntrySerializer
    filterset_class = EntryFilter
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[AuditEntry]:
        """Auditors see all, the newest first; others nothing."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return AuditEntry.objects.visible_to(person_of(self.request)).order_by("-id")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Search the audit."""
        answer = super().list(request, *args, **kwargs)
        self._note({name: str(value) for name, value in request.query_params.items()})
        return answer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One entry."""
        answer = super().retrieve(request, *args, **kwargs)
        self._note({"entry": str(kwargs["pk"])})
        return answer

    def _note(self, asked: dict[str, str]) -> None:
        person = person_of(self.request)
        if person.holding(Role.AUDITOR):
            services.note_reading(reader=int(person.pk), door="api", asked=asked)


routes = [("audit-entries", AuditEntryView, "audit_entry")]
