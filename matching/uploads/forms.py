"""Forms of uploads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from matching import kinds
from matching.uploads.services import ENDINGS


class UploadForm(forms.Form):
    """Which file, for which firm's list of which kind; what there is only one of is not asked."""

    organisation = forms.ModelChoiceField(label=_("firm"), queryset=Organisation.objects.none())
    kind = forms.ChoiceField(label=_("kind"))
    file = forms.FileField(
        label=_("file"),
        max_length=200,
        help_text=_("Excel, WPS, OpenDocument or CSV, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS), "class": "form-control"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, firms: Sequence[Organisation]) -> None:
        super().__init__(data, files)
        self.firms = list(firms)
        declared = kinds.choices()
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[firm.pk for firm in firms]
        )
        self.fields["kind"].choices = declared  # type: ignore[attr-defined]
        if len(self.firms) == 1:
            del self.fields["organisation"]
        if len(declared) == 1:
            del self.fields["kind"]

    def firm(self) -> Organisation:
        """The firm that the file is of."""
        return self.cleaned_data.get("organisation") or self.firms[0]

    def chosen_kind(self) -> str:
        """Code of the kind of list."""
        return str(self.cleaned_data.get("kind") or kinds.registered()[0].code)


class ApplyForm(forms.Form):
    """What becomes of a compared file."""

    mode = forms.ChoiceField(
        label=_("Apply"),
        choices=[
            ("good", _("the good rows; faulty ones stay out")),
            ("all", _("all rows or none")),
        ],
        initial="good",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    withdraw = forms.BooleanField(required=False)
    submit = forms.BooleanField(required=False)

    def choices(self) -> dict[str, bool]:
        """As ``services.order_apply`` takes them."""
        chosen = self.cleaned_data
        return {
            "all_or_nothing": chosen["mode"] == "all",
            "withdraw": chosen["withdraw"],
            "submit": chosen["submit"],
        }
