"""The values that the engine computes with: frozen, ordered, free of Django, clock and I/O.

Quantities are ``Decimal`` in the unit named beside them; scores are integers in basis points
(0 … 10,000) so that a result has one byte representation on every machine. Dates are ISO
calendar dates. Everything here can be encoded with ``msgspec.json`` and decoded again unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

FULL_SCORE = 10_000


class Operator(StrEnum):
    """How a requirement compares the offered value with its own."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUAL = "equal"
    BETWEEN = "between"
    ONE_OF = "one_of"


class Outcome(StrEnum):
    """Result of one condition; unknown never earns points."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Period(StrEnum):
    """What a demanded quantity is counted per; ``ONCE`` is spread over the delivery window."""

    ONCE = "once"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ConditionKind(StrEnum):
    """What a condition speaks about; gaps are typed by the same words."""

    PARAMETER = "parameter"
    STANDARD = "standard"
    CERTIFICATE = "certificate"
    CAPACITY = "capacity"
    MINIMUM_ORDER = "minimum_order"
    PRICE = "price"
    REGION = "region"
    DELIVERY = "delivery"


class GapType(StrEnum):
    """Why a demand stays open: the commonest failing condition among its closest offers."""

    NO_PRODUCT = "no_product"
    SPECIFICATION = "specification"
    CAPACITY = "capacity"
    CERTIFICATE = "certificate"
    PRICE = "price"
    REGION = "region"
    DELIVERY = "delivery"
    UNKNOWN_DATA = "unknown_data"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One technical condition of a need (技术指标).

    ``low`` and ``high`` are in ``unit`` as the firm wrote it; ``values`` holds the accepted
    words of ``EQUAL`` / ``ONE_OF`` on text (materials, grades). A hard one gates, a soft one scores.
    """

    parameter: str
    operator: Operator
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[str, ...] = ()
    unit: str = ""
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Property:
    """What an offer states about one parameter: a value (``low == high``), a range or words.

    A range is what the firm can make (thicknesses of 1 to 10 mm), unless it is a ``tolerance``: then every
    piece it delivers lies somewhere between the ends (3±0.5 mm), and all of that must suit a need.
    """

    parameter: str
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[str, ...] = ()
    unit: str = ""
    tolerance: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that an offer holds; ``expires`` is None where the firm did not say."""

    name: str
    number: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A demand line as the engine sees it.

    ``key`` identifies the line (credit code and the firm's own line number), ``node`` is the path of
    chain-node codes from stream to product, ``regions`` are GB/T 2260 prefixes (2, 4 or 6 digits).
    ``price_ceiling`` is CNY per ``unit``, tax included. ``meaning`` is the vector of its text as
    ``retrieval.meanings.compact`` writes it, empty where no model is set.
    """

    key: str
    firm: str
    chain: str
    node: tuple[str, ...]
    title: str
    description: str = ""
    category_code: str = ""
    standards: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    period: Period = Period.MONTH
    deliver_from: date | None = None
    deliver_until: date | None = None
    price_ceiling: Decimal | None = None
    certificates: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    region_required: bool = False
    max_suppliers: int | None = None
    priority: int = 0
    meaning: bytes = b""


