"""Verbs on policies, runs, shards and published lists."""

from matching.runs.services.decided import award, refuse_superseded, set_excluded, take_back
from matching.runs.services.policies import current_policy, policy_of
from matching.runs.services.publishing import preview, publish
from matching.runs.services.runs import cancel_run, start_run
from matching.runs.services.shards import lease, lost_shards, run_shard

__all__ = (
    "award",
    "cancel_run",
    "current_policy",
    "lease",
    "lost_shards",
    "policy_of",
    "preview",
    "publish",
    "refuse_superseded",
    "run_shard",
    "set_excluded",
    "start_run",
    "take_back",
)
