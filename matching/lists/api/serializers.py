"""Lines, rounds and attachments as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.bodies import Body
from matching import kinds
from matching.chains.models import Chain, ChainNode
from matching.engine.types import Property as StatedValue
from matching.engine.types import Requirement as WantedValue
from matching.engine.values import parse_property, parse_requirement
from matching.http.views import FirmSerializer, RecordSerializer, many
from matching.lists import access
from matching.lists.models import (
    Certificate,
    DemandLine,
    Line,
    LineEvent,
    Property,
    Requirement,
    SupplyLine,
)
from matching.lists.queries.seen import saw_whole
from matching.lists.states import LineAction

MAX_ROWS = 200
MAX_LINES = 10_000
L = TypeVar("L", DemandLine, SupplyLine)
# A list that leaves these out keeps them: their defaults depend on the day or on nobody.
_KEPT = {"valid_until", "kind", "key", "chain", "attributes"}


class ValueRow(RecordSerializer[Any]):
    """A row whose value may be typed, or written as people write it in ``text``."""

    text = serializers.CharField(
        write_only=True,
        required=False,
        max_length=200,
        help_text="The value as written, for example “3±0.1mm”; read where no typed value is given.",
    )
    values = serializers.ListField(
        child=serializers.CharField(max_length=120), required=False, max_length=MAX_ROWS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read ``text`` and fill in what was left out, so that equal rows are equal.

        A row is written whole, also where its line is written in part.
        """
        if "parameter" not in attrs:
            told = self.fields["parameter"].error_messages["required"]
            raise serializers.ValidationError({"parameter": [told]}, code="required")
        text = attrs.pop("text", "")
        if text and not {"operator", "low", "high", "values"} & attrs.keys():
            attrs |= dataclasses.asdict(self.read(attrs, text))
            attrs["values"] = list(attrs["values"])
        return {**_defaults(self.Meta.model, self._columns()), **attrs}

    def read(self, attrs: Mapping[str, Any], text: str) -> WantedValue | StatedValue:
        """The typed value of a written one."""
        raise NotImplementedError

    def _columns(self) -> set[str]:
        return {name for name in self.Meta.fields if name != "text"}

    class Meta:
        model: type[models.Model]
        fields: tuple[str, ...]


class RequirementSerializer(ValueRow):
    """A technical condition; ``hard`` ones gate, others score."""

    class Meta:
        model = Requirement
        fields = ("parameter", "operator", "low", "high", "values", "unit", "hard", "text")

    def read(self, attrs: Mapping[str, Any], text: str) -> WantedValue:
        """“≥690MPa” is at least 690 in MPa."""
        return parse_requirement(attrs["parameter"], text, hard=attrs.get("hard", True))


class PropertySerializer(ValueRow):
    """What a firm states about one parameter."""

    class Meta:
        model = Property
        fields = ("parameter", "low", "high", "values", "unit", "tolerance", "text")

    def read(self, attrs: Mapping[str, Any], text: str) -> StatedValue:
        """“≥690MPa” has no high end."""
        return parse_property(attrs["parameter"], text)


