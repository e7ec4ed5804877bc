"""What the generator hands out: firms and lines as they stand in lists, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matching.engine.types import Certificate, GapType, Period, Property, Requirement

LineId = tuple[str, str]
"""Credit code of the firm and the firm's own line number."""


class Outcome(StrEnum):
    """Whether an offer satisfies a demand. ``PARTIAL``: all but the whole quantity."""

    MET = "met"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    UNMET = "unmet"


class Difficulty(StrEnum):
    """What makes a pair hard to judge, or makes it fail."""

    DECOY = "decoy"
    SPECIFICATION = "specification"
    STANDARD = "standard"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CAPACITY = "capacity"
    PARTIAL_CAPACITY = "partial_capacity"
    MINIMUM_ORDER = "minimum_order"
    PRICE = "price"
    DELIVERY = "delivery"
    REGION = "region"
    UNKNOWN = "unknown"
    NEAR_DUPLICATE = "near_duplicate"
    NODE = "node"
    UNITS = "units"
    IN_TITLE = "in_title"


class State(StrEnum):
    """States of lines that the sample uses."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    RETURNED = "returned"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Firm:
    """A fictitious firm; ``grades`` with their expiry."""

    uscc: str
    name: str
    short_name: str
    chain: str
    leads: bool
    region: str
    address: str
    grades: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What both lists write about a line."""

    uscc: str
    key: str
    chain: str
    item: int
    node: str
    state: State
    reason: str
    title: str
    description: str
    category_code: str
    standards: tuple[str, ...]
    unit: str
    contact_name: str
    contact_phone: str
    valid_until: date

    @property
    def id(self) -> LineId:
        """Identity of the line in lists."""
        return self.uscc, self.key


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand line; quantities and the ceiling in ``header.unit``."""

    header: Header
    drawing_no: str
    quantity: Decimal
    period: Period
    deliver_from: date | None
    deliver_until: date | None
    delivery_region: str
    delivery_place: str
    price_ceiling: Decimal | None
    certificates: tuple[str, ...]
    regions: tuple[str, ...]
    region_required: bool
    max_suppliers: int | None
    priority: int
    present_source: str
    import_substitution: bool
    stage: str
    sample_required: bool
    quality_clauses: str
    confidential: bool
    responsible_department: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """A supply line; capacities per month, prices per ``header.unit``."""

    header: Header
    capacity: Decimal | None
    capacity_basis: str
    free_capacity: Decimal | None
    minimum_order: Decimal | None
    lead_time: int | None
    lead_time_unit: str
    price_low: Decimal | None
    price_high: Decimal | None
    served_leaders: tuple[str, ...]
    export_limits: str
    first_of_kind: str
    properties: tuple[Property, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class OfferTruth:
    """How an offer of the demanded product, or a decoy of it, stands to the demand."""

    supply: LineId
    outcome: Outcome
    difficulties: tuple[Difficulty, ...]


@dataclass(frozen=True, slots=True)
class DemandTruth:
    """Everything true about one verified demand line on ``as_of``.

    Offers that are not listed are of other products: they fail. ``gap`` tells why nothing can
    satisfy the demand, where that was intended.
    """

    chain: str
    demand: LineId
    as_of: date
    gap: GapType | None
    offers: tuple[OfferTruth, ...]

    def having(self, *outcomes: Outcome) -> frozenset[LineId]:
        """Offers with one of these outcomes."""
        return frozenset(offer.supply for offer in self.offers if offer.outcome in outcomes)


@dataclass(frozen=True, slots=True)
class Sample:
    """All that one seed gives. ``guide`` names the leader and member firm of the demo accounts."""

    seed: int
    today: date
    firms: tuple[Firm, ...]
    demands: tuple[Demand, ...]
    supplies: tuple[Supply, ...]
    truth: tuple[DemandTruth, ...]
    guide: tuple[str, str]
