"""What lists of lines and rounds can be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Organisation
from matching.chains.models import Chain
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

    def narrow(self, lines: Any) -> Any:
        """The lines that the filter lets through."""
        if not self.is_valid():
            return lines
        wanted = self.cleaned_data
        if wanted.get("q"):
            lines = lines.filter(
                Q(title__icontains=wanted["q"])
                | Q(key__icontains=wanted["q"])
                | Q(organisation__in=Organisation.objects.filter(name__icontains=wanted["q"]))
            )
        if wanted.get("chain"):
            lines = lines.filter(chain=wanted["chain"])
        if wanted.get("state"):
            lines = lines.filter(state=wanted["state"])
        if wanted.get("city"):
            lines = lines.filter(organisation__region__startswith=wanted["city"])
        return lines


class RoundFilter(forms.Form):
    """What the list of rounds can be narrowed by."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *RoundState.choices]
    )
