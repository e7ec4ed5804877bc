"""Forms of signing meetings: the rule that proposes them, and where an appointment moves to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.meetings.models import Appointment, MeetingRule, Table, Venue
from matching.meetings.queries import slot_range


class RuleForm(forms.ModelForm[MeetingRule]):
    """When and how a chain's signing meeting is proposed."""

    class Meta:
        model = MeetingRule
        fields = (
            *("venue", "cadence", "minimum_pairs", "lead_days"),
            *("starts", "slot_minutes", "slots_a_day", "is_active"),
        )
        widgets = {"starts": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        venue: Any = self.fields["venue"]
        venue.queryset = Venue.objects.filter(is_active=True)


class MoveForm(forms.Form):
    """Another table and slot of the same meeting."""

    table = forms.TypedChoiceField(label=_lazy("table"), coerce=int, choices=())
    slot = forms.TypedChoiceField(label=_lazy("time"), coerce=int, choices=())

    def __init__(self, data: Any, *, appointment: Appointment) -> None:
        super().__init__(data, initial={"table": appointment.table.number, "slot": appointment.slot})
        meeting = appointment.meeting
        numbers = Table.objects.filter(venue=meeting.venue_id).order_by("number")
        tables: Any = self.fields["table"]
        tables.choices = [
            (number, _("Table %(number)d") % {"number": number})
            for number in numbers.values_list("number", flat=True)
        ]
        slots: Any = self.fields["slot"]
        slots.choices = [(slot, _between(slot_range(meeting, slot))) for slot in range(max(meeting.slots, 1))]


def _between(during: Any) -> str:
    begin, end = (time_format(localtime(moment), "H:i") for moment in (during.lower, during.upper))
    return f"{begin}–{end}"
