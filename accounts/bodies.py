"""Bodies of requests: what they may not say is refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Strict:
    """Mixed into serializers: a name that is no field is an error. What is only read may be sent back."""

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises ``ValidationError`` for unknown names together with all other faults."""
        known: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]
        unknown = [name for name in data if name not in known] if isinstance(data, Mapping) else []
        try:
            values = super().to_internal_value(data)  # type: ignore[misc]
        except serializers.ValidationError as error:
            if not unknown or not isinstance(error.detail, dict):
                raise
            raise serializers.ValidationError({**error.detail, **_refused(unknown)}) from error
        if unknown:
            raise serializers.ValidationError(_refused(unknown))
        return values


class Body(Strict, serializers.Serializer[Any]):
    """A body that is no model's."""


def _refused(names: list[str]) -> dict[str, Any]:
    told = serializers.ErrorDetail(_("There is no such field; leave it out."), code="unknown_field")
    return {name: [told] for name in names}
