"""Specification texts as typed requirements; nothing is stored."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from accounts.bodies import Body
from matching.chains.models import Chain
from matching.chains.queries import glossary_for
from matching.engine.specs import parse_specification, requirement_records, rest_records
from matching.engine.text import index_glossary
from matching.http.views import PersonMixin
from matching.lists.models import Requirement as WantedRow

LONGEST = 10_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class SpecificationSerializer(Body):
    """A text as people write it; ``chain`` names whose glossary is used beside the built-in one."""

    text = serializers.CharField(max_length=LONGEST, allow_blank=True, trim_whitespace=False)
    chain = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")

    def validate_chain(self, code: str) -> str:
        """A mistyped chain would silently read without its glossary."""
        if code and not Chain.objects.filter(pk=code).exists():
            raise serializers.ValidationError(_("There is no such chain."), code="does_not_exist")
        return code


class SpanSerializer(serializers.Serializer[Any]):
    """A piece of the text: characters ``span[0]`` up to and without ``span[1]``."""

    span = serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2)
    text = serializers.CharField()


class ParsedRequirementSerializer(SpanSerializer):
    """A requirement; ``low`` and ``high`` are exact numbers in ``unit``, the base unit of their dimension."""

    parameter = serializers.CharField(allow_blank=True, help_text="Empty where the text names none.")
    operator = serializers.ChoiceField(choices=WantedRow._meta.get_field("operator").choices or ())
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    unit_written = serializers.CharField(allow_blank=True, help_text="The unit as it stands in the text.")
    values = serializers.ListField(child=serializers.CharField(), help_text="Words: grades, standards …")
    hard = serializers.BooleanField(help_text="False where the text only wishes (优先, should).")


class ParsedSpecificationSerializer(serializers.Serializer[Any]):
    """What was understood, and what was not."""

    requirements = ParsedRequirementSerializer(many=True)
    rest = SpanSerializer(many=True)


class RequirementTextView(PersonMixin, ViewSet):
    """Reading of free text."""

    @extend_schema(request=SpecificationSerializer, responses=ParsedSpecificationSerializer)
    @action(detail=False, methods=["post"])
    def parse(self, request: Request) -> HttpResponse:
        """Requirements that a specification text states, as `manage.py parse_requirements` finds them."""
        serializer = SpecificationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        text, chain = serializer.validated_data["text"], serializer.validated_data["chain"]
        glossary = index_glossary(glossary_for(chain))
        found = parse_specification(text, glossary)
        body = {
            "requirements": requirement_records(text, found, glossary),
            "rest": rest_records(text, found),
        }
        # Decimals as JSON numbers with all their digits, as the command writes them.
        return HttpResponse(_ENCODER.encode(body), content_type="application/json")
