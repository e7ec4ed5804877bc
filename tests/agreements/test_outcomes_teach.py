"""What came of accepted pairs is what they teach: one example a pair, the newest that is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from matching.agreements.amounts import Kind
from matching.agreements.models import Agreement, Result
from matching.agreements.queries import examples
from matching.agreements.services import act, break_off, deliver, learn_policy, record_outcome
from matching.agreements.states import AgreementAction, AgreementState
from matching.engine.learning import Share, Source, Verdict
from matching.review.models import Review
from matching.review.services import review_match
from matching.review.states import ReviewAction, ReviewState
from tests import world
from tests.agreements.pairs import Pair, pair_with_appointment
from tests.review.lessons import reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Pair:
    """An accepted pair with an appointment."""
    return pair_with_appointment()


def _record(pair: Pair, result: Result, **more: object) -> None:
    record_outcome(
        actor=pair.here.office,
        appointment_id=pair.appointment.pk,
        result=result,
        **more,  # type: ignore[arg-type]
    )


def _source(pair: Pair) -> Source:
    [one] = [
        one
        for one in examples(pair.here.chain.pk, "product")
        if one.offer.endswith(f"/{pair.review.supply.key}")
    ]
    return one.source


def _delivered(pair: Pair) -> None:
    pair.agree(Kind.CONTRACT)
    deliver(actor=pair.here.leader, review_id=pair.review.pk, done_on=timezone.localdate())


def _annulled(pair: Pair) -> None:
    agreed = pair.agree(Kind.QUOTE)
    act(actor=pair.here.office, agreement_id=agreed.pk, action=AgreementAction.ANNUL, reason="双方撤回")


def _met_then_quoted(pair: Pair) -> None:
    _record(pair, Result.MET)
    pair.agree(Kind.QUOTE)


def _quoted_then_met(pair: Pair) -> None:
    pair.agree(Kind.QUOTE)
    _record(pair, Result.MET)


def _further(pair: Pair) -> None:
    pair.agree(Kind.CONTRACT)
    pair.agree(Kind.SAMPLE)


STORIES: list[tuple[Callable[[Pair], object], Source]] = [
    (lambda pair: None, Source.ACCEPTED),
    (lambda pair: pair.state(Kind.CONTRACT), Source.ACCEPTED),
    (lambda pair: pair.agree(Kind.INTENT), Source.INTENT),
    (lambda pair: pair.agree(Kind.SAMPLE), Source.SAMPLE),
    (lambda pair: pair.agree(Kind.CONTRACT), Source.CONTRACT),
    (_further, Source.CONTRACT),
    (_delivered, Source.DELIVERY),
    (_annulled, Source.ACCEPTED),
    (lambda pair: _record(pair, Result.MET), Source.NO_RESULT),
    (lambda pair: _record(pair, Result.FOLLOW_UP), Source.ACCEPTED),
    (lambda pair: _record(pair, Result.NO_SHOW, absent="supply"), Source.ACCEPTED),
    (_met_then_quoted, Source.QUOTE),
    (_quoted_then_met, Source.QUOTE),
]


@pytest.mark.parametrize(("story", "source"), STORIES)
def test_the_newest_that_is_known_is_the_example(
    pair: Pair, story: Callable[[Pair], object], source: Source
) -> None:
    story(pair)
    assert _source(pair) is source


def test_a_deal_broken_off_counts_against_the_pair_until_it_is_taken_up_again(pair: Pair) -> None:
    pair.agree(Kind.CONTRACT)
    _record(pair, Result.FOLLOW_UP)
    break_off(actor=pair.here.leader, review_id=pair.review.pk, reason="价格谈不拢")
    assert _source(pair) is Source.BROKEN_OFF
    for action in (ReviewAction.REOPEN, ReviewAction.SHORTLIST):
        review_match(actor=pair.here.office, match_id=pair.review.match_id, action=action)
    assert _source(pair) is Source.ASKED


def test_what_came_before_the_pair_was_accepted_anew_says_nothing(pair: Pair) -> None:
    _record(pair, Result.MET)
    later = timezone.now() + timedelta(minutes=1)
    Review.objects.filter(pk=pair.review.pk).update(accepted_at=later)
    assert _source(pair) is Source.ACCEPTED


def _accepted(here: world.World) -> list[Review]:
    """Pairs that all firms accepted, with what people with hidden weights would have wanted."""
    reviews = reviewed(here)
    wanted = [review for review in reviews if review.state == ReviewState.SHORTLISTED]
    Review.objects.update(state=ReviewState.ACCEPTED, accepted_at=timezone.now())
    return wanted


def test_outcomes_teach_what_everybodys_yes_does_not() -> None:
    here = world.build()
    wanted = _accepted(here)
    words = learn_policy(chain_id=here.chain.pk, kind="product", dry_run=True)
    assert (words.lesson.verdict, words.lesson.sources) == (
        Verdict.TOO_FEW,
        (Share(Source.ACCEPTED, 150, 15_000),),
    )
    ends = {True: AgreementState.CONFIRMED, False: AgreementState.BROKEN_OFF}
    kept = {review.pk for review in wanted}
    Agreement.objects.bulk_create(
        Agreement(review_id=pk, kind=Kind.CONTRACT, state=ends[pk in kept], stated_as="office")
        for pk in Review.objects.values_list("pk", flat=True)
    )
    learnt = learn_policy(chain_id=here.chain.pk, kind="product")
    assert learnt.lesson.verdict is Verdict.GAIN
    # One buyer and one supplier: what contracts add is cut to a twentieth of 150 examples.
    assert learnt.lesson.sources == (
        Share(Source.BROKEN_OFF, 150 - len(kept), 50 * (150 - len(kept))),
        Share(Source.CONTRACT, len(kept), 100 * len(kept) + 750),
    )
    assert learnt.proposal is not None
