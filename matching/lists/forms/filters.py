"""What lists of lines and rounds can be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.models import Chain
from matching.lists import queries
from matching.lists.forms.choices import city_choices
from matching.lists.states import LineState, RoundState


class LineFilter(forms.Form):
    """What a list of lines can be narrowed by."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *LineState.choices]
    )
    city = forms.ChoiceField(label=_lazy("city"), required=False, choices=city_choices)

    def with_words(self, lines: Any, text: str) -> Any:
        """The lines that a search finds."""
        return queries.with_words_among_many(lines, text)

    def narrow(self, lines: Any) -> Any:
        """The lines that the filter lets through."""
        if not self.is_valid():
            return lines
        wanted = self.cleaned_data
        if wanted.get("q"):
            lines = self.with_words(lines, wanted["q"])
        if wanted.get("chain"):
            lines = lines.filter(chain=wanted["chain"])
        if wanted.get("state"):
            lines = lines.filter(state=wanted["state"])
        if wanted.get("city"):
            lines = lines.filter(organisation__region__startswith=wanted["city"])
        return lines


class OwnLineFilter(LineFilter):
    """What a firm's own list can be narrowed by."""

    attention = forms.ChoiceField(
        label=_lazy("needs attention"),
        required=False,
        choices=[
            ("", _lazy("All lines")),
            ("lapsing", _lazy("Lapsing within 30 days")),
            ("incomplete", _lazy("Something is missing")),
        ],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["city"]

    def with_words(self, lines: Any, text: str) -> Any:
        """The lines that a search finds."""
        return queries.with_words(lines, text)

    def narrow(self, lines: Any) -> Any:
        """The lines that the filter lets through."""
        lines = super().narrow(lines)
        match self.is_valid() and self.cleaned_data["attention"]:
            case "lapsing":
                return queries.lapsing(lines)
            case "incomplete":
                return queries.incomplete(lines)
        return lines


class LineOrder(forms.Form):
    """How a firm's own list is sorted."""

    sort = forms.ChoiceField(
        label=_lazy("sorted by"),
        required=False,
        choices=[
            ("", _lazy("last change")),
            ("key", _lazy("line number")),
            ("title", _lazy("product")),
            ("valid_until", _lazy("valid until")),
            ("state", _lazy("state")),
        ],
    )

    def sorted(self, lines: Any) -> Any:
        """The lines in the chosen order, which is the same every time."""
        chosen = self.cleaned_data["sort"] if self.is_valid() else ""
        return lines.order_by(chosen or "-updated_at", "key", "pk")


class RoundFilter(forms.Form):
    """What the list of rounds can be narrowed by."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *RoundState.choices]
    )
