"""The sample in the database: firms, rounds, lines, venues and meeting rules, in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import GradeHolding, Organisation
from accounts.roles import OrganisationKind
from chainmatch.sample.catalogue import CHAINS
from chainmatch.sample.firms import credit_code
from chainmatch.sample.records import Demand, Firm, Header, Sample, State, Supply
from matching.chains.models import ChainNode, NodeLevel
from matching.lists.models import (
    Certificate,
    DemandLine,
    LineEvent,
    Property,
    Requirement,
    Round,
    SupplyLine,
)
from matching.lists.services.content import content_of
from matching.lists.states import LineAction, RoundState
from matching.meetings.models import MeetingRule, Table, Venue
from matching.runs.services import current_policy

KIND = "product"
CLOSED_CHAINS = ("photovoltaic", "special-metals")
"""Chains whose last round is over, so that its matching can run and be published."""

BATCH = 1000
OVER_DAYS, OPENED_DAYS, CLOSES_DAYS = 90, 20, 25
_SPACE = uuid.UUID("6f0c2f52-6f0e-4b0c-9a53-2026112220ff")
_VENUES = (
    ("太原示例会展中心", "小店区示例大街1号", "140105", 20),
    ("长治示例国际会议中心", "潞州区示例路8号", "140403", 16),
    ("大同示例会议中心", "平城区示例街6号", "140213", 12),
)


def sample_id(*parts: str) -> uuid.UUID:
    """The public id of a sample record: the same in every database."""
    return uuid.uuid5(_SPACE, "/".join(parts))


def loaded_on() -> date | None:
    """The day that the loaded sample was made for; None where there is none."""
    first = Organisation.objects.filter(uscc=credit_code(1), is_demo=True).first()
    return None if first is None else timezone.localdate(first.created_at)


@transaction.atomic
def store(sample: Sample) -> None:
    """Load the sample, all or nothing.

    Side effects: inserts organisations, grades, rounds, lines with their rows, venues, meeting rules
    and the first policy of each chain. The reference data must be there.
    """
    organisations = _store_firms(sample.firms)
    rounds = {chain: _round(chain, sample.today) for chain in CHAINS}
    nodes = {
        (chain, code): pk
        for chain, code, pk in ChainNode.objects.filter(level=NodeLevel.PRODUCT).values_list(
            "chain_id", "code", "pk"
        )
    }
    writer = _LineWriter(sample.today, organisations, rounds, nodes)
    writer.store_demands(sample.demands)
    writer.store_supplies(sample.supplies)
    _store_meetings()
    for chain in CHAINS:
        current_policy(chain_id=chain, kind=KIND)


def _store_firms(firms: Iterable[Firm]) -> dict[str, Organisation]:
    organisations = {
        firm.uscc: Organisation(
            id=sample_id("firm", firm.uscc),
            kind=OrganisationKind.LEADER_FIRM if firm.leads else OrganisationKind.MEMBER_FIRM,
            name=firm.name,
            short_name=firm.short_name,
            uscc=firm.uscc,
            region=firm.region,
            address=firm.address,
            is_demo=True,
        )
        for firm in firms
    }
    Organisation.objects.bulk_create(organisations.values(), batch_size=BATCH)
    GradeHolding.objects.bulk_create(
        GradeHolding(organisation=organisations[firm.uscc], grade=grade, expires=expires)
        for firm in firms
        for grade, expires in firm.grades
    )
    return organisations


def _round(chain: str, today: date) -> Round:
    """The round that the chain's lines came in; a chain whose round is over has the next one open too."""
    began = date(today.year, today.month - (today.month - 1) % 3, 1)
    current = _find_or_make(
        chain, began, RoundState.OPEN, today - timedelta(OPENED_DAYS), today + timedelta(CLOSES_DAYS)
    )
    if chain not in CLOSED_CHAINS:
        return current
    before = began - timedelta(days=1)
    return _find_or_make(
        chain, before, RoundState.CLOSED, today - timedelta(OVER_DAYS), today - timedelta(OPENED_DAYS + 1)
    )


def _find_or_make(chain: str, quarter: date, state: RoundState, opens: date, closes: date) -> Round:
    """The sample's round of a quarter; an open one that the chain has already is taken as it is."""
    name = f"{quarter.year}年第{'一二三四'[(quarter.month - 1) // 3]}季度"
    same = models.Q(name=name)
    if state == RoundState.OPEN:
        same |= models.Q(state=RoundState.OPEN)
    existing = Round.objects.filter(same, chain_id=chain, kind=KIND).first()
    if existing is not None:
        return existing
    return Round.objects.create(
        id=sample_id("round", chain, *([] if state == RoundState.CLOSED else ["open"])),
        chain_id=chain,
        kind=KIND,
        name=name,
        opens_at=_moment(opens, 9),
        closes_at=_moment(closes, 18),
        state=state,
    )


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


