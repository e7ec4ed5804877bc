"""Forms of papers: their head, and a letter's template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.papers.models import PaperPack


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
