"""What a row of a workbook says of a line, in the form that lines are written in; and back from storage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.chains.models import ChainNode
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services.content import CHILD_ROWS, Row, plain
from matching.sheets.columns import OWN
from matching.sheets.types import ReadRow

AnyModel = type[DemandLine] | type[SupplyLine]
# An empty cell leaves these as they are: their defaults depend on the day.
_KEPT = {"valid_until"}


@dataclass(frozen=True, slots=True)
class Content:
    """Columns and child rows that a row names; ``own`` are the kind's own fields that it names."""

    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]]
    own: Mapping[str, Any]


class Nodes:
    """Nodes of chains by code, each chain asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, ChainNode]] = {}

    def find(self, chain_id: str, code: str) -> ChainNode | None:
        """The node with that code; None where the chain has none."""
        if chain_id not in self._known:
            self._known[chain_id] = {node.code: node for node in ChainNode.objects.filter(chain_id=chain_id)}
        return self._known[chain_id].get(code)


def content_of_row(row: ReadRow, model: AnyModel, nodes: Nodes, chain_id: str | None) -> Content:
    """What a row says; ``chain_id`` is its line's chain, where the row names none.

    An empty cell is the column's empty value. A node that the chain does not have is left out: the reader
    has told of it.
    """
    columns = {column.name: column for column in model._meta.concrete_fields}
    values: dict[str, Any] = {}
    rows: dict[str, Sequence[Row]] = {}
    own: dict[str, Any] = {}
    for name, value in row.values.items():
        if name.startswith(OWN):
            own[name.removeprefix(OWN)] = plain(value)
        elif name in CHILD_ROWS[model]:
            rows[name] = _children(CHILD_ROWS[model][name], value)
        elif name == "chain":
            values["chain_id"] = value
        elif name in columns and name not in ("key", "node") and not (value is None and name in _KEPT):
            values[name] = columns[name].get_default() if value is None else _listed(value)
    if "node" in row.values:
        code, chain = row.values["node"], values.get("chain_id", chain_id)
        node = nodes.find(str(chain), str(code)) if code and chain else None
        if node is not None or not code:
            values["node"] = node
    return Content(values, rows, own)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _children(model: type[Any], value: Any) -> list[Row]:
    # Filled in as the API fills in what is left out, so that equal rows are equal.
    skipped = {"id", "demand", "supply", "position"}
    blank = {column.name: column for column in model._meta.concrete_fields if column.name not in skipped}
    return [
        {
            name: _listed(row[name]) if row.get(name) is not None else column.get_default()
            for name, column in blank.items()
        }
        for row in value or ()
    ]


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as JSON that ``Unpacker`` reads again."""
    columns = {name: value for name, value in values.items() if name not in ("node", "attributes")}
    found: dict[str, Any] = plain(columns)
    if "node" in values:
        found["node"] = values["node"].pk if values["node"] else None
    if "attributes" in values:
        found["attributes"] = values["attributes"]
    return found


class Unpacker:
    """Reads columns and child rows of one list's lines back from JSON."""

    def __init__(self, model: AnyModel) -> None:
        self._model = model
        self._nodes: dict[int, ChainNode] = {}

    def columns(self, stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Columns of several rows; one query for their nodes at most."""
        packs = list(stored)
        wanted = {pack["node"] for pack in packs if pack.get("node")} - self._nodes.keys()
        if wanted:
            self._nodes |= {node.pk: node for node in ChainNode.objects.filter(pk__in=wanted)}
        return [{name: self._value(name, value) for name, value in pack.items()} for pack in packs]

    def children(self, stored: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Row]]:
        """Child rows of one line."""
        models = CHILD_ROWS[self._model]
        return {
            name: [{key: _typed(models[name], key, value) for key, value in row.items()} for row in rows]
            for name, rows in stored.items()
        }

    def _value(self, name: str, value: Any) -> Any:
        if name == "node":
            return None if value is None else self._nodes.get(value)
        return value if name in ("attributes", "chain_id") else _typed(self._model, name, value)


def _typed(model: type[Any], name: str, value: Any) -> Any:
    return model._meta.get_field(name).to_python(value)
