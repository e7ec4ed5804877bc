"""Demand lines and contracts as Open Contracting releases (OCDS 1.1).

A demand line is a tender, a pair that both firms said yes to an award, a contract that was confirmed a
contract. Intents, samples and quotes bind nobody and fit nowhere in it; they stand in the other exports. What
firms keep secret, prices and ceilings, and people's names stand in no release.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from matching.agreements.amounts import Kind, Step
from matching.agreements.models import Agreement, Milestone, MilestoneState
from matching.agreements.states import IN_FORCE, AgreementState
from matching.disclosure.services import saw
from matching.lists.models import DemandLine
from matching.review.models import Review
from matching.review.queries.accepted import accepted_pairs
from matching.review.states import ReviewState
from matching.runs.models import Match, MatchingList
from matching.runs.queries.sheets import AT_A_TIME

VERSION = "1.1"
CURRENCY = "CNY"
SCHEME = "CN-USCC"
"""Unified social credit codes (GB 32100)."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Release = dict[str, Any]


def releases_of_list(user: User, published: MatchingList) -> Iterator[Release]:
    """One release a demand line that the list names, with what has been agreed on it."""
    named = Match.objects.filter(run=published.run_id, listed=True).values("demand_id")
    return _releases(user, DemandLine.objects.visible_to(user).filter(pk__in=named))


def releases_of_agreements(user: User, pairs: QuerySet[Review]) -> Iterator[Release]:
    """One release a demand line of these agreements; a party sees the line that it agreed on."""
    needs = DemandLine.objects.filter(pk__in=pairs.order_by().values("demand_id"))
    return _releases(user, needs, pairs)


def _releases(
    user: User, needs: QuerySet[DemandLine], pairs: QuerySet[Review] | None = None
) -> Iterator[Release]:
    agreed = accepted_pairs(user) if pairs is None else pairs
    rows: Any = iter(
        needs.select_related("organisation").order_by("organisation_id", "key", "pk").iterator(AT_A_TIME)
    )
    while batch := list(islice(rows, AT_A_TIME)):
        awards: dict[uuid.UUID, list[Review]] = {}
        for pair in agreed.filter(demand__in=[need.pk for need in batch]):
            awards.setdefault(pair.demand_id, []).append(pair)
        signed = _signed(user, [need.pk for need in batch])
        for need in batch:
            yield release(need, awards.get(need.pk, []), signed.get(need.pk, []))


def _signed(user: User, needs: list[uuid.UUID]) -> dict[uuid.UUID, list[Agreement]]:
    """Contracts that were confirmed, also those broken off since, by demand line."""
    found: dict[uuid.UUID, list[Agreement]] = {}
    contracts = Agreement.objects.visible_to(user).filter(
        kind=Kind.CONTRACT,
        confirmed_at__isnull=False,
        state__in=[*IN_FORCE, AgreementState.BROKEN_OFF],
        review__demand__in=needs,
    )
    delivery = Milestone.objects.filter(step=Step.DELIVERY)
    for contract in contracts.select_related("review__supply__organisation").prefetch_related(
        Prefetch("review__milestones", delivery)
    ):
        found.setdefault(contract.review.demand_id, []).append(contract)
    return found


def release(need: DemandLine, pairs: list[Review], contracts: Sequence[Agreement] = ()) -> Release:
    """One release of a demand line, of the pairs that were agreed on for it and of their contracts."""
    known = {pair.pk for pair in pairs}
    # A contract stands under an award; that of a pair that was broken off is no longer among the pairs.
    pairs = [*pairs, *{one.review_id: one.review for one in contracts if one.review_id not in known}.values()]
    saw([need, *(pair.supply for pair in pairs)])
    beside = [*(pair.updated_at for pair in pairs), *(one.updated_at for one in contracts)]
    changed = max([need.updated_at, *beside])
    ocid = f"{settings.OCDS_PREFIX}-{need.pk}"
    suppliers = {pair.supply.organisation_id: pair.supply.organisation for pair in pairs}
    buyer = _reference(need.organisation)
    told: Release = {
        "ocid": ocid,
        "id": f"{ocid}-{changed:%Y%m%d%H%M%S%f}",
        "date": _moment(changed),
        "tag": ["tender", *(["award"] if pairs else []), *(["contract"] if contracts else [])],
        "initiationType": "tender",
        "language": "zh",
        "parties": [
            _party(need.organisation, "buyer", "procuringEntity"),
            *(_party(firm, "supplier") for firm in suppliers.values()),
        ],
        "buyer": buyer,
        "tender": _tender(need, buyer, decided=bool(pairs)),
    }
    if pairs:
        told["awards"] = [_award(pair) for pair in pairs]
    if contracts:
        told["contracts"] = [_contract(one) for one in contracts]
    return told


