"""Forms of agreements, due dates, supervision orders and rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from matching.agreements.amounts import Kind
from matching.agreements.models import TERMS, Agreement, FollowUpRule
from matching.agreements.services.orders import ANSWER_LENGTH
from matching.chains.models import Chain
from matching.errors import Invalid
from matching.lists.forms.fields import AmountField, date_input


class TermsForm(forms.Form):
    """What was agreed on. What must hold together is decided by the services."""

    amount = AmountField(
        label=_lazy("amount (CNY)"), max_digits=18, decimal_places=2, min_value=0, required=False
    )
    tax_included = forms.BooleanField(label=_lazy("tax included"), required=False, initial=True)
    quantity = AmountField(
        label=_lazy("quantity"), max_digits=18, decimal_places=4, min_value=0, required=False
    )
    unit = forms.CharField(label=_lazy("unit"), max_length=20, required=False)
    signed_on = forms.DateField(label=_lazy("signed on"), widget=date_input())
    deliver_from = forms.DateField(label=_lazy("delivery from"), widget=date_input(), required=False)
    deliver_until = forms.DateField(label=_lazy("delivery until"), widget=date_input(), required=False)
    number = forms.CharField(label=_lazy("number of the document"), max_length=60, required=False)
    note = forms.CharField(label=_lazy("note"), max_length=500, required=False)

    def terms(self) -> dict[str, Any]:
        """The terms as services take them."""
        return {name: self.cleaned_data[name] for name in TERMS}

    def show_problems(self, refusal: Invalid) -> None:
        """Put what the services refused at the field that it names."""
        for name, texts in refusal.fields.items():
            self.add_error(name if name in self.fields else None, list(texts))


class AgreementForm(TermsForm):
    """A new agreement, with a scan where there is one."""

    kind = forms.ChoiceField(label=_lazy("kind"), choices=Kind.choices, widget=forms.RadioSelect)
    file = forms.FileField(label=_lazy("scan or photo"), required=False)

    field_order = ("kind",)

    @classmethod
    def beginning(cls, kind: str, unit: str) -> dict[str, Any]:
        """What a new one begins with."""
        return {"kind": kind, "unit": unit, "signed_on": timezone.localdate(), "tax_included": True}


class CorrectForm(TermsForm):
    """Other terms of an agreement."""

    reason = forms.CharField(label=_lazy("reason"), max_length=500, required=False)

    @classmethod
    def beginning(cls, agreement: Agreement) -> dict[str, Any]:
        """The newest terms, confirmed or not."""
        newest = agreement.versions.order_by("-position").first() or agreement
        return {name: getattr(newest, name) for name in TERMS}


class DayForm(forms.Form):
    """One day."""

    day = forms.DateField(label=_lazy("Day"), widget=date_input())


class AnswerForm(forms.Form):
    """The lead department's answer."""

    answer = forms.CharField(
        label=_lazy("What was done, and what comes next"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due_on = forms.DateField(label=_lazy("new due date of the step"), widget=date_input(), required=False)

    def show_problems(self, refusal: Invalid) -> None:
        """Put what the services refused at the field that it names."""
        for name, texts in refusal.fields.items():
            self.add_error(name if name in self.fields else None, list(texts))


class ProgressFilter(forms.Form):
    """What the list of pairs can be narrowed by."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.all(), required=False, empty_label=_lazy("All chains")
    )

    def narrow(self, rows: Any) -> Any:
        """The pairs that the filter lets through."""
        chain = self.cleaned_data.get("chain") if self.is_valid() else None
        return rows.filter(demand__chain=chain) if chain else rows


class FollowUpRuleForm(forms.ModelForm[FollowUpRule]):
    """Days that the steps of a chain's pairs have."""

    class Meta:
        model = FollowUpRule
        fields = (
            *("intent_days", "sample_days", "quote_days", "contract_days", "delivery_days"),
            *("remind_days", "escalate_days", "answer_days"),
        )
