"""The sample: ten chains of firms, demand lines and supply lines, with the truth they were built from.

The same seed and day give the same sample on every machine. Nothing here touches Django, the clock or
files other than the catalogues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from chainmatch.sample.building import (
    FORCED,
    SPOILING,
    Setting,
    decoy,
    forget,
    make_deal,
    make_wish,
    sensible,
    share,
    spoil,
)
from chainmatch.sample.catalogue import CHAINS, Catalogue, Item, load
from chainmatch.sample.firms import LEADERS, make_firms
from chainmatch.sample.judging import Deal, Wish, judge
from chainmatch.sample.lines import (
    MONTHS,
    Desk,
    Numbering,
    WrittenSupply,
    write_demand,
    write_supply,
)
from chainmatch.sample.records import (
    Demand,
    DemandTruth,
    Difficulty,
    Firm,
    OfferTruth,
    Outcome,
    Sample,
    State,
    Supply,
)
from matching.engine.types import GapType, Period

SEED = 20261122
DEMANDS = 84
GAPS = 7
LEAST_OFFERS = 3
SPOILT_OFFERS = 3
FOCUS = 6
GUIDED_CHAIN = "photovoltaic"
_OTHER_STATES = (
    *(State.DRAFT,) * 3,
    *(State.SUBMITTED,) * 5,
    *(State.RETURNED,) * 2,
)
UNSETTLED_DEMANDS, UNSETTLED_SUPPLIES = 8, 36
_PERIODS = (*(Period.MONTH,) * 6, Period.QUARTER, Period.QUARTER, Period.YEAR, Period.ONCE)


def generate(seed: int = SEED, *, today: date) -> Sample:
    """Build the whole sample; dates lie around ``today``."""
    parts = [_ChainBuilder.start(seed, chain, today).build() for chain in CHAINS]
    return Sample(
        seed=seed,
        today=today,
        firms=tuple(firm for part in parts for firm in part.firms),
        demands=tuple(line for part in parts for line in part.demands),
        supplies=tuple(line for part in parts for line in part.supplies),
        truth=tuple(truth for part in parts for truth in part.truth),
        guide=_guide(next(part for part in parts if part.chain == GUIDED_CHAIN)),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    chain: str
    firms: tuple[Firm, ...]
    demands: tuple[Demand, ...]
    supplies: tuple[Supply, ...]
    truth: tuple[DemandTruth, ...]


def _guide(part: _Part) -> tuple[str, str]:
    """The leader firm with most demands, and the member firm that satisfies most of them."""
    leader = Counter(truth.demand[0] for truth in part.truth).most_common(1)[0][0]
    satisfying = Counter(
        supply[0] for truth in part.truth if truth.demand[0] == leader for supply in truth.having(Outcome.MET)
    )
    return leader, satisfying.most_common(1)[0][0]


@dataclass(slots=True)
class _Product:
    """One item with everything written about it."""

    item: Item
    gap: GapType | None
    wishes: list[tuple[Demand, Wish]] = field(default_factory=list)
    offers: list[WrittenSupply] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _ChainBuilder:
    """Builds one chain product by product with the chain's own random numbers."""

    desk: Desk
    leaders: tuple[Firm, ...]
    members: tuple[Firm, ...]
    products: list[_Product] = field(default_factory=list)

    @classmethod
    def start(cls, seed: int, chain: str, today: date) -> _ChainBuilder:
        """A builder whose numbers depend on the seed and the chain alone."""
        rng = Random(f"{seed}:{chain}")  # nosec B311 # a sample that is the same every time
        firms = make_firms(rng, chain, today)
        desk = Desk(Setting(rng, today), load(chain), Numbering())
        return cls(desk, firms[:LEADERS], firms[LEADERS:])

    @property
    def _rng(self) -> Random:
        return self.desk.rng

    @property
    def _at(self) -> Setting:
        return self.desk.at

    @property
    def _catalogue(self) -> Catalogue:
        return self.desk.catalogue

    def build(self) -> _Part:
        """All lines of the chain and the truth about them."""
        self.products = [_Product(item, gap) for item, gap in self._plan()]
        for product, count in zip(self.products, self._demands_each(), strict=True):
            for _ in range(count):
                self._add_demand(product)
            self._add_offers(product)
        for product in self.products:
            self._fill_up(product)
        unsettled = self._unsettled()
        supplies = [offer.line for product in self.products for offer in product.offers]
        demands = [demand for product in self.products for demand, _wish in product.wishes]
        truth = tuple(
            self._truth(product, demand, wish) for product in self.products for demand, wish in product.wishes
        )
        return _Part(
            self._catalogue.chain,
            (*self.leaders, *self.members),
            (*demands, *unsettled[0]),
            (*supplies, *unsettled[1]),
            truth,
        )

    def _plan(self) -> Iterator[tuple[Item, GapType | None]]:
        """Which products stay without an answer, and why."""
        items = self._catalogue.items
        kinds = [gap for gap in GapType if gap in FORCED or gap is GapType.NO_PRODUCT]
        chosen = self._rng.sample(range(len(items)), GAPS)
        offset = CHAINS.index(self._catalogue.chain)
        gaps = {position: kinds[(offset + number) % len(kinds)] for number, position in enumerate(chosen)}
        for item in items:
            yield item, gaps.get(item.position)

    def _demands_each(self) -> list[int]:
        """One demand a product, a second one for as many as it takes."""
        counts = [1] * len(self.products)
        open_ones = [number for number, product in enumerate(self.products) if product.gap is None]
        more = max(0, DEMANDS - len(counts))
        for number in self._rng.sample(open_ones, min(more, len(open_ones))):
            counts[number] = 2
        return counts

    # Demand

    def _add_demand(self, product: _Product, state: State = State.VERIFIED) -> tuple[Demand, Wish]:
        rng = self._rng
        leader = rng.choice((self.leaders[0], *self.leaders))
        period = rng.choice(_PERIODS)
        forced = FORCED.get(product.gap) if product.gap else None
        months = MONTHS.get(period, rng.choice((1, 2)))
        wish = make_wish(self._at, product.item, months, leader.region[:4], forced)
        if wish.until is None and period is Period.ONCE:
            period, wish = Period.MONTH, replace(wish, order=wish.monthly)
        demand = write_demand(self.desk, leader, wish, period, state)
        if state is State.VERIFIED:
            product.wishes.append((demand, wish))
        return demand, wish

    # Supply

    def _add_offers(self, product: _Product) -> None:
        for _demand, wish in product.wishes:
            if product.gap is None:
                self._add_good_and_spoilt(product, wish)
            elif product.gap is not GapType.NO_PRODUCT:
                for _ in range(self._rng.randint(4, 6)):
                    self._add_spoilt(product, wish, FORCED[product.gap])
        self._add_decoys(product)
        if product.gap is None and self._rng.random() < 0.4:
            self._add_near_duplicate(product)

    def _add_good_and_spoilt(self, product: _Product, wish: Wish) -> None:
        for _ in range(self._rng.choice((3, 4))):
            firm = self._firm_for(product, wish)
            self._store(product, firm, forget(self._at, wish, make_deal(self._at, wish, firm.region)))
        left = SPOILT_OFFERS
        for difficulty in self._rng.sample(SPOILING, len(SPOILING)):
            left -= self._add_spoilt(product, wish, difficulty)
            if left == 0:
                return

    def _add_spoilt(self, product: _Product, wish: Wish, difficulty: Difficulty) -> bool:
        """One offer that fails in that way; whether this wish can fail in it."""
        if difficulty is Difficulty.REGION and not wish.region_required:
            return False
        firm = self._firm_for(product, wish, outside=difficulty is Difficulty.REGION)
        deal = spoil(self._at, wish, make_deal(self._at, wish, firm.region), difficulty)
        if deal is None:
            return False
        self._store(product, firm, deal)
        return True

    def _add_decoys(self, product: _Product) -> None:
        count = 3 if product.gap is GapType.NO_PRODUCT else 1
        for _ in range(count):
            _demand, wish = product.wishes[0]
            firm = self._firm_for(product, wish)
            self._store(product, firm, decoy(self._at, wish, firm.region), Difficulty.DECOY)

    def _add_near_duplicate(self, product: _Product) -> None:
        """The same firm lists nearly the same product again."""
        original = self._rng.choice([offer for offer in product.offers if not offer.deal.decoy])
        deal = original.deal
        if deal.price_low is not None and deal.price_high is not None:
            dearer = sensible(deal.price_high * share(self._rng, 1.0, 1.02), counted=False)
            deal = replace(deal, price_high=max(deal.price_high, dearer))
        firm = next(firm for firm in self.members if firm.uscc == original.line.header.uscc)
        self._store(product, firm, deal, Difficulty.NEAR_DUPLICATE)

    def _store(self, product: _Product, firm: Firm, deal: Deal, *traits: Difficulty) -> None:
        product.used.add(firm.uscc)
        written = tuple(trait for trait in traits if trait is not Difficulty.DECOY)
        product.offers.append(write_supply(self.desk, firm, deal, self.leaders, traits=written))

    def _firm_for(self, product: _Product, wish: Wish, *, outside: bool = False) -> Firm:
        """A firm near the product's place in the chain, in the wanted region or just not."""

        def allowed(firm: Firm) -> bool:
            return not wish.region_required or firm.region.startswith(wish.regions) is not outside

        return self._nearest(product, allowed)

    def _nearest(self, product: _Product, allowed: Callable[[Firm], bool]) -> Firm:
        centre = product.item.position * len(self.members) // len(self.products)
        by_distance = sorted(range(len(self.members)), key=lambda number: (abs(number - centre), number))
        firms = [self.members[number] for number in by_distance if allowed(self.members[number])]
        fresh = [firm for firm in firms if firm.uscc not in product.used] or firms
        return self._rng.choice(fresh[:FOCUS])

    def _fill_up(self, product: _Product) -> None:
        """Demands that are meant to be satisfiable get enough offers that do."""
        if product.gap is not None:
            return
        for _demand, wish in product.wishes:
            while self._satisfying(product, wish) < LEAST_OFFERS:
                firm = self._firm_for(product, wish)
                self._store(product, firm, forget(self._at, wish, make_deal(self._at, wish, firm.region)))

    def _satisfying(self, product: _Product, wish: Wish) -> int:
        outcomes = (judge(wish, offer.deal, self._at.today)[0] for offer in product.offers)
        return sum(outcome is Outcome.MET for outcome in outcomes)

    # What is not settled yet

    def _unsettled(self) -> tuple[list[Demand], list[Supply]]:
        """Lines that are still drafts, wait for the office or came back; firms without a line get one."""
        open_ones = [product for product in self.products if product.gap is None]
        demands = [
            self._add_demand(self._rng.choice(open_ones), _OTHER_STATES[number % len(_OTHER_STATES)])[0]
            for number in range(UNSETTLED_DEMANDS)
        ]
        busy = {offer.line.header.uscc for product in self.products for offer in product.offers}
        idle = [firm for firm in self.members if firm.uscc not in busy]
        states = (*_OTHER_STATES, State.EXPIRED)
        supplies = []
        for number in range(max(UNSETTLED_SUPPLIES, len(idle))):
            product = self._rng.choice(open_ones)
            _demand, wish = product.wishes[0]
            firm = idle[number] if number < len(idle) else self._firm_for(product, wish)
            deal = make_deal(self._at, wish, firm.region)
            state = states[number % len(states)]
            supplies.append(write_supply(self.desk, firm, deal, self.leaders, state).line)
        return demands, supplies

    def _truth(self, product: _Product, demand: Demand, wish: Wish) -> DemandTruth:
        return DemandTruth(
            chain=self._catalogue.chain,
            demand=demand.header.id,
            as_of=self._at.today,
            gap=product.gap,
            offers=_offer_truths(wish, product.offers, self._at.today),
        )


def _offer_truths(wish: Wish, offers: Sequence[WrittenSupply], today: date) -> tuple[OfferTruth, ...]:
    found = []
    for offer in offers:
        outcome, reasons = judge(wish, offer.deal, today)
        found.append(OfferTruth(offer.line.header.id, outcome, (*reasons, *offer.traits)))
    return tuple(sorted(found, key=lambda truth: truth.supply))
