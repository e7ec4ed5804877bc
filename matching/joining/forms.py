"""The form that a visitor fills in for a firm."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _lazy

from accounts.validators import normalise_uscc, validate_uscc
from matching.chains.models import Chain, Region, RegionLevel
from matching.chains.queries import HOME_PROVINCE
from matching.joining.models import JoinRequest

# The name goes by e-mail to an address that nobody has confirmed yet: it must not bring a stranger's link.
no_address = RegexValidator(
    r"://|www\.|[\x00-\x1f\x7f]",
    _lazy("Write a name, without web addresses."),
    inverse_match=True,
    flags=re.IGNORECASE,
)
phone_number = RegexValidator(r"^\+?[0-9][0-9 \-]{5,18}$", _lazy("Write digits, for example 0351-1234567."))


def _consent() -> str:
    text = str(_lazy("I have read the privacy notice and agree to it for my firm."))
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', reverse_lazy("privacy"), text)


class JoinForm(forms.ModelForm[JoinRequest]):
    """A firm's request. ``province`` only narrows the cities; without JavaScript a button does it."""

    province = forms.ChoiceField(label=_lazy("Province"))
    region = forms.ChoiceField(label=_lazy("City or county"))
    chains = forms.MultipleChoiceField(
        label=_lazy("Chains that the firm belongs to"), widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(label=lazy(_consent, str)())

    class Meta:
        model = JoinRequest
        fields = ("kind", "name", "uscc", "contact_name", "phone", "email")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, data: Any = None, *, request: JoinRequest | None = None, typed: Any = None) -> None:
        super().__init__(data, instance=request, initial=_initial(request, typed))
        self.order_fields(("kind", "name", "uscc", "province", "region", "chains"))
        chosen = str(self.data.get("province") or self.initial.get("province") or HOME_PROVINCE)
        self.initial.setdefault("province", HOME_PROVINCE)
        provinces = Region.objects.filter(level=RegionLevel.PROVINCE).order_by("code")
        names = list(provinces.values_list("code", "name"))
        self._offer("province", sorted(names, key=lambda item: (item[0] != HOME_PROVINCE, item[0])))
        self._offer("region", places(chosen))
        self._offer("chains", [(chain.pk, chain.name) for chain in Chain.objects.all()])
        self._offer("kind", JoinRequest._meta.get_field("kind").flatchoices)
        self.fields["kind"].help_text = _lazy(
            "A leader firm (链主) organises its chain and hands in what it needs to buy; "
            "a member firm (链上) hands in what it can supply."
        )
        self.fields["province"].widget.attrs |= {
            "hx-get": "/join/places/",
            "hx-target": "#id_region",
            "hx-trigger": "change",
        }
        self.fields["uscc"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.fields["uscc"].help_text = _lazy("18 characters, as on the business licence.")
        # A code copied from a scan holds spaces; the field's own limit would cut it.
        self.fields["uscc"] = forms.CharField(
            label=self.fields["uscc"].label,
            help_text=self.fields["uscc"].help_text,
            widget=self.fields["uscc"].widget,
            max_length=40,
        )
        self.fields["uscc"].widget.attrs.pop("maxlength", None)
        self.fields["name"].widget.attrs["autocomplete"] = "organization"
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        self.fields["phone"].validators.append(phone_number)
        for name in ("name", "contact_name"):
            self.fields[name].validators.append(no_address)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if request is not None:
            del self.fields["consent"]
            self.fields["email"].disabled = True

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_uscc(self) -> str:
        """The code in its canonical form, with what is wrong with it in words."""
        code = normalise_uscc(self.cleaned_data["uscc"]).upper()
        validate_uscc(code)
        return code

    def values(self) -> dict[str, Any]:
        """Columns of a request."""
        names = ("kind", "name", "uscc", "region", "chains", "contact_name", "phone", "email")
        return {name: self.cleaned_data[name] for name in names}


def _initial(request: JoinRequest | None, typed: Any) -> dict[str, Any]:
    """What a stored request holds, or what was typed before the cities were asked for."""
    if typed is not None:
        return {name: typed.getlist(name) if name == "chains" else typed[name] for name in typed}
    if request is None:
        return {}
    return {"province": request.region[:2], "region": request.region, "chains": request.chains}


def places(province: str) -> list[tuple[str, Any]]:
    """Cities of a province, each with itself and its counties."""
    inside = Region.objects.filter(
        Q(level=RegionLevel.CITY) | Q(level=RegionLevel.COUNTY), code__startswith=province
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    for code, name, level in inside.order_by("code").values_list("code", "name", "level"):
        if level == RegionLevel.CITY:
            titles[code] = name
        groups.setdefault(code[:4], []).append((code, name))
    return [
        ("", _lazy("Please choose")),
        *((titles.get(code, code), found) for code, found in groups.items()),
    ]
