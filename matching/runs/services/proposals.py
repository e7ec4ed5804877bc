"""Proposing rules that were learnt from decisions."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from matching.engine.learning import Lesson
from matching.notices.models import Topic
from matching.notices.services import tell
from matching.runs import access
from matching.runs.models import PolicyProposal, PolicyVersion
from matching.runs.queries import rules_of
from matching.runs.services.decided import hold_chain
from matching.runs.services.policies import current_policy, supersede
from matching.runs.states import PROPOSAL, ProposalAction, ProposalState


@transaction.atomic
def propose_rules(*, base: PolicyVersion, lesson: Lesson, evidence_hash: str) -> PolicyProposal | None:
    """Propose the lesson's weights in place of those of ``base``.

    Side effects: an open proposal of the chain that rests on other decisions is out of date; the chain's
    office is told. The same decisions find their proposal again, in whatever state it is. Returns None
    where ``base`` is no longer the chain's newest version.
    """
    hold_chain(base.chain_id)
    if current_policy(chain_id=base.chain_id, kind=base.kind) != base:
        return None
    known = PolicyProposal.objects.filter(base=base, evidence_hash=evidence_hash).first()
    if known is not None and known.state != ProposalState.SUPERSEDED:
        return known
    supersede(PolicyProposal.objects.filter(chain_id=base.chain_id, kind=base.kind))
    if known is not None:
        known.state = PROPOSAL.target(known.state, ProposalAction.RENEW)
        known.save(update_fields=["state"])
        return known
    learnt = {change.criterion: change.after for change in lesson.weights}
    rules = rules_of(base)
    weights = tuple((criterion, learnt.get(criterion, weight)) for criterion, weight in rules.weights)
    proposal = PolicyProposal.objects.create(
        chain_id=base.chain_id,
        kind=base.kind,
        base=base,
        body=msgspec.to_builtins(replace(rules, weights=weights)),
        lesson=msgspec.to_builtins(lesson),
        evidence_hash=evidence_hash,
    )
    _tell_office(proposal)
    return proposal


def _tell_office(proposal: PolicyProposal) -> None:
    people = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role=Role.CHAIN_OFFICE
    ).distinct()
    tell(
        users=[person for person in people if access.can_set_policy(person, proposal.chain_id)],
        key=f"policy-proposal:{proposal.pk}",
        zh=f"根据审核决定形成了匹配规则建议，待审定：{proposal.chain.name_zh}",
        en=f"To decide: rules learnt from decisions, {proposal.chain.name_en}",
        link=f"/policies/proposals/{proposal.pk}/",
        topic=Topic.RULES,
    )


def lesson_of(proposal: PolicyProposal) -> Lesson:
    """The report that a proposal rests on."""
    return msgspec.convert(proposal.lesson, Lesson)
