"""Form of a glossary entry."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.models import Chain, GlossaryEntry

_SEPARATORS = re.compile(r"[,，、;；=\n]+")


class EntryForm(forms.ModelForm[GlossaryEntry]):
    """Words that mean the same, written in one box."""

    words = forms.CharField(
        label=_lazy("words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_lazy("One word a line, or separated by commas. The first one is the main form."),
    )

    class Meta:
        model = GlossaryEntry
        fields = ("kind", "chain", "words", "is_active")

    def __init__(self, data: Any = None, *, chains: Any, for_all: bool, instance: Any = None) -> None:
        initial = {"words": "\n".join(instance.words)} if instance else {}
        super().__init__(data, instance=instance, initial=initial)
        chain: Any = self.fields["chain"]
        chain.queryset = chains
        chain.empty_label = _lazy("All chains")
        chain.required = not for_all

    def clean_words(self) -> list[str]:
        """The words as a list."""
        parts = (part.strip() for part in _SEPARATORS.split(self.cleaned_data["words"]))
        return list(dict.fromkeys(part for part in parts if part))


class EntryFilter(forms.Form):
    """What the glossary can be narrowed by."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_lazy("kind"), required=False, choices=())
    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.none(), required=False, empty_label=_lazy("Any chain")
    )

    def __init__(self, data: Any, *, chains: Any) -> None:
        super().__init__(data)
        kinds = GlossaryEntry._meta.get_field("kind").flatchoices
        self.fields["kind"].choices = [("", _lazy("All kinds")), *kinds]  # type: ignore[attr-defined]
        self.fields["chain"].queryset = chains  # type: ignore[attr-defined]

    def narrow(self, entries: Any) -> Any:
        """The entries that the filter lets through."""
        if not self.is_valid():
            return entries
        wanted = self.cleaned_data
        if wanted["q"]:
            entries = entries.filter(words__icontains=wanted["q"])
        if wanted["kind"]:
            entries = entries.filter(kind=wanted["kind"])
        return entries.filter(chain=wanted["chain"]) if wanted["chain"] else entries
