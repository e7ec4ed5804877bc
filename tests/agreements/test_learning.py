"""``manage.py learn_policy``: from reviews to a proposal, once, for a person to adopt."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matching.agreements.services import learn_policy
from matching.engine.learning import Verdict
from matching.engine.types import Policy
from matching.notices.models import Notice
from matching.review.models import Review
from matching.review.queries import judged_pairs
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match, PolicyProposal, PolicyVersion
from matching.runs.queries import rules_of
from matching.runs.services import adopt_proposal, adopt_rules, reject_proposal
from matching.runs.states import ProposalState
from tests import factories, world
from tests.review.lessons import reviewed

pytestmark = pytest.mark.django_db


def _learn(here: world.World, dry_run: bool = False) -> Any:
    return learn_policy(chain_id=here.chain.pk, kind="product", dry_run=dry_run)


def test_only_standing_decisions_are_evidence() -> None:
    here = world.build()
    run = world.finished_run(here, demands=2, supplies=3)
    asked, accepted, declined, rejected, reopened, _open = Match.objects.filter(run=run).order_by(
        "demand__key", "supply__key"
    )
    for match in (asked, accepted, declined, reopened):
        review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    review_match(actor=here.office, match_id=rejected.pk, action=ReviewAction.REJECT, reason="no")
    review_match(actor=here.office, match_id=reopened.pk, action=ReviewAction.REOPEN)
    for match, actions in (
        (accepted, (ReviewAction.LEADER_ACCEPT, ReviewAction.MEMBER_ACCEPT)),
        (declined, (ReviewAction.LEADER_DECLINE,)),
    ):
        review = Review.objects.get(demand=match.demand_id, supply=match.supply_id)
        for action in actions:
            actor = here.member if action == ReviewAction.MEMBER_ACCEPT else here.leader
            decide(actor=actor, review_id=review.pk, action=action, reason="because")
    judged = judged_pairs(here.chain.pk, "product")
    assert {(pair.demand.split("/")[1], pair.offer.split("/")[1]): pair.wanted for pair in judged} == {
        (match.demand.key, match.supply.key): wanted
        for match, wanted in ((asked, True), (accepted, True), (declined, False), (rejected, False))
    }
    values = dict(judged[0].values)
    assert values.keys() <= dict(Policy().weights).keys()
    assert values["node"] == 10_000
    assert judged_pairs("nev", "product") == ()


def test_a_gain_is_proposed_once_and_the_office_is_told() -> None:
    here = world.build()
    reviewed(here)
    first, second = _learn(here), _learn(here)
    proposal = PolicyProposal.objects.get()
    assert first.lesson == second.lesson
    assert (first.proposal, second.proposal) == (proposal, proposal)
    assert proposal.base == PolicyVersion.objects.get()
    assert dict(proposal.body["weights"]) == {
        change.criterion: change.after for change in first.lesson.weights
    }
    assert {key: value for key, value in proposal.body.items() if key not in ("weights", "version")} == {
        key: value for key, value in proposal.base.body.items() if key not in ("weights", "version")
    }
    assert list(Notice.objects.filter(key__startswith="policy-proposal").values_list("user", flat=True)) == [
        here.office.pk
    ]


def test_a_rejected_proposal_stays_rejected() -> None:
    here = world.build()
    reviewed(here)
    proposal = _learn(here).proposal
    reject_proposal(actor=here.office, proposal_id=proposal.pk, reason="样本太偏")
    again = _learn(here).proposal
    assert (again, again.state, again.reason) == (proposal, ProposalState.REJECTED, "样本太偏")


def test_an_adopted_proposal_is_learnt_no_further() -> None:
    here = world.build()
    reviewed(here)
    learnt = _learn(here)
    adopted = adopt_proposal(actor=here.office, proposal_id=learnt.proposal.pk)
    assert adopted.version is not None
    assert dict(rules_of(adopted.version).weights) == {
        change.criterion: change.after for change in learnt.lesson.weights
    }
    again = _learn(here)
    assert (again.base, again.lesson.verdict) == (adopted.version, Verdict.NO_CLEAR_GAIN)


def test_new_decisions_and_new_rules_put_a_proposal_out_of_date() -> None:
    here = world.build()
    reviews = reviewed(here)
    old = _learn(here).proposal
    Review.objects.filter(pk=reviews[0].pk).update(state=ReviewState.PENDING)
    new = _learn(here).proposal
    old.refresh_from_db()
    assert (old.state, new.state) == (ProposalState.SUPERSEDED, ProposalState.OPEN)
    Review.objects.filter(pk=reviews[0].pk).update(state=reviews[0].state)
    assert _learn(here).proposal == old
    adopt_rules(actor=here.office, chain_id=here.chain.pk, kind="product", rules=Policy(max_suppliers=2))
    old.refresh_from_db()
    assert old.state == ProposalState.SUPERSEDED
    assert _learn(here).proposal.base.number == 2


def test_a_dry_run_stores_nothing() -> None:
    here = world.build()
    reviewed(here)
    learnt = _learn(here, dry_run=True)
    assert (learnt.lesson.verdict, learnt.proposal) == (Verdict.GAIN, None)
    assert PolicyProposal.objects.count() == 0


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("learn_policy", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_reports_in_both_languages() -> None:
    here = world.build()
    reviewed(here)
    english = _command(here.chain.pk, "--lang", "en")
    proposal = PolicyProposal.objects.get()
    assert "150 decisions" in english
    assert "Technical requirements" in english
    assert f"Proposal {proposal.pk}: Waits for a decision" in english
    chinese = _command(here.chain.pk)
    assert "共 150 条审核决定" in chinese
    assert f"建议 {proposal.pk}：待审定" in chinese


def test_the_command_speaks_json() -> None:
    here = world.build()
    reviewed(here)
    found = json.loads(_command(here.chain.pk, "--json"))
    proposal = PolicyProposal.objects.get()
    assert found["verdict"] == "gain"
    assert (found["chain"], found["version"], found["decisions"]) == (here.chain.pk, 1, 150)
    assert found["proposal"] == {"id": str(proposal.pk), "state": "open"}
    assert [one["measure"] for one in found["figures"]] == ["within", "overall", "first"]


def test_the_command_says_when_there_is_too_little() -> None:
    factories.make_chain()
    told = _command("photovoltaic", "--lang", "en")
    assert "Too few decisions to learn from" in told
    assert "50 decisions" in told
    with pytest.raises(CommandError):
        _command("no-such-chain")
