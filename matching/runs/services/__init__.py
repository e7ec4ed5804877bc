"""Verbs on policies, runs, shards and published lists."""

from matching.runs.services.artefacts import remove_idle
from matching.runs.services.decided import award, refuse_superseded, set_award, set_excluded, take_back
from matching.runs.services.leases import lease, lost_shards
from matching.runs.services.meanings import learn_meanings
from matching.runs.services.policies import (
    adopt_proposal,
    adopt_rules,
    as_rules,
    current_policy,
    reject_proposal,
    restore_version,
)
from matching.runs.services.proposals import lesson_of, propose_rules
from matching.runs.services.publishing import preview, publish
from matching.runs.services.runs import cancel_run, start_run
from matching.runs.services.shards import run_shard

__all__ = (
    "adopt_proposal",
    "adopt_rules",
    "as_rules",
    "award",
    "cancel_run",
    "current_policy",
    "learn_meanings",
    "lease",
    "lesson_of",
    "lost_shards",
    "preview",
    "propose_rules",
    "publish",
    "refuse_superseded",
    "reject_proposal",
    "remove_idle",
    "restore_version",
    "run_shard",
    "set_award",
    "set_excluded",
    "start_run",
    "take_back",
)
