"""The form of a changed plan: settings of the day, who can't come, which tables are lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from matching.meetings.changes import Absent, Changes
from matching.meetings.clocks import validate_break
from matching.meetings.models import Appointment, SigningMeeting, Venue

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ChangesForm(forms.Form):
    """What is to change about a meeting's plan; it starts with what is."""

    absent = forms.ChoiceField(label=_lazy("A firm can't come"), required=False)
    absent_from = forms.TimeField(
        label=pgettext_lazy("time", "from"),
        required=False,
        widget=CLOCK,
        help_text=_lazy("Empty: from the start."),
    )
    absent_until = forms.TimeField(
        label=_lazy("until"),
        required=False,
        widget=CLOCK,
        help_text=_lazy("Empty: to the end. Who comes late can't come until then."),
    )
    shut = forms.MultipleChoiceField(
        label=_lazy("Tables that are lost"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leave_out = forms.MultipleChoiceField(
        label=_lazy("Pairs to leave out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    take_in = forms.BooleanField(label=_lazy("Fit in accepted pairs that wait"), required=False)
    venue = forms.ModelChoiceField(label=_lazy("Venue"), queryset=Venue.objects.none(), empty_label=None)
    date = forms.DateField(label=_lazy("Date"), widget=DAY)
    starts = forms.TimeField(label=_lazy("Starts"), widget=CLOCK)
    slot_minutes = forms.IntegerField(label=_lazy("Minutes a slot"), min_value=10, max_value=120)
    slots = forms.IntegerField(label=_lazy("Slots"), min_value=1, max_value=40)
    tables = forms.IntegerField(
        label=_lazy("Tables at most"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_lazy("Empty: as now."),
    )
    gap = forms.IntegerField(
        label=_lazy("Free slots between two appointments of a firm"), min_value=0, max_value=6
    )
    breaks = SimpleArrayField(
        forms.CharField(max_length=11, validators=[validate_break]),
        label=_lazy("Breaks"),
        required=False,
        max_length=6,
        help_text=_lazy("Like 12:00-13:30, several with commas."),
    )

    WHAT_IF = ("absent", "absent_from", "absent_until", "shut", "leave_out", "take_in")

    def __init__(self, data: Any, *, meeting: SigningMeeting, planned: list[Appointment]) -> None:
        names = ("venue", "date", "starts", "slot_minutes", "slots", "gap", "breaks")
        super().__init__(data, initial={name: getattr(meeting, name) for name in names})
        self._meeting = meeting
        venue: Any = self.fields["venue"]
        venue.queryset = Venue.objects.filter(is_active=True)
        firms = {
            str(firm.pk): firm.name
            for item in planned
            for firm in (item.review.demand.organisation, item.review.supply.organisation)
        }
        absent: Any = self.fields["absent"]
        absent.choices = [("", _("nobody")), *sorted(firms.items(), key=lambda each: each[1])]
        shut: Any = self.fields["shut"]
        shut.choices = [
            (number, _("Table %(number)d") % {"number": number})
            for number in sorted({item.table.number for item in planned})
        ]
        pairs: Any = self.fields["leave_out"]
        pairs.choices = [
            (str(item.review_id), f"{item.review.demand.organisation} × {item.review.supply.organisation}")
            for item in planned
        ]

    @property
    def happened(self) -> list[Any]:
        """Fields on what has happened."""
        return [self[name] for name in self.WHAT_IF]

    @property
    def wanted(self) -> list[Any]:
        """Fields on what is wanted otherwise."""
        return [field for field in self if field.name not in self.WHAT_IF]

    def clean(self) -> dict[str, Any]:
        """Times belong to a firm and end after they begin."""
        values: dict[str, Any] = super().clean() or {}
        begins, ends = values.get("absent_from"), values.get("absent_until")
        if (begins or ends) and not values.get("absent"):
            self.add_error("absent", _("Say which firm can't come."))
        if begins and ends and begins >= ends:
            self.add_error("absent_until", _("The end has to come after the begin."))
        return values

    def changes(self) -> Changes:
        """Only what differs from how the meeting is."""
        values, meeting = self.cleaned_data, self._meeting
        names = ("date", "starts", "slot_minutes", "slots", "gap")
        given = {name: values[name] for name in names if values[name] != getattr(meeting, name)}
        if values["venue"].pk != meeting.venue_id:
            given["venue"] = values["venue"].pk
        if values["breaks"] != meeting.breaks:
            given["breaks"] = tuple(values["breaks"])
        absent = values["absent"] and Absent(values["absent"], values["absent_from"], values["absent_until"])
        return Changes(
            **given,
            tables=values["tables"],
            shut=tuple(int(number) for number in values["shut"]),
            absent=(absent,) if absent else (),
            leave_out=tuple(values["leave_out"]),
            take_in=values["take_in"],
        )
