"""Demand lines and supply lines, one by one."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import OrganisationKind
from matching.errors import Forbidden
from matching.http.plans import listing
from matching.http.views import Nothing, ReadOnlyRecords, ReasonSerializer
from matching.lists import access, services
from matching.lists.api import examples
from matching.lists.api.acting import CopyMixin, ManyMixin, read_body
from matching.lists.api.filters import LineFilter
from matching.lists.api.firms import firm_of, firms_of
from matching.lists.api.serializers import (
    ConfirmSerializer,
    DemandLineSerializer,
    LineEventSerializer,
    LineSerializer,
    SupplyLineSerializer,
)
from matching.lists.api.similar import SimilarMixin
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineAction

L = TypeVar("L", DemandLine, SupplyLine)


class LineView(CopyMixin[L], ManyMixin[L], SimilarMixin[L], ReadOnlyRecords[L]):
    """What both lists can do."""

    model: ClassVar[type[Any]]
    owner: ClassVar[OrganisationKind]
    rows: ClassVar[tuple[str, ...]]
    filterset_class = LineFilter

    def visible(self) -> QuerySet[L]:
        """Visible lines with their rows, in constant queries."""
        lines: QuerySet[L] = self.model.objects.visible_to(self.request.user)
        return (
            lines.select_related("organisation", "node")
            .prefetch_related(*listing(*self.rows))
            .order_by("organisation_id", "key", "pk")
        )

    def create(self, request: Request) -> Response:
        """Write a new line, as a draft."""
        firms_of(self.person, self.owner)
        serializer = self._checked(request)
        data = dict(serializer.validated_data)
        firm = firm_of(self.person, data.get("organisation_id"), self.owner)
        values, rows = serializer.content(data, whole=True)
        line = services.save_line(
            actor=self.person,
            model=self.model,
            organisation=firm,
            key=data.get("key", ""),
            values=values,
            rows=rows,
            create=True,
        )
        return self.answer(line, status=201)

    def update(self, request: Request, **kwargs: Any) -> Response:
        """Write the whole line anew; what is left out becomes empty. A changed line is a draft again."""
        return self._write(request, partial=False)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change the named fields; rows that are named are replaced. A changed line is a draft again."""
        return self._write(request, partial=True)

    def _write(self, request: Request, *, partial: bool) -> Response:
        line = self.get_object()
        if not access.can_edit(self.person, line):
            raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
        serializer = self._checked(request, line, partial=partial)
        values, rows = serializer.content(dict(serializer.validated_data), whole=not partial)
        saved = services.save_line(
            actor=self.person,
            model=self.model,
            organisation=line.organisation,
            key=line.key,
            values={**values, "kind": line.kind},
            rows=rows,
            partial=partial,
        )
        return self.answer(saved)

    def _checked(self, request: Request, *instance: L, partial: bool = False) -> LineSerializer[L]:
        serializer: Any = self.get_serializer(*instance, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer  # type: ignore[no-any-return]

    def _act(self, wanted: LineAction, **options: Any) -> Response:
        line = self.get_object()
        services.change_line(actor=self.person, model=self.model, line_id=line.pk, action=wanted, **options)
        return self.answer(line)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand the line in to the open round of its chain."""
        return self._act(LineAction.SUBMIT)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Find the line right, as its chain's office or its city's task force."""
        return self._act(LineAction.VERIFY)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Return the line to its firm with the reason."""
        return self._act(LineAction.RETURN, reason=read_body(ReasonSerializer, request)["reason"])

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the line out of the list; it keeps its number and history."""
        return self._act(LineAction.WITHDRAW)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring a withdrawn line back as a draft."""
        return self._act(LineAction.RESTORE)

    @extend_schema(request=ConfirmSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that the line still holds."""
        wanted = read_body(ConfirmSerializer, request)
        return self._act(LineAction.CONFIRM, valid_until=wanted.get("valid_until"))

    @extend_schema(responses=LineEventSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def events(self, request: Request, pk: str) -> Response:
        """What happened to the line, newest first."""
        line = self.get_object()
        return Response(LineEventSerializer(line.events.select_related("actor"), many=True).data)


@extend_schema_view(
    create=extend_schema(examples=examples.of_line(examples.DEMAND)),
    copy=extend_schema(responses={201: DemandLineSerializer}),
)
class DemandLineView(LineView[DemandLine]):
    """What leader firms need."""

    queryset = DemandLine.objects.none()
    serializer_class = DemandLineSerializer
    rows = DemandLineSerializer.ROWS
    model = DemandLine
    owner = OrganisationKind.LEADER_FIRM


@extend_schema_view(
    create=extend_schema(examples=examples.of_line(examples.SUPPLY)),
    copy=extend_schema(responses={201: SupplyLineSerializer}),
)
class SupplyLineView(LineView[SupplyLine]):
    """What member firms can deliver."""

    queryset = SupplyLine.objects.none()
    serializer_class = SupplyLineSerializer
    rows = SupplyLineSerializer.ROWS
    model = SupplyLine
    owner = OrganisationKind.MEMBER_FIRM
