"""Freezing a run's input: both lists as they are at one moment, written by the database itself.

One statement a list reads and writes all its lines, so no line is frozen half changed and 200,000 take
seconds. Secrets are copied sealed as they stand. ``queries.frozen`` makes of both exactly what
``lists.queries`` makes of the line.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from accounts.sealing.keys import keyed_digest
from matching.chains.queries import glossary_for
from matching.engine import wire
from matching.engine.text import index_glossary
from matching.engine.types import Glossary, Need, Offer
from matching.errors import Conflict
from matching.lists import queries as lists
from matching.lists.models import DemandLine
from matching.memory.queries import aliases_of
from matching.runs.models import Exclusion, FrozenLine, MatchingRun, Side
from matching.runs.queries import frozen, policy_of
from matching.runs.services.decided import awards_of, open_part
from matching.runs.services.meanings import needs_meant, offers_meant

BATCH = 1000
V = TypeVar("V", Need, Offer)
_Line = tuple[FrozenLine, V]
_SETTINGS = "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off"
_NODE = "coalesce(to_json(node.path), '[]'::json)"
_KEY = "coalesce(firm.uscc, '') || '/' || line.key"
_COMMON = f"""
    'key', {_KEY}, 'firm', coalesce(firm.uscc, ''), 'chain', line.chain_id, 'node', {_NODE},
    'title', line.title, 'description', line.description, 'standards', line.standards, 'unit', line.unit
"""
_REQUIREMENTS = """
    SELECT coalesce(json_agg(json_build_object(
        'parameter', row.parameter, 'operator', row.operator, 'low', row.low::text, 'high', row.high::text,
        'values', row.values, 'unit', row.unit, 'hard', row.hard) ORDER BY row.position, row.id), '[]')
    FROM matching_requirement row WHERE row.demand_id = line.id
"""
_PROPERTIES = """
    SELECT coalesce(json_agg(json_build_object(
        'parameter', row.parameter, 'low', row.low::text, 'high', row.high::text,
        'values', row.values, 'unit', row.unit, 'tolerance', row.tolerance)
        ORDER BY row.position, row.id), '[]')
    FROM matching_property row WHERE row.supply_id = line.id
"""
_CERTIFICATES = """
    SELECT coalesce(json_agg(json_build_object(
        'name', row.name, 'number', row.number, 'expires', row.expires) ORDER BY row.id), '[]')
    FROM matching_certificate row WHERE row.supply_id = line.id
"""
_GRADES = """
    SELECT coalesce(json_agg(row.grade ORDER BY row.grade COLLATE "C"), '[]')
    FROM accounts_gradeholding row
    WHERE row.organisation_id = firm.id AND (row.expires IS NULL OR row.expires >= %(as_of)s)
"""
_NEED = f"""json_build_object({_COMMON},
    'category_code', line.category_code, 'requirements', ({_REQUIREMENTS}),
    'quantity', coalesce(%(quantities)s ->> line.id::text, line.quantity::text), 'period', line.period,
    'deliver_from', line.deliver_from, 'deliver_until', line.deliver_until,
    'certificates', line.certificates, 'regions', line.regions,
    'region_required', line.region_required, 'max_suppliers', line.max_suppliers,
    'priority', line.priority)"""
_OFFER = f"""json_build_object({_COMMON},
    'properties', ({_PROPERTIES}), 'capacity', line.capacity::text,
    'minimum_order', line.minimum_order::text,
    'lead_time_days', line.lead_time * (%(days)s ->> line.lead_time_unit)::int,
    'certificates', ({_CERTIFICATES}), 'region', firm.region, 'grades', ({_GRADES}),
    'first_of_kind', line.first_of_kind <> '',
    'aliases', coalesce(%(aliases)s -> line.id::text, '[]'))"""
_INSERT = """
    INSERT INTO matching_frozenline
        (run_id, side, position, key, line_id, title, unit, fingerprint, payload, sealed)
    SELECT %(run)s, %(side)s, row_number() OVER (ORDER BY found.key COLLATE "C") - 1, found.* FROM (
        SELECT {key} AS key, line.id, line.title, line.unit, line.fingerprint, ({payload})::text,
            ARRAY[{sealed}]
        FROM {table} line
        JOIN accounts_organisation firm ON firm.id = line.organisation_id
        LEFT JOIN matching_chainnode node ON node.id = line.node_id
        WHERE line.chain_id = %(chain)s AND line.kind = %(kind)s AND line.state = 'verified'
          AND line.valid_until >= %(as_of)s AND line.id <> ALL(%(covered)s::uuid[])
    ) found
"""
_DIGEST = """
    SELECT encode(sha256(coalesce(string_agg(line.digest, ''::bytea ORDER BY position), '')), 'hex')
    FROM (SELECT position, sha256(convert_to(payload, 'UTF8')) AS digest
          FROM matching_frozenline WHERE run_id = %s AND side = %s) line
