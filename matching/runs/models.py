"""Policies, runs with their frozen input and shards, what they found, and published lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, TypeVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing.fields import SealedJSONField, SealedTextField
from matching.chains.models import Chain
from matching.engine.types import GapType
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.record import Record
from matching.runs.permits import MATCHING_LIST, POLICY, PROPOSAL, RESULT, RUN
from matching.runs.states import ProposalState, RunState, ShardStage, ShardState
from matching.visibility import ChainRows, ChainRowsOfDemand


class PolicyVersion(Record):
    """The numbered rules of a chain's runs (匹配规则); ``body`` is ``engine.types.Policy`` as JSON."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="policies", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    number = models.PositiveIntegerField(_("number"))
    body = models.JSONField(_("rules"))
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    adopted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    permits = POLICY
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("matching policy")
        verbose_name_plural = _("matching policies")
        ordering = ("chain_id", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "kind", "number"], name="matching_policy_number_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="policy_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.chain} v{self.number}"


class PolicyProposal(Record):
    """A version of the rules that was learnt from decisions and waits for a person (建议).

    ``body`` is the proposed ``engine.types.Policy`` as JSON, ``lesson`` the ``engine.learning.Lesson`` it
    rests on. ``evidence_hash`` is that of the decisions: the same decisions propose once to the same
    ``base``. ``version`` is what it became.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="+", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    base = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="proposals", verbose_name=_("based on")
    )
    body = models.JSONField(_("rules"))
    lesson = models.JSONField(_("report"))
    evidence_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    version = models.OneToOneField(PolicyVersion, models.PROTECT, null=True, related_name="proposal")

    permits = PROPOSAL
    objects = ChainRows.as_manager()

    class Meta:
        verbose_name = _("proposed policy")
        verbose_name_plural = _("proposed policies")
        ordering = ("-created_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "evidence_hash"], name="matching_proposal_once"),
            models.UniqueConstraint(
                fields=["chain", "kind"],
                condition=models.Q(state=ProposalState.OPEN),
                name="matching_one_open_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}: {self.state}"


R = TypeVar("R", bound=models.Model)


class OfRoundQuerySet(ChainRows[R]):
    """Results that belong to a round."""

    chain_path = "round__chain_id"


class OfRunQuerySet(ChainRows[R]):
    """Results that hang on a run."""

    chain_path = "run__round__chain_id"


class MatchingRun(Record):
    """One computation over frozen input under a numbered policy (匹配运算).

    ``awards`` is canonical JSON of what was agreed for its demand lines before it began, ``exclusions`` of
    the pairs of its lines that the office had excluded by then. ``engine`` is the version of the engine that
    computes it, ``index_hash`` names the index of its offers. ``allocation_gap``: how far below the best
    possible its allocation is at most, in basis points; ``allocation_methods``: how many groups of lines were
    solved by which method.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="runs", verbose_name=_("round"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, verbose_name=_("policy"))
    as_of = models.DateField(_("as of"))
    demands = models.PositiveIntegerField(_("demand lines"), default=0)
    supplies = models.PositiveIntegerField(_("supply lines"), default=0)
    shards_total = models.PositiveIntegerField(default=0)
    shards_done = models.PositiveIntegerField(default=0)
    glossary = models.TextField(editable=False, default="")
    awards = models.TextField(editable=False, default="[]")
    exclusions = models.TextField(editable=False, default="[]")
    engine = models.PositiveSmallIntegerField(editable=False, default=1)
    index_hash = models.CharField(max_length=64, editable=False, default="")
    input_hash = models.CharField(_("input hash"), max_length=64, default="")
    result_hash = models.CharField(_("result hash"), max_length=64, blank=True, default="")
    allocation_gap = models.PositiveSmallIntegerField(_("allocation gap"), null=True, editable=False)
    allocation_methods = models.JSONField(_("allocation methods"), default=dict, editable=False)
    error = models.TextField(_("error"), blank=True, default="")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ordered_with = models.CharField(max_length=100, blank=True, default="", editable=False)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    permits = RUN
    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="matching_run_number_once"),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(state__in=[RunState.WAITING, RunState.RUNNING]),
                name="matching_one_live_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} #{self.number}"

    @property
    def percent(self) -> int:
        """Finished shards in percent."""
        return 100 * self.shards_done // self.shards_total if self.shards_total else 0

    @property
    def frozen(self) -> bool:
        """Whether a worker has counted its lines; until then the figures say nothing."""
        return bool(self.input_hash)

    @property
    def took(self) -> timedelta | None:
        """From its first worker to its end."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None


class Side(models.TextChoices):
    """Which of the two lists a frozen line is from."""

    NEED = "need", _("Demand")
    OFFER = "offer", _("Supply")


class FrozenLine(models.Model):
    """A line as it was when the run began: ``payload`` is its canonical bytes as text, but for its secrets.

    Those stand in ``sealed``, copied as they were; ``queries.frozen`` puts both together. ``fingerprint`` is
    that of the line then, so that a later change of the line is noticed.
    """

    run = models.ForeignKey(MatchingRun, models.CASCADE, db_index=False, related_name="lines")
    side = models.CharField(max_length=5, choices=Side.choices)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    line_id = models.UUIDField()
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, default="")
    fingerprint = models.CharField(max_length=64, default="")
    payload = models.TextField()
    sealed = ArrayField(models.BinaryField(null=True), default=list)

    class Meta:
        ordering = ("run", "side", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "side", "position"], name="matching_frozen_position")
        ]

    def __str__(self) -> str:
        return self.key


class Shard(models.Model):
    """A part of a run that one worker computes under a lease; of the matching, a range of needs.

    ``token`` grows with every lease; a result is stored only under the current token, so that a
    worker that lost its lease is fenced off.
    """

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="shards")
    stage = models.CharField(max_length=10, choices=ShardStage.choices)
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=ShardState.choices, default=ShardState.WAITING)
    token = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(default=timezone.now)
    result = models.BinaryField(default=b"")

    class Meta:
        ordering = ("run", "stage", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "stage", "number"], name="matching_shard_number")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["leased_until"],
                condition=~models.Q(state=ShardState.DONE),
                name="matching_shard_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.number}"


class Band(models.TextChoices):
    """Coarse quality of a match; all that a firm learns of the score."""

    A = "A", _("A · very close")
    B = "B", _("B · close")
    C = "C", _("C · possible")


PLACE = ("run_id", "need_position", "offer_position")
"""What a pair's sealed columns are bound to."""


