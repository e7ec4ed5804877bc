"""The components of the portal on one page, made by the same partials and classes as everywhere."""

from __future__ import annotations

from itertools import starmap

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from matching.engine.types import Outcome
from matching.lists.models import DemandLine, Round
from matching.lists.states import LineState
from matching.meetings.models import SigningMeeting
from matching.overview import workbook
from matching.overview.charts import Chart, Row, Shape, columns, count
from matching.overview.palette import LEAST_CONTRAST, colours
from matching.pages import page_of, show
from matching.review.models import Review
from matching.runs.models import Band, MatchingRun
from matching.uploads.models import Upload

STATEFUL: tuple[type[models.Model], ...] = (DemandLine, Round, Upload, MatchingRun, Review, SigningMeeting)
EXAMPLES = 95


class ExampleForm(forms.Form):
    """A form with what forms have: needed, optional, long and ticked."""

    title = forms.CharField(label=_lazy("Product"), help_text=_lazy("As buyers would look for it."))
    quantity = forms.DecimalField(label=_lazy("Quantity"), widget=forms.TextInput)
    description = forms.CharField(
        label=_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed = forms.BooleanField(label=_lazy("sample required"), required=False)


class ExampleFilter(forms.Form):
    """A list's filters."""

    q = forms.CharField(label=_lazy("Product"), required=False)
    state = forms.ChoiceField(label=_lazy("State"), required=False, choices=[("", "—"), *LineState.choices])


def design(request: HttpRequest) -> HttpResponse:
    """The design system."""
    chart = _chart()
    if key := request.GET.get("download"):
        if key != chart.key:
            raise Http404
        return workbook.of_chart(chart)
    return show(
        request,
        "overview/design.html",
        {
            "colours": colours(),
            "least_contrast": LEAST_CONTRAST,
            "form": ExampleForm({"title": "", "quantity": "12 t", "agreed": True}, auto_id="form_%s"),
            "filters": ExampleFilter({"state": LineState.RETURNED}, auto_id="filter_%s"),
            "hidden": EXAMPLES,
            "stateful": [(_kind(model), _in_every_state(model)) for model in STATEFUL],
            "bands": Band.values,
            "returned": DemandLine(state=LineState.RETURNED),
            "outcomes": [outcome.value for outcome in Outcome],
            "alerts": list(starmap(Message, _alerts())),
            "page": page_of(request, range(EXAMPLES)),
            "chart": chart,
        },
    )


def _kind(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _in_every_state(model: type[models.Model]) -> list[models.Model]:
    field = model._meta.get_field("state")
    return [model(state=code) for code, _label in getattr(field, "flatchoices", ())]


def _alerts() -> tuple[tuple[int, str], ...]:
    return (
        (constants.SUCCESS, _("Done: what was asked for has happened.")),
        (constants.INFO, _("Good to know: nothing has to be done.")),
        (constants.WARNING, _("Look at it: it works, though not as one would expect.")),
        (constants.ERROR, _("Refused: nothing has changed, and this says what to do.")),
    )


def _chart() -> Chart:
    numbers = {_("Verified"): (34, 12, 6), _("Submitted"): (9, 14, 3), _("Returned"): (4, 2, 8)}
    rows = (Row(name, tuple(count(number) for number in row)) for name, row in numbers.items())
    return Chart(
        key="example",
        title=_("Series differ by colour and pattern"),
        shape=Shape.STACK,
        first=_("State"),
        columns=columns(_("Upstream"), _("Midstream"), _("Downstream")),
        rows=tuple(rows),
        note=_("Every chart stands on the table below it; without JavaScript the table is what one sees."),
    )
