"""An accepted pair with an approved appointment, for tests of what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from matching.agreements.amounts import Kind
from matching.agreements.models import Agreement
from matching.agreements.services import act, state_agreement
from matching.agreements.states import AgreementAction
from matching.meetings.models import Appointment
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from matching.review.models import Review
from tests import factories, world
from tests.meetings.pairs import accept_all


@dataclass(frozen=True)
class Pair:
    """People, the accepted pair and its appointment."""

    here: world.World
    review: Review
    appointment: Appointment

    def state(self, kind: Kind = Kind.CONTRACT, *, by: Any = None, **terms: Any) -> Agreement:
        """State an agreement, as the leader firm where nobody is named."""
        values = {"amount": Decimal(1000), **terms}
        return state_agreement(
            actor=by or self.here.leader, review_id=self.review.pk, kind=kind, terms=values
        )

    def agree(self, kind: Kind = Kind.CONTRACT, **terms: Any) -> Agreement:
        """Stated by the leader firm, confirmed by the member firm."""
        stated = self.state(kind, **terms)
        return act(actor=self.here.member, agreement_id=stated.pk, action=AgreementAction.CONFIRM)


def pair_with_appointment() -> Pair:
    """One accepted pair of a chain, with an appointment at an approved meeting."""
    here = world.build()
    [review] = accept_all(here, demands=1)
    rule = factories.make_rule(here.chain)
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    return Pair(here, Review.objects.get(pk=review.pk), meeting.appointments.get())
