"""Forms of papers: their head, and a letter's template, the summary's period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.chains.models import Chain
from matching.lists.forms.choices import city_choices
from matching.papers.models import PaperPack
from matching.papers.periods import offered, period_of, year_of


class HeadForm(forms.ModelForm[PaperPack]):
    """What stands at the head of the notice."""

    class Meta:
        model = PaperPack
        fields = ("issuer", "number", "addressee", "language")
        help_texts = {
            "issuer": _(
                "The office in whose name the papers go out; it stands in red at the head of the notice."
            ),
            "number": _("Such as 〔2026〕12号; may be left empty."),
            "addressee": _("Empty: the leader firms and member firms concerned."),
        }


class TemplateForm(forms.Form):
    """A letter of the office's own."""

    file = forms.FileField(
        label=_("file"),
        max_length=200,
        help_text=_("A .docx of at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx", "class": "form-control"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)


class SummaryFilter(forms.Form):
    """Of which chain, period and leader firms' city a summary is."""

    chain = forms.ModelChoiceField(
        label=_("chain"), queryset=Chain.objects.none(), required=False, empty_label=_("All chains")
    )
    period = forms.ChoiceField(label=_("period"), required=False, choices=())
    city = forms.ChoiceField(label=_("city"), required=False, choices=())

    def __init__(self, data: Any, *, chains: Any, today: date) -> None:
        super().__init__(data)
        self.newest = year_of(today)
        self.fields["chain"].queryset = chains  # type: ignore[attr-defined]
        self.fields["city"].choices = city_choices()  # type: ignore[attr-defined]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            ("", _("This year")),
            *((label, [(one.code, str(one)) for one in some]) for label, some in offered(today)),
        ]

    def chosen(self) -> dict[str, Any]:
        """What ``extent_of`` takes; what is not offered counts as not chosen."""
        self.is_valid()
        wanted = self.cleaned_data
        period = period_of(wanted.get("period", "")) or self.newest
        return {"chain": wanted.get("chain"), "city": wanted.get("city", ""), "period": period}
