"""A story for newcomers: two runs, one of them reviewed, published and on its way to a signing meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from chainmatch.sample import meetings, people, places
from chainmatch.sample.records import Difficulty, LineId, Outcome
from chainmatch.sample.store import CLOSED_CHAINS, sample_id
from chainmatch.sample.truth import read_truth
from matching.lists.models import Round
from matching.lists.states import RoundState
from matching.meetings.models import MeetingRule, SigningMeeting
from matching.meetings.services import propose
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import Match, MatchingList, MatchingRun
from matching.runs.services import publish, start_run
from matching.runs.states import LIVE, RunState

TOLD_CHAIN = CLOSED_CHAINS[0]
"""The chain whose story is told to the end; the other one waits for the visitor."""

REASON = "品名相近，但并非所需产品"
_BOTH = (ReviewAction.LEADER_ACCEPT, ReviewAction.MEMBER_ACCEPT)
_ONE = (ReviewAction.LEADER_ACCEPT,)
_Steps = tuple[tuple[ReviewAction, ...], ...]
_MEMBER_STEPS: _Steps = (_BOTH, _ONE, ())
_LEADER_STEPS: _Steps = (_BOTH, _BOTH, _BOTH, (ReviewAction.MEMBER_ACCEPT,), ())
_HELD, _TODAY = 6, 8
"""Pairs of other firms that met some days ago, and that meet today."""
_LEFT = 2
"""Pairs of a demo firm that stay for the reviews."""
_OTHER_STEPS: _Steps = (_BOTH,) * 4


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the runs of the closed rounds are; ``failed`` holds what went wrong."""

    done: int
    total: int
    finished: bool
    failed: str = ""


def start_runs() -> list[MatchingRun]:
    """One run for each closed sample round that has none; returns the newest run of each.

    A run that failed or was cancelled is started again.
    """
    office = people.account_of(people.OFFICE)
    runs = []
    for round_ in _closed_rounds():
        run = round_.runs.order_by("-number").first()
        if run is None or run.state not in (*LIVE, RunState.FINISHED):
            run = start_run(actor=office, round_id=round_.pk)
        runs.append(run)
    return runs


def _closed_rounds() -> list[Round]:
    rounds = Round.objects.filter(pk__in=[sample_id("round", chain) for chain in CLOSED_CHAINS])
    return list(rounds.exclude(state__in=[RoundState.PLANNED, RoundState.OPEN]).order_by("chain_id"))


def progress(runs: Iterable[MatchingRun]) -> Progress:
    """Read the state of the runs from the database."""
    current = list(MatchingRun.objects.filter(pk__in=[run.pk for run in runs]))
    broken = [run for run in current if run.state in (RunState.FAILED, RunState.CANCELLED)]
    return Progress(
        done=sum(run.shards_done for run in current),
        total=sum(run.shards_total for run in current),
        finished=all(run.state == RunState.FINISHED for run in current),
        failed="; ".join(f"{run.pk}: {run.error or run.state}" for run in broken),
    )


@transaction.atomic
def tell(runs: Iterable[MatchingRun]) -> MatchingList | None:
    """Review and publish the told chain's run and tell of its signing meetings; once and for all.

    Side effects: reviews of the demo leader firm's matches in every state, one published list, three
    meetings: one that was held, one of today and one that is proposed. Returns None where the story has been
    told already.
    """
    run = next((run for run in runs if run.round.chain_id == TOLD_CHAIN), None)
    if run is None or _told(run):
        return None
    office = people.account_of(people.OFFICE)
    is_new = not SigningMeeting.objects.filter(chain_id=TOLD_CHAIN).exists()
    _review(office, run, with_meetings=is_new)
    published = publish(actor=office, run_id=run.pk)
    if is_new:
        rule = MeetingRule.objects.get(chain_id=TOLD_CHAIN)
        propose(rule_id=rule.pk, today=timezone.localdate(), actor=office)
    return published


def _told(run: MatchingRun) -> bool:
    published = MatchingList.objects.filter(round__chain_id=TOLD_CHAIN)
    return published.exists() or Review.objects.filter(match__run=run).exists()


