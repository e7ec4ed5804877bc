"""Letters: at once, or gathered once a day or a week. Each notice goes out once."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from matching.notices.letters import letter
from matching.notices.models import Mail, Notice
from matching.notices.services.outbox import enqueue
from matching.notices.services.settings import token_of

HOUR = time(8)
MONDAY = 0
GATHERED = (Mail.DAILY, Mail.WEEKLY)
OLDEST = timedelta(days=21)
"""What could not be sent for so long is not sent any more; the portal still shows it."""


def mail_notice(*, notice_id: uuid.UUID, now: datetime) -> bool:
    """Send one notice by e-mail unless that has happened; tells whether it was sent.

    Side effects: an e-mail. Raises what the mail server raises; nothing is marked then.
    """
    with transaction.atomic():
        notices = Notice.objects.select_for_update(of=("self",)).select_related("user")
        notice = notices.filter(pk=notice_id, mail=Mail.AT_ONCE, mailed_at=None).first()
        if notice is None or not _reachable(notice.user):
            return False
        notice.mailed_at = now
        notice.save(update_fields=["mailed_at"])
        letter(notice.user, [notice], unsubscribe=_unsubscribe(notice.user), digest=False).send()
    return True


def queue_digests(*, now: datetime) -> int:
    """Ask for a letter to everybody whose unread notices have been gathered until the last 8 o'clock.

    Side effects: one outbox message a person and frequency; asked for twice, the second finds nothing.
    """
    asked = 0
    for frequency in GATHERED:
        people = _gathered(frequency, now).order_by().values_list("user_id", flat=True).distinct()
        for user_id in people:
            enqueue(task="notices.mail_digest", arguments=[user_id, frequency.value])
            asked += 1
    return asked


def mail_digest(*, user_id: int, frequency: Mail, now: datetime) -> int:
    """Send a person's gathered notices as one e-mail; returns how many.

    Side effects: an e-mail. Raises what the mail server raises; nothing is marked then.
    """
    with transaction.atomic():
        waiting = _gathered(frequency, now).filter(user_id=user_id).order_by("created_at", "pk")
        notices = list(waiting.select_for_update(of=("self",)))
        user = User.objects.filter(pk=user_id).first()
        if not notices or user is None or not _reachable(user):
            return 0
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
        letter(user, notices, unsubscribe=_unsubscribe(user), digest=True).send()
    return len(notices)


def unmailed(*, since: datetime, limit: int = 200) -> list[uuid.UUID]:
    """Notices to mail at once that were written since then, over a minute ago, and were never mailed."""
    waiting = Notice.objects.filter(
        mail=Mail.AT_ONCE,
        mailed_at=None,
        created_at__gte=since,
        created_at__lt=timezone.now() - timedelta(minutes=1),
    )
    return list(waiting.exclude(user__email="").values_list("pk", flat=True)[:limit])


def last_gathering(frequency: Mail, now: datetime) -> datetime:
    """The last 8 o'clock of a day or of a Monday, in the programme's time zone."""
    here = timezone.localtime(now)
    morning = here.replace(hour=HOUR.hour, minute=0, second=0, microsecond=0)
    if morning > here:
        morning -= timedelta(days=1)
    return morning - timedelta(days=(morning.weekday() - MONDAY) % 7) if frequency == Mail.WEEKLY else morning


def _gathered(frequency: Mail, now: datetime) -> QuerySet[Notice]:
    until = last_gathering(frequency, now)
    return Notice.objects.filter(
        mail=frequency,
        mailed_at=None,
        read_at=None,
        created_at__lt=until,
        created_at__gte=until - OLDEST,
        user__is_active=True,
    ).exclude(user__email="")


def _reachable(user: User) -> bool:
    return user.is_active and bool(user.email)


def _unsubscribe(user: User) -> str:
    return reverse("notice_unsubscribe", args=[token_of(user)])
