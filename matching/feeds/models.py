"""Changes in the order in which they became visible, and webhooks with what was sent to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from accounts.models import Organisation, User
from accounts.permits import Act
from accounts.roles import EVERYWHERE, OFFICES, Role
from matching.feeds.permits import WEBHOOK
from matching.feeds.states import AttemptError, DeliveryState, EndpointState
from matching.record import Record
from matching.visibility import RowsOfParent


class Change(models.Model):
    """The last change of an object: one row each, and one more for columns that not everybody sees.

    ``position`` grows with each change that is gathered. Who reads on from a position misses nothing,
    and learns nothing of what an object was before.
    """

    position = models.BigAutoField(primary_key=True)
    event = models.CharField(max_length=40)
    object_id = models.UUIDField()
    inner = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["object_id", "event", "inner"], name="matching_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_id}"


class Gathering(models.Model):
    """How far the audit has been read (``sealed``), and the last position that was given (``head``).

    One row; whoever gathers holds its lock, so that positions become visible in their order.
    """

    sealed = models.BigIntegerField(default=0)
    head = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the changes feed")
        verbose_name_plural = _("state of the changes feed")

    def __str__(self) -> str:
        return f"{self.sealed} → {self.head}"


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    """Webhooks that a person may see and manage."""

    def visible_to(self, user: User | AnonymousUser) -> EndpointQuerySet:
        """Those of one's firms; of one's office those that see no more than one's own role does."""
        seen = models.Q(pk__in=[])
        for held in WEBHOOK.memberships(user, Act.VIEW):
            own = models.Q(organisation_id=held.organisation_id)
            if held.role in OFFICES:
                own &= models.Q(role=held.role)
                own &= _within("chains", held.chains) & _within("regions", held.regions)
            seen |= own
        return self.filter(seen)


def _within(field: str, reach: list[str]) -> models.Q:
    return ~models.Q(pk__in=[]) if EVERYWHERE in reach else models.Q(**{f"{field}__contained_by": reach})


class WebhookEndpoint(Record):
    """An address of an organisation that is told of changes.

    It sees what ``role``, ``chains`` and ``regions`` see in the organisation, whoever works there;
    ``position`` is how far in the changes it has got.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="webhooks", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    chains = ArrayField(models.CharField(max_length=40), verbose_name=_("chains"))
    regions = ArrayField(models.CharField(max_length=6), verbose_name=_("regions"))
    url = models.CharField(_("address"), max_length=500)
    description = models.CharField(_("note"), max_length=100, blank=True, default="")
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    state = models.CharField(
        _("state"), max_length=10, choices=EndpointState.choices, default=EndpointState.ACTIVE
    )
    secret = EncryptedTextField(_("secret"), editable=False)
    old_secret = EncryptedTextField(_("secret before"), null=True, editable=False)
    old_secret_until = models.DateTimeField(_("secret before valid until"), null=True, editable=False)
    position = models.BigIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.description or self.url


class DeliveryQuerySet(RowsOfParent["WebhookDelivery"]):
    """Deliveries are seen with their webhook."""

    parents = ("endpoint",)


class WebhookDelivery(Record):
    """One message to one webhook; ``body`` and id stay the same however often it is sent.

    A worker holds it under a lease; ``token`` grows with each worker, ``attempts`` counts since it was last
    asked for.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("event"), max_length=40)
    object_id = models.UUIDField(null=True)
    body = models.TextField()
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next try"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    token = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at", "pk")
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "-created_at"], name="matching_delivery_newest"),
            models.Index(
                fields=["endpoint", "due_at"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="matching_delivery_due",
            ),
            models.Index(fields=["finished_at"], name="matching_delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def message_id(self) -> str:
        """What the receiver knows the message by: the header ``webhook-id``."""
        return f"msg_{self.pk.hex}"


class AttemptQuerySet(RowsOfParent["WebhookAttempt"]):
    """Attempts are seen with their delivery."""

    parents = ("delivery",)


class WebhookAttempt(models.Model):
    """One request and what came of it: a status, or the code of an error (``sending.Answer``)."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=12, choices=AttemptError.choices, blank=True, default="")
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=1024, blank=True, default="")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return str(self.status or self.error)
