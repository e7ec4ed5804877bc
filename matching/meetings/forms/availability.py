"""Forms of a firm on when it can come to meetings, and who comes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, User
from matching.meetings import languages
from matching.meetings.models import Presence


def _people(organisation: Organisation) -> Any:
    return User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__is_active=True
    ).distinct()


class PersonChoice(forms.ModelChoiceField[User]):
    """Somebody of the firm."""

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, **{**options, "to_field_name": "public_id"})

    def label_from_instance(self, obj: User) -> str:
        """By the name that colleagues know."""
        return obj.get_full_name() or obj.get_username()


class AbsenceForm(forms.Form):
    """A time in which the firm, or one of its people, can't come."""

    begins = forms.DateTimeField(
        label=pgettext_lazy("time", "from"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    ends = forms.DateTimeField(
        label=_lazy("until"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    person = PersonChoice(
        label=_lazy("who"), queryset=User.objects.none(), required=False, empty_label=_lazy("the whole firm")
    )

    def __init__(self, data: Any, *, organisation: Organisation) -> None:
        super().__init__(data, auto_id="absence_%s")
        person: Any = self.fields["person"]
        person.queryset = _people(organisation)

    def clean(self) -> dict[str, Any]:
        """The end comes after the begin, and has not come yet."""
        values: dict[str, Any] = super().clean() or {}
        begins, ends = values.get("begins"), values.get("ends")
        if begins is not None and ends is not None and (begins >= ends or ends <= timezone.now()):
            self.add_error("ends", _("The end has to come after the begin, and after now."))
        return values


class PresenceForm(forms.ModelForm[Presence]):
    """Who comes for the firm, and what they speak."""

    languages = forms.MultipleChoiceField(
        label=_lazy("languages"),
        choices=languages.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("Where two firms have none in common, an interpreter is planned."),
    )

    class Meta:
        model = Presence
        fields = ("person", "languages")
        field_classes = {"person": PersonChoice}

    def __init__(self, data: Any, *, instance: Presence) -> None:
        super().__init__(data, instance=instance, auto_id="presence_%s", initial={"person": instance.person})
        spoken: Any = self.fields["languages"]
        spoken.choices = languages.choices(instance.languages)
        person: Any = self.fields["person"]
        person.queryset = _people(instance.organisation)
        person.empty_label = _("anybody of the firm")
