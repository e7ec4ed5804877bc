"""What two firms agreed on, every version of it, and the files beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.agreements.amounts import Kind
from matching.agreements.permits import AGREEMENT
from matching.agreements.states import ENDED, AgreementAction, AgreementState
from matching.lists.models import POSITIVE
from matching.meetings.models import Appointment
from matching.record import Record
from matching.review.models import Review
from matching.visibility import RowsOfParent

M = TypeVar("M", bound=models.Model)
CENT = MinValueValidator(Decimal("0.01"))


AGREEMENT_STEPS = (("state", _("State")), *AgreementAction.choices)


class Side(models.TextChoices):
    """Who speaks."""

    DEMAND = "demand", _("Buyer")
    SUPPLY = "supply", _("Supplier")
    OFFICE = "office", _("Office")


class Terms(models.Model):
    """What was agreed on. ``amount`` is CNY; the quantity is for the whole term, in ``unit``."""

    amount = models.DecimalField(
        _("amount (CNY)"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[CENT]
    )
    tax_included = models.BooleanField(_("tax included"), default=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[POSITIVE]
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    signed_on = models.DateField(_("signed on"), default=timezone.localdate)
    deliver_from = models.DateField(_("delivery from"), null=True, blank=True)
    deliver_until = models.DateField(_("delivery until"), null=True, blank=True)
    number = models.CharField(_("number of the document"), max_length=60, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        abstract = True


TERMS = (
    *("amount", "tax_included", "quantity", "unit", "signed_on"),
    *("deliver_from", "deliver_until", "number", "note"),
)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> AgreementQuerySet:
        """Chain-wide offices those of their chains, firms those that they are a party to."""
        return self.filter(
            AGREEMENT.within(
                user,
                Act.VIEW,
                chain="review__demand__chain_id",
                firm=("review__demand__organisation_id", "review__supply__organisation_id"),
            )
        )


class Agreement(Record, Terms):
    """One intent, sample, quote or contract of a pair that both firms accepted (签约 / 履约).

    Its terms are those in force: of the newest version that was confirmed, or, until one is, of the newest.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="agreements", verbose_name=_("match"))
    appointment = models.ForeignKey(
        Appointment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("appointment"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.STATED
    )
    stated_as = models.CharField(_("stated by"), max_length=6, choices=Side.choices)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-signed_on", "-created_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(deliver_until__isnull=True)
                | models.Q(deliver_from__isnull=True)
                | models.Q(deliver_until__gte=models.F("deliver_from")),
                name="matching_agreement_delivery_window",
                violation_error_message=_("The delivery ends before it begins."),
            ),
            # A form that is sent twice, or by both firms at once, is stated once.
            models.UniqueConstraint(
                fields=["review", "kind", "signed_on", "number"],
                condition=~models.Q(state__in=sorted(ENDED)),
                name="matching_agreement_stated_once",
                violation_error_message=_("The same has been stated already; correct it there."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "state"], name="matching_agreement_kind"),
            models.Index(models.F("signed_on").desc(), "id", name="matching_agreement_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class RowsOfAgreement(RowsOfParent[M]):
    """Seen with the agreement."""

    parents = ("agreement",)


class AgreementVersion(Terms):
    """Terms as one side stated them; what was corrected stays on record."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("version"))
    stated_as = models.CharField(_("stated by"), max_length=6, choices=Side.choices)
    stated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = RowsOfAgreement.as_manager()

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "position"], name="matching_agreement_version_once")
        ]

    def __str__(self) -> str:
        return str(self.position)


class AgreementEvent(models.Model):
    """One step of an agreement: who, for which side, when, why."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="events")
    action = models.CharField(max_length=10, choices=AGREEMENT_STEPS, default="state")
    state = models.CharField(max_length=10, choices=AgreementState.choices)
    acted_as = models.CharField(max_length=6, choices=Side.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RowsOfAgreement.as_manager()

    class Meta:
        verbose_name = _("step of an agreement")
        verbose_name_plural = _("steps of agreements")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.action} → {self.state}"


class AgreementAttachment(Record):
    """A scan of a contract, a quote or a test report; seen by whoever sees the agreement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to="agreements/%Y/%m")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = RowsOfAgreement.as_manager()

    class Meta:
        verbose_name = _("file of an agreement")
        verbose_name_plural = _("files of agreements")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.name
