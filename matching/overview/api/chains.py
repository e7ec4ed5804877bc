"""Figures of each chain, from what a person may see."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching.chains.api import ChainSerializer
from matching.http.views import PersonMixin
from matching.overview.queries import chain_figures


def _counts(words: str) -> serializers.DictField:
    return serializers.DictField(child=serializers.IntegerField(), help_text=words)


class ChainFiguresSerializer(serializers.Serializer[Any]):
    """Figures of one chain, from what the caller may see."""

    chain = ChainSerializer()
    demand = _counts("Demand lines by state.")
    supply = _counts("Supply lines by state.")
    matches = serializers.IntegerField(help_text="Offices: of the newest run. Firms: one's own, published.")
    allocated = serializers.IntegerField(help_text="Matches that got a quantity.")
    gaps = serializers.IntegerField(help_text="Demand lines that stay open in the newest run.")
    reviews = _counts("Reviews by state.")
    meetings = _counts("Signing meetings by state.")


class OverviewView(PersonMixin, ViewSet):
    """Figures of every chain that the person's roles reach."""

    @extend_schema(responses=ChainFiguresSerializer(many=True))
    def list(self, request: Request) -> Response:
        """One row a chain."""
        return Response(ChainFiguresSerializer(chain_figures(self.person), many=True).data)
