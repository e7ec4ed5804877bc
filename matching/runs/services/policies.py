"""Verbs on policies: the numbered rules of a chain's runs."""

from __future__ import annotations

import msgspec

from matching import kinds
from matching.runs.models import PolicyVersion
from matching.runs.queries import policy_of

__all__ = ("current_policy", "policy_of")


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
