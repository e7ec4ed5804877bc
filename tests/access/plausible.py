"""Names and plausible values of every column: what somebody would try who guesses at the tables."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

_BY_TYPE: tuple[tuple[type[Any], Any], ...] = (
    (models.BooleanField, True),
    (models.DecimalField, "7"),
    (models.IntegerField, 7),
    (models.DateTimeField, "2030-01-01T00:00:00+08:00"),
    (models.DateField, "2030-01-01"),
    (models.TimeField, "09:00"),
    (models.JSONField, {}),
    (ArrayField, []),
)


def columns() -> dict[str, Any]:
    """A value for each column of ours by its names, ids of rows that exist where it refers to some."""
    found: dict[str, Any] = {"pk": 1}
    for label in ("accounts", "matching"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                value = _value(field)
                for name in {field.name, field.attname}:
                    found.setdefault(name, value)
    return found


def _value(field: Any) -> Any:
    if field.is_relation:
        row = field.related_model._base_manager.order_by("pk").last()
        return None if row is None else str(row.pk)
    if field.flatchoices:
        return field.flatchoices[-1][0]
    return next((value for kind, value in _BY_TYPE if isinstance(field, kind)), "x")
