"""What an auditor may search by; the page, its download and the API ask the same."""

from __future__ import annotations

import django_filters
from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts.audit.models import Action, AuditEntry, Via
from accounts.audit.watching import watched


def words_of_tables() -> dict[str, str]:
    """Audited tables and what people call their rows."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {one.table: str(models[one.table]._meta.verbose_name) for one in watched()}


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of the audit."""

    since = django_filters.IsoDateTimeFilter(
        "at", "gte", label=_("written from"), help_text="Written at or after."
    )
    until = django_filters.IsoDateTimeFilter(
        "at", "lt", label=_("written until"), help_text="Written before."
    )
    actor = django_filters.NumberFilter(min_value=0, max_value=2**63 - 1, help_text="Id of an account.")
    table = django_filters.CharFilter(max_length=63)
    object_id = django_filters.CharFilter(max_length=200)
    action = django_filters.ChoiceFilter(choices=Action.choices)
    via = django_filters.ChoiceFilter(choices=Via.choices)
    request_id = django_filters.CharFilter(max_length=64)

    class Meta:
        model = AuditEntry
        fields = ("since", "until", "actor", "table", "object_id", "action", "via", "request_id")


class SearchForm(forms.Form):
    """The same as fields of the page."""

    since = forms.DateTimeField(
        label=_("written from"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=_("written until"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    actor = forms.CharField(label=_("account"), required=False, max_length=150, help_text=_("name or number"))
    table = forms.ChoiceField(label=_("kind of object"), required=False)
    object_id = forms.CharField(label=_("number of the object"), required=False, max_length=200)
    action = forms.ChoiceField(label=_("action"), required=False, choices=[("", _("any")), *Action.choices])
    via = forms.ChoiceField(label=_("by way of"), required=False, choices=[("", _("any")), *Via.choices])
    request_id = forms.CharField(label=_("request"), required=False, max_length=64)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        tables = sorted(words_of_tables().items(), key=lambda pair: pair[1])
        self.fields["table"].choices = [("", _("any")), *tables]  # type: ignore[attr-defined]
