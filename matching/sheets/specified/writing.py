"""Requirements and properties written so that they read back exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from matching.engine.types import Operator
from matching.sheets.specified.grammar import SIGNS, SOFT
from matching.sheets.specified.quoting import quoted
from matching.sheets.specified.reading import read_properties, read_requirements, row_of_property

Row = Mapping[str, Any]


def write_requirements(rows: Iterable[Row]) -> str:
    """Requirements, one a line. Rows as the API takes them; what is left out has the API's default."""
    return "\n".join(_shortest(row, _requirement, lambda text: read_requirements(text).rows) for row in rows)


def write_properties(rows: Iterable[Row]) -> str:
    """Properties, one a line. Rows as the API takes them; what is left out has the API's default."""
    return "\n".join(_shortest(row, _property, lambda text: read_properties(text).rows) for row in rows)


def _shortest(
    row: Row, write: Callable[[Row, bool], str], read: Callable[[str], tuple[Mapping[str, Any], ...]]
) -> str:
    """The bare writing where it reads back as the same row, else the one in quotes."""
    bare = write(row, False)
    kept = {name: list(value) if name == "values" else value for name, value in row.items()}
    back = read(bare)
    if len(back) == 1 and {**back[0], **kept} == back[0]:
        return bare
    return write(row, True)


def _requirement(row: Row, exact: bool) -> str:
    operator = Operator(row.get("operator") or Operator.EQUAL)
    body = _body(row, operator, exact)
    soft = "" if row.get("hard", True) else f" {SOFT}"
    return f"{_token(row['parameter'], exact)} {body}{soft}"


def _property(row: Row, exact: bool) -> str:
    stated = row_of_property(row)
    low, high, values = stated["low"], stated["high"], stated["values"]
    operator = Operator.ONE_OF if len(values) > 1 and low is None and high is None else Operator.EQUAL
    if not values and (low is None) != (high is None):
        operator = Operator.AT_LEAST if high is None else Operator.AT_MOST
    elif not values and low != high:
        operator = Operator.BETWEEN
    return f"{_token(row['parameter'], exact)} {_body(row, operator, exact)}"


def _body(row: Row, operator: Operator, exact: bool) -> str:
    low, high, words = row.get("low"), row.get("high"), list(row.get("values") or ())
    unit = row.get("unit") or ""
    ending = f" {_token(unit, exact)}" if unit else ""
    tolerance = bool(row.get("tolerance"))
    if tolerance and not exact and not words and low is not None and high is not None:
        return f"{_plain((low + high) / 2)}±{_plain((high - low) / 2)}{ending}"
    sign = "±" if tolerance else SIGNS.get(operator, "")
    ordinary = _ordinary(operator, low, high)
    if not words and ordinary and not tolerance and not (exact and not unit):
        return f"{sign} {ordinary}".strip() + ending
    if low is None and high is None and operator is Operator.EQUAL and len(words) == 1 and not unit:
        return f"= {_token(words[0], exact)}"
    ends = "" if low is None and high is None else f"[{_plain(low)}, {_plain(high)}]"
    braces = "{" + ", ".join(_token(word, exact) for word in words) + "}" if words or not ends else ""
    return " ".join(part for part in (sign, ends, braces) if part) + ending


def _ordinary(operator: Operator, low: Decimal | None, high: Decimal | None) -> str:
    """The number or range of a row whose ends are those that its operator compares with."""
    match operator:
        case Operator.AT_LEAST | Operator.MORE_THAN if high is None:
            return _plain(low)
        case Operator.AT_MOST | Operator.LESS_THAN if low is None:
            return _plain(high)
        case Operator.EQUAL if low == high:
            return _plain(low)
        case Operator.BETWEEN if low is not None and high is not None:
            return f"{_plain(low)}~{_plain(high)}"
    return ""


def _plain(number: Decimal | None) -> str:
    if number is None:
        return ""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _token(text: str, exact: bool) -> str:
    return quoted(text) if exact else text
