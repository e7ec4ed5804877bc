"""Demand lines and agreements as Open Contracting releases (OCDS 1.1).

A demand line is a tender, a pair that both firms said yes to an award. What firms keep secret, prices and
ceilings, and people's names stand in no release.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from matching.disclosure.services import saw
from matching.lists.models import DemandLine
from matching.review.models import Review
from matching.review.queries.agreements import agreements
from matching.runs.models import Match, MatchingList
from matching.runs.queries.sheets import AT_A_TIME

VERSION = "1.1"
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
    agreed = agreements(user) if pairs is None else pairs
    rows: Any = iter(
        needs.select_related("organisation").order_by("organisation_id", "key", "pk").iterator(AT_A_TIME)
    )
    while batch := list(islice(rows, AT_A_TIME)):
        awards: dict[uuid.UUID, list[Review]] = {}
        for pair in agreed.filter(demand__in=[need.pk for need in batch]):
            awards.setdefault(pair.demand_id, []).append(pair)
        for need in batch:
            yield release(need, awards.get(need.pk, []))


def release(need: DemandLine, pairs: list[Review]) -> Release:
    """One release of a demand line and of the pairs that were agreed on for it."""
    saw([need, *(pair.supply for pair in pairs)])
    changed = max([need.updated_at, *(pair.updated_at for pair in pairs)])
    ocid = f"{settings.OCDS_PREFIX}-{need.pk}"
    suppliers = {pair.supply.organisation_id: pair.supply.organisation for pair in pairs}
    buyer = _reference(need.organisation)
    told: Release = {
        "ocid": ocid,
        "id": f"{ocid}-{changed:%Y%m%d%H%M%S%f}",
        "date": _moment(changed),
        "tag": ["tender", "award"] if pairs else ["tender"],
        "initiationType": "tender",
        "language": "zh",
        "parties": [
            _party(need.organisation, "buyer", "procuringEntity"),
            *(_party(firm, "supplier") for firm in suppliers.values()),
        ],
        "buyer": buyer,
        "tender": _tender(need, buyer, decided=bool(pairs)),
    }
    return told | ({"awards": [_award(pair) for pair in pairs]} if pairs else {})


def _tender(need: DemandLine, buyer: Release, *, decided: bool) -> Release:
    dates = {"startDate": need.deliver_from, "endDate": need.deliver_until}
    period = {name: f"{day}T00:00:00+08:00" for name, day in dates.items() if day is not None}
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
        "status": "active",
        "date": _moment(pair.accepted_at or pair.updated_at),
        "suppliers": [_reference(pair.supply.organisation)],
        "items": [_item("1", pair.supply.title, pair.quantity, pair.supply.unit)],
    }


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