class FoundPair(Record):
    """What matches and near misses share: a demand line, a supply line and why.

    The titles are those that were compared; the lines may have changed since. The positions are those of
    the two lines in the run's frozen input. ``verdicts`` is the text of ``engine.conditions.codes``,
    ``values`` are the criteria in the policy's order; ``queries.tell`` puts both into words, as
    ``conditions``, ``criteria`` and ``failing``. ``confirmed``: found by what people confirmed before.
    """

    run = models.ForeignKey(MatchingRun, models.CASCADE, db_index=False, verbose_name=_("run"))
    demand = models.ForeignKey(DemandLine, models.PROTECT, verbose_name=_("demand line"))
    supply = models.ForeignKey(SupplyLine, models.PROTECT, verbose_name=_("supply line"))
    demand_title = models.CharField(_("Demand"), max_length=200)
    supply_title = models.CharField(_("Offer"), max_length=200)
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.PositiveSmallIntegerField(_("score"))
    need_position = models.PositiveIntegerField(editable=False)
    offer_position = models.PositiveIntegerField(editable=False)
    verdicts = SealedTextField(_("conditions"), blank=True, bound_to=PLACE)
    values = SealedJSONField(verbose_name=_("criteria"), bound_to=PLACE, default=list)
    confirmed = models.BooleanField(_("confirmed before"), default=False)

    conditions: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    failing: dict[str, Any] | None

    permits = RESULT
    objects = OfRunQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("run", "demand", "rank")


