"""Bodies: what requests may not say is refused, never ignored; what an answer stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.settings import api_settings

NON_FIELD_ERRORS = api_settings.NON_FIELD_ERRORS_KEY


class Strict:
    """Mixed into serializers: a name that is no field is an error. What is only read may be sent back."""

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises ``ValidationError`` for unknown names together with all other faults."""
        known: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]
        if not isinstance(data, Mapping):
            told = {NON_FIELD_ERRORS: [_("An object is expected here.")]}
            raise serializers.ValidationError(told, code="not_a_dict")
        unknown = [name for name in data if name not in known]
        try:
            values = super().to_internal_value(data)  # type: ignore[misc]
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            detail = {name: precise(known.get(name), told) for name, told in error.detail.items()}
            raise serializers.ValidationError({**detail, **_refused(unknown)}) from error
        if unknown:
            raise serializers.ValidationError(_refused(unknown))
        return values


def precise(field: Any, told: Any) -> Any:
    """The errors of a field, with codes that say of which type its value is none."""
    code = next((code for kinds, code in _PRECISE if isinstance(field, kinds)), None)
    if code is None or not isinstance(told, list):
        return told
    return [
        serializers.ErrorDetail(one, code) if getattr(one, "code", "") == "invalid" else one for one in told
    ]


_PRECISE = (
    ((serializers.DecimalField, serializers.IntegerField, serializers.FloatField), "invalid_number"),
    ((serializers.DateField, serializers.DateTimeField, serializers.TimeField), "invalid_date"),
    ((serializers.BooleanField,), "invalid_boolean"),
    ((serializers.UUIDField, serializers.PrimaryKeyRelatedField), "invalid_id"),
)


class Body(Strict, serializers.Serializer[Any]):
    """A body that is no model's."""


def _refused(names: list[str]) -> dict[str, Any]:
    told = serializers.ErrorDetail(_("There is no such field; leave it out."), code="unknown_field")
    return {name: [told] for name in names}


def represented(response: Response) -> Response:
    """An answer that says what GET of the object would say, so that it has the same ETag."""
    response.represents = True  # type: ignore[attr-defined]
    return response
