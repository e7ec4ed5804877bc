"""Agreements: stated by one side, confirmed by the other; corrections keep what was in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from matching.agreements import access
from matching.agreements.amounts import Amount, Kind, MixedAmounts
from matching.agreements.models import Agreement, Milestone, Result
from matching.agreements.queries import agreements, totals_of
from matching.agreements.services import act, correct, record_outcome, state_agreement
from matching.agreements.states import AgreementAction, AgreementState
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.models import Notice
from matching.review.models import Review
from matching.review.states import ReviewState
from tests import factories
from tests.agreements.pairs import Pair, pair_with_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Pair:
    """An accepted pair."""
    return pair_with_appointment()


def milestones(review: Review) -> dict[str, str]:
    """State by step."""
    return dict(Milestone.objects.filter(review=review).values_list("step", "state"))


def test_what_one_side_states_counts_once_the_other_confirms(pair: Pair) -> None:
    stated = pair.state(Kind.INTENT, amount=Decimal("50000.00"))
    assert (stated.state, stated.stated_as, milestones(pair.review)) == ("stated", "demand", {})
    assert totals_of(agreements(pair.here.office))[Kind.INTENT].count == 0
    told = Notice.objects.filter(link=f"/progress/{pair.review.pk}/").values_list("user_id", flat=True)
    assert set(told) == {pair.here.member.pk}
    confirmed = act(actor=pair.here.member, agreement_id=stated.pk, action=AgreementAction.CONFIRM)
    assert confirmed.state == AgreementState.CONFIRMED
    assert milestones(pair.review) == {"intent": "done", "sample": "awaited"}
    total = totals_of(agreements(pair.here.office))[Kind.INTENT]
    assert (total.count, total.with_tax) == (1, Amount(Kind.INTENT, True, Decimal("50000.00")))


def test_nobody_confirms_their_own_statement(pair: Pair) -> None:
    stated = pair.state()
    with pytest.raises(Forbidden):
        act(actor=pair.here.leader, agreement_id=stated.pk, action=AgreementAction.CONFIRM)
    with pytest.raises(Forbidden):
        act(actor=pair.here.member, agreement_id=stated.pk, action=AgreementAction.WITHDRAW)


def test_what_the_office_records_at_the_table_is_in_force_at_once(pair: Pair) -> None:
    recorded = pair.state(Kind.QUOTE, by=pair.here.office)
    assert (recorded.state, recorded.stated_as) == ("confirmed", "office")
    assert milestones(pair.review) == {"quote": "done", "contract": "awaited"}


def test_a_correction_keeps_what_was_confirmed_until_it_is_confirmed_itself(pair: Pair) -> None:
    agreed = pair.agree(amount=Decimal(1000), number="HT-1")
    corrected = correct(actor=pair.here.member, agreement_id=agreed.pk, terms={"amount": Decimal(900)})
    assert (corrected.state, corrected.amount) == ("corrected", Decimal(1000))
    with pytest.raises(Forbidden):
        act(actor=pair.here.member, agreement_id=agreed.pk, action=AgreementAction.CONFIRM)
    act(actor=pair.here.leader, agreement_id=agreed.pk, action=AgreementAction.DISPUTE, reason="不对")
    agreed.refresh_from_db()
    assert (agreed.state, agreed.amount) == ("confirmed", Decimal(1000))
    correct(actor=pair.here.member, agreement_id=agreed.pk, terms={"amount": Decimal(950)})
    act(actor=pair.here.leader, agreement_id=agreed.pk, action=AgreementAction.CONFIRM)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.amount) == ("confirmed", Decimal(950))
    assert [version.amount for version in agreed.versions.all()] == [1000, 900, 950]
    assert [event.action for event in agreed.events.all()] == [
        *("state", "confirm", "correct", "dispute", "correct", "confirm")
    ]


def test_what_is_disputed_is_stated_again_or_withdrawn(pair: Pair) -> None:
    stated = pair.state()
    with pytest.raises(Invalid):
        act(actor=pair.here.member, agreement_id=stated.pk, action=AgreementAction.DISPUTE)
    act(actor=pair.here.member, agreement_id=stated.pk, action=AgreementAction.DISPUTE, reason="未签")
    again = correct(actor=pair.here.leader, agreement_id=stated.pk, terms={"amount": Decimal(7)})
    assert (again.state, again.amount) == ("stated", Decimal(7))
    withdrawn = act(actor=pair.here.leader, agreement_id=stated.pk, action=AgreementAction.WITHDRAW)
    assert withdrawn.state == AgreementState.WITHDRAWN
    with pytest.raises(Conflict):
        correct(actor=pair.here.leader, agreement_id=stated.pk, terms={"amount": Decimal(8)})


def test_an_annulled_contract_is_awaited_again(pair: Pair) -> None:
    contract = pair.agree()
    assert milestones(pair.review) == {"contract": "done", "delivery": "awaited"}
    act(actor=pair.here.office, agreement_id=contract.pk, action=AgreementAction.ANNUL, reason="录错")
    assert milestones(pair.review) == {"contract": "passed", "delivery": "passed", "intent": "awaited"}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"quantity": Decimal(5), "unit": ""}, "unit"),
        ({"signed_on": date(2100, 1, 1)}, "signed_on"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_wrong_terms_are_told_by_field(pair: Pair, terms: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        pair.state(**terms)
    assert set(refused.value.fields) == {field}
    assert not Agreement.objects.exists()


def test_the_same_is_not_stated_twice(pair: Pair) -> None:
    pair.state(number="HT-1")
    with pytest.raises(Invalid):
        pair.state(by=pair.here.member, number="HT-1")
    pair.state(number="HT-2")
    assert Agreement.objects.count() == 2


def test_only_accepted_pairs_have_agreements(pair: Pair) -> None:
    Review.objects.filter(pk=pair.review.pk).update(state=ReviewState.SHORTLISTED)
    with pytest.raises(Conflict):
        pair.state()


def test_competitors_state_and_see_nothing(pair: Pair) -> None:
    pair.agree()
    stranger = factories.make_user(Role.MEMBER_FIRM)
    with pytest.raises(Forbidden):
        state_agreement(actor=stranger, review_id=pair.review.pk, kind=Kind.INTENT, terms={})
    assert Agreement.objects.visible_to(stranger).count() == 0
    assert access.sides(stranger, pair.review) == []


def test_amounts_of_two_kinds_are_never_added_up() -> None:
    intent, contract = Amount(Kind.INTENT, True, Decimal(1)), Amount(Kind.CONTRACT, True, Decimal(1))
    assert intent + intent == Amount(Kind.INTENT, True, Decimal(2))
    with pytest.raises(MixedAmounts):
        intent + contract
    with pytest.raises(MixedAmounts):
        intent + Amount(Kind.INTENT, False, Decimal(1))
    with pytest.raises(TypeError):
        sum([intent, contract])  # type: ignore[list-item]


def test_a_result_recorded_twice_is_one_agreement(pair: Pair) -> None:
    told: dict[str, Any] = {
        "actor": pair.here.office,
        "appointment_id": pair.appointment.pk,
        "result": Result.INTENT,
        "terms": {"amount": Decimal(5000)},
    }
    first = record_outcome(**told)
    assert record_outcome(**told) == first
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.appointment, agreement.versions.count()) == (
        *("confirmed", pair.appointment),
        1,
    )
    record_outcome(**told | {"terms": {"amount": Decimal(6000)}})
    agreement.refresh_from_db()
    assert (agreement.state, agreement.amount) == ("confirmed", Decimal(6000))


def test_a_result_recorded_anew_as_something_else_takes_the_first_back(pair: Pair) -> None:
    told: dict[str, Any] = {"actor": pair.here.office, "appointment_id": pair.appointment.pk}
    record_outcome(**told, result=Result.CONTRACT, terms={"amount": Decimal(5)})
    record_outcome(**told, result=Result.INTENT, terms={"amount": Decimal(5)})
    assert sorted(Agreement.objects.values_list("kind", "state")) == [
        ("contract", "withdrawn"),
        ("intent", "confirmed"),
    ]


def test_the_next_step_of_a_result_is_due_as_said(pair: Pair) -> None:
    due = timezone.localdate() + timedelta(days=9)
    outcome = record_outcome(
        actor=pair.here.member,
        appointment_id=pair.appointment.pk,
        result=Result.FOLLOW_UP,
        next_step="寄样品",
        due_on=due,
    )
    assert (outcome.recorded_as, outcome.next_step) == ("supply", "寄样品")
    assert Milestone.objects.get(review=pair.review, state="awaited").due_on == due


def test_who_did_not_come_is_said_and_only_then(pair: Pair) -> None:
    told: dict[str, Any] = {"actor": pair.here.office, "appointment_id": pair.appointment.pk}
    wrongs: list[dict[str, Any]] = [{"result": Result.NO_SHOW}, {"result": Result.MET, "absent": "supply"}]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            record_outcome(**told, **wrong)
    assert record_outcome(**told, result=Result.NO_SHOW, absent="supply").absent == "supply"
