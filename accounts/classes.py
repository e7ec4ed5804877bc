"""What each column of each model is to outsiders: declared once, read wherever something is withheld.

Audit, exports, staged disclosure and the tests of leaks ask here. ``accounts.declared`` and
``matching.declared`` hold the tables; a column that no table names counts as secret, and fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldClass(models.TextChoices):
    """Who may learn a column's value, beside the firm or the person that it is about."""

    PUBLIC = "public", _("public")
    """Everybody: the programme's own, no firm's."""
    CHAIN = "chain", _("of the chain")
    """Offices of the chain; firms of the chain without the firm's name."""
    PARTY = "party", _("of both parties")
    """Offices of the chain; the other firm of a pair, from the office's shortlist on."""
    SECRET = "secret", _("secret")
    """The chain's office for the firm's region; what opens an account: nobody."""
    PERSONAL = "personal", _("personal")
    """Offices of the chain; the other firm of a pair once both have said yes."""


Declared = Mapping[str, Mapping[str, str]]
"""Model → class → names of its concrete fields, blank-separated."""

_CLASSES: dict[str, dict[str, FieldClass]] = {}


def declare(app: str, models_: Declared) -> None:
    """Install an app's table; called before its models are loaded.

    Raises ``ValueError`` for an unknown class and for a field that has two.
    """
    for model, named in models_.items():
        table: dict[str, FieldClass] = {}
        for class_, fields in named.items():
            for name in fields.split():
                if name in table:
                    raise ValueError(f"{app}.{model}.{name} has two classes")
                table[name] = FieldClass(class_)
        _CLASSES[f"{app}.{model}"] = table


def declared(model: type[models.Model]) -> Mapping[str, FieldClass]:
    """What is declared of a model, by field; empty where nothing is."""
    return _CLASSES.get(model._meta.label, {})


def class_of(field: models.Field[Any, Any]) -> FieldClass:
    """A concrete field's class; secret where nobody declared it."""
    return declared(field.model).get(field.name, FieldClass.SECRET)


def fields_of(model: type[models.Model], *classes: FieldClass) -> frozenset[str]:
    """Names of a model's concrete fields of these classes."""
    return frozenset(field.name for field in model._meta.concrete_fields if class_of(field) in classes)


def secret_columns(model: type[models.Model]) -> frozenset[str]:
    """Database columns that leave no copy outside their table (audit, feeds, logs): secret and personal.

    Personal ones too, so that erasing a person leaves nothing behind.
    """
    withheld = (FieldClass.SECRET, FieldClass.PERSONAL)
    return frozenset(
        str(field.column) for field in model._meta.concrete_fields if class_of(field) in withheld
    )
