"""Forms of the memory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching import kinds
from matching.chains.models import Chain
from matching.errors import Invalid
from matching.memory.models import LONGEST, LONGEST_PRODUCT, Source
from matching.memory.reading import Row, decoded, read
from matching.memory.services import PastPair
from matching.memory.states import ConfirmationState

MAX_ROWS = 2000
MAX_BYTES = 1024 * 1024


class MemoryFilter(forms.Form):
    """What the memory can be narrowed by."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )
    source = forms.ChoiceField(
        label=_lazy("source"), required=False, choices=[("", _lazy("All sources")), *Source.choices]
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *ConfirmationState.choices]
    )


class _KindForm(forms.Form):
    """Of which kind the supply lines are; one kind needs no choice."""

    kind = forms.ChoiceField(label=_lazy("kind"), choices=kinds.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(kinds.choices()) == 1:
            del self.fields["kind"]

    @property
    def chosen_kind(self) -> str:
        """The kind that was chosen, or the only one."""
        chosen: str = self.cleaned_data.get("kind", kinds.PRODUCT.code)
        return chosen


class RememberForm(_KindForm):
    """One pair that people agreed on."""

    text = forms.CharField(
        label=_lazy("words of the need"),
        max_length=LONGEST,
        help_text=_lazy("As buyers write it. Take care to write no firm's secret here."),
    )
    uscc = forms.CharField(label=_lazy("credit code of the supplier"), max_length=18)
    line = forms.CharField(label=_lazy("number of the supply line"), max_length=40)
    product = forms.CharField(
        label=_lazy("product as confirmed"),
        max_length=LONGEST_PRODUCT,
        required=False,
        help_text=_lazy("Leave empty where it is the product that the line names today."),
    )
    confirmed_on = forms.DateField(
        label=_lazy("confirmed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    @property
    def pair(self) -> PastPair:
        """What was typed."""
        named = ("text", "uscc", "line", "product")
        day = self.cleaned_data["confirmed_on"]
        return PastPair(
            **{name: self.cleaned_data[name] for name in named}, confirmed_on=day.isoformat() if day else ""
        )


class ImportForm(_KindForm):
    """Many pairs, pasted or from a file."""

    file = forms.FileField(
        label=_lazy("File"), required=False, help_text=_lazy("CSV, or text with tabs; at most 1 MB.")
    )
    rows = forms.CharField(
        label=_lazy("Or paste the rows here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the rows of the file, or else those that were pasted."""
        try:
            self.cleaned_data["read"] = self._read()
        except Invalid as invalid:
            for texts in invalid.fields.values():
                self.add_error(None, list(texts))
        return self.cleaned_data

    def _read(self) -> list[Row]:
        upload = self.cleaned_data.get("file")
        if upload is not None and upload.size > MAX_BYTES:
            raise Invalid({"file": [_("The file is larger than 1 MB.")]})
        text = decoded(upload.read()) if upload is not None else self.cleaned_data.get("rows", "")
        rows = read(text)
        if not rows:
            raise Invalid({"rows": [_("There is no row to read.")]})
        if len(rows) > MAX_ROWS:
            raise Invalid({"rows": [_("More than 2,000 rows; please bring them in parts.")]})
        self.cleaned_data["typed"] = text
        return rows
