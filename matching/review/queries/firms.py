"""A firm's matches, with staged disclosure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Organisation, User
from accounts.roles import Grade, OrganisationKind
from matching.chains.queries import city_name, region_names
from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.engine.types import Outcome
from matching.lists.models import DemandLine, SupplyLine
from matching.review import access
from matching.review.models import Review
from matching.review.states import LEADER_ACTIONS, MEMBER_ACTIONS, OFFICE_ACTIONS, ReviewAction, ReviewState
from matching.runs.models import Match, MatchingList
from matching.runs.queries import tell


def own_reviews(user: User) -> QuerySet[Review]:
    """Reviews in which the person's firm is a party and has been asked."""
    firms = [firm.pk for firm in user.firms()]
    party = Q(demand__organisation_id__in=firms) | Q(supply__organisation_id__in=firms)
    return (
        Review.objects.visible_to(user)
        .filter(party)
        .exclude(state__in=[ReviewState.PENDING, ReviewState.REJECTED])
    )


def without_reviews(matches: QuerySet[Match], reviews: QuerySet[Review]) -> QuerySet[Match]:
    """The matches whose pair none of ``reviews`` is about."""
    same = reviews.filter(demand=OuterRef("demand_id"), supply=OuterRef("supply_id"))
    return matches.filter(~Exists(same))


