"""Verbs of the outbox and of notices."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from matching.notices.models import Notice, OutboxMessage

log = logging.getLogger(__name__)
Send = Callable[[str, list[object]], None]


def enqueue(*, task: str, arguments: Iterable[object] = ()) -> OutboxMessage:
    """Ask for a task after the current transaction; stored with it, sent by the next sweep.

    Side effects: one outbox row. Losing the broker delays the task, losing the transaction drops it.
    """
    return OutboxMessage.objects.create(task=task, arguments=[str(argument) for argument in arguments])


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
                send(message.task, list(message.arguments))
            except OSError as error:
                log.warning("the broker does not answer: %s", error)
                OutboxMessage.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
                break
            OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now())
            sent += 1
    return sent


def tell(*, users: Iterable[User], key: str, zh: str, en: str, link: str = "") -> list[Notice]:
    """Tell people something once: the same ``key`` never reaches the same person twice.

    Side effects: one notice a person, and one e-mail task where there is an address.
    """
    told = []
    for user in users:
        notice, created = Notice.objects.get_or_create(
            user=user, key=key, defaults={"text_zh": zh, "text_en": en, "link": link}
        )
        if created:
            told.append(notice)
            if user.email:
                enqueue(task="notices.mail_notice", arguments=[notice.pk])
    return told


def mark_read(*, user: User) -> int:
    """All notices of a person become read."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
