"""The form that plans a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.models import Chain
from matching.lists.forms.fields import date_input


class RoundForm(forms.Form):
    """A collection period to plan."""

    chain = forms.ModelChoiceField(label=_lazy("chain"), queryset=Chain.objects.none())
    name = forms.CharField(label=_lazy("name"), max_length=80)
    opens_on = forms.DateField(label=_lazy("opens on"), widget=date_input())
    closes_on = forms.DateField(label=_lazy("closes after"), widget=date_input())

    def __init__(self, data: Any = None, *, chains: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["chain"].queryset = chains  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """It closes after it opens."""
        cleaned = dict(super().clean() or {})
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The round must close after it opens."))
        return cleaned

    def span(self) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last."""
        begin = timezone.make_aware(datetime.combine(self.cleaned_data["opens_on"], time.min))
        return begin, _end_of(self.cleaned_data["closes_on"])

    def show_problems(self, problems: Mapping[str, Sequence[str]]) -> None:
        """Put what ``services`` refused at the field that it names."""
        for name, texts in problems.items():
            place = {"opens_at": "opens_on", "closes_at": "closes_on"}.get(name, name)
            self.add_error(place if place in self.fields else None, list(texts))


class EndForm(forms.Form):
    """The last day of a round."""

    closes_on = forms.DateField(label=_lazy("closes after"), widget=date_input())

    def closes_at(self) -> datetime:
        """The end of the last day."""
        return _end_of(self.cleaned_data["closes_on"])


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