"""


def freeze(run: MatchingRun) -> None:
    """Store the run's glossary, awards, lines and exclusions, and the hashes over them.

    Side effects: the demand lines stay locked to the end of the transaction, so that nothing is agreed on
    between the reading of the awards and that of the capacities. Demand that agreements cover already is
    left out. Raises ``Conflict`` where no demand is left.
    """
    chain, kind = run.round.chain_id, run.round.kind
    glossary = glossary_for(chain)
    run.glossary = wire.encode(glossary).decode()
    open_demand = _lock_demand(run, glossary)
    values: dict[str, Any] = {
        "run": run.pk,
        "chain": chain,
        "kind": kind,
        "as_of": run.as_of,
        "quantities": Jsonb(open_demand.quantities),
        "covered": open_demand.covered,
        "days": Jsonb(lists.DAYS),
        "aliases": Jsonb({str(line): list(texts) for line, texts in aliases_of(chain, kind).items()}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(_statement("matching_demandline", _NEED, frozen.NEED), {**values, "side": Side.NEED})
        run.demands = cursor.rowcount
        if not run.demands:
            raise Conflict(_("The round has no verified demand line that is still open."), code="no_demand")
        offered = {**values, "side": Side.OFFER, "covered": []}
        cursor.execute(_statement("matching_supplyline", _OFFER, frozen.OFFER), offered)
        run.supplies = cursor.rowcount
    run.exclusions = wire.encode(_excluded(run)).decode()
    if settings.SEMANTIC["model"]:
        _add_meanings(run, Side.NEED, Need, needs_meant)
        _add_meanings(run, Side.OFFER, Offer, offers_meant)
    _hash(run)
    run.save()


def has_open_demand(run: MatchingRun) -> bool:
    """Whether any verified demand line of the run's round is not covered by agreements yet."""
    lines = DemandLine.objects.matchable(chain=run.round.chain_id, kind=run.round.kind, on=run.as_of)
    awards = awards_of(run.round.chain_id, run.round.kind)
    if lines.exclude(pk__in=awards).exists():
        return True
    return len(_reduced(run, awards, glossary_for(run.round.chain_id)).covered) < lines.count()


class _OpenDemand:
    """Lines of which a part is agreed on already: what is left of some, and those that are covered."""

    def __init__(self) -> None:
        self.quantities: dict[str, str] = {}
        self.covered: list[uuid.UUID] = []


def _lock_demand(run: MatchingRun, glossary: Glossary) -> _OpenDemand:
    lines = DemandLine.objects.matchable(chain=run.round.chain_id, kind=run.round.kind, on=run.as_of)
    ordered = lines.order_by("organisation_id", "key").select_for_update(no_key=True, of=("self",))
    locked = set(ordered.values_list("pk", flat=True))
    everywhere = awards_of(run.round.chain_id, run.round.kind)
    awards = {line: given for line, given in everywhere.items() if line in locked}
    given = (one for held in awards.values() for one in held)
    run.awards = wire.encode(sorted(given, key=lambda one: (one.demand, one.supply))).decode()
    return _reduced(run, awards, glossary)


def _reduced(run: MatchingRun, awards: dict[uuid.UUID, list[Any]], glossary: Glossary) -> _OpenDemand:
    aliases = index_glossary(glossary).units
    lines = DemandLine.objects.matchable(chain=run.round.chain_id, kind=run.round.kind, on=run.as_of)
    found = _OpenDemand()
    for line in lists.with_rows(lines.filter(pk__in=awards)):
        left = open_part(lists.as_need(line), awards[line.pk], aliases)
        if left is None:
            found.covered.append(line.pk)
        elif left.quantity is not None:
            found.quantities[str(line.pk)] = _text(left.quantity)
    return found


def _excluded(run: MatchingRun) -> list[tuple[str, str]]:
    chosen = Exclusion.objects.filter(demand__chain_id=run.round.chain_id, demand__kind=run.round.kind)
    pairs = list(chosen.values_list("demand_id", "supply_id"))
    needs = _keys(run, Side.NEED, {demand for demand, _ in pairs})
    offers = _keys(run, Side.OFFER, {supply for _, supply in pairs})
    both = ((needs.get(demand), offers.get(supply)) for demand, supply in pairs)
    return sorted((need, offer) for need, offer in both if need is not None and offer is not None)


def _keys(run: MatchingRun, side: Side, lines: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    chosen = FrozenLine.objects.filter(run=run, side=side, line_id__in=lines)
    return dict(chosen.values_list("line_id", "key"))


def _add_meanings(
    run: MatchingRun, side: Side, type_: type[V], told: Callable[[Iterable[_Line[V]]], Iterator[_Line[V]]]
) -> None:
    rows = FrozenLine.objects.filter(run=run, side=side).order_by("position").iterator(chunk_size=BATCH)
    lines = told((line, wire.decode(line.payload.encode(), type_)) for line in rows)
    while batch := list(islice(lines, BATCH)):
        for line, value in batch:
            line.payload = wire.encode(value).decode()
        FrozenLine.objects.bulk_update([line for line, _ in batch], ["payload"])


def _text(quantity: Decimal) -> str:
    return format(quantity, "f")


def _statement(table: str, payload: str, secret: Sequence[str]) -> str:
    sealed = ", ".join(f"line.{name}" for name in secret)
    return _INSERT.format(table=table, payload=payload, sealed=sealed, key=_KEY)


def _secrets(run: MatchingRun, side: Side) -> bytes:
    """A keyed hash of the plain secrets of all lines: the same whatever keys they stand under."""
    rows = FrozenLine.objects.filter(run=run, side=side).order_by("position").values_list("line_id", "sealed")
    state = hashlib.sha256()
    for line, sealed in rows.iterator(chunk_size=5 * BATCH):
        state.update(frozen.secrets(line, sealed))
    return keyed_digest(state.digest()).encode()


def _hash(run: MatchingRun) -> None:
    digests = {}
    with connection.cursor() as cursor:
        for side in Side:
            cursor.execute(_DIGEST, [run.pk, side])
            digests[side] = wire.digest(cursor.fetchone()[0].encode(), _secrets(run, side)).encode()
    engine = str(run.engine).encode()
    run.index_hash = wire.digest(engine, run.glossary.encode(), digests[Side.OFFER])
    run.input_hash = wire.digest(
        engine,
        run.as_of.isoformat().encode(),
        wire.encode(policy_of(run)),
        run.glossary.encode(),
        run.awards.encode(),
        run.exclusions.encode(),
        digests[Side.NEED],
        digests[Side.OFFER],
    )