@dataclass(frozen=True, slots=True)
class Offer:
    """A supply line as the engine sees it.

    ``capacity``, ``free_capacity`` and ``minimum_order`` are in ``unit``, capacities per month;
    ``lead_time_days`` is counted in calendar days; prices are CNY per ``unit``, tax included.
    ``aliases`` are texts of past needs for which people confirmed this offer. ``meanings`` are vectors
    of its text and its aliases, in any number, as a need's ``meaning``.
    """

    key: str
    firm: str
    chain: str
    node: tuple[str, ...]
    title: str
    description: str = ""
    standards: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    capacity: Decimal | None = None
    free_capacity: Decimal | None = None
    unit: str = ""
    minimum_order: Decimal | None = None
    lead_time_days: int | None = None
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    certificates: tuple[Certificate, ...] = ()
    region: str = ""
    grades: tuple[str, ...] = ()
    first_of_kind: bool = False
    aliases: tuple[str, ...] = ()
    meanings: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """What offices teach the normaliser, frozen with a run.

    ``synonyms``: groups of words that mean the same. ``grades``: groups of equivalent material
    grades. ``units``: written form → canonical unit (``("片", "pcs")``).
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    grades: tuple[tuple[str, ...], ...] = ()
    units: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbered rules of a run; data, never code.

    ``weights``: criterion → weight, any positive scale. ``grade_bonus``: firm grade → share of the
    ``grade`` criterion in basis points. ``gates``: condition kinds whose failure excludes an offer
    even where the need calls them soft. ``bands``: lowest score of band A, B and C.
    """

    version: int = 1
    weights: tuple[tuple[str, int], ...] = (
        ("text", 35),
        ("node", 15),
        ("requirements", 25),
        ("certificates", 5),
        ("price", 8),
        ("delivery", 5),
        ("region", 4),
        ("grade", 3),
    )
    gates: tuple[ConditionKind, ...] = (ConditionKind.PRICE, ConditionKind.CERTIFICATE)
    grade_bonus: tuple[tuple[str, int], ...] = (
        ("单项冠军", 10_000),
        ("小巨人", 9_000),
        ("专精特新", 7_000),
        ("创新型", 5_000),
        ("规上", 3_000),
    )
    candidates: int = 50
    minimum_text: int = 1_500
    minimum_score: int = 2_500
    near_misses: int = 5
    max_suppliers: int = 5
    bands: tuple[int, int, int] = (7_500, 6_000, 0)
    allocation_bonus: tuple[tuple[str, int], ...] = (
        ("local", 300),
        ("first_of_kind", 300),
        ("单项冠军", 300),
        ("小巨人", 250),
        ("专精特新", 200),
        ("创新型", 100),
    )
    home_regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in the two languages of the product."""

    zh: str
    en: str


class Verdict(NamedTuple):
    """What became of one condition of one pair: all that a run computes and stores of it.

    ``hard`` tells whether it gates. ``shortfall`` is how much is missing, relative to what is wanted, in
    basis points (None where that has no meaning).
    """

    kind: ConditionKind
    hard: bool
    outcome: Outcome
    shortfall: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of one pair in words, traceable to both values.

    ``wanted`` and ``offered`` are the compared values as text, both in the need's unit. ``shortfall`` is how
    much is missing, relative to what is wanted, in basis points (None where that has no meaning).
    ``question`` is what to ask the supplier when the outcome is unknown.
    """

    kind: ConditionKind
    name: str
    hard: bool
    outcome: Outcome
    wanted: str
    offered: str
    sentence: Phrase
    shortfall: int | None = None
    question: Phrase | None = None


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One term of the weighted sum in words: ``value`` in basis points times ``weight``."""

    criterion: str
    value: int
    weight: int
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scored pair; ``feasible`` when no gating condition is unmet.

    ``criteria`` are the values of the policy's criteria in basis points, in its order; None where one
    does not count. ``confirmed``: the offer was found by what people confirmed for it before.
    ``position`` is the offer's place among its chain's offers, ordered by key.
    """

    need: str
    offer: str
    score: int
    feasible: bool
    conditions: tuple[Verdict, ...]
    criteria: tuple[int | None, ...]
    confirmed: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An infeasible candidate that fails exactly one gating condition."""

    candidate: Candidate
    failing: Verdict


@dataclass(frozen=True, slots=True)
class NeedResult:
    """Everything one shard finds for one need, best first, ties by closeness of text, then by offer key.

    ``retrieved`` counts the candidates considered; ``excluded`` counts infeasible ones by the kind
    of the first gating condition that failed. ``cut`` is the ranking sum of the last place among the
    candidates (0 where there were places left): an offer below it changes nothing here.
    """

    need: str
    matches: tuple[Candidate, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    retrieved: int = 0
    excluded: tuple[tuple[ConditionKind, int], ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Allocation:
    """``quantity`` per month, in the *offer's* unit, of one offer's free capacity given to a need.

    ``share`` is the covered part of the need in basis points.
    """

    need: str
    offer: str
    quantity: Decimal
    share: int


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """Allocations ordered by need and offer key; ``covered`` is need → basis points of its quantity.

    ``objective`` is the worth of all that is covered, in the base units of its quantities, and ``bound`` what
    no plan can exceed. ``gap``: in basis points, how far below its own optimum the worst group of
    needs and offers can be at most. ``methods``: how many groups were solved by which method.
    """

    allocations: tuple[Allocation, ...] = ()
    covered: tuple[tuple[str, int], ...] = ()
    objective: int = 0
    bound: int = 0
    gap: int = 0
    methods: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A need that no offer, or not enough of them, covers; ``uncovered`` in basis points."""

    need: str
    type: GapType
    uncovered: int
    evidence: Phrase
