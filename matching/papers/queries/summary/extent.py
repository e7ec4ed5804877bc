"""What a summary is of: one meeting, or chains, a period and a city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permits import Act
from accounts.permits.reach import chain_filter
from matching.agreements.amounts import Step
from matching.agreements.models import Agreement, Milestone, MilestoneState
from matching.agreements.states import ENDED
from matching.chains.models import Chain
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.states import MeetingState
from matching.papers.periods import Period
from matching.papers.permits import SUMMARY
from matching.review.models import Review


@dataclass(frozen=True, slots=True)
class Extent:
    """One ``meeting``; or a ``period`` in ``chains`` (codes, perhaps ``*``).

    There ``chain`` narrows to one, and ``city``, the prefix of a region code, to leader firms of a city.
    """

    meeting: SigningMeeting | None = None
    chains: Sequence[str] = ()
    period: Period | None = None
    chain: Chain | None = None
    city: str = ""

    @property
    def by_city(self) -> bool:
        """Within one chain figures are told by city, else by chain."""
        return self.meeting is not None or self.chain is not None

    def talks(self) -> QuerySet[Appointment]:
        """Appointments of the meeting; of a period those of meetings that were held in it."""
        standing = Appointment.objects.filter(is_active=True)
        if self.meeting is not None:
            return standing.filter(meeting=self.meeting)
        held = Q(meeting__state=MeetingState.HELD) | Q(outcome__isnull=False)
        return standing.filter(held, self._within("review__"), self._days("meeting__date"))

    def agreements(self) -> QuerySet[Agreement]:
        """What was signed at the meeting and after it by its pairs, or in the period; withdrawn ones not."""
        standing = Agreement.objects.exclude(state__in=sorted(ENDED))
        if self.meeting is not None:
            since = Q(appointment__meeting=self.meeting) | Q(signed_on__gte=self.meeting.date)
            return standing.filter(since, review__in=self.talks().values("review"))
        return standing.filter(self._within("review__"), self._days("signed_on"))

    def deliveries(self) -> QuerySet[Milestone]:
        """Deliveries of the meeting's pairs, or those made in the period."""
        done = Milestone.objects.filter(step=Step.DELIVERY, state=MilestoneState.DONE)
        if self.meeting is not None:
            return done.filter(review__in=self.talks().values("review"))
        return done.filter(self._within("review__"), self._days("done_on"))

    def pairs(self) -> QuerySet[Review]:
        """Pairs that talked, signed or delivered, by leader firm and line."""
        parts = [rows.order_by().values("review") for rows in (self.talks(), self.agreements())]
        told = Q(pk__in=parts[0]) | Q(pk__in=parts[1])
        if self.meeting is None:
            told |= Q(pk__in=self.deliveries().order_by().values("review"))
        ordered = ("demand__organisation__name", "demand__key", "supply__organisation__name", "pk")
        return Review.objects.filter(told).order_by(*ordered)

    def _within(self, prefix: str) -> Q:
        inside = chain_filter(f"{prefix}demand__chain_id", self.chains)
        if self.chain is not None:
            inside &= Q(**{f"{prefix}demand__chain_id": self.chain.pk})
        if self.city:
            inside &= Q(**{f"{prefix}demand__organisation__region__startswith": self.city})
        return inside

    def _days(self, column: str) -> Q:
        assert self.period is not None, "what is of no meeting is of a period"
        return Q(**{f"{column}__range": (self.period.begins, self.period.ends)})


def extent_of(user: User, period: Period, *, chain: Chain | None = None, city: str = "") -> Extent:
    """A period as far as the person's roles reach."""
    return Extent(chains=SUMMARY.chains(user, Act.VIEW), period=period, chain=chain, city=city)
