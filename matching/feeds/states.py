"""States of webhooks and of their deliveries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.machine import Machine, Transition


class EndpointState(models.TextChoices):
    """Whether an endpoint is sent to."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Switched off")
    DISABLED = "disabled", _("Switched off after failures")


class EndpointAction(models.TextChoices):
    """What can happen to an endpoint."""

    PAUSE = "pause", _("Switch off")
    RESUME = "resume", _("Switch on")
    DISABLE = "disable", _("Switch off after failures")


ENDPOINT = Machine(
    [
        Transition(EndpointAction.PAUSE, frozenset({EndpointState.ACTIVE}), EndpointState.PAUSED),
        Transition(
            EndpointAction.RESUME,
            frozenset({EndpointState.PAUSED, EndpointState.DISABLED}),
            EndpointState.ACTIVE,
        ),
        Transition(EndpointAction.DISABLE, frozenset({EndpointState.ACTIVE}), EndpointState.DISABLED),
    ]
)


class DeliveryState(models.TextChoices):
    """A message on its way to an endpoint."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("Not sent: no longer visible to the organisation")


class DeliveryAction(models.TextChoices):
    """What can happen to a delivery."""

    TAKE = "take", _("Taken")
    GIVE_UP = "give_up", _("Give up")
    DROP = "drop", _("Drop")
    REPLAY = "replay", _("Send again")


DELIVERY = Machine(
    [
        Transition(DeliveryAction.TAKE, frozenset({DeliveryState.WAITING}), DeliveryState.DELIVERED),
        Transition(DeliveryAction.GIVE_UP, frozenset({DeliveryState.WAITING}), DeliveryState.FAILED),
        Transition(DeliveryAction.DROP, frozenset({DeliveryState.WAITING}), DeliveryState.DROPPED),
        Transition(
            DeliveryAction.REPLAY,
            frozenset({DeliveryState.DELIVERED, DeliveryState.FAILED}),
            DeliveryState.WAITING,
        ),
    ]
)


class AttemptError(models.TextChoices):
    """Why there was no answer; the codes of ``sending.Answer``."""

    PRIVATE = "private", _("leads to a forbidden address")
    UNRESOLVED = "unresolved", _("the name is not known")
    REFUSED = "refused", _("connection refused")
    TIMEOUT = "timeout", _("no answer in time")
    TLS = "tls", _("certificate not accepted")
    BROKEN = "broken", _("no HTTP answer")
