"""The form in which a result is recorded at the table, on a phone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.agreements.amounts import Kind
from matching.agreements.models import Absent, Outcome, Result
from matching.lists.forms.fields import AmountField, date_input
from matching.meetings.models import Appointment

TEN_THOUSAND = 10_000
CENT = Decimal("0.01")
_TERMS = ("tax_included", "quantity", "unit")


class ResultForm(forms.Form):
    """What came of an appointment; the amount in units of 10,000 CNY (万元), as offices write it.

    ``seen`` is when the record that the form began from was last changed; empty where there was none.
    """

    result = forms.ChoiceField(label=_("What came of it?"), choices=Result.choices, widget=forms.RadioSelect)
    absent = forms.ChoiceField(
        label=_("Who did not come?"),
        choices=[("", _("Everybody came")), *Absent.choices],
        required=False,
    )
    amount = AmountField(
        label=_("Amount (10,000 CNY)"), max_digits=14, decimal_places=6, min_value=0, required=False
    )
    tax_included = forms.BooleanField(label=_("tax included"), required=False, initial=True)
    quantity = AmountField(label=_("quantity"), max_digits=18, decimal_places=4, min_value=0, required=False)
    unit = forms.CharField(label=_("unit"), max_length=20, required=False)
    next_step = forms.CharField(label=_("next step"), max_length=300, required=False)
    due_on = forms.DateField(label=_("next step due"), required=False, widget=date_input())
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @classmethod
    def of(cls, appointment: Appointment, outcome: Outcome | None) -> ResultForm:
        """A form that begins from what is recorded."""
        if outcome is None:
            return cls(initial={"unit": appointment.review.demand.unit})
        agreement = outcome.agreement
        terms: dict[str, Any] = {name: getattr(agreement, name) for name in _TERMS} if agreement else {}
        if agreement is not None and agreement.amount is not None:
            terms["amount"] = f"{(agreement.amount / TEN_THOUSAND).normalize():f}"
        return cls(
            initial={
                "result": outcome.result,
                "absent": outcome.absent,
                "next_step": outcome.next_step,
                "due_on": outcome.due_on,
                "seen": seen(outcome),
                **terms,
            }
        )

    def told(self) -> dict[str, Any]:
        """The keyword arguments of ``record_result``; terms only for an agreement."""
        data = self.cleaned_data
        terms: dict[str, Any] = {}
        if data["result"] in Kind.values:
            terms = {name: data[name] for name in _TERMS if data[name] not in (None, "")}
            terms["tax_included"] = data["tax_included"]
            if data["quantity"] is None:
                terms.pop("unit", None)
            if data["amount"] is not None:
                terms["amount"] = (data["amount"] * TEN_THOUSAND).quantize(CENT)
        return {
            "result": Result(data["result"]),
            "absent": data["absent"] if data["result"] == Result.NO_SHOW else "",
            "next_step": data["next_step"],
            "due_on": data["due_on"],
            "terms": terms,
            "seen": data["seen"],
        }


def seen(outcome: Outcome | None) -> str:
    """What a form says of the record that it began from."""
    return "" if outcome is None else outcome.updated_at.isoformat()
