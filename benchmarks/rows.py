"""Generated lines as rows of a database: firms, nodes, both lists and a round that has just closed.

Rows go in by COPY, as a restored backup would bring them; everything after that is the product's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb
from stdnum.cn import uscc

from accounts.models import GradeHolding, Organisation, User
from accounts.roles import OrganisationKind, Role
from accounts.sealing.fields import SealedField
from accounts.services import open_account, register_organisation
from benchmarks.lines import CHAIN
from matching.chains.models import Chain, ChainNode, NodeLevel
from matching.engine.types import Need, Offer
from matching.lists.models import (
    Certificate,
    DemandLine,
    Property,
    Requirement,
    Round,
    SupplyLine,
)
from matching.lists.states import LineState, RoundState

LEVELS = (NodeLevel.STREAM, NodeLevel.SEGMENT, NodeLevel.PRODUCT)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """Who runs which round."""

    office: User
    round: Round


def fill(needs: Sequence[Need], offers: Sequence[Offer]) -> Filled:
    """Store the lines as verified ones of one chain, and the office that runs its matching."""
    with transaction.atomic():
        chain = Chain.objects.create(code=CHAIN, name_zh="全省", name_en="Province")
        nodes = make_nodes(chain, {need.node for need in needs} | {offer.node for offer in offers})
        firms = _firms([*needs, *offers])
        _lines(needs, offers, nodes, firms)
        office = register_organisation(kind=OrganisationKind.OFFICE, name="链长办", region="14")
        user = open_account(
            username="office", password=uuid.uuid4().hex, name="链长办", organisation=office,
            role=Role.CHAIN_OFFICE, chains=(CHAIN,),
        )  # fmt: skip
        now = timezone.now()
        closed = Round.objects.create(
            chain=chain,
            name="2026",
            opens_at=now - timedelta(days=30),
            closes_at=now,
            state=RoundState.CLOSED,
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Filled(office=user, round=closed)


def make_nodes(chain: Chain, paths: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """The nodes of a chain that these paths name; ids by path."""
    known: dict[tuple[str, ...], ChainNode] = {}
    prefixes = {path[: depth + 1] for path in paths for depth in range(len(path))}
    for path in sorted(prefixes - {()}, key=lambda path: (len(path), path)):
        known[path] = ChainNode.objects.create(
            chain=chain,
            parent=known.get(path[:-1]),
            level=LEVELS[len(path) - 1],
            code="-".join(path)[-60:],
            path=list(path),
            name_zh=path[-1],
            name_en=path[-1],
        )
    return {path: node.pk for path, node in known.items() if path}


def _firms(lines: Sequence[Need | Offer]) -> dict[str, uuid.UUID]:
    by_name = {line.firm: line for line in lines}
    ids = {name: uuid.uuid4() for name in by_name}
    rows, grades = [], []
    for number, (name, line) in enumerate(sorted(by_name.items())):
        seller = isinstance(line, Offer)
        kind = OrganisationKind.MEMBER_FIRM if seller else OrganisationKind.LEADER_FIRM
        base = f"91140100MA{number:07d}"
        code = base + uscc.calc_check_digit(base)
        region = line.region if isinstance(line, Offer) else "140100"
        rows.append({"id": ids[name], "kind": kind.value, "name": name, "uscc": code, "region": region})
        if isinstance(line, Offer):
            grades += [{"organisation_id": ids[name], "grade": grade} for grade in line.grades]
    copy(Organisation, rows)
    copy(GradeHolding, grades)
    return ids


def _lines(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    nodes: Mapping[tuple[str, ...], int],
    firms: Mapping[str, uuid.UUID],
) -> None:
    def shared(line: Need | Offer) -> dict[str, Any]:
        return {
            **{name: getattr(line, name) for name in ("key", "title", "description", "unit")},
            "id": uuid.uuid4(),
            "organisation_id": firms[line.firm],
            "chain_id": CHAIN,
            "node_id": nodes.get(line.node),
            "state": LineState.VERIFIED.value,
            "standards": list(line.standards),
        }

    demands = [{**shared(need), **_demand(need)} for need in needs]
    supplies = [{**shared(offer), **_supply(offer)} for offer in offers]
    copy(DemandLine, demands)
    copy(SupplyLine, supplies)
    copy(Requirement, _children("demand_id", demands, [need.requirements for need in needs], _NUMBERS))
    copy(
        Property,
        _children("supply_id", supplies, [offer.properties for offer in offers], (*_NUMBERS, "tolerance")),
    )
    held = [offer.certificates for offer in offers]
    copy(Certificate, _children("supply_id", supplies, held, ("name", "number", "expires")))


_NUMBERS = ("parameter", "low", "high", "values", "unit")


def _demand(need: Need) -> dict[str, Any]:
    same = ("quantity", "deliver_from", "deliver_until", "price_ceiling", "region_required")
    return {
        **{name: getattr(need, name) for name in (*same, "max_suppliers", "priority")},
        "period": need.period.value,
        "certificates": list(need.certificates),
        "regions": list(need.regions),
    }


def _supply(offer: Offer) -> dict[str, Any]:
    same = ("capacity", "free_capacity", "minimum_order", "price_low", "price_high")
    return {**{name: getattr(offer, name) for name in same}, "lead_time": offer.lead_time_days}


def _children(
    parent: str, lines: Sequence[Row], rows: Sequence[Sequence[Any]], names: Sequence[str]
) -> Iterable[dict[str, Any]]:
    for line, held in zip(lines, rows, strict=True):
        for position, row in enumerate(held):
            found = {name: getattr(row, name) for name in names}
            if "values" in found:
                found |= {"values": list(row.values), "position": position}
            if hasattr(row, "operator"):
                found |= {"operator": row.operator.value, "hard": row.hard}
            yield {parent: line["id"], **found}


def copy(model: type[models.Model], rows: Iterable[Row]) -> None:
    """COPY rows by attribute name; what a row does not name gets the field's default."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key and isinstance(field, models.AutoField))
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    now = timezone.now()
    defaults = {field.attname: _default(field, now) for field in fields}
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        for row in rows:
            into.write_row([_stored(field, row, defaults[field.attname]) for field in fields])


def _stored(field: Any, row: Row, default: Any) -> Any:
    value = row.get(field.attname, default)
    return field.seal(value, row["id"]) if isinstance(field, SealedField) else value


def _default(field: Any, now: Any) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return now
    value = field.get_default()
    return Jsonb(value) if isinstance(field, models.JSONField) else value
