"""Reviews: one table of transitions, one winner, capacity promised once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from django.db import connection
from django.test import RequestFactory

from accounts.models import GradeHolding, User
from accounts.roles import Grade, Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries import engine_key
from matching.lists.services import change_round
from matching.lists.states import LineState, RoundAction
from matching.notices.models import Notice
from matching.review.api import MatchSerializer
from matching.review.models import Decision, Review
from matching.review.queries import firm_matches, for_office, published_for
from matching.review.services import decide, review_many, review_match
from matching.review.states import REVIEW, ReviewAction, ReviewState
from matching.runs.models import Gap, Match
from matching.runs.services import publish, start_run
from tests import factories, world

pytestmark = pytest.mark.django_db


def _shortlisted(here: world.World) -> Review:
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("-allocated", "rank")[0]
    return review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)


def test_both_sides_accept_and_capacity_is_committed() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    review = decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    supply = SupplyLine.objects.get(pk=review.supply_id)
    assert review.state == ReviewState.ACCEPTED
    assert (review.quantity, supply.committed) == (review.match.allocated, review.match.allocated)
    assert supply.committed == Decimal(100_000)
    assert list(Decision.objects.filter(review=review).values_list("action", "after")) == [
        ("shortlist", "shortlisted"),
        ("member_accept", "member_accepted"),
        ("leader_accept", "accepted"),
    ]
    assert Notice.objects.filter(user=here.leader, text_zh__startswith="双方均已同意对接").count() == 1


@pytest.mark.parametrize("state", ReviewState.values)
@pytest.mark.parametrize("action", ReviewAction.values)
def test_only_declared_transitions_happen(state: str, action: str) -> None:
    here = world.build()
    review = _shortlisted(here)
    Review.objects.filter(pk=review.pk).update(state=state)
    actor = {"l": here.leader, "m": here.member}.get(action[0], here.office)
    if action == ReviewAction.BREAK_OFF:
        # It follows from the end of a deal (agreements); nobody answers a match so.
        with pytest.raises(Forbidden):
            decide(actor=actor, review_id=review.pk, action=ReviewAction.BREAK_OFF, reason="理由")
        return
    if REVIEW.allows(state, action):
        done = decide(actor=actor, review_id=review.pk, action=ReviewAction(action), reason="理由")
        assert done.state == REVIEW.target(state, action)
        return
    with pytest.raises(Conflict):
        decide(actor=actor, review_id=review.pk, action=ReviewAction(action), reason="理由")
    assert Review.objects.get(pk=review.pk).state == state


def test_nobody_answers_for_another() -> None:
    here = world.build()
    review = _shortlisted(here)
    strangers: list[tuple[User, ReviewAction]] = [
        (here.member, ReviewAction.LEADER_ACCEPT),
        (here.leader, ReviewAction.MEMBER_ACCEPT),
        (here.office, ReviewAction.LEADER_ACCEPT),
        (here.leader, ReviewAction.REJECT),
        (factories.make_user(Role.LEADER_FIRM), ReviewAction.LEADER_ACCEPT),
        (factories.make_user(Role.CHAIN_OFFICE, chains=("nev",)), ReviewAction.REJECT),
    ]
    for person, action in strangers:
        with pytest.raises(Forbidden):
            decide(actor=person, review_id=review.pk, action=action, reason="理由")


def test_a_refusal_needs_a_reason() -> None:
    here = world.build()
    review = _shortlisted(here)
    with pytest.raises(Invalid) as refused:
        decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_DECLINE, reason=" ")
    assert list(refused.value.fields) == ["reason"]


def test_a_decision_survives_the_next_run_and_keeps_the_pair_out_of_the_list() -> None:
    here = world.build()
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("rank")[0]
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REJECT, reason="曾有质量问题")
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    same = Match.objects.get(run=again, demand=match.demand_id, supply=match.supply_id)
    published = publish(actor=here.office, run_id=again.pk)
    assert (same.excluded, same.excluded_reason) == (True, "曾有质量问题")
    assert published.matches == Match.objects.filter(run=again, excluded=False).count()
    with pytest.raises(Conflict):
        review_match(actor=here.office, match_id=same.pk, action=ReviewAction.SHORTLIST)


def _published_then(here: world.World, *actions: ReviewAction) -> tuple[Match, Match]:
    """A match decided after its run was published, and the same pair in the next run."""
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("rank")[0]
    publish(actor=here.office, run_id=run.pk)
    for action in actions:
        review_match(actor=here.office, match_id=match.pk, action=action, reason="曾有质量问题")
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    match.refresh_from_db()
    return match, Match.objects.get(run=again, demand=match.demand_id, supply=match.supply_id)


def test_a_rejection_after_publication_is_remembered() -> None:
    here = world.build()
    old, new = _published_then(here, ReviewAction.REJECT)
    assert (old.excluded, old.listed) == (False, True)
    assert (new.excluded, new.excluded_reason) == (True, "曾有质量问题")
    assert published_for(here.leader).filter(pk=old.pk).exists()


def test_a_pair_that_was_reopened_after_publication_is_let_in_again() -> None:
    here = world.build()
    run = world.finished_run(here)
    match = Match.objects.filter(run=run).order_by("rank")[0]
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REJECT, reason="理由")
    publish(actor=here.office, run_id=run.pk)
    review_match(actor=here.office, match_id=match.pk, action=ReviewAction.REOPEN)
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    match.refresh_from_db()
    assert (match.excluded, match.listed) == (True, False)
    assert not Match.objects.filter(run=again, excluded=True).exists()


def test_only_the_newest_run_is_reviewed() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    world.compute(start_run(actor=here.office, round_id=here.round.pk))
    with pytest.raises(Conflict) as by_match:
        review_match(actor=here.office, match_id=review.match_id, action=ReviewAction.SHORTLIST)
    with pytest.raises(Conflict) as by_review:
        decide(actor=here.office, review_id=review.pk, action=ReviewAction.SHORTLIST)
    assert {by_match.value.code, by_review.value.code} == {"run_too_old"}


@pytest.mark.parametrize("reason", ["长" * 501, "a\0b"])
@pytest.mark.parametrize("action", [ReviewAction.REJECT, ReviewAction.SHORTLIST])
def test_a_reason_that_can_not_be_stored_is_refused(reason: str, action: ReviewAction) -> None:
    here = world.build()
    match = Match.objects.filter(run=world.finished_run(here))[0]
    with pytest.raises(Invalid) as refused:
        review_match(actor=here.office, match_id=match.pk, action=action, reason=reason)
    assert list(refused.value.fields) == ["reason"]


def _accept(here: world.World, review: Review) -> Review:
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    return decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)


@pytest.mark.parametrize(
    ("model", "change", "code"),
    [
        (SupplyLine, {"unit": "万片", "fingerprint": "0" * 64}, "line_changed"),
        (DemandLine, {"fingerprint": "0" * 64}, "line_changed"),
        (DemandLine, {"state": LineState.DRAFT}, "line_not_valid"),
    ],
)
def test_a_line_that_has_changed_is_not_accepted(
    model: type[DemandLine | SupplyLine], change: dict[str, str], code: str
) -> None:
    here = world.build()
    review = _shortlisted(here)
    model.objects.update(**change)
    with pytest.raises(Conflict) as refused:
        _accept(here, review)
    assert refused.value.code == code
    assert {line.committed for line in SupplyLine.objects.all()} == {Decimal(0)}


@pytest.mark.parametrize("free", [100_000, 300_000])
def test_accepted_demand_is_neither_awarded_again_nor_a_gap(free: int) -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, key="OPEN", state=LineState.VERIFIED)
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, free_capacity=Decimal(free))
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    factories.make_demand(here.leader, here.chain, key="TAKEN", state=LineState.VERIFIED)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    publish(actor=here.office, run_id=run.pk)
    match = Match.objects.filter(run=run, demand__key="TAKEN").order_by("-allocated")[0]
    assert match.allocated == Decimal(100_000)
    _accept(here, review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST))
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert again.input_hash != run.input_hash
    assert set(Match.objects.filter(run=again).values_list("demand__key", flat=True)) == {"OPEN"}
    assert not Gap.objects.filter(run=again).exists()
    published = publish(actor=here.office, run_id=again.pk)
    pair = [str(engine_key(match.demand)), str(engine_key(match.supply))]
    accepted = msgspec.json.decode(published.content)["accepted"]
    assert [[one["demand"], one["supply"]] for one in accepted] == [pair]
    assert pair not in published.diff["removed"]


def test_the_open_part_of_a_demand_is_matched_on() -> None:
    here = world.build()
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, period="quarter")
    DemandLine.objects.update(quantity=Decimal(300_000))
    factories.make_supply(
        here.member, here.chain, key="SMALL", state=LineState.VERIFIED, free_capacity=Decimal(6), unit="万片"
    )
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    match = Match.objects.get(run=run)
    assert (match.allocated, match.unit) == (Decimal(6), "万片")
    _accept(here, review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST))
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert Match.objects.get(run=again, supply__unit="片").allocated == Decimal(40_000)


def test_a_demand_that_others_have_covered_is_not_accepted_again() -> None:
    here = world.build()
    run = world.finished_run(here)
    Match.objects.filter(run=run).update(allocated=Decimal(100_000))
    first, second = (
        review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
        for match in Match.objects.filter(run=run)
    )
    _accept(here, first)
    with pytest.raises(Conflict) as refused:
        _accept(here, second)
    assert refused.value.code == "demand_covered"


def test_before_the_names_open_no_word_of_the_firm_is_shown() -> None:
    here = world.build()
    run = world.finished_run(here)
    publish(actor=here.office, run_id=run.pk)
    SupplyLine.objects.update(node=None)
    firm = factories.firm_of(here.member)
    GradeHolding.objects.create(organisation=firm, grade=Grade.values[0], expires=date(2020, 1, 1))
    GradeHolding.objects.create(organisation=firm, grade=Grade.values[1])
    other = firm_matches(here.leader, matches=published_for(here.leader))[0].counterpart
    assert other.product == here.chain.name
    assert other.grades == (str(Grade(Grade.values[1]).label),)


def test_bulk_decisions_tell_what_could_not_be_done() -> None:
    here = world.build()
    run = world.finished_run(here)
    first, second = Match.objects.filter(run=run).order_by("rank")
    review_match(actor=here.office, match_id=first.pk, action=ReviewAction.REJECT, reason="理由")
    done = review_many(actor=here.office, match_ids=[first.pk, second.pk], action=ReviewAction.SHORTLIST)
    assert [(item.state, bool(item.problem)) for item in done] == [("", True), ("shortlisted", False)]


def test_offices_read_the_lines_as_they_were_compared() -> None:
    here = world.build()
    run = world.finished_run(here)
    DemandLine.objects.update(title="草稿里的新名称", quantity=Decimal(7), state=LineState.DRAFT)
    request = RequestFactory().get("/")
    request.user = here.office
    rows = for_office(here.office, run)
    shown = MatchSerializer(rows, many=True, context={"request": request}).data
    assert {(row["demand"]["title"], row["demand"]["quantity"]) for row in shown} == {("N型单晶硅片", None)}


def test_the_office_takes_an_agreement_back_and_capacity_is_free_again() -> None:
    here = world.build()
    review = _shortlisted(here)
    decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    done = decide(actor=here.office, review_id=review.pk, action=ReviewAction.REOPEN)
    supply = SupplyLine.objects.get(pk=review.supply_id)
    assert (done.state, done.quantity, done.accepted_at) == (ReviewState.PENDING, Decimal(0), None)
    assert supply.committed == Decimal(0)
    assert Notice.objects.filter(user=here.leader, key__contains=":released:").count() == 1
    again = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert sum(match.allocated for match in Match.objects.filter(run=again)) == Decimal(100_000)


def test_a_confidential_need_stays_closed_until_its_firm_is_named() -> None:
    here = world.build()
    thickness = {"parameter": "厚度", "operator": "at_most", "high": Decimal(130), "unit": "μm"}
    factories.make_demand(
        here.leader,
        here.chain,
        state=LineState.VERIFIED,
        confidential=True,
        requirements=(thickness,),
    )
    factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    change_round(actor=here.office, round_id=here.round.pk, action=RoundAction.CLOSE)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    publish(actor=here.office, run_id=run.pk)
    person = User.objects.get(pk=here.member.pk)
    [closed] = firm_matches(person, matches=published_for(person))
    assert (closed.counterpart.product, closed.conditions, closed.questions) == ("光伏", (), ())
    match = Match.objects.get(run=run)
    review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    [named] = firm_matches(person, reviews=[review])
    assert (named.counterpart.product, len(named.conditions)) == ("单晶硅片", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_at_once_one_wins() -> None:
    here = world.build()
    run = world.finished_run(here, supplies=1)
    match = Match.objects.get(run=run)

    def act(action: ReviewAction) -> str:
        try:
            review_match(actor=here.office, match_id=match.pk, action=action, reason="理由")
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(act, [ReviewAction.SHORTLIST, ReviewAction.REJECT] * 2))
    assert answers == ["done"] + ["illegal_transition"] * 3
    assert Decision.objects.count() == 1
