"""Typed rows of a line, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.queries import glossary_for
from matching.engine import types
from matching.engine.values import parse_property, parse_requirement
from matching.lists.forms.fields import SMALL, date_input
from matching.lists.forms.writing import written
from matching.lists.models import Line, Property, Requirement

BLANK_ROWS = 3
MAX_ROWS = 60


class _ValueRow(forms.Form):
    parameter = forms.CharField(
        label=_lazy("parameter"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={**SMALL, "list": "parameters"}),
    )
    value = forms.CharField(
        label=_lazy("value"), max_length=200, required=False, widget=forms.TextInput(attrs=SMALL)
    )

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        cleaned = dict(super().clean() or {})
        if bool(cleaned.get("parameter")) != bool(cleaned.get("value")) and not self.errors:
            missing = "value" if cleaned.get("parameter") else "parameter"
            self.add_error(missing, _("Write both the parameter and its value."))
        return cleaned

    @property
    def is_blank(self) -> bool:
        """Whether the row was left empty."""
        return not self.cleaned_data.get("parameter")


class RequirementRow(_ValueRow):
    """A requirement: a parameter and what is asked of it, as people write it."""

    hard = forms.TypedChoiceField(
        label=_lazy("weight"),
        choices=[("must", _lazy("must")), ("wish", _lazy("wish"))],
        coerce=lambda text: text == "must",
        empty_value="must",
        required=False,
        initial="must",
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )


class PropertyRow(_ValueRow):
    """A property: a parameter and what the offer states about it."""


class CertificateRow(forms.Form):
    """A certificate with its number and expiry."""

    name = forms.CharField(
        label=_lazy("certificate"), max_length=80, required=False, widget=forms.TextInput(attrs=SMALL)
    )
    number = forms.CharField(
        label=_lazy("number"), max_length=80, required=False, widget=forms.TextInput(attrs=SMALL)
    )
    expires = forms.DateField(label=_lazy("expires"), required=False, widget=date_input(**SMALL))

    def clean(self) -> dict[str, Any]:
        """A number or date needs a name."""
        cleaned = dict(super().clean() or {})
        if not cleaned.get("name") and (cleaned.get("number") or cleaned.get("expires")):
            self.add_error("name", _("Name the certificate."))
        return cleaned

    @property
    def is_blank(self) -> bool:
        """Whether the row was left empty."""
        return not self.cleaned_data.get("name")


def understood_requirement(parameter: str, value: str, chain: str, *, hard: bool = True) -> types.Requirement:
    """A typed requirement as the engine reads it, with the chain's units."""
    return parse_requirement(parameter, value, hard=hard, aliases=_aliases(chain))


def understood_property(parameter: str, value: str, chain: str) -> types.Property:
    """A stated property as the engine reads it, with the chain's units."""
    return parse_property(parameter, value, aliases=_aliases(chain))


def _aliases(chain: str) -> Any:
    return dict(glossary_for(chain).units) if chain else {}


def requirement_values(
    rows: Iterable[Mapping[str, Any]], chain: str, known: Mapping[tuple[str, str], Requirement | Property]
) -> list[dict[str, Any]]:
    aliases = _aliases(chain)
    return [
        {
            **_numbers(
                known.get((row["parameter"], row["value"]))
                or parse_requirement(row["parameter"], row["value"], aliases=aliases)
            ),
            "hard": bool(row["hard"]),
        }
        for row in rows
    ]


def property_values(
    rows: Iterable[Mapping[str, Any]], chain: str, known: Mapping[tuple[str, str], Requirement | Property]
) -> list[dict[str, Any]]:
    aliases = _aliases(chain)
    return [
        _numbers(
            known.get((row["parameter"], row["value"]))
            or parse_property(row["parameter"], row["value"], aliases=aliases)
        )
        for row in rows
    ]


def _numbers(row: Any) -> dict[str, Any]:
    values = {
        "parameter": row.parameter,
        "low": row.low,
        "high": row.high,
        "values": list(row.values),
        "unit": row.unit,
    }
    if hasattr(row, "operator"):
        values["operator"] = str(row.operator)
    if hasattr(row, "tolerance"):
        values["tolerance"] = row.tolerance
    return values


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """Child rows of a line on its form: which form, how to show and how to read them."""

    name: str
    form: type[forms.Form]
    initial: Callable[[Any], dict[str, Any]]

    def formset(self, data: Any, line: Line | None, begun: str = "") -> Any:
        """The rows that a line has, one with the name ``begun`` where it has none, and a few blank ones."""
        factory = forms.formset_factory(
            self.form, extra=BLANK_ROWS if data is None else 0, max_num=MAX_ROWS, validate_max=True
        )
        existing = [] if line is None else [self.initial(row) for row in getattr(line, self.name).all()]
        first = next(iter(self.form.base_fields))
        if begun and all(row[first] != begun for row in existing):
            existing.append({first: begun})
        return factory(data, initial=existing, prefix=self.name)

    def blank(self, number: int) -> forms.Form:
        """One more blank row."""
        return self.form(prefix=f"{self.name}-{number}")


REQUIREMENTS = RowsSpec(
    "requirements",
    RequirementRow,
    lambda row: {"parameter": row.parameter, "value": written(row), "hard": "must" if row.hard else "wish"},
)
PROPERTIES = RowsSpec(
    "properties", PropertyRow, lambda row: {"parameter": row.parameter, "value": written(row)}
)
CERTIFICATES = RowsSpec(
    "certificates",
    CertificateRow,
    lambda row: {"name": row.name, "number": row.number, "expires": row.expires},
)
ROWS = {spec.name: spec for spec in (REQUIREMENTS, PROPERTIES, CERTIFICATES)}


def filled(formset: Any) -> list[Any]:
    """Forms of a formset that are not blank."""
    return [form for form in formset.forms if not form.is_blank]
