"""Agreements of accepted pairs."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from matching.agreements import queries, services
from matching.agreements.amounts import Kind
from matching.agreements.api.serializers import (
    AgreementDetailSerializer,
    AgreementSerializer,
    CorrectSerializer,
    StateSerializer,
)
from matching.agreements.models import Agreement
from matching.agreements.states import AgreementAction, AgreementState
from matching.downloads import plain_table
from matching.http.exports import ROWS_ACCEPTED, FormOptions, rows_described
from matching.http.filters import Ordering
from matching.http.views import ReadOnlyRecords, ReasonSerializer
from matching.kinds import Label
from matching.review.models import Review
from matching.sheets.results import AGREEMENTS

TITLE = Label("合作进展清单", "Agreements")
CONTRACT = {
    "review": "6f1d6a3e-6f0e-4c7f-8b55-2d7c3b9a1e10",
    "kind": "contract",
    "amount": "1280000.00",
    "tax_included": True,
    "quantity": "120000",
    "unit": "片",
    "signed_on": "2026-11-20",
    "deliver_from": "2027-01-01",
    "deliver_until": "2027-06-30",
    "number": "HT-2026-118",
}


class AgreementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of agreements."""

    chain = django_filters.CharFilter(field_name="review__demand__chain_id", max_length=40)
    review = django_filters.UUIDFilter(field_name="review_id")
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    state = django_filters.ChoiceFilter(choices=AgreementState.choices)
    signed_after = django_filters.DateFilter(field_name="signed_on", lookup_expr="gte")
    signed_before = django_filters.DateFilter(field_name="signed_on", lookup_expr="lte")
    ordering = Ordering(fields=(("signed_on", "signed_on"), ("created_at", "created_at")))


class AgreementView(ReadOnlyRecords[Agreement]):
    """Agreements of an office's chains, or of one's own firm."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementDetailSerializer
    filterset_class = AgreementFilter

    def visible(self) -> QuerySet[Agreement]:
        """Visible agreements, the newest first."""
        rows = queries.agreements(self.person)
        return rows if self.action in ("list", "export") else queries.whole(rows)

    def get_serializer_class(self) -> Any:
        """Lists leave versions, steps and files out."""
        return AgreementSerializer if self.action == "list" else AgreementDetailSerializer

    @extend_schema(
        request=StateSerializer,
        responses={201: AgreementDetailSerializer},
        examples=[OpenApiExample("A contract", CONTRACT, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """State what was agreed on, as one of the two firms or as the chain's office."""
        wanted = StateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        terms = dict(wanted.validated_data)
        review = get_object_or_404(Review.objects.visible_to(self.person), pk=terms.pop("review"))
        kind = Kind(terms.pop("kind"))
        stated = services.state_agreement(actor=self.person, review_id=review.pk, kind=kind, terms=terms)
        return self.answer(stated, status=201)

    @extend_schema(request=CorrectSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Propose other terms; those that were confirmed stay in force until these are."""
        agreement = self.get_object()
        wanted = CorrectSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        terms = dict(wanted.validated_data)
        reason = terms.pop("reason")
        services.correct(actor=self.person, agreement_id=agreement.pk, terms=terms, reason=reason)
        return self.answer(agreement)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm what the other side has stated."""
        return self._act(request, AgreementAction.CONFIRM)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str) -> Response:
        """Say with a reason that it is not so."""
        return self._act(request, AgreementAction.DISPUTE)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back what one's own side has stated."""
        return self._act(request, AgreementAction.WITHDRAW)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def annul(self, request: Request, pk: str) -> Response:
        """Strike out, with a reason, what was recorded by mistake, as the chain's office or department."""
        return self._act(request, AgreementAction.ANNUL)

    @rows_described("Both lines with their firms, and the agreement; a column an amount's kind.")
    @action(detail=False, filterset_class=None, filter_backends=(), renderer_classes=ROWS_ACCEPTED)
    def export(self, request: Request) -> HttpResponse:
        """All agreements that you may see, as JSON or CSV."""
        form = FormOptions.of(request)["form"]
        return plain_table(form, AGREEMENTS, queries.agreement_rows(self.visible()), TITLE, "")

    def _act(self, request: Request, wanted: AgreementAction) -> Response:
        agreement = self.get_object()
        reason = ReasonSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        services.act(
            actor=self.person,
            agreement_id=agreement.pk,
            action=wanted,
            reason=reason.validated_data["reason"],
        )
        return self.answer(agreement)
