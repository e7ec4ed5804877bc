"""The form of the rule that proposes meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.queries import city_codes
from matching.lists.forms.fields import AmountField
from matching.meetings.events import PATTERNS
from matching.meetings.interpreters import read_interpreters, show_interpreters
from matching.meetings.models import MeetingRule, Venue
from matching.meetings.travel import read_travel_times, show_travel_times


class InterpretersField(forms.CharField):
    """Languages with numbers, like English 2, Japanese 1."""

    def prepare_value(self, value: Any) -> Any:
        """As a person writes it."""
        return show_interpreters(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """As it is stored."""
        if isinstance(value, dict):
            return value
        try:
            return read_interpreters(value or "")
        except ValueError:
            raise forms.ValidationError(
                _("Write languages with numbers, like English 2, Japanese 1.")
            ) from None

    def validate(self, value: Any) -> None:
        """Nobody has to have interpreters."""

    def run_validators(self, value: Any) -> None:
        """Checked while it was read."""


class TravelTimesField(forms.CharField):
    """Pairs of cities with minutes, like 太原市-大同市 180."""

    def prepare_value(self, value: Any) -> Any:
        """As a person writes it."""
        if not isinstance(value, dict):
            return value
        return show_travel_times(value, {code: name for name, code in city_codes().items()})

    def to_python(self, value: Any) -> Any:
        """As it is stored."""
        if isinstance(value, dict):
            return value
        try:
            return read_travel_times(value or "", city_codes())
        except ValueError:
            raise forms.ValidationError(_("Write two cities with minutes, like 太原市-大同市 180.")) from None

    def validate(self, value: Any) -> None:
        """Without any the usual time counts."""

    def run_validators(self, value: Any) -> None:
        """Checked while it was read."""


class RuleForm(forms.ModelForm[MeetingRule]):
    """When and how a chain's meetings of one kind are proposed."""

    interpreters = InterpretersField(
        label=_lazy("interpreters"),
        required=False,
        help_text=_lazy("How many there are of each language at the same time, like English 2, Japanese 1."),
    )

    travel_times = TravelTimesField(
        label=_lazy("minutes between two cities"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("Cities with minutes, like 太原市-大同市 180, 太原市-晋中市 40; either way."),
    )

    class Meta:
        model = MeetingRule
        fields = (
            *("cadence", "minimum_pairs", "minimum_value", "lead_days", "venue", "other_venues"),
            *("starts", "slot_minutes", "slots_a_day", "breaks", "gap", "most_tables", "travel_minutes"),
            *("travel_times", "interpreters", "needs_head", "head_value", "is_active"),
        )
        field_classes = {
            "minimum_value": AmountField,
            "head_value": AmountField,
        }
        widgets = {
            "starts": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "other_venues": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("venue", "other_venues"):
            field: Any = self.fields[name]
            field.queryset = Venue.objects.filter(is_active=True)
        if self.instance._state.adding:
            self.fields["breaks"].initial = ["12:00-13:30"]
        for name in ("gap", "travel_minutes"):
            self.fields[name].required = False
        if not PATTERNS[self.instance.event].travels:
            del self.fields["travel_minutes"], self.fields["travel_times"]

    def clean_gap(self) -> int:
        """None is none."""
        return self.cleaned_data["gap"] or 0

    def clean_travel_minutes(self) -> int:
        """Left empty it stays as it was."""
        wanted = self.cleaned_data["travel_minutes"]
        return self.instance.travel_minutes if wanted is None else wanted
