"""Rounds, demand lines and supply lines with their typed rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act, Permits, Scope
from accounts.sealing.fields import RowByRow, SealedDecimalField
from accounts.validators import validate_region_code
from matching.chains.models import Chain, ChainNode
from matching.engine.types import Operator, Period
from matching.lists.permits import DEMAND_LINE, ROUND, SUPPLY_LINE
from matching.lists.states import LineState, RoundState
from matching.record import Record
from matching.visibility import RowsOfDemand, RowsOfLine, RowsOfSupply

POSITIVE = MinValueValidator(Decimal(0))
VALID_DAYS = 180
MAX_REASON = 500


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> RoundQuerySet:
        """Firms see every chain's rounds; offices those of their chains."""
        return self.filter(ROUND.within(user, Act.VIEW, chain="chain_id"))


class Round(Record):
    """One collection period of a chain (调度期): opens, closes, is matched, is published."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="rounds", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    name = models.CharField(_("name"), max_length=80)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    state = models.CharField(
        _("state"), max_length=12, choices=RoundState.choices, default=RoundState.PLANNED
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("-opens_at", "chain_id")
        constraints = [
            models.UniqueConstraint(fields=["chain", "kind", "name"], name="matching_round_name_once"),
            models.UniqueConstraint(
                fields=["chain", "kind"],
                condition=models.Q(state=RoundState.OPEN),
                name="matching_one_open_round",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="matching_round_closes_later",
                violation_error_message=_("The round must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} · {self.name}"


def default_valid_until() -> Any:
    """Half a year from today."""
    return timezone.localdate() + timedelta(days=VALID_DAYS)


L = TypeVar("L", bound="Line")


class LineQuerySet(RowByRow[L]):
    """Lines that a person may see, in which state."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Own firm's lines; offices see those of their chains and regions that were handed in once.

        A line that has only ever been a draft stays unseen, withdrawn or not.
        """
        handed_in = ~models.Q(state=LineState.DRAFT) & models.Q(submitted_at__isnull=False)
        seen = self.model.permits.within(
            user,
            Act.VIEW,
            chain="chain_id",
            region="organisation__region",
            firm=("organisation_id",),
            also={Scope.CITY: handed_in},
        )
        return self.filter(seen)

    def matchable(self, *, chain: str, kind: str, on: Any) -> Self:
        """Verified lines of a chain that are still valid on that day."""
        return self.filter(chain_id=chain, kind=kind, state=LineState.VERIFIED, valid_until__gte=on)


class Line(Record):
    """The columns that both lists share; ``permits`` says who may do what with a line."""

    permits: ClassVar[Permits]

    kind = models.CharField(_("kind"), max_length=20, default="product")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("firm"))
    key = models.CharField(
        _("line number"), max_length=40, help_text=_("The firm's own number; the line keeps it for good.")
    )
    chain = models.ForeignKey(Chain, models.PROTECT, verbose_name=_("chain"))
    node = models.ForeignKey(ChainNode, models.SET_NULL, null=True, blank=True, verbose_name=_("chain node"))
    round = models.ForeignKey(Round, models.SET_NULL, null=True, blank=True, verbose_name=_("round"))
    state = models.CharField(_("state"), max_length=12, choices=LineState.choices, default=LineState.DRAFT)
    reason = models.CharField(_("reason of return"), max_length=MAX_REASON, blank=True, default="")

    title = models.CharField(_("product"), max_length=200)
    description = models.TextField(_("description"), blank=True, default="", max_length=4000)
    category_code = models.CharField(_("category code"), max_length=40, blank=True, default="")
    standards = ArrayField(
        models.CharField(max_length=60), verbose_name=_("standards"), default=list, blank=True
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    contact_name = models.CharField(_("contact"), max_length=60, blank=True, default="")
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True, default="")
    valid_until = models.DateField(_("valid until"), default=default_valid_until)
    attributes = models.JSONField(_("further fields"), default=dict, blank=True)

    fingerprint = models.CharField(max_length=64, editable=False, default="")
    reminded_for = models.DateField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class DemandStage(models.TextChoices):
    """How far the buyer's own product is."""

    RESEARCH = "research", _("Research and development")
    TRIAL = "trial", _("Trial production")
    SERIES = "series", _("Series production")