def with_parties(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews with all that a page or response shows; constant queries."""
    return (
        reviews.select_related(
            "match__run__round",
            "demand__organisation",
            "demand__chain",
            "demand__node",
            "supply__organisation",
            "supply__chain",
            "supply__node",
        )
        .defer("match__run__glossary", "match__run__awards", "match__run__exclusions")
        .prefetch_related("supply__organisation__grades", "demand__organisation__grades", "decisions__actor")
    )


def waiting_for(user: User) -> QuerySet[Review]:
    """Reviews that wait for the person's firm."""
    leader = [firm.pk for firm in user.firms(OrganisationKind.LEADER_FIRM)]
    member = [firm.pk for firm in user.firms(OrganisationKind.MEMBER_FIRM)]
    asked = Case(
        When(
            demand__organisation_id__in=leader,
            state__in=[ReviewState.SHORTLISTED, ReviewState.MEMBER_ACCEPTED],
            then=Value(1),
        ),
        When(
            supply__organisation_id__in=member,
            state__in=[ReviewState.SHORTLISTED, ReviewState.LEADER_ACCEPTED],
            then=Value(1),
        ),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Review.objects.visible_to(user).annotate(asked=asked).filter(asked=1)


@dataclass(frozen=True, slots=True)
class Party:
    """What one firm may know of the other: city, grades and product; then name; then contacts."""

    city: str
    grades: tuple[str, ...]
    product: str
    name: str | None
    uscc: str | None
    contact_name: str | None
    contact_phone: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What the buyer asks the supplier, and of which condition, by its kind and name."""

    text: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one's own firm has answered: how, when, by whom and why."""

    action: str
    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class FirmMatch:
    """A match as one of its two firms sees it: a band, never a score, a price or a capacity."""

    review: str | None
    match: str
    side: str
    own_line: DemandLine | SupplyLine
    band: str
    state: str
    counterpart: Party
    conditions: tuple[dict[str, str], ...]
    asked: tuple[Question, ...]
    answers: tuple[Answer, ...]
    actions: tuple[ReviewAction, ...]
    changed_at: datetime

    @property
    def questions(self) -> tuple[str, ...]:
        """What the buyer asks, in words."""
        return tuple(question.text for question in self.asked)

    @property
    def tally(self) -> dict[str, int]:
        """How many of the conditions shown are met, unmet and unknown."""
        return {name: sum(one["outcome"] == name for one in self.conditions) for name in Outcome}


# Conditions whose outcome alone would tell a rival's or a partner's secret.
_SECRET_KINDS = frozenset({"price", "capacity", "minimum_order"})


def firm_matches(
    user: User, *, reviews: Iterable[Review] = (), matches: Iterable[Match] = ()
) -> list[FirmMatch]:
    """Reviews and published matches as the person's firm may see them.

    Two queries for names, two for what the matches say.
    """
    pairs: list[tuple[Match, Review | None]] = [(review.match, review) for review in reviews]
    pairs += [(match, None) for match in matches]
    sources = [(review or match, match, review) for match, review in pairs]
    names = region_names(
        organisation.region
        for pair, _match, _review in sources
        for organisation in (pair.demand.organisation, pair.supply.organisation)
    )
    city_names = region_names({code[:4] for code in names})
    tell(match for match, _review in pairs)
    return [_firm_match(user, pair, match, review, city_names) for pair, match, review in sources]


def _firm_match(
    user: User, pair: Match | Review, match: Match, review: Review | None, cities: dict[str, str]
) -> FirmMatch:
    state = review.state if review is not None else ReviewState.PENDING.value
    own_is_demand = access.is_leader(user, pair)
    own, other = (pair.demand, pair.supply) if own_is_demand else (pair.supply, pair.demand)
    title = match.supply_title if own_is_demand else match.demand_title
    # A confidential need stays closed until its firm is named; only that it matches is told.
    closed = getattr(other, "confidential", False) and not access.shows_names(state)
    return FirmMatch(
        review=str(review.pk) if review is not None else None,
        match=str(match.pk),
        side="demand" if own_is_demand else "supply",
        own_line=own,
        band=match.band,
        state=state,
        counterpart=_party(other, title, state, cities, closed=closed),
        conditions=() if closed else tuple(_shown(match.conditions)),
        asked=() if closed or own_is_demand else tuple(_questions(match.conditions)),
        answers=() if review is None else tuple(_answers(review, own_is_demand=own_is_demand)),
        actions=_answers_open(user, pair, state) if review is not None else (),
        changed_at=match.listed_at if review is None else review.updated_at,  # type: ignore[attr-defined]
    )


def _answers_open(user: User, pair: Match | Review, state: str) -> tuple[ReviewAction, ...]:
    """What the firm may answer; who is its chain's office as well decides for the office on its pages."""
    allowed = access.actions(user, pair, state)
    return tuple(action for action in allowed if action not in OFFICE_ACTIONS)


def _party(
    line: DemandLine | SupplyLine, title: str, state: str, cities: dict[str, str], *, closed: bool
) -> Party:
    # A firm's own words may name it: without a node the chain stands for them until it is named.
    organisation: Organisation = line.organisation
    named, contacts = access.shows_names(state), access.shows_contacts(state)
    if named:
        saw([line], *([Part.CONTACTS] if contacts else []))
    valid = organisation.valid_grades(timezone.localdate())
    grades = tuple(sorted(str(Grade(grade).label) for grade in valid))
    return Party(
        city=city_name(organisation.region, cities) or cities.get(organisation.region[:4], ""),
        grades=grades,
        product=_product(line, title, named=named, closed=closed),
        name=organisation.name if named else None,
        uscc=organisation.uscc if named else None,
        contact_name=line.contact_name if contacts else None,
        contact_phone=line.contact_phone if contacts else None,
    )


def _product(line: DemandLine | SupplyLine, title: str, *, named: bool, closed: bool) -> str:
    if line.node is not None and not closed:
        return line.node.name
    return title if named else line.chain.name


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _shown(conditions: list[dict[str, Any]]) -> Iterable[dict[str, str]]:
    language = _language()
    for condition in conditions:
        if condition["kind"] not in _SECRET_KINDS:
            yield {
                "name": condition["name"],
                "outcome": condition["outcome"],
                "sentence": condition["sentence"][language],
            }


def _answers(review: Review, *, own_is_demand: bool) -> Iterable[Answer]:
    """The own side's steps, the newest first; why the other one declined stays with the office."""
    own = LEADER_ACTIONS if own_is_demand else MEMBER_ACTIONS
    for step in sorted(review.decisions.all(), key=lambda step: step.created_at, reverse=True):
        if step.action in own:
            yield Answer(step.action, step.created_at, str(step.actor or ""), step.reason)


def _questions(conditions: list[dict[str, Any]]) -> Iterable[Question]:
    language = _language()
    for condition in conditions:
        # Asking for a price would tell the supplier that the buyer has set a ceiling.
        if condition.get("question") and condition["kind"] != "price":
            yield Question(condition["question"][language], condition["kind"], condition["name"])


def _lists_of(user: User) -> Q:
    """Matches of the person's own lists; a firm of one kind costs one index, not a search of both sides."""
    leaders, members = user.firms(OrganisationKind.LEADER_FIRM), user.firms(OrganisationKind.MEMBER_FIRM)
    own = Q(pk__in=[])
    if leaders:
        own |= Q(demand__organisation__in=leaders)
    if members:
        own |= Q(supply__organisation__in=members)
    return own


def published_for(user: User) -> QuerySet[Match]:
    """Matches of the newest published list of each chain that concern the person's firms.

    Exactly those that the list names, whatever was decided since.
    """
    newest = (
        MatchingList.objects.order_by("chain_id", "kind", "-number")
        .distinct("chain_id", "kind")
        .values("run_id")
    )
    return (
        Match.objects.filter(_lists_of(user), run_id__in=newest, listed=True)
        .annotate(listed_at=F("run__published__created_at"))
        .select_related(
            "demand__organisation",
            "demand__chain",
            "demand__node",
            "supply__organisation",
            "supply__chain",
            "supply__node",
        )
        .prefetch_related("supply__organisation__grades", "demand__organisation__grades")
        .order_by("demand__key", F("band"), "pk")
    )


def firm_pairs(user: User, *, state: str = "", side: str = "") -> list[uuid.UUID]:
    """Ids of everything that ``load_pairs`` can load, in the order of a firm's list; two queries."""
    reviews = own_reviews(user)
    matches = without_reviews(published_for(user), reviews)
    if state:
        reviews = reviews.filter(state=state)
        matches = matches if state == ReviewState.PENDING else matches.none()
    if side:
        kind = OrganisationKind.LEADER_FIRM if side == "demand" else OrganisationKind.MEMBER_FIRM
        own = {f"{side}__organisation_id__in": [firm.pk for firm in user.firms(kind)]}
        reviews, matches = reviews.filter(**own), matches.filter(**own)
    ids = list(reviews.order_by("-updated_at", "pk").values_list("pk", flat=True))
    return ids + list(matches.values_list("pk", flat=True))


def load_pairs(user: User, ids: Sequence[uuid.UUID]) -> list[FirmMatch]:
    """Asked reviews and published matches with these ids as the person's firm sees them, in that order."""
    reviews = with_parties(own_reviews(user)).filter(pk__in=ids)
    matches = without_reviews(published_for(user).filter(pk__in=ids), own_reviews(user))
    rows = firm_matches(user, reviews=reviews, matches=matches)
    place = {pair_id: place for place, pair_id in enumerate(map(str, ids))}
    return sorted(rows, key=lambda row: place[row.review or row.match])