def _review(office: User, run: MatchingRun, *, with_meetings: bool) -> None:
    """True matches, taken so far that both demo firms have something to answer; a decoy is rejected.

    ``with_meetings``: the first ones meet some days ago, the next ones today.
    """
    truth = _Truth.read()
    leader, member = people.firm_of(people.LEADER), people.firm_of(people.MEMBER)
    matches = list(
        Match.objects.filter(run=run, allocated__gt=0)
        .select_related("demand__organisation", "supply__organisation")
        .order_by("-score", "demand__key", "demand_id", "supply_id")
    )
    good = _one_a_line([match for match in matches if truth.satisfies(match)])
    mine = [match for match in good if match.demand.organisation_id == leader.pk]
    with_member = [match for match in mine if match.supply.organisation_id == member.pk]
    with_others = [match for match in mine if match.supply.organisation_id != member.pk]
    others = [match for match in good if match.demand.organisation_id != leader.pk]
    if with_meetings:
        own = [rows.pop() for rows in (with_others,) if len(rows) > _LEFT]
        _take(office, zip([*others[:_HELD], *own], (_BOTH,) * (_HELD + 1), strict=False))
        meetings.hold(office)
        others = others[_HELD:]
        own = [rows.pop() for rows in (with_member, with_others) if len(rows) > _LEFT]
        _take(office, zip([*others[:_TODAY], *own], (_BOTH,) * (_TODAY + 2), strict=False))
        meetings.open_today(office)
        others = others[_TODAY:]
    for matches_of, steps in (
        (with_member, _MEMBER_STEPS),
        (with_others, _LEADER_STEPS),
        (others, _OTHER_STEPS),
    ):
        _take(office, zip(matches_of, steps, strict=False))
    for match in [match for match in matches if truth.is_decoy(match)][:1]:
        review_match(actor=office, match_id=match.pk, action=ReviewAction.REJECT, reason=REASON)


def _take(office: User, found: Iterable[tuple[Match, tuple[ReviewAction, ...]]]) -> None:
    for match, actions in found:
        review = review_match(actor=office, match_id=match.pk, action=ReviewAction.SHORTLIST)
        for action in actions:
            side = match.demand if action == ReviewAction.LEADER_ACCEPT else match.supply
            decide(actor=people.person_of(side.organisation), review_id=review.pk, action=action)


@dataclass(frozen=True, slots=True)
class _Truth:
    """What the generator knows of the pairs of the told chain."""

    satisfying: frozenset[tuple[LineId, LineId]]
    decoys: frozenset[tuple[LineId, LineId]]

    @classmethod
    def read(cls) -> _Truth:
        """From the file that ``load_sample`` keeps."""
        pairs = [
            (record.demand, offer)
            for record in read_truth(places.truth_file())
            if record.chain == TOLD_CHAIN
            for offer in record.offers
        ]
        return cls(
            frozenset(
                (demand, o.supply) for demand, o in pairs if o.outcome in (Outcome.MET, Outcome.PARTIAL)
            ),
            frozenset((demand, o.supply) for demand, o in pairs if Difficulty.DECOY in o.difficulties),
        )

    def satisfies(self, match: Match) -> bool:
        """Whether the offer truly satisfies the demand."""
        return _pair(match) in self.satisfying

    def is_decoy(self, match: Match) -> bool:
        """Whether the offer only shares words with the demand."""
        return _pair(match) in self.decoys


def _pair(match: Match) -> tuple[LineId, LineId]:
    demand, supply = match.demand, match.supply
    return (demand.organisation.uscc or "", demand.key), (supply.organisation.uscc or "", supply.key)


def _one_a_line(matches: list[Match]) -> list[Match]:
    """The best match of each demand line and of each supply line, in order."""
    used: set[object] = set()
    kept = []
    for match in matches:
        if used.isdisjoint((match.demand_id, match.supply_id)):
            used.update((match.demand_id, match.supply_id))
            kept.append(match)
    return kept