class DemandLine(Line):
    """What a leader firm needs (需求清单条目). ``price_ceiling`` is secret: CNY per unit, tax included."""

    drawing_no = models.CharField(_("drawing number"), max_length=60, blank=True, default="")
    quantity = models.DecimalField(
        _("quantity"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    period = models.CharField(
        _("period"),
        max_length=10,
        default=Period.MONTH,
        choices=[
            (Period.ONCE, _("once")),
            (Period.MONTH, _("a month")),
            (Period.QUARTER, _("a quarter")),
            (Period.YEAR, _("a year")),
        ],
    )
    deliver_from = models.DateField(_("delivery from"), null=True, blank=True)
    deliver_until = models.DateField(_("delivery until"), null=True, blank=True)
    delivery_region = models.CharField(
        _("delivery region"), max_length=6, blank=True, default="", validators=[validate_region_code]
    )
    delivery_place = models.CharField(_("delivery place"), max_length=200, blank=True, default="")
    price_ceiling = SealedDecimalField(
        _("price ceiling"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    certificates = ArrayField(
        models.CharField(max_length=80), verbose_name=_("required certificates"), default=list, blank=True
    )
    regions = ArrayField(
        models.CharField(max_length=6, validators=[validate_region_code]),
        verbose_name=_("preferred regions"),
        default=list,
        blank=True,
    )
    region_required = models.BooleanField(_("only from these regions"), default=False)
    max_suppliers = models.PositiveSmallIntegerField(
        _("at most this many suppliers"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    present_source = models.CharField(_("present source"), max_length=200, blank=True, default="")
    import_substitution = models.BooleanField(_("import substitution"), default=False)
    stage = models.CharField(_("stage"), max_length=10, choices=DemandStage.choices, blank=True, default="")
    sample_required = models.BooleanField(_("sample required"), default=False)
    quality_clauses = models.TextField(_("quality clauses"), blank=True, default="", max_length=4000)
    confidential = models.BooleanField(_("confidential"), default=False)
    responsible_department = models.CharField(
        _("responsible department"), max_length=120, blank=True, default=""
    )
    arose_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("arose from"), related_name="+"
    )

    permits = DEMAND_LINE
    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand line")
        verbose_name_plural = _("demand lines")
        ordering = ("organisation_id", "key")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "key"], name="matching_demand_natural_key"
            ),
            models.CheckConstraint(
                condition=models.Q(deliver_until__isnull=True)
                | models.Q(deliver_from__isnull=True)
                | models.Q(deliver_until__gte=models.F("deliver_from")),
                name="matching_demand_delivery_window",
                violation_error_message=_("The delivery ends before it begins."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["chain", "kind", "state"], name="matching_demand_chain_state"),
            models.Index(models.F("updated_at").desc(), "id", name="matching_demand_newest"),
            models.Index(
                fields=["chain", "state"],
                include=["id"],
                condition=models.Q(submitted_at__isnull=False),
                name="matching_demand_handed_in",
            ),
            GinIndex(fields=["title"], name="matching_demand_title", opclasses=["gin_trgm_ops"]),
        ]


class Requirement(models.Model):
    """A technical condition of a demand line (技术指标)."""

    demand = models.ForeignKey(DemandLine, models.CASCADE, related_name="requirements")
    position = models.PositiveSmallIntegerField(default=0)
    parameter = models.CharField(_("parameter"), max_length=80)
    operator = models.CharField(
        _("operator"),
        max_length=12,
        default=Operator.EQUAL,
        choices=[
            (Operator.AT_LEAST, "≥"),
            (Operator.AT_MOST, "≤"),
            (Operator.MORE_THAN, ">"),
            (Operator.LESS_THAN, "<"),
            (Operator.EQUAL, "="),
            (Operator.BETWEEN, _("between")),
            (Operator.ONE_OF, _("one of")),
        ],
    )
    low = models.DecimalField(_("from"), max_digits=24, decimal_places=8, null=True, blank=True)
    high = models.DecimalField(_("to"), max_digits=24, decimal_places=8, null=True, blank=True)
    values = ArrayField(models.CharField(max_length=120), verbose_name=_("values"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    hard = models.BooleanField(_("hard"), default=True)

    objects = RowsOfDemand.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.parameter


class CapacityBasis(models.TextChoices):
    """Which capacity a firm states."""

    DESIGN = "design", _("Design")
    ACTUAL = "actual", _("Actual")


class LeadTimeUnit(models.TextChoices):
    """Units that lead times are written in."""

    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")


class FirstOfKind(models.TextChoices):
    """首台套 / 首批次 / 首版次."""

    EQUIPMENT = "首台套", _("First set of equipment")
    MATERIAL = "首批次", _("First batch of material")
    SOFTWARE = "首版次", _("First version of software")


class SupplyLine(Line):
    """What a member firm can deliver (供应清单条目).

    Capacities are per month in ``unit``; ``committed`` is what accepted matches have taken of
    ``free_capacity``. Prices and free capacity are secret: CNY per unit, tax included. They stand sealed, so
    services check them under the line's lock where the database can't.
    """

    capacity = models.DecimalField(
        _("monthly capacity"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    capacity_basis = models.CharField(
        _("capacity basis"), max_length=8, choices=CapacityBasis.choices, blank=True, default=""
    )
    free_capacity = SealedDecimalField(
        _("free monthly capacity"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[POSITIVE],
    )
    committed = SealedDecimalField(
        _("committed monthly capacity"), max_digits=18, decimal_places=4, default=Decimal(0), editable=False
    )
    minimum_order = models.DecimalField(
        _("minimum order quantity"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[POSITIVE],
    )
    lead_time = models.PositiveSmallIntegerField(_("lead time"), null=True, blank=True)
    lead_time_unit = models.CharField(
        _("lead time unit"), max_length=6, choices=LeadTimeUnit.choices, default=LeadTimeUnit.DAY
    )
    price_low = SealedDecimalField(
        _("price from"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    price_high = SealedDecimalField(
        _("price to"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    served_leaders = ArrayField(
        models.CharField(max_length=120), verbose_name=_("leader firms served"), default=list, blank=True
    )
    export_limits = models.CharField(_("export limits"), max_length=200, blank=True, default="")
    first_of_kind = models.CharField(
        _("first of its kind"), max_length=8, choices=FirstOfKind.choices, blank=True, default=""
    )

    permits = SUPPLY_LINE
    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply line")
        verbose_name_plural = _("supply lines")
        ordering = ("organisation_id", "key")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "key"], name="matching_supply_natural_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["chain", "kind", "state"], name="matching_supply_chain_state"),
            models.Index(models.F("updated_at").desc(), "id", name="matching_supply_newest"),
            models.Index(
                fields=["chain", "state"],
                include=["id"],
                condition=models.Q(submitted_at__isnull=False),
                name="matching_supply_handed_in",
            ),
            models.Index(
                fields=["chain", "organisation", "state", "node"],
                condition=models.Q(submitted_at__isnull=False),
                name="matching_supply_by_firm",
            ),
            models.Index(
                fields=["chain", "node", "state"],
                condition=models.Q(submitted_at__isnull=False),
                name="matching_supply_by_node",
            ),
            GinIndex(fields=["title"], name="matching_supply_title", opclasses=["gin_trgm_ops"]),
        ]


class Property(models.Model):
    """What a supply line states about one parameter: a value, a range or words.

    ``tolerance``: the range is how far single pieces lie apart, not what can be chosen from.
    """

    supply = models.ForeignKey(SupplyLine, models.CASCADE, related_name="properties")
    position = models.PositiveSmallIntegerField(default=0)
    parameter = models.CharField(_("parameter"), max_length=80)
    low = models.DecimalField(_("from"), max_digits=24, decimal_places=8, null=True, blank=True)
    high = models.DecimalField(_("to"), max_digits=24, decimal_places=8, null=True, blank=True)
    values = ArrayField(models.CharField(max_length=120), verbose_name=_("values"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    tolerance = models.BooleanField(_("tolerance"), default=False)

    objects = RowsOfSupply.as_manager()

    class Meta:
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.parameter


class Certificate(models.Model):
    """A certificate that a supply line rests on."""

    supply = models.ForeignKey(SupplyLine, models.CASCADE, related_name="certificates")
    name = models.CharField(_("certificate"), max_length=80)
    number = models.CharField(_("number"), max_length=80, blank=True, default="")
    expires = models.DateField(_("expires"), null=True, blank=True)

    objects = RowsOfSupply.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Attachment(Record):
    """A drawing or specification beside a demand line; seen by whoever sees the line."""

    demand = models.ForeignKey(DemandLine, models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = RowsOfDemand.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.name


class LineEvent(models.Model):
    """What happened to a line: who, when, why."""

    demand = models.ForeignKey(DemandLine, models.CASCADE, null=True, related_name="events")
    supply = models.ForeignKey(SupplyLine, models.CASCADE, null=True, related_name="events")
    action = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=LineState.choices)
    reason = models.CharField(max_length=MAX_REASON, blank=True, default="")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RowsOfLine.as_manager()

    class Meta:
        verbose_name = _("line event")
        verbose_name_plural = _("line events")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(demand__isnull=True) ^ models.Q(supply__isnull=True),
                name="matching_event_of_one_line",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} → {self.state}"
