"""The form in which the desk says what has happened, on a phone."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Organisation
from matching.floor.services.replanning import MOST_LONGER
from matching.meetings.forms.drafts import CLOCK


class RestOfDayForm(forms.Form):
    """Who comes late or not at all, which tables are lost, and what may be done about it."""

    organisation = forms.ChoiceField(label=_lazy("Who is not here"), required=False)
    comes_at = forms.TimeField(
        label=_lazy("Comes at"),
        required=False,
        widget=CLOCK,
        help_text=_lazy("Empty: it does not come at all."),
    )
    shut = forms.MultipleChoiceField(
        label=_lazy("Tables that are lost"), required=False, widget=forms.CheckboxSelectMultiple
    )
    longer = forms.IntegerField(
        label=_lazy("Slots by which the day may end later"), min_value=0, max_value=MOST_LONGER, initial=2
    )
    take_in = forms.BooleanField(
        label=_lazy("Give free places to pairs that wait and whose firms are both here"), required=False
    )

    def __init__(
        self, data: Any, *, firms: list[Organisation], tables: list[int], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        organisation: Any = self.fields["organisation"]
        organisation.choices = [("", _("nobody")), *((str(firm.pk), firm.name) for firm in firms)]
        shut: Any = self.fields["shut"]
        shut.choices = [(number, _("Table %(number)d") % {"number": number}) for number in tables]

    def clean(self) -> dict[str, Any]:
        """Something has happened; a time belongs to a firm."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("comes_at") and not values.get("organisation"):
            self.add_error("organisation", _("Say which firm comes then."))
        elif not any(values.get(name) for name in ("organisation", "shut", "take_in")):
            raise forms.ValidationError(_("Say who is not here, or which table is lost."))
        return values

    def told(self) -> dict[str, Any]:
        """As ``replan`` takes it."""
        values = self.cleaned_data
        coming: dict[uuid.UUID, time | None] = {}
        if values["organisation"]:
            coming[uuid.UUID(values["organisation"])] = values["comes_at"]
        shut = [int(number) for number in values["shut"]]
        return {"coming": coming, "shut": shut, "longer": values["longer"], "take_in": values["take_in"]}
