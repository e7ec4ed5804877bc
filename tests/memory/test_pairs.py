"""What both firms of a pair agreed on is remembered, and taken back with the agreement."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from matching.engine.types import Offer
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.memory.models import Confirmation, Source
from matching.memory.queries import Asleep, aliases_of, asleep
from matching.memory.services import remember_pair, revoke
from matching.memory.states import ConfirmationState
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import FrozenLine, Match, MatchingRun, Side
from matching.runs.queries.frozen import offer_of
from matching.runs.services import start_run
from tests import factories, world

pytestmark = pytest.mark.django_db
NEED = "N型单晶硅片"


def _shortlisted(here: world.World) -> Review:
    run = world.finished_run(here, supplies=1)
    match = Match.objects.get(run=run)
    return review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)


def _agree(here: world.World, review: Review) -> None:
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)


def _shortlist_again(here: world.World, review: Review) -> None:
    review_match(actor=here.office, match_id=review.match_id, action=ReviewAction.SHORTLIST)


def _aliases(here: world.World) -> list[tuple[str, ...]]:
    return list(aliases_of(here.chain.pk, "product").values())


def _states() -> list[str]:
    return list(Confirmation.objects.order_by("created_at").values_list("state", flat=True))


def test_only_what_both_firms_accepted_is_remembered() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    assert _aliases(here) == []
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    assert aliases_of(here.chain.pk, "product") == {review.supply_id: (NEED,)}
    known = Confirmation.objects.get()
    assert (known.source, known.confirmed_by, known.demand_id) == (
        Source.REVIEW,
        here.member,
        review.demand_id,
    )


def test_the_titles_that_were_compared_are_kept_and_nothing_else_of_the_need() -> None:
    here = world.build()
    review = _shortlisted(here)
    DemandLine.objects.update(description="只给专班看的说明")
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    Match.objects.update(demand_title="比对时的需求", supply_title="比对时的产品")
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    known = Confirmation.objects.get()
    assert (known.text, known.product) == ("比对时的需求", "比对时的产品")


def test_reopening_takes_it_back_and_agreeing_again_confirms_anew() -> None:
    here = world.build()
    review = _shortlisted(here)
    _agree(here, review)
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    assert (_aliases(here), _states()) == ([], [ConfirmationState.WITHDRAWN])
    assert Confirmation.objects.get().ended_by == here.office
    _shortlist_again(here, review)
    _agree(here, review)
    assert _aliases(here) == [(NEED,)]
    assert _states() == [ConfirmationState.WITHDRAWN, ConfirmationState.STANDING]


def test_a_revoked_pair_comes_back_only_when_it_is_confirmed_anew() -> None:
    here = world.build()
    review = _shortlisted(here)
    _agree(here, review)
    revoke(actor=here.office, confirmation_id=Confirmation.objects.get().pk, reason="并非同一产品")
    assert _aliases(here) == []
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    assert _states() == [ConfirmationState.REVOKED]
    _shortlist_again(here, review)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    assert _aliases(here) == []
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    assert _aliases(here) == [(NEED,)]


def test_a_declined_or_rejected_pair_leaves_nothing() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_DECLINE, reason="无产能")
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REJECT, reason="不是所需产品")
    assert not Confirmation.objects.exists()


def test_a_confidential_need_leaves_no_words_behind() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, confidential=True)
    review = _shortlisted_of(here)
    _agree(here, review)
    assert not Confirmation.objects.exists()
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    assert not Confirmation.objects.exists()


def _shortlisted_of(here: world.World) -> Review:
    run = world.finished_run(here, demands=0, supplies=1)
    match = Match.objects.get(run=run)
    return review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)


def _supply(here: world.World) -> SupplyLine:
    return factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)


def _remembered(here: world.World) -> Confirmation:
    demand = DemandLine.objects.first() or factories.make_demand(here.leader, here.chain)
    supply = SupplyLine.objects.first() or factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED
    )
    known = remember_pair(actor=here.member, demand=demand, supply=supply, text=NEED, product=supply.title)
    assert known is not None
    return known


def test_a_pair_is_remembered_once() -> None:
    here = world.build()
    known = _remembered(here)
    assert _remembered(here) == known
    assert _aliases(here) == [(NEED,)]


@pytest.mark.parametrize(
    ("title", "reason"),
    [("N型单晶硅片", None), ("ｎ型  单晶硅片", None), ("P型多晶硅片", Asleep.PRODUCT)],
)
def test_it_sleeps_while_the_line_names_another_product(title: str, reason: Asleep | None) -> None:
    here = world.build()
    known = _remembered(here)
    SupplyLine.objects.update(title=title)
    known.refresh_from_db()
    assert asleep(known) == reason
    assert _aliases(here) == ([] if reason else [(NEED,)])
    SupplyLine.objects.update(title=known.product)
    assert _aliases(here) == [(NEED,)]


@pytest.mark.parametrize("state", [LineState.DRAFT, LineState.WITHDRAWN, LineState.SUBMITTED])
def test_a_line_that_is_not_on_the_list_tells_nothing_of_its_draft(state: LineState) -> None:
    here = world.build()
    known = _remembered(here)
    SupplyLine.objects.update(title="草稿中的新产品", state=state)
    known.refresh_from_db()
    assert (asleep(known), _aliases(here)) == (Asleep.OFFER, [])


def test_it_sleeps_while_the_need_is_confidential() -> None:
    here = world.build()
    known = _remembered(here)
    DemandLine.objects.update(confidential=True)
    known.refresh_from_db()
    assert (asleep(known), _aliases(here)) == (Asleep.CONFIDENTIAL, [])
    DemandLine.objects.update(confidential=False)
    assert _aliases(here) == [(NEED,)]


def test_it_holds_in_its_own_chain_and_kind_alone() -> None:
    here = world.build()
    known = _remembered(here)
    other = factories.make_chain("nev", "新能源汽车")
    assert aliases_of(other.pk, "product") == aliases_of(here.chain.pk, "talent") == {}
    SupplyLine.objects.update(chain=other)
    known.refresh_from_db()
    assert asleep(known) == Asleep.CHAIN
    assert aliases_of(other.pk, "product") == aliases_of(here.chain.pk, "product") == {}


def test_equal_words_of_several_needs_are_one_alias() -> None:
    here = world.build()
    supply = _supply(here)
    for text in ("N型 硅片", "太阳能片", "ｎ型硅片"):
        demand = factories.make_demand(here.leader, here.chain)
        remember_pair(actor=here.member, demand=demand, supply=supply, text=text, product=supply.title)
    [texts] = _aliases(here)
    assert len(texts) == 2
    assert "太阳能片" in texts


def test_a_run_freezes_the_aliases_of_its_offers() -> None:
    here = world.build()
    run = world.finished_run(here, supplies=2)
    assert {offer.aliases for offer in _offers(run)} == {()}
    first, second = SupplyLine.objects.order_by("key")
    factories.make_demand(here.leader, here.chain, key="PAST")
    past = DemandLine.objects.get(key="PAST")
    remember_pair(actor=here.member, demand=past, supply=second, text="太阳能薄片", product=second.title)
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert [offer.aliases for offer in _offers(again)] == [(), ("太阳能薄片",)]
    assert again.input_hash != run.input_hash
    assert first.key < second.key


def _offers(run: MatchingRun) -> list[Offer]:
    frozen = FrozenLine.objects.filter(run=run, side=Side.OFFER).order_by("key")
    return [offer_of(line) for line in frozen]


def test_one_confirmation_in_force_a_pair_and_source() -> None:
    here = world.build()
    known = _remembered(here)
    twin = Confirmation.objects.get(pk=known.pk)
    twin.pk, twin._state.adding = None, True
    with pytest.raises(IntegrityError, match="matching_confirmed_pair_once"), transaction.atomic():
        twin.save()
