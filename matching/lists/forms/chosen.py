"""What a person ticked among the proposals from a text: rows to append, and fields to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django import forms

from matching.engine import units
from matching.engine.values import read
from matching.lists.forms.fields import WordsField, date_input
from matching.lists.forms.lines import DemandForm, LineForm, SupplyForm
from matching.lists.forms.rows import CERTIFICATES, MAX_ROWS, REQUIREMENTS, RowsSpec

PREFIX = "found"
_UNITS = {"天": "day", "周": "week", "月": "month"}
_LOOKS = {forms.Select: "select form-select"}


@dataclass(slots=True)
class Appended:
    """Rows of one kind to append, and how many there were before."""

    spec: RowsSpec
    start: int
    rows: list[forms.Form] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many there are then."""
        return self.start + len(self.rows)

    def add(self, **initial: Any) -> None:
        """One more row."""
        self.rows.append(self.spec.form(prefix=f"{self.spec.name}-{self.total}", initial=initial))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to append, and the fields as they read then."""

    appended: list[Appended]
    fields: list[forms.BoundField]

    @property
    def nothing(self) -> bool:
        """Whether nothing was ticked."""
        return not self.fields and not any(part.rows for part in self.appended)


def chosen(spec: RowsSpec, posted: Mapping[str, Any]) -> Chosen:
    """The ticked proposals as they were shown or corrected, each where the line keeps it."""
    line_form: type[LineForm] = DemandForm if spec is REQUIREMENTS else SupplyForm
    rows, papers = _appended(spec, posted), _appended(CERTIFICATES, posted)
    held = {str(posted.get(f"certificates-{number}-name", "")).strip() for number in range(papers.start)}
    values: dict[str, Any] = {}
    for number in range(MAX_ROWS):
        prefix = f"{PREFIX}-{number}"
        if not posted.get(f"{prefix}-pick"):
            continue
        value = str(posted.get(f"{prefix}-value", ""))[:200]
        place = str(posted.get(f"{prefix}-place", ""))
        if place == "certificates" and line_form is SupplyForm:
            for name in _words(value):
                if name not in held:
                    papers.add(name=name)
        elif place in ("standards", "certificates"):
            values[place] = _words(values.get(place, posted.get(place, "")), value)
        elif place == "lead_time" and line_form is SupplyForm and (lead := _lead_time(value)):
            values |= lead
        elif place == "deliver_until" and line_form is DemandForm:
            values[place] = value
        else:
            rows.add(
                parameter=str(posted.get(f"{prefix}-parameter", ""))[:80],
                value=value,
                hard="must" if posted.get(f"{prefix}-hard") == "must" else "wish",
            )
    return Chosen([rows, papers], list(_filled(line_form, values)))


def _appended(spec: RowsSpec, posted: Mapping[str, Any]) -> Appended:
    counted = str(posted.get(f"{spec.name}-TOTAL_FORMS", ""))
    return Appended(spec, min(int(counted), 1000) if counted.isascii() and counted.isdigit() else 0)


def _words(*texts: Any) -> list[str]:
    read_in = WordsField(required=False)
    parts = [part for text in texts for part in (text if isinstance(text, list) else read_in.to_python(text))]
    return list(dict.fromkeys(parts))


def _lead_time(text: str) -> dict[str, Any] | None:
    """A time in the largest unit that it fills; None for what is none."""
    reading = read(text)
    if reading is None:
        return None
    length = reading.high if reading.high is not None else reading.low
    if length is None:
        return None
    for unit, code in _UNITS.items():
        if units.convert(length, reading.unit, unit) == length and length == int(length):
            return {"lead_time": int(length), "lead_time_unit": code}
    days = units.convert(length, reading.unit, "天")
    return None if days is None else {"lead_time": int(days), "lead_time_unit": "day"}


def _filled(line_form: type[LineForm], values: Mapping[str, Any]) -> Iterable[forms.BoundField]:
    """The fields of the line's form with these values, to be put in the place of those on the page."""
    form = forms.Form(initial=dict(values))
    for name in values:
        form.fields[name] = deepcopy(line_form.base_fields[name])
        if isinstance(form.fields[name], forms.DateField):
            form.fields[name].widget = date_input()
        widget = form.fields[name].widget
        widget.attrs |= {"class": _LOOKS.get(type(widget), "textinput form-control"), "hx-swap-oob": "true"}
        yield form[name]
