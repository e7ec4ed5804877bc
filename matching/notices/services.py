"""Verbs of the outbox and of notices."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

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

    Side effects: one notice a person, and one e-mail task where there is an address; three queries
    whatever the number of people.
    """
    wanted = [Notice(user=user, key=key, text_zh=zh, text_en=en, link=link) for user in users]
    if not wanted:
        return []
    Notice.objects.bulk_create(wanted, ignore_conflicts=True)
    # Of a notice that somebody has got before, the new id is not stored.
    stored = set(Notice.objects.filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
    told = [notice for notice in wanted if notice.pk in stored]
    OutboxMessage.objects.bulk_create(
        OutboxMessage(task="notices.mail_notice", arguments=[str(notice.pk)])
        for notice in told
        if notice.user.email
    )
    return told


def mark_read(*, user: User) -> int:
    """All notices of a person become read."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())


def unmailed(*, since: datetime, limit: int = 200) -> list[uuid.UUID]:
    """Notices of people with an address that were written since then, over a minute ago, and never mailed."""
    waiting = Notice.objects.filter(
        mailed_at=None, created_at__gte=since, created_at__lt=timezone.now() - timedelta(minutes=1)
    )
    return list(waiting.exclude(user__email="").values_list("pk", flat=True)[:limit])


def forget_sent(*, before: datetime) -> int:
    """Delete outbox messages that were sent before then; returns how many."""
    return OutboxMessage.objects.filter(sent_at__lt=before).delete()[0]
