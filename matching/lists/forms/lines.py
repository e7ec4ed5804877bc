"""Forms of demand and supply lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Organisation
from matching import kinds
from matching.kinds import FieldType, KindField
from matching.lists.forms.choices import NodeChoices, preferred_regions, region_groups
from matching.lists.forms.fields import AmountField, WordsField, date_input
from matching.lists.forms.rows import (
    CERTIFICATES,
    PROPERTIES,
    REQUIREMENTS,
    RowsSpec,
    filled,
    property_values,
    requirement_values,
)
from matching.lists.forms.writing import plain, written
from matching.lists.models import DemandLine, SupplyLine


class LineForm(forms.ModelForm[Any]):
    """What both lists share; columns that the line's kind does not use are left out."""

    side: ClassVar[str]
    specs: ClassVar[tuple[RowsSpec, ...]]
    sections: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]]

    organisation = forms.ModelChoiceField(label=_lazy("firm"), queryset=Organisation.objects.none())
    standards = WordsField(label=_lazy("standards"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        firms: Sequence[Organisation],
        line: Any = None,
        kind: str = "product",
        chain: str = "",
        begun: Mapping[str, str] | None = None,
    ) -> None:
        self.line = line
        self.kind = kinds.get(line.kind if line else kind)
        self.firms = list(firms)
        initial = {"chain": chain} if chain and line is None else {}
        super().__init__(data, instance=self._copy(line), initial=initial)
        self.formsets = [spec.formset(data, line, (begun or {}).get(spec.name, "")) for spec in self.specs]
        self._choose_fields()
        self._prepare()

    def _copy(self, line: Any) -> Any:
        """Validation writes into its instance; the stored line stays as it is."""
        model = self._meta.model
        if line is None:
            return model(kind=self.kind.code)
        return model(**{field.attname: getattr(line, field.attname) for field in model._meta.concrete_fields})

    def _choose_fields(self) -> None:
        used = {*self.kind.columns(self.side), "key", "chain", "organisation"}
        for name in [name for name in self.fields if name not in used]:
            del self.fields[name]
        if self.line is not None:
            del self.fields["organisation"], self.fields["key"]
        else:
            self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
                pk__in=[firm.pk for firm in self.firms]
            )
            self.fields["key"].required = False
            self.fields["key"].help_text = _lazy("Your own number; left empty, one is given.")
            if len(self.firms) == 1:
                del self.fields["organisation"]
        for item in self.own_fields:
            self.fields[f"attributes.{item.name}"] = _own_field(item)
            stored = self.line.attributes if self.line else {}
            self.initial[f"attributes.{item.name}"] = stored.get(item.name)

    @cached_property
    def own_fields(self) -> tuple[KindField, ...]:
        """Fields that only this kind of list has."""
        return self.kind.own_need_fields if self.side == "need" else self.kind.own_offer_fields

    def _prepare(self) -> None:
        chosen = self.data.get("chain") or self.initial.get("chain") or ""
        if "node" in self.fields:
            self.fields["node"].choices = NodeChoices(str(chosen))  # type: ignore[attr-defined]
        self.fields["chain"].widget.attrs.update(
            {"hx-get": "/lists/nodes/", "hx-target": "#id_node", "hx-trigger": "change"}
        )
        required = set(self.kind.required_columns(self.side))
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = date_input()
            if isinstance(field.widget, forms.NumberInput):
                field.widget = forms.TextInput(attrs={"inputmode": "numeric"})
            if isinstance(self.initial.get(name), Decimal):
                self.initial[name] = plain(self.initial[name])
            if name in required and not field.required:
                field.widget.attrs["data-needed"] = "1"
                field.help_text = field.help_text or _lazy("Needed before the line can be submitted.")
        if "unit" in self.fields:
            self.fields["unit"].widget.attrs["list"] = "units"
        for name in ("description", "quality_clauses"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3

    def is_valid(self) -> bool:
        """The line and all its rows, so that every fault is told at once."""
        return all([super().is_valid(), *(formset.is_valid() for formset in self.formsets)])

    def shown_sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Headings with the fields that this kind has."""
        shown = [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.sections
        ]
        own = [self[f"attributes.{item.name}"] for item in self.own_fields]
        return [(heading, fields) for heading, fields in [*shown, (self.kind.name.zh, own)] if fields]

    def chosen_firm(self) -> Organisation:
        """The firm that the line belongs to."""
        if self.line is not None:
            return self.line.organisation  # type: ignore[no-any-return]
        return self.cleaned_data.get("organisation") or self.firms[0]

    def values(self) -> dict[str, Any]:
        """Columns for ``services.save_line``."""
        own = {item.name: self.cleaned_data[f"attributes.{item.name}"] for item in self.own_fields}
        attributes = {name: _as_json(value) for name, value in own.items() if value not in (None, "")}
        columns = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"organisation", "key"} and not name.startswith("attributes.")
        }
        return {**columns, "kind": self.kind.code, "attributes": attributes}

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Child rows for ``services.save_line``, blank ones left out."""
        chain = self.cleaned_data["chain"].pk
        return {
            spec.name: self._read(spec, [form.cleaned_data for form in filled(formset)], chain)
            for spec, formset in zip(self.specs, self.formsets, strict=True)
        }

    def _read(self, spec: RowsSpec, rows: list[dict[str, Any]], chain: str) -> list[dict[str, Any]]:
        if spec is CERTIFICATES:
            return rows
        stored = getattr(self.line, spec.name).all() if self.line is not None else ()
        # A row that nobody touched keeps its stored value, however it was entered.
        known = {(row.parameter, written(row)): row for row in stored}
        read = requirement_values if spec is REQUIREMENTS else property_values
        return read(rows, chain, known)

    def show_problems(self, problems: Mapping[str, Sequence[str]]) -> None:
        """Put what ``services`` refused at the field that it names."""
        for name, texts in problems.items():
            head, _dot, rest = name.partition(".")
            formset = next((item for item in self.formsets if item.prefix == head and rest), None)
            if formset is not None:
                self._show_row_problem(formset, rest, texts)
            elif name in self.fields:
                self.add_error(name, list(texts))
            else:
                self.add_error(None, list(texts))

    def _show_row_problem(self, formset: Any, place: str, texts: Sequence[str]) -> None:
        index, _dot, column = place.partition(".")
        form = filled(formset)[int(index)]
        form.add_error(column if column in form.fields else "value", list(texts))


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def _own_field(item: KindField) -> forms.Field:
    label = item.label.text(get_language() or "") if item.label else item.name
    shared: dict[str, Any] = {"label": label, "required": item.required}
    match item.type:
        case FieldType.NUMBER:
            return forms.DecimalField(**shared)
        case FieldType.DATE:
            return forms.DateField(widget=date_input(), **shared)
        case FieldType.FLAG:
            return forms.BooleanField(label=label, required=False)
        case FieldType.CHOICE:
            return forms.ChoiceField(
                choices=[("", "---------"), *((option, option) for option in item.options)], **shared
            )
        case FieldType.TEXT:
            return forms.CharField(max_length=500, **shared)


class DemandForm(LineForm):
    """A line of a leader firm's demand list."""

    side = "need"
    specs = (REQUIREMENTS,)
    sections = (
        (
            _lazy("What is needed"),
            (
                *("organisation", "key", "title", "chain", "node", "category_code", "drawing_no"),
                *("standards", "description"),
            ),
        ),
        (
            _lazy("Quantity and delivery"),
            (
                *("quantity", "unit", "period", "deliver_from", "deliver_until"),
                *("delivery_region", "delivery_place"),
            ),
        ),
        (
            _lazy("Suppliers"),
            (
                *("price_ceiling", "certificates", "max_suppliers", "priority"),
                *("regions", "region_required"),
            ),
        ),
        (
            _lazy("Background"),
            (
                *("stage", "present_source", "responsible_department", "quality_clauses"),
                *("import_substitution", "sample_required", "confidential"),
            ),
        ),
        (_lazy("Contact and validity"), ("contact_name", "contact_phone", "valid_until")),
    )

    certificates = WordsField(label=_lazy("required certificates"), required=False)
    delivery_region = forms.ChoiceField(label=_lazy("delivery region"), required=False, choices=region_groups)
    regions = forms.MultipleChoiceField(
        label=_lazy("preferred regions"),
        required=False,
        choices=preferred_regions,
        widget=forms.CheckboxSelectMultiple,
    )
    priority = forms.IntegerField(
        label=_lazy("priority"),
        required=False,
        min_value=0,
        max_value=9,
        help_text=_lazy("0 to 9; the higher is served first."),
    )

    class Meta:
        model = DemandLine
        fields = (
            *("key", "title", "chain", "node", "category_code", "drawing_no", "standards", "description"),
            *("quantity", "unit", "period", "deliver_from", "deliver_until", "delivery_region"),
            *("delivery_place", "price_ceiling", "certificates", "max_suppliers", "priority", "regions"),
            *("region_required", "stage", "present_source", "responsible_department", "quality_clauses"),
            *("import_substitution", "sample_required", "confidential", "contact_name", "contact_phone"),
            "valid_until",
        )
        field_classes: ClassVar = dict.fromkeys(("quantity", "price_ceiling"), AmountField)

    def _prepare(self) -> None:
        super()._prepare()
        if "price_ceiling" in self.fields:
            self.fields["price_ceiling"].help_text = _lazy(
                "Yuan a unit, tax included. Secret: only your firm and the chain office see it."
            )
        if "regions" in self.fields and self.line is not None:
            known = {code for code, _name in preferred_regions()}
            further = [(code, code) for code in self.line.regions if code not in known]
            self.fields["regions"].choices = [*preferred_regions(), *further]  # type: ignore[attr-defined]

    def clean_priority(self) -> int:
        """Empty is the ordinary priority."""
        return self.cleaned_data["priority"] or 0


class SupplyForm(LineForm):
    """A line of a member firm's supply list."""

    side = "offer"
    specs = (PROPERTIES, CERTIFICATES)
    sections = (
        (
            _lazy("What is offered"),
            (
                *("organisation", "key", "title", "chain", "node", "category_code", "standards"),
                *("first_of_kind", "description"),
            ),
        ),
        (
            _lazy("Capacity and delivery"),
            (
                *("unit", "capacity", "capacity_basis", "free_capacity", "minimum_order"),
                *("lead_time", "lead_time_unit", "export_limits"),
            ),
        ),
        (_lazy("Price and references"), ("price_low", "price_high", "served_leaders")),
        (_lazy("Contact and validity"), ("contact_name", "contact_phone", "valid_until")),
    )

    served_leaders = WordsField(label=_lazy("leader firms served"), required=False)

    class Meta:
        model = SupplyLine
        fields = (
            *("key", "title", "chain", "node", "category_code", "standards", "first_of_kind"),
            *("description", "unit", "capacity", "capacity_basis", "free_capacity", "minimum_order"),
            *("lead_time", "lead_time_unit", "export_limits", "price_low", "price_high"),
            *("served_leaders", "contact_name", "contact_phone", "valid_until"),
        )
        field_classes: ClassVar = dict.fromkeys(
            ("capacity", "free_capacity", "minimum_order", "price_low", "price_high"), AmountField
        )

    def _prepare(self) -> None:
        super()._prepare()
        secret = _lazy("Secret: only your firm and the chain office see it.")
        for name in ("free_capacity", "price_low", "price_high"):
            if name in self.fields:
                self.fields[name].help_text = secret
