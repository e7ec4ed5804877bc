"""Every column of every model of ours has a class, and what is withheld follows from it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from accounts import classes
from accounts.classes import FieldClass
from accounts.models import User
from matching.lists.access import SECRET_FIELDS
from matching.lists.models import DemandLine, SupplyLine


def _undeclared(models_: list[type[models.Model]]) -> set[str]:
    return {
        f"{model.__name__}.{name}"
        for model in models_
        for name in {field.name for field in model._meta.concrete_fields} ^ set(classes.declared(model))
    }


def test_every_concrete_field_is_classified_and_nothing_else_is() -> None:
    ours = [model for app in ("accounts", "matching") for model in apps.get_app_config(app).get_models()]
    assert _undeclared(ours) == set()


def test_a_field_without_a_class_is_found_and_counts_as_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(classes.declared(DemandLine))
    del table["quantity"]
    monkeypatch.setitem(classes._CLASSES, "matching.DemandLine", table)
    assert _undeclared([DemandLine]) == {"DemandLine.quantity"}
    assert classes.class_of(DemandLine._meta.get_field("quantity")) == FieldClass.SECRET
    assert "quantity" in classes.secret_columns(DemandLine)


def test_a_field_has_one_class() -> None:
    with pytest.raises(ValueError, match="two classes"):
        classes.declare("nowhere", {"Line": {"chain": "a b", "secret": "b"}})


def test_trade_secrets_and_persons_leave_no_copy() -> None:
    assert SECRET_FIELDS[DemandLine] == {"price_ceiling"}
    assert SECRET_FIELDS[SupplyLine] == {"price_low", "price_high", "free_capacity", "committed"}
    assert classes.secret_columns(DemandLine) == {"price_ceiling", "contact_name", "contact_phone"}
    assert {"password", "email", "phone"} <= classes.secret_columns(User)
