"""Parameters of an address that belong to no list: checked like a body, and refused where unknown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from matching.http.problems import OutsideBody


class Options(serializers.Serializer[Any]):
    """Base of such parameters."""

    @classmethod
    def of(cls, request: Request, **context: Any) -> dict[str, Any]:
        """What an address says. Raises ``ValidationError``."""
        asked = cls(data=request.query_params.dict(), context=context)
        if not asked.is_valid():
            raise OutsideBody(asked.errors)
        return dict(asked.validated_data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A parameter that is not offered is refused."""
        unknown = [_("Unknown parameter; known are: %(known)s.") % {"known": ", ".join(sorted(self.fields))}]
        if names := self.initial_data.keys() - self.fields.keys():
            raise serializers.ValidationError(dict.fromkeys(names, unknown), code="unknown_parameter")
        return attrs
