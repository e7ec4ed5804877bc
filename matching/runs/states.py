"""States of runs and shards, and the legal transitions, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class RunState(models.TextChoices):
    """A computation."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class RunAction(models.TextChoices):
    """What can happen to a run."""

    START = "start", _("Start")
    FINISH = "finish", _("Finish")
    FAIL = "fail", _("Fail")
    CANCEL = "cancel", _("Cancel")


LIVE = frozenset({RunState.WAITING, RunState.RUNNING})

RUN = Machine(
    [
        Transition(RunAction.START, frozenset({RunState.WAITING}), RunState.RUNNING),
        Transition(RunAction.FINISH, frozenset({RunState.RUNNING}), RunState.FINISHED),
        Transition(RunAction.FAIL, LIVE, RunState.FAILED),
        Transition(RunAction.CANCEL, LIVE, RunState.CANCELLED),
    ]
)


class ShardState(models.TextChoices):
    """One piece of a run."""

    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("In work")
    DONE = "done", _("Done")


class ShardStage(models.TextChoices):
    """What a shard computes: the frozen input, its index, a range of needs, the allocation over all."""

    PREPARE = "prepare", _("Prepare")
    INDEX = "index", _("Index")
    MATCH = "match", _("Match")
    ALLOCATE = "allocate", _("Allocate")


class ProposalState(models.TextChoices):
    """A proposed version of the rules."""

    OPEN = "open", _("Waits for a decision")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Turned down")
    SUPERSEDED = "superseded", _("Out of date")


class ProposalAction(models.TextChoices):
    """What can happen to a proposal."""

    ADOPT = "adopt", _("Adopt")
    REJECT = "reject", _("Turn down")
    SUPERSEDE = "supersede", _("Supersede")
    RENEW = "renew", _("Propose again")


PROPOSAL = Machine(
    [
        Transition(ProposalAction.ADOPT, frozenset({ProposalState.OPEN}), ProposalState.ADOPTED),
        Transition(ProposalAction.REJECT, frozenset({ProposalState.OPEN}), ProposalState.REJECTED),
        Transition(ProposalAction.SUPERSEDE, frozenset({ProposalState.OPEN}), ProposalState.SUPERSEDED),
        Transition(ProposalAction.RENEW, frozenset({ProposalState.SUPERSEDED}), ProposalState.OPEN),
    ]
)