class CertificateSerializer(RecordSerializer[Certificate]):
    """A certificate with its number and expiry."""

    class Meta:
        model = Certificate
        fields = ("name", "number", "expires")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in what was left out."""
        return {**_defaults(Certificate, set(self.Meta.fields)), **attrs}


def _defaults(model: type[models.Model], columns: set[str]) -> dict[str, Any]:
    return {field.name: field.get_default() for field in model._meta.concrete_fields if field.name in columns}


class VisibleDemand(serializers.PrimaryKeyRelatedField[DemandLine]):
    """A demand line that the person may see; others do not exist."""

    def get_queryset(self) -> models.QuerySet[DemandLine]:
        """Visible demand lines."""
        return DemandLine.objects.visible_to(self.context["request"].user)


class LineSerializer(RecordSerializer[L]):
    """What both lists share. The firm may be left out where the person acts for one only."""

    ROWS: tuple[str, ...] = ()

    organisation = serializers.UUIDField(
        required=False, source="organisation_id", help_text="Firm; absent: the only one you act for."
    )
    firm = FirmSerializer(source="organisation", read_only=True)
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")
    key = serializers.CharField(
        max_length=40, required=False, help_text="The firm's own line number; absent: the next free one."
    )
    chain = serializers.PrimaryKeyRelatedField(queryset=Chain.objects.all(), help_text="Chain code.")
    node = serializers.CharField(
        source="node.code",
        required=False,
        allow_null=True,
        max_length=60,
        help_text="Code of a node of that chain.",
    )
    attributes = serializers.DictField(
        required=False, help_text="The kind's own fields; see the declared kinds."
    )
    actions = serializers.SerializerMethodField(help_text="What you may do with the line now.")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=LineAction.choices)))
    def get_actions(self, line: Line) -> list[str]:
        """Actions that role and state allow."""
        return [action.value for action in access.actions(self.person, line)]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without the trade secrets that the reader may not see."""
        shown: dict[str, Any] = super().to_representation(instance)
        saw_whole(self.person, instance)
        if not access.sees_secrets(self.person, instance):
            for name in access.SECRET_FIELDS[type(instance)]:
                shown.pop(name, None)
        return shown

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Resolve the node within its chain. Key, kind and firm of a stored line stay."""
        if self.instance is not None:
            for name in ("organisation_id", "kind", "key"):
                attrs.pop(name, None)
        if "node" in attrs:
            chain = attrs.get("chain") or getattr(self.instance, "chain", None) or self.context.get("chain")
            attrs["node"] = self._node(chain, attrs["node"]["code"])
        return attrs

    def _node(self, chain: Chain | None, code: str | None) -> ChainNode | None:
        if not code or chain is None:
            return None
        nodes = cast(dict[str, Any], self.context).setdefault("nodes", {})
        if chain.pk not in nodes:
            nodes[chain.pk] = {node.code: node for node in chain.nodes.all()}
        if code not in nodes[chain.pk]:
            raise serializers.ValidationError(
                {"node": _("The chain has no node “%(code)s”.") % {"code": code}}, code="does_not_exist"
            )
        found: ChainNode = nodes[chain.pk][code]
        return found

    def content(self, data: dict[str, Any], *, whole: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        """Columns and child rows as ``services.save_line`` takes them; a whole line has them all."""
        data = {name: value for name, value in data.items() if name not in ("organisation_id", "key")}
        rows = {name: data.pop(name) for name in self.ROWS if name in data}
        if whole:
            written = {
                name for name, field in self.fields.items() if not field.read_only and name not in self.ROWS
            }
            data = {
                **_defaults(self.Meta.model, written - _KEPT - {"organisation"}),
                "attributes": {},
                **data,
            }
        return data, rows

    class Meta:
        model: type[Any]
        fields: tuple[str, ...]


HEAD = ("id", "organisation", "firm", "kind", "key", "chain", "node", "round", "state", "reason")
SHARED = ("title", "description", "category_code", "standards", "unit")
TAIL = ("contact_name", "contact_phone", "valid_until", "attributes")
STAMPS = ("submitted_at", "verified_at", "created_at", "updated_at", "actions")
READ_ONLY = ("id", "round", "state", "reason", "submitted_at", "verified_at", "created_at", "updated_at")
DEMAND = (
    *SHARED,
    *("drawing_no", "quantity", "period", "deliver_from", "deliver_until", "delivery_region"),
    *("delivery_place", "price_ceiling", "certificates", "regions", "region_required", "max_suppliers"),
    *("priority", "present_source", "import_substitution", "stage", "sample_required", "quality_clauses"),
    *("confidential", "responsible_department", "arose_from", "requirements"),
    *TAIL,
)
SUPPLY = (
    *SHARED,
    *("capacity", "capacity_basis", "free_capacity", "minimum_order", "lead_time", "lead_time_unit"),
    *("price_low", "price_high", "served_leaders", "export_limits", "first_of_kind"),
    *("properties", "certificates"),
    *TAIL,
)


class DemandLineSerializer(LineSerializer[DemandLine]):
    """A demand line. ``price_ceiling`` is left out for who may not see it."""

    ROWS = ("requirements",)

    arose_from = VisibleDemand(
        queryset=DemandLine.objects.none(),
        pk_field=serializers.UUIDField(),
        required=False,
        allow_null=True,
        help_text="The demand line that this need arose from.",
    )
    requirements = many(RequirementSerializer, required=False, max_length=MAX_ROWS)

    class Meta:
        model = DemandLine
        fields: tuple[str, ...] = (*HEAD, *DEMAND, *STAMPS)
        read_only_fields = READ_ONLY


class SupplyLineSerializer(LineSerializer[SupplyLine]):
    """A supply line. Prices and free capacity are left out for who may not see them."""

    ROWS = ("properties", "certificates")

    properties = many(PropertySerializer, required=False, max_length=MAX_ROWS)
    certificates = many(CertificateSerializer, required=False, max_length=MAX_ROWS)

    class Meta:
        model = SupplyLine
        fields: tuple[str, ...] = (*HEAD, *SUPPLY, "committed", *STAMPS)
        read_only_fields = (*READ_ONLY, "committed")


class DemandRowSerializer(DemandLineSerializer):
    """A line of a whole demand list."""

    key = serializers.CharField(max_length=40)

    class Meta(DemandLineSerializer.Meta):
        fields = ("key", "node", *DEMAND)


class SupplyRowSerializer(SupplyLineSerializer):
    """A line of a whole supply list."""

    key = serializers.CharField(max_length=40)

    class Meta(SupplyLineSerializer.Meta):
        fields = ("key", "node", *SUPPLY)


class WholeListSerializer(Body):
    """Which firm's list of which kind."""

    organisation = serializers.UUIDField(required=False, help_text="Firm; absent: the only one you act for.")
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")


class DemandListSerializer(WholeListSerializer):
    """A firm's whole demand list of a chain."""

    lines = many(DemandRowSerializer, max_length=MAX_LINES)


class SupplyListSerializer(WholeListSerializer):
    """A firm's whole supply list of a chain."""

    lines = many(SupplyRowSerializer, max_length=MAX_LINES)


class ListResultSerializer(serializers.Serializer[Any]):
    """Line numbers by what happened to them."""

    created = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.ListField(child=serializers.CharField())
    withdrawn = serializers.ListField(child=serializers.CharField())


class ConfirmSerializer(Body):
    """Until when the line holds; absent: half a year from today."""

    valid_until = serializers.DateField(required=False)


class LineEventSerializer(serializers.ModelSerializer[LineEvent]):
    """What happened to a line."""

    actor = serializers.StringRelatedField[Any](allow_null=True, help_text="Absent: the clock.")

    class Meta:
        model = LineEvent
        fields = ("action", "state", "reason", "actor", "created_at")
