"""Verbs of the outbox: work that happens after a commit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit.context import acting, current
from matching.notices.models import Notice, OutboxMessage

log = logging.getLogger(__name__)
Send = Callable[[str, list[object]], None]


def enqueue(*, task: str, arguments: Iterable[object] = ()) -> OutboxMessage:
    """Ask for a task after the current transaction; stored with it, sent by the next sweep.

    Side effects: one outbox row. Losing the broker delays the task, losing the transaction drops it.
    """
    ordering = current()
    return OutboxMessage.objects.create(
        task=task,
        arguments=[str(argument) for argument in arguments],
        actor=ordering.actor_id,
        request_id=ordering.request_id,
    )


def deliver(*, send: Send, limit: int = 500) -> int:
    """Hand unsent messages to the broker, oldest first; several sweeps at once share the work.

    Side effects: marks what was sent. A crash between sending and marking sends again, so tasks
    must bear being run twice. A broker that is down leaves the rest for the next sweep.
    """
    sent = 0
    with transaction.atomic():
        waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(sent_at=None)
        for message in waiting.order_by("pk")[:limit]:
            try:
                with acting(actor_id=message.actor, via="task", request_id=message.request_id):
                    send(message.task, list(message.arguments))
            except OSError as error:
                log.warning("the broker does not answer: %s", error)
                OutboxMessage.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
                break
            OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now())
            sent += 1
    return sent


def forget_sent(*, before: datetime) -> int:
    """Delete outbox messages that were sent before then; returns how many."""
    return OutboxMessage.objects.filter(sent_at__lt=before).delete()[0]


def forget_notices(*, before: datetime) -> int:
    """Delete notices that were told before then, read or not; returns how many."""
    return Notice.objects.filter(created_at__lt=before).delete()[0]
