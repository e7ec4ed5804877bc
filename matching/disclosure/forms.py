"""What the entries can be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from matching.disclosure.models import Disclosure, Part, Via


class DisclosureFilter(forms.Form):
    """Who, what, through which door, since when."""

    q = forms.CharField(label=_lazy("Search"), required=False, max_length=80)
    part = forms.ChoiceField(
        label=_lazy("what"), required=False, choices=[("", _lazy("Everything seen")), *Part.choices]
    )
    via = forms.ChoiceField(
        label=_lazy("through"), required=False, choices=[("", _lazy("All ways")), *Via.choices]
    )
    since = forms.DateField(
        label=_lazy("since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def narrow(self, seen: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        """The entries that the filter lets through; one that is malformed narrows nothing."""
        wanted: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        if text := wanted.get("q"):
            names = Q(reader_organisation__name__icontains=text)
            seen = seen.filter(names | Q(key__icontains=text) | Q(title__icontains=text))
        if part := wanted.get("part"):
            seen = seen.filter(parts__contains=[part])
        if via := wanted.get("via"):
            seen = seen.filter(via=via)
        if since := wanted.get("since"):
            seen = seen.filter(at__date__gte=since)
        return seen