class Match(FoundPair):
    """A feasible pair with score, per-condition results and allocated quantity (匹配).

    ``allocated`` is per month in ``unit``, the supply line's when the run began; ``share`` the covered
    part of the demand in basis points. The fingerprints tell whether a line has changed since.
    ``excluded`` keeps the pair out of the published list, with the office's reason; it stays as it is
    once the run is published. ``listed`` says, once it is, that the list names the pair: publishing takes
    it from those that it leaves out. ``certain``: every condition that gates is known to be met.
    """

    band = models.CharField(_("band"), max_length=1, choices=Band.choices)
    allocated = models.DecimalField(_("allocated a month"), max_digits=18, decimal_places=4, default=0)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    demand_fingerprint = models.CharField(max_length=64, editable=False, default="")
    supply_fingerprint = models.CharField(max_length=64, editable=False, default="")
    share = models.PositiveSmallIntegerField(_("share"), default=0)
    excluded = models.BooleanField(_("excluded"), default=False)
    excluded_reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    listed = models.BooleanField(_("listed"), default=True, editable=False)
    certain = models.BooleanField(_("certain"), default=False, editable=False)

    class Meta(FoundPair.Meta):
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "demand", "supply"], name="matching_match_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["run", "demand"], condition=models.Q(excluded=False), name="matching_match_kept"
            ),
            models.Index(
                fields=["run"],
                include=["demand", "unit", "allocated"],
                condition=models.Q(excluded=False, allocated__gt=0),
                name="matching_match_allocated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} × {self.supply_id}"


class NearMiss(FoundPair):
    """One of the closest offers that fail exactly one condition (差一点)."""

    class Meta(FoundPair.Meta):
        verbose_name = _("near miss")
        verbose_name_plural = _("near misses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "demand", "supply"], name="matching_near_miss_once")
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} ≈ {self.supply_id}"


class Exclusion(Record):
    """A pair of lines that the office keeps out of its lists until it reopens it, with the reason."""

    demand = models.ForeignKey(DemandLine, models.PROTECT, related_name="+", verbose_name=_("demand line"))
    supply = models.ForeignKey(SupplyLine, models.PROTECT, related_name="+", verbose_name=_("supply line"))
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")

    permits = RESULT
    objects = ChainRowsOfDemand.as_manager()

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["demand", "supply"], name="matching_exclusion_once")
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} × {self.supply_id}"


class Award(Record):
    """What both firms of a pair agreed on: ``quantity`` per month in ``unit``; later runs net it."""

    demand = models.ForeignKey(DemandLine, models.PROTECT, related_name="+", verbose_name=_("demand line"))
    supply = models.ForeignKey(SupplyLine, models.PROTECT, related_name="+", verbose_name=_("supply line"))
    quantity = models.DecimalField(_("committed a month"), max_digits=18, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")

    permits = RESULT
    objects = ChainRowsOfDemand.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["demand", "supply"], name="matching_award_once")
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} × {self.supply_id}: {self.quantity} {self.unit}"


class Gap(Record):
    """Demand that no offer covers, with the evidence why (缺口). ``uncovered`` in basis points."""

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="gaps", verbose_name=_("run"))
    demand = models.ForeignKey(DemandLine, models.PROTECT, verbose_name=_("demand line"))
    demand_title = models.CharField(_("Demand"), max_length=200)
    type = models.CharField(
        _("type"),
        max_length=14,
        choices=[
            (GapType.NO_PRODUCT, _("no product")),
            (GapType.SPECIFICATION, _("specification")),
            (GapType.CAPACITY, _("capacity")),
            (GapType.CERTIFICATE, _("certificate")),
            (GapType.PRICE, _("price")),
            (GapType.REGION, _("region")),
            (GapType.DELIVERY, _("delivery")),
            (GapType.UNKNOWN_DATA, _("unknown data")),
        ],
    )
    uncovered = models.PositiveSmallIntegerField(_("uncovered"))
    evidence_zh = SealedTextField()
    evidence_en = SealedTextField()

    permits = RESULT
    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ("run", "demand")
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "demand"], name="matching_gap_once")]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.type}"


class MatchingList(Record):
    """The published snapshot of a run (匹配清单); the database refuses every change to it.

    ``content`` is canonical JSON; ``content_hash`` its SHA-256. ``diff`` compares with ``previous``.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="lists", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20)
    number = models.PositiveIntegerField(_("number"))
    round = models.ForeignKey(Round, models.PROTECT, related_name="lists", verbose_name=_("round"))
    run = models.OneToOneField(MatchingRun, models.PROTECT, related_name="published", verbose_name=_("run"))
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    policy_version = models.PositiveIntegerField(_("policy"))
    input_hash = models.CharField(_("input hash"), max_length=64)
    result_hash = models.CharField(_("result hash"), max_length=64)
    content = models.TextField(_("content"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    matches = models.PositiveIntegerField(_("matches"))
    gaps = models.PositiveIntegerField(_("gaps"))
    diff = models.JSONField(_("changes"))
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    permits = MATCHING_LIST
    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching list")
        verbose_name_plural = _("matching lists")
        ordering = ("chain_id", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "kind", "number"], name="matching_list_number_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="published_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
