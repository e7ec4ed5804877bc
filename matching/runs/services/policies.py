"""Verbs on policies: the numbered rules of a chain's runs."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.engine.types import (
    Policy,
)
from matching.errors import Forbidden
from matching.runs import access
from matching.runs.models import (
    MatchingRun,
    PolicyVersion,
)

RUN_SHARD = "runs.run_shard"
BATCH = 1000


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


@transaction.atomic
def adopt_policy(
    *, actor: User, chain_id: str, policy: Policy, note: str, kind: str = "product"
) -> PolicyVersion:
    """Store a new numbered policy of a chain; it counts from the next run on."""
    if not access.can_run(actor, chain_id):
        raise Forbidden(_("Only the office of this chain adopts its policy."), code="not_your_chain")
    number = current_policy(chain_id=chain_id, kind=kind).number + 1
    return PolicyVersion.objects.create(
        chain_id=chain_id,
        kind=kind,
        number=number,
        body={**msgspec.to_builtins(policy), "version": number},
        note=note,
        adopted_by=actor,
    )


def policy_of(run: MatchingRun) -> Policy:
    """The engine's policy of a run."""
    body = {**run.policy.body, "version": run.policy.number}
    return msgspec.convert(body, Policy, strict=False)
