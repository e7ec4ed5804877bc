"""Forms of an answer: whether one comes, and who."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import OrganisationKind
from matching.invitations.models import Invitation
from matching.invitations.models.invitations import REASON_LENGTH
from matching.invitations.services import Person
from matching.invitations.services.answering import MOST_PEOPLE, NAME_LENGTH

BLANK_ROWS = 2


class PersonForm(forms.Form):
    """One person who comes; a row without a name is left out."""

    name = forms.CharField(
        label=_("full name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    job = forms.CharField(
        label=_("job"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    phone = forms.CharField(
        label=_("phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("language"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


_PeopleFormSet = formset_factory(PersonForm, extra=BLANK_ROWS, max_num=MOST_PEOPLE, validate_max=True)


class AnswerForm(forms.Form):
    """The answer with its reason; ``people`` are the rows of those who come."""

    reason = forms.CharField(
        label=_("Reason, if you do not come"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"reason": invitation.reason})
        known = [
            {"name": one.name, "job": one.job, "phone": one.phone, "language": one.language}
            for one in invitation.delegates.all()
        ]
        self.people: BaseFormSet[PersonForm] = _PeopleFormSet(data, initial=known, prefix="people")

    def is_valid(self) -> bool:
        """Of the reason and of every row."""
        return super().is_valid() and self.people.is_valid()

    def named(self) -> list[Person]:
        """Who comes, in the order of the rows."""
        rows = [row.cleaned_data for row in self.people.forms if row.cleaned_data.get("name", "").strip()]
        return [
            Person(
                row["name"],
                row.get("job", ""),
                row.get("phone", ""),
                row.get("language") or settings.LANGUAGE_CODE,
            )
            for row in rows
        ]


class GuestForm(forms.Form):
    """Which office is invited as a guest."""

    organisation = forms.ModelChoiceField(
        label=_("Office"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an office"),
        widget=forms.Select(attrs={"class": "form-select w-auto"}),
    )

    def __init__(self, data: Any = None, *, meeting_id: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["organisation"]
        offices = Organisation.objects.filter(kind=OrganisationKind.OFFICE)
        field.queryset = offices.exclude(invitations__meeting=meeting_id).order_by("name")