class _LineWriter:
    """Turns records into rows of both lists."""

    def __init__(
        self,
        today: date,
        organisations: Mapping[str, Organisation],
        rounds: Mapping[str, Round],
        nodes: Mapping[tuple[str, str], int],
    ) -> None:
        self._now = _moment(today, 8)
        self._organisations = organisations
        self._rounds = rounds
        self._nodes = nodes

    def store_demands(self, demands: Iterable[Demand]) -> None:
        """Demand lines, their requirements, and why some came back."""
        lines: list[DemandLine] = []
        rows: list[Requirement] = []
        for demand in demands:
            line = DemandLine(**self._shared("demand", demand.header), **_own(demand, "requirements"))
            own = [_row(requirement) for requirement in demand.requirements]
            line.fingerprint = content_of(line, {"requirements": own})
            lines.append(line)
            rows += [Requirement(demand=line, position=at, **row) for at, row in enumerate(own)]
        DemandLine.objects.bulk_create(lines, batch_size=BATCH)
        Requirement.objects.bulk_create(rows, batch_size=BATCH)
        _store_returns("demand", lines)

    def store_supplies(self, supplies: Iterable[Supply]) -> None:
        """Supply lines, their properties and certificates, and why some came back."""
        lines: list[SupplyLine] = []
        properties: list[Property] = []
        certificates: list[Certificate] = []
        for supply in supplies:
            line = SupplyLine(
                **self._shared("supply", supply.header), **_own(supply, "properties", "certificates")
            )
            stated = [_row(stated) for stated in supply.properties]
            held = [_row(certificate) for certificate in supply.certificates]
            line.fingerprint = content_of(line, {"properties": stated, "certificates": held})
            lines.append(line)
            properties += [Property(supply=line, position=at, **row) for at, row in enumerate(stated)]
            certificates += [Certificate(supply=line, **row) for row in held]
        SupplyLine.objects.bulk_create(lines, batch_size=BATCH)
        Property.objects.bulk_create(properties, batch_size=BATCH)
        Certificate.objects.bulk_create(certificates, batch_size=BATCH)
        _store_returns("supply", lines)

    def _shared(self, side: str, header: Header) -> dict[str, Any]:
        organisation = self._organisations[header.uscc]
        handed_in = header.state is not State.DRAFT
        verified = header.state in (State.VERIFIED, State.EXPIRED)
        return {
            "id": sample_id(side, header.uscc, header.key),
            "organisation": organisation,
            "kind": KIND,
            "key": header.key,
            "chain_id": header.chain,
            "node_id": self._nodes.get((header.chain, header.node)),
            "round": self._rounds[header.chain] if handed_in else None,
            "state": header.state.value,
            "reason": header.reason,
            "title": header.title,
            "description": header.description,
            "category_code": header.category_code,
            "standards": list(header.standards),
            "unit": header.unit,
            "contact_name": header.contact_name,
            "contact_phone": header.contact_phone,
            "valid_until": header.valid_until,
            "submitted_at": self._now - timedelta(days=6) if handed_in else None,
            "verified_at": self._now - timedelta(days=3) if verified else None,
        }


def _own(record: Demand | Supply, *skipped: str) -> dict[str, Any]:
    """The columns that one list alone has."""
    return {
        field.name: _plain(getattr(record, field.name))
        for field in fields(record)
        if field.name not in ("header", *skipped)
    }


def _row(value: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def _store_returns(side: str, lines: Iterable[DemandLine | SupplyLine]) -> None:
    LineEvent.objects.bulk_create(
        LineEvent(**{side: line}, action=LineAction.RETURN, state=line.state, reason=line.reason)
        for line in lines
        if line.reason
    )


def _store_meetings() -> None:
    venues = []
    for name, address, region, tables in _VENUES:
        venue, _created = Venue.objects.get_or_create(
            id=sample_id("venue", name), defaults={"name": name, "address": address, "region": region}
        )
        venues.append(venue)
        Table.objects.bulk_create(
            (Table(venue=venue, number=number) for number in range(1, tables + 1)), ignore_conflicts=True
        )
    for position, chain in enumerate(CHAINS):
        MeetingRule.objects.get_or_create(chain_id=chain, defaults={"venue": venues[position % len(venues)]})
