"""What may be wrong with a line's content; forms, API, whole lists and uploads all ask here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateField, DecimalField, Field, ForeignKey, IntegerField, Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching import kinds
from matching.errors import Fault
from matching.lists.models import DemandLine, Line, Requirement, SupplyLine
from matching.lists.services.content import CHILD_ROWS, Row, Rows

Problems = dict[str, Sequence[str]]
_NOT_CHECKED = {"organisation", "round", "fingerprint"}


class References:
    """Remembers what lines point to, so that many lines of one chain ask for it once."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, object, str | None], list[Fault]] = {}

    def problems(self, line: Line, column: ForeignKey[Any, Any]) -> list[Fault]:
        """What is wrong with a line's chain, node or origin."""
        value = getattr(line, column.attname)
        if column.blank and value in column.empty_values:
            return []
        known = (column.name, value, get_language())
        if known not in self._told:
            self._told[known] = _refused(line, column, value)
        return self._told[known]


def _refused(line: Line, column: ForeignKey[Any, Any], value: object) -> list[Fault]:
    try:
        column.clean(value, line)
    except ValidationError as error:
        return _faults(column, error.error_list)
    return []


def _faults(column: object, errors: Sequence[ValidationError]) -> list[Fault]:
    """What a column refuses, by codes that say the same as those of the API's own fields."""
    return [
        Fault(text, _code(column, error.code or "invalid")) for error in errors for text in error.messages
    ]


def _code(column: object, code: str) -> str:
    if code.startswith("invalid") and code != "invalid_choice":
        for kind, precise in _PRECISE.items():
            if isinstance(column, kind):
                return precise
    return code


_PRECISE: dict[type[Field[Any, Any]], str] = {
    ForeignKey: "does_not_exist",
    DecimalField: "invalid_number",
    IntegerField: "invalid_number",
    DateField: "invalid_date",
}


def _cleaned(row: Model, exclude: set[str]) -> dict[str, list[Fault]]:
    """What is wrong with the columns of a row, by name; they are brought into their types."""
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        return {name: _faults(row._meta.get_field(name), errors) for name, errors in error.error_dict.items()}
    return {}


def problems_of(line: DemandLine | SupplyLine, rows: Rows, known: References) -> Problems:
    """Everything that is wrong with a line and its rows, by field; columns are brought into their types."""
    pointers = [
        column
        for column in line._meta.concrete_fields
        if isinstance(column, ForeignKey) and column.name not in _NOT_CHECKED
    ]
    problems: Problems = {}
    problems.update(_cleaned(line, _NOT_CHECKED | {column.name for column in pointers}))
    problems.update({one.name: told for one in pointers if (told := known.problems(line, one))})
    problems.update(_kind_problems(line))
    if "node" not in problems and line.node is not None and line.node.chain_id != line.chain_id:
        problems["node"] = [Fault(_("This node belongs to another chain."), "does_not_exist")]
    for name, fault in _amiss(line).items():
        problems.setdefault(name, [fault])
    for name, items in rows.items():
        problems.update(_row_problems(name, CHILD_ROWS[type(line)][name], items))
    return problems


def _amiss(line: DemandLine | SupplyLine) -> dict[str, Fault]:
    """Values that contradict each other; the database's constraints say the same."""
    if isinstance(line, DemandLine):
        if not _above(line.deliver_from, line.deliver_until):
            return {}
        return {"deliver_until": Fault(_("The delivery ends before it begins."), "ends_before_begin")}
    found = {}
    if _above(line.committed, line.free_capacity):
        told = _("More than this is already committed to accepted matches.")
        found["free_capacity"] = Fault(told, "committed")
    if _above(line.free_capacity, line.capacity):
        found["capacity"] = Fault(_("The free capacity is more than the whole capacity."), "min_value")
    if _above(line.price_low, line.price_high):
        found["price_high"] = Fault(_("The upper price is below the lower one."), "ends_before_begin")
    return found


def _above(low: Any, high: Any) -> bool:
    # What could not be read as a number or a date is told as such, and not compared.
    return low is not None and type(low) is type(high) and bool(low > high)


def _kind_problems(line: DemandLine | SupplyLine) -> Problems:
    try:
        kind = kinds.get(line.kind)
    except KeyError:
        known = ", ".join(code for code, _name in kinds.choices())
        told = _("There is no such kind of list; known are: %(known)s.") % {"known": known}
        return {"kind": [Fault(told, "invalid_choice")]}
    side = "need" if isinstance(line, DemandLine) else "offer"
    language = get_language() or ""
    return {
        f"attributes.{name}": [Fault(label.text(language), "invalid_attribute")]
        for name, label in kind.attribute_problems(side, line.attributes).items()
    }


def _row_problems(name: str, model: type[Any], rows: Sequence[Row]) -> Problems:
    problems: Problems = {}
    for index, row in enumerate(rows):
        refused = _cleaned(model(**row), {"demand", "supply"})
        problems.update({f"{name}.{index}.{column}": faults for column, faults in refused.items()})
        if row.get("low") is not None and row.get("high") is not None and row["low"] > row["high"]:
            told = _("The upper value is below the lower one.")
            problems[f"{name}.{index}.high"] = [Fault(told, "ends_before_begin")]
        if model is Requirement and (problem := _unanswerable(row)):
            problems[f"{name}.{index}.low"] = [Fault(problem, "required")]
    return problems


_NEEDS = {
    "at_least": ("low",),
    "more_than": ("low",),
    "at_most": ("high",),
    "less_than": ("high",),
    "between": ("low", "high"),
}


def _unanswerable(row: Row) -> str:
    """A requirement without the value that its operator compares with."""
    operator = row.get("operator", "equal")
    missing = [name for name in _NEEDS.get(operator, ()) if row.get(name) is None]
    if operator in ("equal", "one_of") and not row.get("values") and row.get("low") is None:
        missing = ["values"]
    if not missing:
        return ""
    return _("“%(operator)s” needs a value for: %(missing)s.") % {
        "operator": operator,
        "missing": ", ".join(missing),
    }