def _tender(need: DemandLine, buyer: Release, *, decided: bool) -> Release:
    period = _period(need.deliver_from, need.deliver_until)
    told: Release = {
        "id": need.key,
        "title": need.title,
        "description": need.description,
        "status": "complete" if decided else "active",
        "procuringEntity": buyer,
        "items": [_item("1", need.title, need.quantity, need.unit)],
        "contractPeriod": period,
    }
    return {name: value for name, value in told.items() if value not in ("", {})}


def _award(pair: Review) -> Release:
    return {
        "id": str(pair.pk),
        "status": "active" if pair.state == ReviewState.ACCEPTED else "cancelled",
        "date": _moment(pair.accepted_at or pair.updated_at),
        "suppliers": [_reference(pair.supply.organisation)],
        "items": [_item("1", pair.supply.title, pair.quantity, pair.supply.unit)],
    }


def _contract(contract: Agreement) -> Release:
    deliveries = list(contract.review.milestones.all())
    delivered = any(row.state == MilestoneState.DONE for row in deliveries)
    status = "terminated" if delivered else "active"
    told: Release = {
        "id": str(contract.pk),
        "awardID": str(contract.review_id),
        "title": contract.number or contract.review.supply.title,
        "status": "cancelled" if contract.state == AgreementState.BROKEN_OFF else status,
        "dateSigned": _day(contract.signed_on),
        "period": _period(contract.deliver_from, contract.deliver_until),
        "items": [_item("1", contract.review.supply.title, contract.quantity, contract.unit)],
    }
    if contract.amount is not None:
        told["value"] = {"amount": contract.amount, "currency": CURRENCY}
    if deliveries:
        told["milestones"] = [_milestone(row) for row in deliveries]
    return {name: value for name, value in told.items() if value != {}}


def _milestone(row: Milestone) -> Release:
    met = row.state == MilestoneState.DONE
    told: Release = {"id": str(row.pk), "title": "交付", "type": "delivery"}
    told["status"] = "met" if met else "scheduled"
    if row.due_on is not None:
        told["dueDate"] = _day(row.due_on)
    if met and row.done_on is not None:
        told["dateMet"] = _day(row.done_on)
    return told


def _period(begins: date | None, ends: date | None) -> Release:
    dates = {"startDate": begins, "endDate": ends}
    return {name: _day(day) for name, day in dates.items() if day is not None}


def _day(day: date) -> str:
    return f"{day}T00:00:00+08:00"


def _item(number: str, description: str, quantity: Any, unit: str) -> Release:
    told = {"id": number, "description": description, "quantity": quantity}
    told |= {"unit": {"name": unit}} if unit else {}
    return {name: value for name, value in told.items() if value is not None}


def _reference(firm: Organisation) -> Release:
    return {"id": _identity(firm), "name": firm.name}


def _party(firm: Organisation, *roles: str) -> Release:
    told: Release = {**_reference(firm), "roles": list(roles)}
    if firm.uscc:
        told["identifier"] = {"scheme": SCHEME, "id": firm.uscc, "legalName": firm.name}
    return {**told, "address": {"region": firm.region, "countryName": "CN"}}


def _identity(firm: Organisation) -> str:
    return f"{SCHEME}-{firm.uscc}" if firm.uscc else str(firm.pk)


def _moment(moment: Any) -> str:
    return str(timezone.localtime(moment).isoformat(timespec="seconds"))


def write_package(out: BinaryIO, address: str, releases: Iterable[Release]) -> None:
    """A release package; releases are taken one at a time and memory does not grow with them."""
    about = {
        "uri": address,
        "version": VERSION,
        "publishedDate": _moment(timezone.now()),
        "publisher": {"name": settings.OCDS_PUBLISHER},
    }
    out.write(_ENCODER.encode(about)[:-1] + b',"releases":[')
    for number, one in enumerate(releases):
        out.write(b",\n" if number else b"\n")
        out.write(_ENCODER.encode(one))
    out.write(b"\n]}\n")
