"""The form of where an appointment moves to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.meetings.models import Appointment, Table
from matching.meetings.queries import slot_range


class MoveForm(forms.Form):
    """Another table and slot of the same meeting."""

    table = forms.TypedChoiceField(label=_lazy("table"), coerce=int, choices=())
    slot = forms.TypedChoiceField(label=_lazy("time"), coerce=int, choices=())

    def __init__(self, data: Any, *, appointment: Appointment) -> None:
        super().__init__(data, initial={"table": appointment.table.number, "slot": appointment.slot})
        meeting = appointment.meeting
        numbers = Table.objects.filter(venue=meeting.venue_id).exclude(number__in=meeting.shut_tables)
        tables: Any = self.fields["table"]
        tables.choices = [
            (number, _("Table %(number)d") % {"number": number})
            for number in numbers.order_by("number").values_list("number", flat=True)
        ]
        slots: Any = self.fields["slot"]
        slots.choices = [(slot, _between(slot_range(meeting, slot))) for slot in range(max(meeting.slots, 1))]


def _between(during: Any) -> str:
    begin, end = (time_format(localtime(moment), "H:i") for moment in (during.lower, during.upper))
    return f"{begin}–{end}"
