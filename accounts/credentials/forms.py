"""Forms of the page of credentials."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.credentials.services import MOST_OVERLAP_DAYS
from accounts.models import Membership, User
from accounts.scopes import OF_APPLICATIONS, Scope

USUAL = (Scope.ACCOUNT, Scope.PROGRAMME_READ, Scope.LINES_READ, Scope.LINES_WRITE)
"""Ticked at first: what an ERP needs to keep a firm's list."""


class ScopesField(forms.MultipleChoiceField):
    """Scopes as boxes, each with its meaning and the name that refusals tell."""

    def __init__(self, offered: Any = Scope, **options: Any) -> None:
        choices = [(scope.value, format_lazy("{} ({})", scope.label, scope.value)) for scope in offered]
        super().__init__(
            choices=choices, widget=forms.CheckboxSelectMultiple, label=_("What it is good for"), **options
        )


class TokenForm(forms.Form):
    """A new personal token."""

    name = forms.CharField(
        label=_("name"), max_length=60, help_text=_("Where it is used, for example: ERP, test machine")
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1)
    scopes = ScopesField(initial=USUAL)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        days = self.fields["days"]
        days.initial = min(settings.TOKEN_DAYS, settings.TOKEN_MOST_DAYS)
        assert isinstance(days, forms.IntegerField)
        days.max_value = settings.TOKEN_MOST_DAYS
        days.widget.attrs |= {"max": settings.TOKEN_MOST_DAYS}


class MembershipField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Memberships by organisation and role."""

    def label_from_instance(self, obj: Membership) -> str:
        """The organisation with the role in it."""
        return f"{obj.organisation} · {obj.get_role_display()}"


class ApplicationForm(forms.Form):
    """A new application."""

    membership = MembershipField(
        label=_("organisation"),
        queryset=Membership.objects.none(),
        empty_label=None,
        to_field_name="public_id",
    )
    name = forms.CharField(label=_("name"), max_length=60, help_text=_("The program, for example: ERP"))
    scopes = ScopesField(OF_APPLICATIONS, initial=USUAL)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, prefix="application")
        memberships = self.fields["membership"]
        assert isinstance(memberships, forms.ModelChoiceField)
        held = [membership.pk for membership in person.granting_memberships]
        memberships.queryset = Membership.objects.filter(pk__in=held).select_related("organisation")
        if len(held) == 1:
            memberships.initial = person.granting_memberships[0].public_id
            memberships.widget = forms.HiddenInput()


class RotationForm(forms.Form):
    """How long the secret before stays in force."""

    overlap_days = forms.IntegerField(min_value=0, max_value=MOST_OVERLAP_DAYS, initial=7)
