"""The few columns of a line that change often, to be written where the line stands in its list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from matching import kinds
from matching.lists.forms.fields import AmountField, date_input
from matching.lists.forms.writing import plain
from matching.lists.models import DemandLine, SupplyLine

QUICK: dict[type[Any], tuple[str, ...]] = {
    DemandLine: ("title", "quantity", "unit", "period", "price_ceiling", "valid_until"),
    SupplyLine: (
        *("title", "free_capacity", "capacity", "unit"),
        *("price_low", "price_high", "valid_until"),
    ),
}


class QuickForm(forms.Form):
    """Columns of a stored line, and when the writer saw it; every field of it has its label."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, line: Any) -> None:
        self.line = line
        super().__init__(data, prefix="quick")
        side = "need" if isinstance(line, DemandLine) else "offer"
        used = set(kinds.get(line.kind).columns(side))
        self.names = [name for name in QUICK[type(line)] if name in used]
        for name in self.names:
            self.fields[name] = _field(line, name)
        self.fields[self.names[0]].widget.attrs["autofocus"] = True
        self.initial["seen"] = line.updated_at.isoformat()

    def values(self) -> dict[str, Any]:
        """Columns for ``services.save_line``."""
        return {"kind": self.line.kind, **{name: self.cleaned_data[name] for name in self.names}}

    def show_problems(self, problems: Any) -> None:
        """Put what ``services`` refused at its field, or above all where it stands in the full form."""
        for name, texts in problems.items():
            self.add_error(name if name in self.fields else None, list(texts))

    def show_newer(self, line: Any) -> None:
        """What was typed stays; beside it stands what somebody else has stored, and a second try wins."""
        self.line = line
        # A QueryDict's own values are lists, so it is copied by its items.
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): line.updated_at.isoformat()}
        for name in self.names:
            stored = _in_words(line, name)
            if stored != _in_words(line, name, self.cleaned_data.get(name)):
                self[name].help_text = _lazy("Stored now: %(value)s") % {"value": stored or "—"}


def _field(line: Any, name: str) -> forms.Field:
    column = line._meta.get_field(name)
    written = {"form_class": AmountField} if isinstance(column, models.DecimalField) else {}
    field: forms.Field = column.formfield(**written)
    field.initial = getattr(line, name)
    if isinstance(field, forms.DateField):
        field.widget = date_input()
    if isinstance(field.initial, Decimal):
        field.initial = plain(field.initial)
    look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
    field.widget.attrs.update({"class": f"{look} {look}-sm"})
    if name == "unit":
        field.widget.attrs["list"] = "units"
    return field


_STORED = object()


def _in_words(line: Any, name: str, value: Any = _STORED) -> str:
    shown = getattr(line, name) if value is _STORED else value
    if isinstance(shown, Decimal):
        return plain(shown)
    choices = dict(line._meta.get_field(name).flatchoices)
    return "" if shown is None else str(choices.get(shown, shown))
