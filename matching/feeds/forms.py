"""Forms of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from matching.errors import Invalid
from matching.feeds.sources import SOURCES
from matching.feeds.states import DeliveryState


class WebhookForm(forms.Form):
    """Where to, of what, and for which organisation where the person acts for several."""

    organisation = forms.ChoiceField(label=_("organisation"))
    url = forms.CharField(
        label=_("Address of the receiver"),
        max_length=500,
        help_text=_("Begins with https:// and can be reached from the internet."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    description = forms.CharField(label=_("note"), max_length=100, required=False)
    events = forms.MultipleChoiceField(label=_("Tell of changes of"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Any = None, *, owners: Sequence[Membership] = (), offices: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        offered = [(source.event, source.label) for source in SOURCES if offices or not source.of_offices]
        self.fields["events"].choices = offered  # type: ignore[attr-defined]
        self.owners = list(owners)
        if len(self.owners) > 1:
            named = [(str(held.organisation_id), str(held.organisation)) for held in self.owners]
            self.fields["organisation"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

    def chosen_organisation(self) -> Any:
        """Whose webhook it will be."""
        return self.cleaned_data.get("organisation") or self.owners[0].organisation_id

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in ("url", "description", "events")}

    def add_problems(self, refusal: Invalid) -> None:
        """Show what a verb refused beside the field."""
        for name, texts in refusal.fields.items():
            self.add_error(name if name in self.fields else None, list(texts))


class ReplayForm(forms.Form):
    """From when on messages are sent once more."""

    since = forms.DateTimeField(
        label=_("Since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control w-auto"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class DeliveryFilter(forms.Form):
    """Messages by state."""

    state = forms.ChoiceField(
        label=_("state"), required=False, choices=[("", _("All")), *DeliveryState.choices]
    )
