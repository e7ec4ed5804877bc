"""The figures of the overview: of all chains of an office, or of one chain by city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from matching.agreements.amounts import Kind, Total
from matching.chains.models import Chain
from matching.errors import Forbidden
from matching.http.options import Options
from matching.http.views import Number, PersonMixin
from matching.lists.models import Round
from matching.overview import access, queries
from matching.overview.figures import Figures, read
from matching.overview.queries import Coverage, LeaderFirm, Node, Point, Quantity


class ScopeOptions(Options):
    """Which figures."""

    chain = serializers.CharField(required=False, max_length=40, help_text="Chain code; then by city.")
    city = serializers.RegexField(
        r"^[1-9][0-9]{3}$", required=False, help_text="Four digits of a GB/T 2260 code."
    )
    round = serializers.CharField(
        required=False, max_length=80, help_text="Name of a round; absent: the newest runs."
    )

    def validate_chain(self, code: str) -> Chain:
        """One of the person's own chains."""
        found: Chain | None = access.overview_chains(self.context["user"]).filter(pk=code).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such chain."), code="does_not_exist")
        return found

    def validate_round(self, name: str) -> str:
        """A round that the person sees."""
        if not Round.objects.visible_to(self.context["user"]).filter(name=name).exists():
            raise serializers.ValidationError(_("There is no such round."), code="does_not_exist")
        return name


class CoverageSerializer(serializers.Serializer[Coverage]):
    """``covered`` of ``demands`` lines have an offer that meets every hard condition."""

    demands = serializers.IntegerField()
    covered = serializers.IntegerField()


class QuantitySerializer(serializers.Serializer[Quantity]):
    """Of one family of units, a month."""

    unit = serializers.CharField()
    agreed = Number(max_digits=30, decimal_places=4)
    allocated = Number(max_digits=30, decimal_places=4)
    unmet = Number(max_digits=30, decimal_places=4)
    lines = serializers.IntegerField(help_text="Demand lines and pairs that stand behind it.")


class PointSerializer(serializers.Serializer[Point]):
    """A round, or rounds of one name in several chains."""

    name = serializers.CharField()
    coverage = CoverageSerializer()
    matches = serializers.IntegerField()
    gaps = serializers.IntegerField()


class PlaceSerializer(serializers.Serializer[Any]):
    """A place in the chain with what it and everything below it holds."""

    code = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="Code of the place above."
    )
    name = serializers.CharField()
    coverage = CoverageSerializer()
    supplies = serializers.IntegerField()


def _cny(name: str) -> Number:
    where = f"{name}.value"
    return Number(
        source=where, max_digits=20, decimal_places=2, allow_null=True, default=None, help_text="CNY."
    )


class AgreedSerializer(serializers.Serializer[Total]):
    """Agreements of one kind. Amounts of different kinds, with and without tax, are not to be added up."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    count = serializers.IntegerField()
    with_tax = _cny("with_tax")
    without_tax = _cny("without_tax")
    open = serializers.IntegerField(help_text="Of these, without an amount.")


class LeaderFirmSerializer(serializers.Serializer[LeaderFirm]):
    """How far a leader firm's demand has come."""

    firm = serializers.UUIDField()
    name = serializers.CharField()
    accepted = serializers.IntegerField(help_text="Accepted pairs.")
    delivered = serializers.IntegerField()
    agreed = AgreedSerializer(source="kinds", many=True)


def _by_state(words: str) -> serializers.DictField:
    counts = serializers.DictField(child=serializers.IntegerField())
    return serializers.DictField(child=counts, help_text=words)


@extend_schema_serializer(many=False)
class FiguresSerializer(serializers.Serializer[Figures]):
    """Groups are chains, or cities where one chain is asked for."""

    names = serializers.DictField(child=serializers.CharField(), help_text="Names of the groups.")
    demand = _by_state("Demand lines by group and state.")
    supply = _by_state("Supply lines by group and state.")
    leader_firms = serializers.IntegerField()
    member_firms = serializers.IntegerField()
    covered = CoverageSerializer()
    coverage = serializers.DictField(child=CoverageSerializer(), help_text="By group.")
    stages = serializers.DictField(
        child=serializers.IntegerField(), help_text="Demand lines that have come to each step."
    )
    quantities = QuantitySerializer(many=True)
    gaps = serializers.DictField(child=serializers.IntegerField(), help_text="Demand lines by type of gap.")
    rounds = PointSerializer(source="points", many=True, help_text="The last rounds, oldest first.")
    agreed = AgreedSerializer(
        source="kinds", many=True, help_text="Agreements in force, each kind by itself."
    )
    leaders = LeaderFirmSerializer(
        many=True, help_text="Leader firms with accepted pairs; whole chains only."
    )
    places = serializers.SerializerMethodField(help_text="Of the chain asked for, as a tree in rows.")

    @extend_schema_field(PlaceSerializer(many=True))
    def get_places(self, figures: Figures) -> Any:
        """Each place after the one above it."""
        return PlaceSerializer(list(_places(figures.streams)), many=True).data


def _places(nodes: Iterable[Node], parent: str | None = None) -> Iterator[dict[str, Any]]:
    for each in nodes:
        held = {"coverage": each.coverage, "supplies": each.supplies}
        yield {"code": each.node.code, "parent": parent, "name": each.node.name, **held}
        yield from _places(each.children, each.node.code)


class FiguresView(PersonMixin, ViewSet):
    """What the overview shows, for offices."""

    @extend_schema(parameters=[ScopeOptions], responses=FiguresSerializer)
    def list(self, request: Request) -> Response:
        """Lines, coverage, stages, quantities, gaps and the last rounds of your chains."""
        if not access.sees_overview(self.person):
            raise Forbidden(_("Only offices see figures of whole chains."), code="not_office")
        asked = ScopeOptions.of(request, user=self.person)
        named = {"city": asked.get("city", ""), "round_": asked.get("round", "")}
        scope = queries.scope_of(self.person, chain=asked.get("chain"), **named)
        return Response(FiguresSerializer(read(scope)).data)
