"""Forms about people: a role for somebody, an organisation, accepting an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import EVERYWHERE, OFFICES, Grade
from accounts.services import HeldGrade
from matching.chains.models import Chain, Region, RegionLevel
from matching.chains.queries import HOME_PROVINCE
from matching.errors import Invalid
from matching.people.services import Wanted
from matching.people.services.asking import LONGEST_ADDRESS, roles_in

CITY_DIGITS = 4


class Typed(forms.Form):
    """A form that can show what a verb refused beside the field."""

    def add_problems(self, refusal: Invalid) -> None:
        """Mark the fields that the refusal names."""
        for name, texts in refusal.fields.items():
            self.add_error(name if name in self.fields else None, list(texts))


class ColleagueForm(Typed):
    """Whom a firm invites: its own role, so name and address suffice."""

    name = forms.CharField(label=_("full name"), max_length=60)
    email = forms.EmailField(
        label=_("e-mail"), max_length=LONGEST_ADDRESS, help_text=_("The invitation goes there.")
    )

    def __init__(self, data: Any = None, *, firm: Organisation, **options: Any) -> None:
        super().__init__(data, auto_id=f"id_{firm.pk}_%s", **options)
        self.firm = firm
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def wanted(self) -> Wanted:
        """What the verb takes."""
        typed = self.cleaned_data
        return Wanted(role=roles_in(self.firm)[0], name=typed["name"], email=typed["email"])


class RoleForm(Typed):
    """A role for somebody in an organisation, as the system administrator asks for it."""

    name = forms.CharField(label=_("full name"), max_length=60)
    email = forms.EmailField(
        label=_("e-mail"),
        max_length=LONGEST_ADDRESS,
        help_text=_("Who has no account with this address gets an invitation to open one."),
    )
    role = forms.ChoiceField(label=_("role"), widget=forms.RadioSelect)
    chains = forms.MultipleChoiceField(label=_("chains"), widget=forms.CheckboxSelectMultiple)
    regions = forms.MultipleChoiceField(label=_("cities"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, organisation: Organisation, **options: Any) -> None:
        super().__init__(data, **options)
        self.organisation = organisation
        roles = roles_in(organisation)
        self._offer("role", [(role.value, role.label) for role in roles])
        if len(roles) == 1:
            self.initial["role"] = roles[0].value
        if set(roles) & OFFICES:
            chains = [(chain.pk, chain.name) for chain in Chain.objects.all()]
            cities = Region.objects.filter(level=RegionLevel.CITY, code__startswith=HOME_PROVINCE)
            named = [
                (code[:CITY_DIGITS], name)
                for code, name in cities.order_by("code").values_list("code", "name")
            ]
            self._offer("chains", [(EVERYWHERE, _("All chains")), *chains])
            self._offer("regions", [(EVERYWHERE, _("All cities")), *named])
            for name in ("chains", "regions"):
                self.fields[name].required = False
            self.fields["chains"].help_text = _("Administrators of the installation need none.")
        else:
            del self.fields["chains"], self.fields["regions"]

    def clean(self) -> dict[str, Any]:
        """An office's role says how far it reaches; nothing ticked is no reach, not all."""
        typed = super().clean() or {}
        if typed.get("role") in OFFICES:
            for name in ("chains", "regions"):
                if not typed.get(name):
                    self.add_error(name, _("Choose how far the role reaches."))
        return typed

    def wanted(self) -> Wanted:
        """What the verb takes."""
        typed = self.cleaned_data
        return Wanted(
            role=typed["role"],
            name=typed["name"],
            email=typed["email"],
            chains=_reach(typed.get("chains")),
            regions=_reach(typed.get("regions")),
        )

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _reach(chosen: list[str] | None) -> list[str]:
    return [EVERYWHERE] if not chosen or EVERYWHERE in chosen else chosen


class OrganisationForm(forms.ModelForm[Organisation]):
    """A firm or an office, as the system administrator enters it."""

    class Meta:
        model = Organisation
        fields = ("kind", "name", "short_name", "uscc", "region", "address")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "uscc": _("18 characters, as on the business licence; an office needs none."),
            "region": _("A GB/T 2260 code has 2, 4 or 6 digits, for example 140105."),
        }

    def __init__(self, data: Any = None, *, instance: Organisation | None = None) -> None:
        super().__init__(data, instance=instance)
        self.fields["kind"].choices = Organisation._meta.get_field("kind").flatchoices  # type: ignore[attr-defined]
        self.fields["uscc"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        if instance is not None:
            # What an organisation is decides what its people may do; another kind is another organisation.
            self.fields["kind"].disabled = True

    def clean_uscc(self) -> str | None:
        """Empty means none, so that several offices can be without one."""
        return self.cleaned_data["uscc"] or None

    def clean(self) -> dict[str, Any]:
        """A firm has a credit code."""
        typed = super().clean() or {}
        if typed.get("kind") != "office" and not typed.get("uscc") and "uscc" not in self.errors:
            self.add_error("uscc", _("A firm has a credit code."))
        return typed


class AcceptForm(Typed):
    """An invited person opens its account."""

    name = forms.CharField(label=_("full name"), max_length=60)
    password = forms.CharField(
        label=_("password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=_("password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean_again(self) -> str:
        """Typed twice alike."""
        if self.cleaned_data["again"] != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords are not the same."))
        return str(self.cleaned_data["again"])


class PeopleFilter(forms.Form):
    """What narrows the list of accounts."""

    q = forms.CharField(required=False)
    which = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("all accounts")),
            ("locked", _("locked")),
            ("off", _("switched off")),
            ("roleless", _("without a role")),
        ],
    )


class GradesForm(forms.Form):
    """Which grades a firm holds: for each a tick, the number of the notice and the last day."""

    def __init__(self, data: Any = None, *, firm: Organisation) -> None:
        super().__init__(data)
        known = {held.grade: held for held in firm.grades.all()}
        for grade in Grade:
            held, name = known.get(grade.value), grade.name.lower()
            self.fields[name] = forms.BooleanField(
                label=grade.label,
                required=False,
                initial=held is not None,
                widget=forms.CheckboxInput({"class": "form-check-input"}),
            )
            self.fields[f"{name}_number"] = forms.CharField(
                label=_("Number of the notice"),
                required=False,
                max_length=60,
                initial=held.number if held else "",
                widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
            )
            self.fields[f"{name}_expires"] = forms.DateField(
                label=_("Last day"),
                required=False,
                initial=held.expires if held else None,
                widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The three fields of each grade."""
        for name in (grade.name.lower() for grade in Grade):
            yield {"held": self[name], "beside": (self[f"{name}_number"], self[f"{name}_expires"])}

    def grades(self) -> list[HeldGrade]:
        """What is ticked."""
        typed = self.cleaned_data
        named = [(grade, grade.name.lower()) for grade in Grade]
        return [
            HeldGrade(grade, typed[f"{name}_number"], typed[f"{name}_expires"])
            for grade, name in named
            if typed[name]
        ]
