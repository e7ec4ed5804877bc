"""What waits for a person."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching.http.views import PersonMixin
from matching.overview.work import Task, tasks


class TaskSerializer(serializers.Serializer[Task]):
    """One kind of work that waits."""

    code = serializers.CharField(help_text="For example `supply_returned`, `answer`, `verify_demand`.")
    count = serializers.IntegerField()
    urgent = serializers.BooleanField(help_text="Somebody else waits for it.")
    due = serializers.SerializerMethodField(help_text="The next deadline: a day or a time.")
    since = serializers.SerializerMethodField(help_text="When the oldest of it began to wait.")
    late = serializers.BooleanField()
    run = serializers.UUIDField(allow_null=True, help_text="The only run that it is about.")

    def get_due(self, task: Task) -> str | None:
        """As ISO 8601 has it."""
        return None if task.due is None else task.due.isoformat()

    def get_since(self, task: Task) -> str | None:
        """As ISO 8601 has it."""
        return None if task.since is None else task.since.isoformat()


class WorkView(PersonMixin, ViewSet):
    """The list of things to do."""

    @extend_schema(responses=TaskSerializer(many=True))
    def list(self, request: Request) -> Response:
        """What waits for you, in the order of the programme; kinds of which nothing waits have count 0."""
        shown: Any = tasks(self.person)
        return Response(TaskSerializer(shown, many=True).data)
