"""Verbs on policies: the numbered rules of a chain's runs."""

from __future__ import annotations

import msgspec

from matching import kinds
from matching.engine.types import (
    Policy,
)
from matching.runs.models import (
    MatchingRun,
    PolicyVersion,
)


def current_policy(*, chain_id: str, kind: str) -> PolicyVersion:
    """The newest policy of a chain; the kind's default becomes number 1 where there is none."""
    found = PolicyVersion.objects.filter(chain_id=chain_id, kind=kind).order_by("-number").first()
    if found is not None:
        return found
    default = msgspec.to_builtins(kinds.get(kind).policy)
    policy, _created = PolicyVersion.objects.get_or_create(
        chain_id=chain_id, kind=kind, number=1, defaults={"body": default}
    )
    return policy


def policy_of(run: MatchingRun) -> Policy:
    """The engine's policy of a run."""
    body = {**run.policy.body, "version": run.policy.number}
    return msgspec.convert(body, Policy, strict=False)
