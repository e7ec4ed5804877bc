"""Forms of a chain's rules and of what-if questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.engine.policies import BANDS, MOST_NUMBER, MOST_WEIGHT
from matching.engine.scoring import CRITERIA
from matching.engine.types import FULL_SCORE, ConditionKind, Policy
from matching.engine.whatif import OtherDimension, TooLarge, amount_in
from matching.lists.forms.choices import preferred_regions
from matching.runs.services.whatif import Question
from matching.runs.words import FIELDS, GATES, term_in_words

_POINT = FULL_SCORE // 100
_BONUSES = ("grade_bonus", "allocation_bonus")
_COUNTS = ("candidates", "near_misses", "max_suppliers")
_LEAST_SCORES = ("minimum_text", "minimum_score")


class RulesForm(forms.Form):
    """Weights, bands, gates and bonuses of a version that starts from ``start``.

    Points are shown of a hundred and kept in basis points; what has no field stays as in ``start``.
    """

    note = forms.CharField(
        label=_lazy("note"),
        required=False,
        max_length=200,
        help_text=_lazy("Why these rules; offices read it beside the version."),
    )

    def __init__(self, data: Any = None, *, start: Policy) -> None:
        self.start = start
        weights = dict(start.weights)
        self.criteria = [*weights, *sorted(CRITERIA - weights.keys())]
        super().__init__(data, initial=self._initial(weights))
        for criterion in self.criteria:
            self.fields[f"weight_{criterion}"] = _whole(term_in_words(("weights", criterion)), MOST_WEIGHT)
        for band in BANDS[:2]:
            self.fields[f"band_{band}"] = _points(term_in_words(("bands", band)))
        for field in _BONUSES:
            for place, (name, _bonus) in enumerate(getattr(start, field)):
                self.fields[f"{field}_{place}"] = _points(term_in_words((field, name)))
        for name in _LEAST_SCORES:
            self.fields[name] = _points(FIELDS[name])
        for name in _COUNTS:
            self.fields[name] = _whole(FIELDS[name], MOST_NUMBER)
        self.fields["home_regions"] = _several(FIELDS["home_regions"], self._regions)
        self.fields["gates"] = _several(FIELDS["gates"], list(GATES.items()))
        self.order_fields([name for name in self.fields if name != "note"])

    def _regions(self) -> list[tuple[str, str]]:
        offered = preferred_regions()
        known = {code for code, _name in offered}
        return offered + [(code, code) for code in self.start.home_regions if code not in known]

    def _initial(self, weights: Mapping[str, int]) -> dict[str, Any]:
        start = self.start
        return {
            **{f"weight_{criterion}": weights.get(criterion, 0) for criterion in self.criteria},
            **{f"band_{band}": score / _POINT for band, score in zip(BANDS, start.bands, strict=True)},
            **{
                f"{field}_{place}": bonus / _POINT
                for field in _BONUSES
                for place, (_name, bonus) in enumerate(getattr(start, field))
            },
            **{name: getattr(start, name) / _POINT for name in _LEAST_SCORES},
            **{name: getattr(start, name) for name in _COUNTS},
            "home_regions": list(start.home_regions),
            "gates": [str(gate) for gate in start.gates],
        }

    def rules(self) -> Policy:
        """What was typed, as a policy; whether it can be used is decided by the service."""
        typed = self.cleaned_data
        weights = ((criterion, typed[f"weight_{criterion}"]) for criterion in self.criteria)
        first, second = (_basis_points(typed[f"band_{band}"]) for band in BANDS[:2])
        changes: dict[str, Any] = {
            **{field: self._bonuses(field) for field in _BONUSES},
            **{name: typed[name] for name in _COUNTS},
            **{name: _basis_points(typed[name]) for name in _LEAST_SCORES},
        }
        return replace(
            self.start,
            weights=tuple((criterion, weight) for criterion, weight in weights if weight),
            bands=(first, second, self.start.bands[2]),
            gates=tuple(ConditionKind(gate) for gate in typed["gates"]),
            home_regions=tuple(typed["home_regions"]),
            **changes,
        )

    def _bonuses(self, field: str) -> tuple[tuple[str, int], ...]:
        stated = getattr(self.start, field)
        return tuple(
            (name, _basis_points(self.cleaned_data[f"{field}_{place}"]))
            for place, (name, _bonus) in enumerate(stated)
        )


def _whole(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most)


def _points(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2)


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    box = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=box)


def _basis_points(points: Any) -> int:
    return int(points * _POINT)


class QuantityField(forms.CharField):
    """A quantity as people write it, “30 t” or “1.2万件”, in ``unit``."""

    unit = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        """The number in the unit; None where nothing was written."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return amount_in(text, self.unit)
        except OtherDimension as error:
            told = _("The unit of “%(text)s” can't be compared with %(unit)s.")
            raise forms.ValidationError(told % {"text": text, "unit": self.unit or "1"}) from error
        except TooLarge as error:
            raise forms.ValidationError(_("“%(text)s” is too large a number.") % {"text": text}) from error
        except ValueError as error:
            raise forms.ValidationError(_("Enter a number.")) from error


class WhatIfForm(forms.Form):
    """One what-if question, or only the line that it will be about."""

    demand = forms.UUIDField(required=False, widget=forms.HiddenInput)
    firm = forms.UUIDField(required=False, widget=forms.HiddenInput)
    supply = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(required=False, choices=[(kind.value, kind.value) for kind in ConditionKind])
    ordinal = forms.IntegerField(required=False, min_value=0, max_value=999)
    to = forms.CharField(label=_lazy("Instead"), required=False, max_length=200)
    free_capacity = QuantityField(label=_lazy("Free capacity a month"))
    minimum_order = QuantityField(label=_lazy("Minimum order"))

    def __init__(self, data: Any = None, *, unit: str = "") -> None:
        super().__init__(data)
        for name in ("free_capacity", "minimum_order"):
            cast(QuantityField, self.fields[name]).unit = unit

    def question(self) -> Question | None:
        """The question of a valid form; None where it only names a line."""
        data: dict[str, Any] = {**self.cleaned_data, "ordinal": self.cleaned_data["ordinal"] or 0}
        kind = data.pop("kind")
        quantities = (data["free_capacity"], data["minimum_order"])
        if not (kind or data["firm"] or quantities != (None, None)):
            return None
        return Question(kind=ConditionKind(kind) if kind else None, **data)
