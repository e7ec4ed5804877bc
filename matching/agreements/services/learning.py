"""What a chain's decisions, and what came of them, teach about its rules."""

from __future__ import annotations

from dataclasses import dataclass

from matching.agreements.queries import examples
from matching.engine import wire
from matching.engine.learning import Lesson, Verdict, learn
from matching.runs.models import PolicyProposal, PolicyVersion
from matching.runs.queries import rules_of
from matching.runs.services import current_policy, propose_rules


@dataclass(frozen=True, slots=True)
class Learnt:
    """A lesson about the version ``base``, and the proposal that came of it, if any."""

    base: PolicyVersion
    lesson: Lesson
    proposal: PolicyProposal | None


def learn_policy(*, chain_id: str, kind: str, dry_run: bool = False) -> Learnt:
    """Learn the weights of the chain's criteria from its pairs, and propose them where they are better.

    Side effects: as ``propose_rules``, none of them with ``dry_run``; a chain without rules gets its first
    version. The same decisions and outcomes under the same rules give the same lesson and the same proposal.
    """
    base = current_policy(chain_id=chain_id, kind=kind)
    judged = examples(chain_id, kind)
    lesson = learn(judged, rules_of(base))
    proposal = None
    if lesson.verdict is Verdict.GAIN and not dry_run:
        proposal = propose_rules(base=base, lesson=lesson, evidence_hash=wire.digest(wire.encode(judged)))
    return Learnt(base, lesson, proposal)
